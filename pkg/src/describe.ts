import type { Step } from "./rules.js";
import type { TypeNotation } from "./types.js";
import { setOwn } from "./values.js";

/** The kinds of relations, as documents name them. */
export type RelationKind = "embeds_one" | "embeds_many" | "has_one" | "has_many" | "belongs_to" | "many_to_many";

/** A schema as the engine describes it: its fields, in the order that results number them. */
export interface Description {
  readonly name: string;
  readonly source: string | null;
  readonly embedded?: boolean;
  readonly schemaless?: boolean;
  readonly fields: readonly FieldDescription[];
  /** The steps that its records go through as children, if a cast names none; where the document was read here. */
  readonly changeset?: readonly Step[];
}

/** A field of a [`Description`]: with a type, or a relation. */
export interface FieldDescription {
  readonly name: string;
  readonly type?: TypeNotation;
  readonly relation?: RelationKind | "through";
  readonly cardinality?: "one" | "many";
  /** Of a relation: where associations lead in a circle, so do descriptions. */
  readonly schema?: Description;
  /** Of associations that go through others: their names. */
  readonly path?: readonly string[];
  readonly default?: unknown;
  /** Of a relation, what children hold that are built. */
  readonly defaults?: { readonly [field: string]: unknown };
  readonly virtual?: boolean;
  readonly redact?: boolean;
  readonly primary_key?: boolean;
}

/** A description as the whole engine sends it: a schema that comes again is the number of those before it. */
export function linked(sent: Description, known: Description[] = []): Description {
  known.push(sent);
  for (const field of sent.fields as unknown as { schema?: Description | number }[]) {
    if (typeof field.schema === "number") field.schema = known[field.schema] as Description;
    else if (field.schema !== undefined) linked(field.schema, known);
  }
  return sent;
}

/** The schema that a relation leads to, if that is known. */
export function relatedOf(schema: Description | undefined, name: string): Description | undefined {
  const field = schema?.fields.find((field) => field.name === name);
  return field?.path === undefined ? field?.schema : field.path.reduce(relatedOf, schema);
}

/** Whether children of the relation live inside their parent's row. */
export function isEmbed(field: FieldDescription): boolean {
  return field.relation === "embeds_one" || field.relation === "embeds_many";
}

/** A new record: defaults, empty embeds; associations are not loaded, so not there. */
export function blank(schema: Description): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const { name, relation, default: value } of schema.fields) {
    if (relation === undefined) setOwn(record, name, value ?? null);
    else if (relation === "embeds_many") setOwn(record, name, []);
    else if (relation === "embeds_one") setOwn(record, name, null);
  }
  return record;
}

/** The fields of a record out of an answer, put into `record`; relations hold `{"$struct": name, "fields": {..}}`. */
export function recordOf(
  fields: { readonly [field: string]: unknown },
  schema: Description,
  record: Record<string, unknown> = {},
): Record<string, unknown> {
  for (const field of schema.fields) {
    if (!Object.hasOwn(fields, field.name)) continue;
    const value = slotOf(fields[field.name], field);
    if (value !== undefined) setOwn(record, field.name, value);
  }
  return record;
}

/** What a field holds, out of an answer: records for relations, undefined where they are not loaded. */
export function slotOf(value: unknown, field: FieldDescription | undefined): unknown {
  const schema = field?.schema;
  if (schema === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((child) => slotOf(child, field));
  const { $not_loaded, fields } = value as { $not_loaded?: true; fields: { readonly [field: string]: unknown } };
  return $not_loaded === true ? undefined : recordOf(fields, schema);
}
