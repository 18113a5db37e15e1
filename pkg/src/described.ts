import type { Description, FieldDescription } from "./describe.js";
import { fromNotation } from "./notation.js";
import { related } from "./related.js";
import type { Step } from "./rules.js";
import type { SchemaDocument } from "./schema.js";
import type { TypeNotation } from "./types.js";

/** The kinds of relations that hold a schema. */
export const KINDS = ["embeds_one", "embeds_many", "belongs_to", "has_one", "has_many", "many_to_many"] as const;

const known = /* @__PURE__ */ new WeakMap<SchemaDocument, Description | null>();

/**
 * The description of a schema, as the whole engine makes it of the document; undefined where only that can tell. A
 * document from elsewhere must be sound: see `isSound`.
 */
export function describeSchema(document: SchemaDocument): Description | undefined {
  let description = known.get(document);
  if (description === undefined) {
    description = describe(document, new Map()) ?? null;
    known.set(document, description);
  }
  return description ?? undefined;
}

/** The schemas that names stand for: the first of each name. */
export type Scope = Map<string, Description>;

/** A document of a schema, which is sound. */
export interface Written {
  readonly [kind: string]: unknown;
  readonly name?: string | null;
  readonly source?: string | null;
  readonly embedded?: boolean;
  readonly schemaless?: boolean;
  readonly primary_key?: boolean | readonly string[] | { readonly name?: string | null; readonly type?: TypeNotation };
  readonly fields?: { readonly [field: string]: TypeNotation };
  readonly defaults?: { readonly [field: string]: unknown };
  readonly changeset?: readonly Step[];
  readonly through?: { readonly [name: string]: { readonly cardinality?: "one" | "many"; readonly path: readonly string[] } };
  readonly virtual?: readonly string[];
  readonly redact?: readonly string[];
  readonly timestamps?: boolean | { readonly inserted_at?: string | null; readonly updated_at?: string | null; readonly type?: TypeNotation };
}

function describe(document: Written, scope: Scope): Description | undefined {
  const { primary_key: key = true, name, source } = document;
  const schemaless = document.schemaless === true;
  const embedded = !schemaless && document.embedded === true;
  const fields = [...ownFields(document), ...timestampsOf(document)];
  const title = name ?? source ?? (schemaless ? "map" : "schema");
  const description = {
    name: schemaless ? "map" : title,
    source: schemaless || embedded ? null : (source ?? null),
    embedded,
    schemaless,
    fields,
    ...(document.changeset === undefined ? {} : { changeset: document.changeset }),
  };
  if (!scope.has(title)) scope.set(title, description);
  if (hasRelations(document) && related()?.addRelations(fields, document, scope) !== true) return undefined;
  if (!schemaless && key === true && !fields.some((field) => field.primary_key === true)) {
    fields.unshift({ name: "id", type: embedded ? "binary_id" : "id", primary_key: true });
  }
  const names = new Set(fields.map((field) => field.name));
  if (names.size < fields.length || names.has("")) return undefined;
  if (fields.some((field) => "default" in field && field.default === undefined)) return undefined;
  return description;
}

/** The description of a schema inside another one. */
export function describeInside(document: SchemaDocument, scope: Scope): Description | undefined {
  const description = known.get(document) ?? describe(document as unknown as Written, scope);
  if (description !== undefined) known.set(document, description);
  return description;
}

function ownFields({ primary_key: key, fields = {}, defaults = {}, virtual = [], redact = [] }: Written): FieldDescription[] {
  const described: FieldDescription[] = [];
  const keys = Array.isArray(key) ? (key as readonly string[]) : [];
  if (typeof key === "object" && keys !== key) {
    const { name, type = "id" } = key as { name?: string; type?: TypeNotation };
    described.push({ name: name ?? "id", type: typeOf(type), primary_key: true });
  }
  for (const [name, type] of Object.entries(fields)) {
    described.push({
      name,
      type: typeOf(type),
      ...(defaults[name] == null ? {} : { default: fromNotation(defaults[name]) }),
      ...(virtual.includes(name) ? { virtual: true } : {}),
      ...(redact.includes(name) ? { redact: true } : {}),
      ...(keys.includes(name) ? { primary_key: true } : {}),
    });
  }
  return described;
}

function timestampsOf({ timestamps = false }: Written): FieldDescription[] {
  if (timestamps === false) return [];
  const given = timestamps === true ? {} : timestamps;
  const { inserted_at = "inserted_at", updated_at = "updated_at", type = "naive_datetime" } = given;
  return [inserted_at, updated_at].flatMap((name) => (name === null ? [] : [{ name, type }]));
}

/** A type as the engine writes it: the members of an enum as names, if that is what is stored. */
function typeOf(type: TypeNotation): TypeNotation {
  if (typeof type === "string") return type;
  if ("array" in type) return { array: typeOf(type.array) };
  if ("map" in type) return { map: typeOf(type.map) };
  const members = type.enum.map((member) => (typeof member === "string" ? ([member, member] as const) : member));
  return { enum: members.every(([name, stored]) => name === stored) ? members.map(([name]) => name) : members };
}

function hasRelations(document: Written): boolean {
  return document.through !== undefined || KINDS.some((kind) => document[kind] !== undefined);
}
