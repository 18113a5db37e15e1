/**
 * Ecto's schemas and changesets for TypeScript: define the rules once, apply them to forms and requests, and get
 * every error at once, as Ecto would give it.
 *
 * @module
 */
import { Changeset as ChangesetOf } from "./changeset.js";
import type { AnyFields, FieldsOf, RecordOf } from "./fields.js";

/** The class of changesets, for `instanceof`. */
export const Changeset = ChangesetOf;
/**
 * A changeset of a schema, of rules, or of fields.
 *
 * @example
 * function greet(changeset: Changeset<typeof User>): string {
 *   return `Hello ${getField(changeset, "name")}`;
 * }
 */
export type Changeset<S = AnyFields, V = RecordOf<FieldsOf<S>>> = ChangesetOf<FieldsOf<S>, V>;

export {
  addError, type Applied, applyAction, applyChanges, change, changed, deleteChange, fetchChange, fetchField, fieldMissing,
  forceChange, getAssoc, getChange, getEmbed, getField, merge, putAssoc, putChange, putEmbed, setAction, updateChange,
} from "./accessors.js";
export { buildAssoc } from "./assoc.js";
export type { Constraint, Validation } from "./changeset.js";
export type { RulesDocument } from "./core.js";
export type { Description, FieldDescription, RelationKind } from "./describe.js";
export { load, type Loaded, type LoadOptions } from "./document.js";
export { EctomorphError } from "./errors.js";
export type { Conditions, Expr, FieldExpr } from "./expr.js";
export { extend } from "./extend.js";
export type { AnyFields, Changes, Data, Fields, FieldsOf, Kept, OfChildren, RecordOf, Requiring } from "./fields.js";
export type { Infer, InferParams } from "./infer.js";
export { interpolate, setTranslate, translate, type Translate } from "./messages.js";
export type {
  CastOptions, CastRelationOptions, ConstraintOptions, Finding, Findings, LengthOptions, Message, MessageOption,
  NumberOptions, Range, Update, ValidateFunction,
} from "./options.js";
export { decodeForm, INVALID, type Limits, type Params } from "./params.js";
export {
  type AssocOptions, belongsTo, type EmbedOptions, embedsMany, embedsOne, hasMany, hasOne, type JoinOptions, manyToMany,
  type OnReplace, type Relation, type Through, type ThroughOptions,
} from "./relation.js";
export type { FieldError } from "./result.js";
export type { Recorder, RulesCallback, Step } from "./rules.js";
export type { Rules } from "./run.js";
export { type Schema, type SchemaDocument, type SchemaOptions, schema, schemaless, type TimestampOptions } from "./schema.js";
export type { Standard, StandardIssue } from "./standard.js";
export { type Errors, traverseErrors, traverseValidations } from "./traverse.js";
export * as t from "./t.js";
export type { Field, Json, TypeNotation } from "./types.js";
export type { WasmSource } from "./init.js";
export { ready } from "./whole.js";
