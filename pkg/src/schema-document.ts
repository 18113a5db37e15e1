import type { Description, FieldDescription, RelationKind } from "./describe.js";
import { fromNotation, isObject } from "./notation.js";
import type { SchemaDocument } from "./schema.js";
import type { TypeNotation } from "./types.js";

// What the whole engine makes of a schema, without asking it. Whatever is not certain to be right is left to it, which
// says what is wrong.

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const TYPES = /* @__PURE__ */ words(
  "id binary_id integer float boolean string binary map decimal date time time_usec naive_datetime naive_datetime_usec utc_datetime utc_datetime_usec uuid any",
);
const KEYS = /* @__PURE__ */ words(
  "name source prefix embedded schemaless primary_key fields defaults virtual redact field_sources autogenerate writable load_in_query read_after_writes timestamps embeds_one embeds_many has_one has_many belongs_to many_to_many changeset",
);
/** The kinds of relations in the order in which their fields come, with what becomes of children that they admit. */
const KINDS: { readonly [kind: string]: ReadonlySet<string> } = /* @__PURE__ */ (() => {
  const every = "raise mark_as_invalid delete nilify delete_if_exists update";
  return {
    embeds_one: words("raise mark_as_invalid delete update"),
    embeds_many: words("raise mark_as_invalid delete"),
    belongs_to: words(every),
    has_one: words(every),
    has_many: words("raise mark_as_invalid delete nilify delete_if_exists"),
    many_to_many: words("raise mark_as_invalid delete"),
  };
})();
const RELATION_KEYS = /* @__PURE__ */ words(
  "schema on_replace on_delete foreign_key references defaults where preload_order defaults_to_struct join_through join_keys unique",
);
const SETTINGS: { readonly [setting: string]: ReadonlySet<string> } = /* @__PURE__ */ (() => ({
  autogenerate: words("id uuid inserted_at updated_at"),
  writable: words("always insert never"),
  on_delete: words("nothing nilify_all delete_all"),
}))();
const MAX_DEPTH = 8;
const MAX_FIELDS = 1000;
const MAX_TYPE_DEPTH = 16;

/** Thrown where only the whole engine can tell. */
const UNCERTAIN = {};

const known = /* @__PURE__ */ new WeakMap<SchemaDocument, Description | null>();

/** The description of a schema; undefined if only the whole engine can tell. */
export function describeSchema(document: SchemaDocument): Description | undefined {
  if (!isObject(document)) return undefined;
  let description = known.get(document);
  if (description === undefined) {
    try {
      description = read(document, 1);
    } catch (error) {
      if (error !== UNCERTAIN) throw error;
      description = null;
    }
    known.set(document, description);
  }
  return description ?? undefined;
}

function read(document: unknown, depth: number): Description {
  const given = objectOf(document);
  if (depth > MAX_DEPTH) throw UNCERTAIN;
  expect(Object.keys(given).every((key) => KEYS.has(key)));
  const schemaless = flagOf(given["schemaless"]);
  const embedded = !schemaless && flagOf(given["embedded"]);
  const source = textOf(given["source"]);
  const name = textOf(given["name"]) ?? source;
  textOf(given["prefix"]);
  // Its steps are for whoever makes a plan of them.
  listOf(given["changeset"] ?? []);
  expect(schemaless || embedded || source !== undefined);
  const described: FieldDescription[] = [];
  const taken = new Set<string>();
  const add = (field: FieldDescription): void => {
    expect(field.name !== "" && !taken.has(field.name));
    taken.add(field.name);
    described.push(field);
  };

  const key = given["primary_key"];
  const keys = Array.isArray(key) ? key : [];
  let hasDefaultKey = !schemaless && (key === undefined || key === true);
  if (isObject(key)) {
    expect(Object.keys(key).every((option) => /^(name|type|autogenerate)$/.test(option)));
    flagOf(key["autogenerate"]);
    add({ name: textOf(key["name"]) ?? "id", type: typeOf(key["type"] ?? "id"), primary_key: true });
  } else {
    expect(key === undefined || typeof key === "boolean" || keys === key);
  }

  const fields = objectOf(given["fields"]);
  const own = Object.keys(fields);
  expect(own.length <= MAX_FIELDS && keys.every((each) => own.includes(each)));
  const settings = ["defaults", "field_sources", "autogenerate", "writable"].map((setting) => {
    const values = objectOf(given[setting]);
    const allowed = SETTINGS[setting];
    expect(Object.entries(values).every(([field, value]) => own.includes(field) && (!allowed || allowed.has(value as string))));
    return values;
  });
  const defaults = settings[0] as Record<string, unknown>;
  objectOf(given["load_in_query"]);
  const [virtual, redact] = ["virtual", "redact", "read_after_writes"].map((setting) => {
    const listed = given[setting] ?? [];
    expect(Array.isArray(listed) && listed.every((field) => own.includes(field as string)));
    return listed as readonly string[];
  }) as [readonly string[], readonly string[]];
  for (const [field, type] of Object.entries(fields)) {
    add({
      name: field,
      type: typeOf(type),
      ...(defaults[field] == null ? {} : { default: certain(fromNotation(defaults[field])) }),
      ...(virtual.includes(field) ? { virtual: true } : {}),
      ...(redact.includes(field) ? { redact: true } : {}),
      ...(keys.includes(field) ? { primary_key: true } : {}),
    });
  }

  const stamps = given["timestamps"];
  if (stamps !== undefined && stamps !== false) {
    const options = stamps === true ? {} : objectOf(stamps);
    expect(Object.keys(options).every((option) => /^(inserted_at|updated_at|type)$/.test(option)));
    const type = typeOf(options["type"] ?? "naive_datetime");
    for (const which of ["inserted_at", "updated_at"]) {
      const field = Object.hasOwn(options, which) ? textOf(options[which]) : which;
      if (field !== undefined) add({ name: field, type });
    }
  }

  for (const [kind, replacing] of Object.entries(KINDS)) {
    for (const [field, options] of Object.entries(objectOf(given[kind]))) {
      const relation = objectOf(options);
      expect(Object.keys(relation).every((option) => RELATION_KEYS.has(option)));
      const schema = read(relation["schema"], depth + 1);
      const foreignKey = textOf(relation["foreign_key"]);
      textOf(relation["references"]);
      flagOf(relation["defaults_to_struct"]);
      flagOf(relation["unique"]);
      expect(replacing.has(textOf(relation["on_replace"]) ?? "raise"));
      expect(SETTINGS["on_delete"]?.has(textOf(relation["on_delete"]) ?? "nothing") === true);
      expect(kind[0] !== "h" || foreignKey !== undefined);
      expect(kind[0] !== "m" || isJoin(relation));
      objectOf(relation["where"]);
      const values = certain(fromNotation(objectOf(relation["defaults"]))) as Record<string, unknown>;
      const names = Object.keys(values);
      expect(names.every((name) => schema.fields.some((one) => one.name === name)));
      expect(isOrder(relation["preload_order"] ?? []));
      if (kind === "belongs_to") {
        const key = foreignKey ?? `${field}_id`;
        if (!taken.has(key)) add({ name: key, type: "id" });
      }
      const cardinality = /many/.test(kind) ? "many" : "one";
      add({ name: field, relation: kind as RelationKind, cardinality, ...(names.length > 0 ? { defaults: values } : {}), schema });
    }
  }

  if (hasDefaultKey && described.some((field) => field.primary_key === true)) hasDefaultKey = false;
  if (hasDefaultKey) {
    expect(!taken.has("id"));
    described.unshift({ name: "id", type: embedded ? "binary_id" : "id", primary_key: true });
  }
  return {
    name: schemaless ? "map" : (name ?? "schema"),
    source: schemaless || embedded ? null : (source ?? null),
    embedded,
    schemaless,
    fields: described,
  };
}

function typeOf(type: unknown, depth = MAX_TYPE_DEPTH): TypeNotation {
  if (depth === 0) throw UNCERTAIN;
  if (typeof type === "string") {
    expect(TYPES.has(type));
    return type;
  }
  const [[kind, inside], ...more] = Object.entries(objectOf(type)) as [[string, unknown], ...unknown[]];
  expect(more.length === 0);
  if (kind === "enum") {
    const members = listOf(inside).map((member) => (Array.isArray(member) ? member : [member, member]));
    const [stored] = (members[0] ?? []).slice(1);
    expect(members.length > 0 && members.every((pair) => pair.length === 2 && typeof pair[0] === "string"));
    expect(members.every(([, value]) => typeof value === typeof stored && /string|number/.test(typeof value)));
    expect(members.every(([, value]) => typeof value === "string" || Number.isSafeInteger(value)));
    for (const at of [0, 1]) expect(new Set(members.map((pair) => pair[at] as unknown)).size === members.length);
    const plain = members.every(([name, value]) => name === value);
    return { enum: (plain ? members.map(([name]) => name as string) : members) as readonly string[] };
  }
  expect(kind === "array" || kind === "map");
  const element = typeOf(inside, depth - 1);
  return kind === "array" ? { array: element } : { map: element };
}

function isJoin({ join_through: table, join_keys: keys }: Record<string, unknown>): boolean {
  const pair = (one: unknown) => Array.isArray(one) && one.length === 2 && one.every((name) => typeof name === "string");
  return typeof table === "string" && Array.isArray(keys) && keys.length === 2 && keys.every(pair);
}

function isOrder(order: unknown): boolean {
  return listOf(order).every((entry) => typeof entry === "string" || (Array.isArray(entry) && entry.length === 2));
}

function objectOf(value: unknown): Record<string, unknown> {
  if (value === undefined) return {};
  if (!isObject(value)) throw UNCERTAIN;
  return value;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw UNCERTAIN;
  return value;
}

function textOf(value: unknown): string | undefined {
  expect(value == null || typeof value === "string");
  return (value as string | null | undefined) ?? undefined;
}

function flagOf(value: unknown): boolean {
  expect(value === undefined || typeof value === "boolean");
  return value === true;
}

function certain<T>(value: T | undefined): T {
  if (value === undefined) throw UNCERTAIN;
  return value;
}

function expect(holds: boolean): void {
  if (!holds) throw UNCERTAIN;
}
