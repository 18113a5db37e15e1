import type { Source } from "./changeset.js";
import type { FieldDescription } from "./describe.js";
import type { Scope, Written } from "./described.js";
import type { Relation } from "./relation.js";
import type { Child } from "./result.js";
import type { Schema, SchemaDocument } from "./schema.js";
import type { LevelTranslator } from "./translate/level.js";

/** What only schemas with relations need. Those who declare a relation, or load a document, bring it. */
export interface Related {
  /** Adds the relations of a document to the fields of its description; whether all are understood. */
  addRelations(fields: FieldDescription[], document: Written, scope: Scope): boolean;
  /** A schema inside another as a document of its own. */
  alone(schema: SchemaDocument | string, around: SchemaDocument): SchemaDocument;
  /** Adds a relation to the document of its schema. */
  relation(document: Record<string, unknown>, field: string, relation: Relation, written: SchemaDocument | string): void;
  /** The document of a schema with relations to schemas that may be declared later. */
  open(schema: Schema, known: Map<string, Schema>): SchemaDocument;
  /** What is put into a relation of a record, as documents write it. */
  put(value: unknown, field: FieldDescription, record: object): unknown;
  /** A child in the result of its parent. */
  child(parent: Source, field: FieldDescription, child: Child, index: number | undefined): Source;
  /** Translates the cast of a relation. */
  castRelation(level: LevelTranslator, embed: boolean, args: readonly unknown[]): void;
}

let brought: Related | undefined = undefined;

/** It, if somebody brought it: else only the whole engine can tell what a relation means. */
export function related(): Related | undefined {
  return brought;
}

/** Brings it. */
export function giveRelated(given: Related): void {
  brought = given;
}
