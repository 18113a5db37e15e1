import type { TypeNotation } from "./types.js";
import { setOwn } from "./unpack.js";

/** The kinds of relations, as documents name them. */
export type RelationKind = "embeds_one" | "embeds_many" | "has_one" | "has_many" | "belongs_to" | "many_to_many";

/** A schema as the engine describes it: its fields, in the order that results number them. */
export interface Description {
  readonly name: string;
  readonly source: string | null;
  readonly embedded?: boolean;
  readonly schemaless?: boolean;
  readonly fields: readonly FieldDescription[];
}

/** A field of a [`Description`]: with a type, or a relation. */
export interface FieldDescription {
  readonly name: string;
  readonly type?: TypeNotation;
  readonly relation?: RelationKind | "through";
  readonly cardinality?: "one" | "many";
  readonly schema?: Description;
  readonly default?: unknown;
  /** Of a relation: values set on children that are built. */
  readonly defaults?: { readonly [field: string]: unknown };
  readonly virtual?: boolean;
  readonly redact?: boolean;
  readonly primary_key?: boolean;
}

/** Whether children of the relation live inside their parent's row. */
export function isEmbed(field: FieldDescription): boolean {
  return field.relation === "embeds_one" || field.relation === "embeds_many";
}

/** A new record: defaults, empty embeds; associations are not loaded, so not there. */
export function blank(schema: Description, defaults?: { readonly [field: string]: unknown }): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const { name, relation, default: value } of schema.fields) {
    if (relation === undefined) setOwn(record, name, defaults?.[name] ?? value ?? null);
    else if (relation === "embeds_many") setOwn(record, name, []);
    else if (relation === "embeds_one") setOwn(record, name, null);
  }
  return record;
}
