/**
 * Ecto's schemas and changesets for TypeScript: define the rules once, apply them to forms and requests, and get
 * every error at once, as Ecto would give it.
 *
 * @module
 */
export {
  addError, type Applied, applyAction, applyChanges, change, changed, deleteChange, fetchChange, fetchField, fieldMissing,
  forceChange, getAssoc, getChange, getEmbed, getField, merge, putAssoc, putChange, putEmbed, setAction, updateChange,
} from "./accessors.js";
export { buildAssoc } from "./assoc.js";
export { Changeset, type Constraint, type Validation } from "./changeset.js";
export type { RulesDocument } from "./core.js";
export type { Description, FieldDescription, RelationKind } from "./describe.js";
export { load, type LoadOptions } from "./document.js";
export { EctomorphError } from "./errors.js";
export type { Conditions, Expr, FieldExpr } from "./expr.js";
export { extend } from "./extend.js";
export type { AnyFields, Changes, Data, Fields, RecordOf } from "./fields.js";
export type { Infer } from "./infer.js";
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
