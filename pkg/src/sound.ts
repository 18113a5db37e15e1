import { describeSchema } from "./described.js";
import { isObject } from "./notation.js";
import type { SchemaDocument } from "./schema.js";

// Whether a schema from elsewhere is one that the whole engine takes, without asking it. What is not certain is left to
// it, which says what is wrong.

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const TYPES = /* @__PURE__ */ words(
  "id binary_id integer float boolean string binary map decimal date time time_usec naive_datetime naive_datetime_usec utc_datetime utc_datetime_usec uuid any",
);
const KEYS = /* @__PURE__ */ words(
  "changeset name source prefix embedded schemaless primary_key fields defaults virtual redact field_sources autogenerate writable load_in_query read_after_writes timestamps embeds_one embeds_many has_one has_many belongs_to many_to_many",
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
  "schema on_replace on_delete foreign_key references defaults where preload_order defaults_to_struct join_through join_keys join_defaults unique",
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

/** Whether the whole engine takes a schema, for certain. */
export function isSound(document: unknown): boolean {
  try {
    check(document, 1);
    return describeSchema(document as SchemaDocument) !== undefined;
  } catch (error) {
    if (error !== UNCERTAIN) throw error;
    return false;
  }
}

function check(document: unknown, depth: number): void {
  const given = objectOf(document);
  expect(document !== undefined && depth <= MAX_DEPTH && Object.keys(given).every((key) => KEYS.has(key)));
  for (const text of ["name", "source", "prefix"]) textOf(given[text]);
  const schemaless = flagOf(given["schemaless"]);
  expect(schemaless || flagOf(given["embedded"]) || textOf(given["source"]) !== undefined);

  const fields = objectOf(given["fields"]);
  const own = Object.keys(fields);
  const isOwn = (field: unknown): boolean => own.includes(field as string);
  expect(own.length <= MAX_FIELDS);
  for (const type of Object.values(fields)) checkType(type);
  for (const setting of ["defaults", "field_sources", "autogenerate", "writable"]) {
    const allowed = SETTINGS[setting];
    const isAllowed = ([field, value]: [string, unknown]): boolean => isOwn(field) && (!allowed || allowed.has(value as string));
    expect(Object.entries(objectOf(given[setting])).every(isAllowed));
  }
  objectOf(given["load_in_query"]);
  for (const setting of ["virtual", "redact", "read_after_writes"]) expect(listOf(given[setting] ?? []).every(isOwn));

  const key = given["primary_key"];
  if (isObject(key)) {
    expect(Object.keys(key).every((option) => /^(name|type|autogenerate)$/.test(option)));
    textOf(key["name"]);
    flagOf(key["autogenerate"]);
    checkType(key["type"] ?? "id");
  } else {
    expect(key === undefined || typeof key === "boolean" || listOf(key).every(isOwn));
  }
  const stamps = given["timestamps"] ?? false;
  if (typeof stamps !== "boolean") {
    const options = objectOf(stamps);
    expect(Object.keys(options).every((option) => /^(inserted_at|updated_at|type)$/.test(option)));
    for (const name of ["inserted_at", "updated_at"]) textOf(options[name]);
    checkType(options["type"] ?? "naive_datetime");
  }
  // Its steps are understood where a plan is made.
  listOf(given["changeset"] ?? []);
  for (const kind of Object.keys(KINDS)) {
    for (const relation of Object.values(objectOf(given[kind]))) checkRelation(kind, objectOf(relation), depth);
  }
}

function checkRelation(kind: string, relation: Record<string, unknown>, depth: number): void {
  expect(Object.keys(relation).every((option) => RELATION_KEYS.has(option)));
  const { schema } = relation;
  // Whether a name stands for a schema comes out when that is described.
  if (typeof schema !== "string") check(schema, depth + 1);
  const foreignKey = textOf(relation["foreign_key"]);
  textOf(relation["references"]);
  flagOf(relation["defaults_to_struct"]);
  flagOf(relation["unique"]);
  expect(KINDS[kind]?.has(textOf(relation["on_replace"]) ?? "raise") === true);
  expect(SETTINGS["on_delete"]?.has(textOf(relation["on_delete"]) ?? "nothing") === true);
  expect(kind[0] !== "h" || foreignKey !== undefined);
  expect(kind[0] !== "m" || isJoin(relation));
  objectOf(relation["where"]);
  const { fields = [] } = isObject(schema) ? (describeSchema(schema) ?? {}) : {};
  expect(Object.keys(objectOf(relation["defaults"])).every((name) => fields.some((field) => field.name === name)));
  expect(isOrder(relation["preload_order"] ?? []));
}

function checkType(type: unknown, depth = MAX_TYPE_DEPTH): void {
  expect(depth > 0);
  if (typeof type === "string") return expect(TYPES.has(type));
  const [[kind, inside] = [], ...more] = Object.entries(objectOf(type)) as [string, unknown][];
  expect(more.length === 0);
  if (kind !== "enum") {
    expect(kind === "array" || kind === "map");
    return checkType(inside, depth - 1);
  }
  const members = listOf(inside).map((member) => (Array.isArray(member) ? member : [member, member]));
  const stored: unknown = members[0]?.[1];
  expect(members.length > 0 && members.every((pair) => pair.length === 2 && typeof pair[0] === "string"));
  expect(members.every(([, value]) => typeof value === typeof stored && (typeof value === "string" || Number.isSafeInteger(value))));
  for (const at of [0, 1]) expect(new Set(members.map((pair) => pair[at] as unknown)).size === members.length);
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

function expect(holds: boolean): void {
  if (!holds) throw UNCERTAIN;
}
