import type { TypeNotation } from "./types.js";

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
  readonly virtual?: boolean;
  readonly redact?: boolean;
  readonly primary_key?: boolean;
}

/** Whether children of the relation live inside their parent's row. */
export function isEmbed(field: FieldDescription): boolean {
  return field.relation === "embeds_one" || field.relation === "embeds_many";
}
