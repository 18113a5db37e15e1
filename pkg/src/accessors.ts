import { amended } from "./amended.js";
import { Changeset, type Source } from "./changeset.js";
import { type Description, type FieldDescription, isEmbed, recordOf, slotOf } from "./describe.js";
import { EctomorphError } from "./errors.js";
import type { ChangeOf, EmbedName, OwnAssocName, PutOf, RecordOf, ValueName, ValueOf } from "./fields.js";
import { fieldOf, toNotation } from "./notation.js";
import { putToNotation } from "./put.js";
import { childrenOf } from "./put-relation.js";
import { applied, fetched } from "./record.js";
import type { FieldError } from "./result.js";
import type { Step } from "./rules.js";
import { setState, stateOf } from "./schema.js";
import type { Recipe } from "./whole/recipe.js";

type Name<F> = keyof F & string;

/** What `applyAction` gives. */
export type Applied<F, V = RecordOf<F>> =
  | { readonly ok: true; readonly value: V }
  | { readonly ok: false; readonly changeset: Changeset<F> };

/** The value of a field with its change, or of the data; of a relation, records with their changes applied. */
export function getField<F, K extends Name<F>>(changeset: Changeset<F>, field: K): ValueOf<F, K> {
  const found = fetchField(changeset, field);
  return (found === undefined ? null : found.value) as ValueOf<F, K>;
}

/** The same with where it was found; undefined for a field that is not there. */
export function fetchField<F, K extends Name<F>>(
  changeset: Changeset<F>,
  field: K,
): { readonly from: "changes" | "data"; readonly value: ValueOf<F, K> } | undefined {
  const found = fetched(Changeset.source(changeset), field);
  if (found !== undefined) return (found ?? undefined) as ReturnType<typeof fetchField<F, K>>;
  const answer = ask(changeset, ["fetch_field", field]);
  if (answer === "error") return undefined;
  const [from, value] = answer as ["changes" | "data", unknown];
  return { from, value: slotOf(value, fieldOf(schemaOf(changeset), field)) as ValueOf<F, K> };
}

/** The change of a field; `otherwise` (null) if there is none. */
export function getChange<F, K extends Name<F>, D = null>(
  changeset: Changeset<F>,
  field: K,
  otherwise?: D,
): ChangeOf<F, K> | D {
  const found = fetchChange(changeset, field);
  return found === undefined ? (otherwise ?? (null as D)) : found.value;
}

/** The change of a field; undefined if there is none. A change may be to null, so it comes in an object. */
export function fetchChange<F, K extends Name<F>>(
  changeset: Changeset<F>,
  field: K,
): { readonly value: ChangeOf<F, K> } | undefined {
  const { changes } = changeset;
  return Object.hasOwn(changes, field) ? { value: changes[field] as ChangeOf<F, K> } : undefined;
}

/** Whether a field has a change; from and to the values given, if they are. */
export function changed<F, K extends Name<F>>(
  changeset: Changeset<F>,
  field: K,
  options: { readonly from?: ValueOf<F, K>; readonly to?: ValueOf<F, K> } = {},
): boolean {
  const described = fieldOf(schemaOf(changeset), field);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const change = fetchChange(changeset, field)?.value as unknown;
  if (described !== undefined && change === undefined) return false;
  if (described !== undefined && given.length === 0) {
    const children = described.schema === undefined || change === null ? [] : [change].flat();
    return children.length === 0 ? described.cardinality !== "many" : (children as Changeset[]).some(childChanged);
  }
  const written = Object.fromEntries(given.map(([key, value]) => [key, toNotation(value, described?.type)]));
  return ask(changeset, given.length === 0 ? ["changed", field] : ["changed", field, written]) as boolean;
}

/** Whether a field would fail `validateRequired`. */
export function fieldMissing<F>(changeset: Changeset<F>, field: Name<F>): boolean {
  return ask(changeset, ["field_missing", field]) as boolean;
}

/**
 * Puts a change, unless it equals the data, in which case a change there was is taken back.
 *
 * @example
 * const published = putChange(changeset, "published", true);
 */
export function putChange<F, K extends Name<F>>(changeset: Changeset<F>, field: K, value: PutOf<F, K>): Changeset<F> {
  return add(changeset, ["put_change", field, written(changeset, field, value)]);
}

/** Puts a change, even if it equals the data. */
export function forceChange<F, K extends Name<F>>(changeset: Changeset<F>, field: K, value: PutOf<F, K>): Changeset<F> {
  return add(changeset, ["force_change", field, written(changeset, field, value)]);
}

/** Puts several changes. */
export function change<F>(changeset: Changeset<F>, changes: { readonly [K in keyof F]?: PutOf<F, K> }): Changeset<F> {
  const pairs = Object.entries(changes).map(([field, value]) => [field, written(changeset, field, value)]);
  return add(changeset, ["change", pairs]);
}

/** Changes a change by a function, if there is one. */
export function updateChange<F, K extends ValueName<F>>(
  changeset: Changeset<F>,
  field: K,
  update: (value: ChangeOf<F, K & keyof F>) => PutOf<F, K & keyof F>,
): Changeset<F> {
  const found = fetchChange(changeset, field as never);
  return found === undefined ? changeset : putChange(changeset, field as never, update(found.value) as never);
}

/** Takes a change back. */
export function deleteChange<F>(changeset: Changeset<F>, field: Name<F>): Changeset<F> {
  return amended(changeset, ["delete_change", field], ({ changes }) => ({
    changes: changes.filter(([changed]) => changed.name !== field),
  }));
}

/** Puts the children of an embed: records, attributes or changesets. */
export function putEmbed<F, K extends EmbedName<F>>(
  changeset: Changeset<F>,
  field: K,
  value: PutOf<F, K & keyof F>,
): Changeset<F> {
  return add(changeset, ["put_embed", field, written(changeset, field, value)]);
}

/** Puts the children of an association: records, attributes or changesets. */
export function putAssoc<F, K extends OwnAssocName<F>>(
  changeset: Changeset<F>,
  field: K,
  value: PutOf<F, K & keyof F>,
): Changeset<F> {
  return add(changeset, ["put_assoc", field, written(changeset, field, value)]);
}

/** The changesets of an embed's children, changed or not. */
export function getEmbed<F, K extends EmbedName<F>>(changeset: Changeset<F>, field: K): ChangeOf<F, K & keyof F> {
  return related(changeset, "get_embed", field) as ChangeOf<F, K & keyof F>;
}

/** The changesets of an association's children, changed or not. */
export function getAssoc<F, K extends OwnAssocName<F>>(changeset: Changeset<F>, field: K): ChangeOf<F, K & keyof F> {
  return related(changeset, "get_assoc", field) as ChangeOf<F, K & keyof F>;
}

/** Adds an error, which makes the changeset invalid. */
export function addError<F>(
  changeset: Changeset<F>,
  field: Name<F> | (string & {}),
  message: string,
  metadata: { readonly [key: string]: unknown } = {},
): Changeset<F> {
  const step: Step = ["add_error", field, message, toNotation(metadata, undefined)];
  // Such values go through an engine as they are.
  const plain = Object.values(metadata).every((value) => /^(string|boolean)$/.test(typeof value) || Number.isSafeInteger(value));
  if (!plain) return add(changeset, step);
  const error: FieldError = { field, message, metadata: Object.freeze({ ...metadata }) };
  return amended(changeset, step, ({ errors }) => ({ valid: false, errors: [error, ...errors] }));
}

/** Sets what the changeset is for. */
export function setAction<F>(changeset: Changeset<F>, action: string | null): Changeset<F> {
  return amended(changeset, ["set_action", action], () => ({ action }));
}

/** Merges two changesets of the same record: the changes of the second win. */
export function merge<F>(changeset: Changeset<F>, other: Changeset<F>): Changeset<F> {
  const recipe = Changeset.source(changeset).recipe("merge");
  const second = Changeset.source(other).recipe("merge");
  const same = recipe.core.document.schema === second.core.document.schema;
  const record = recipe.data === second.data || JSON.stringify(recipe.data) === JSON.stringify(second.data);
  if (!same || !record) {
    throw new EctomorphError("merge needs two changesets of the same record", { schema: recipe.schema.name });
  }
  const { steps, validators } = second.renumbered(recipe.validatorCount);
  const params = second.params === null ? undefined : toNotation(second.params, undefined);
  const step: Step = params === undefined ? ["merge", steps] : ["merge", steps, { params }];
  return new Changeset(recipe.with([step], validators));
}

/** The record with the changes applied, valid or not. */
export function applyChanges<F>(changeset: Changeset<F>): RecordOf<F> {
  return appliedOf(Changeset.source(changeset));
}

/** The record of a source with its changes applied. */
export function appliedOf<F>(source: Source): RecordOf<F> {
  const { schema } = source;
  let record = applied(source);
  if (record === undefined) {
    const answer = source.recipe("applyChanges").ask(["apply_changes"]) as { readonly fields: { readonly [field: string]: unknown } };
    record = recordOf(schema.schemaless === true ? (answer as never) : answer.fields, schema);
  }
  const state = source.result.outcome?.isNew === true ? null : stateOf(source.data);
  if (state !== null) setState(record, state);
  return record as RecordOf<F>;
}

/**
 * The record with the changes applied if they are valid; else the changeset, with the action set, so that a form shows
 * its errors.
 *
 * @example
 * const result = applyAction(changeset, "insert");
 * if (result.ok) save(result.value); else show(result.changeset);
 */
export function applyAction<F, V>(changeset: Changeset<F, V>, action: string): Applied<F, V>;
export function applyAction<F>(changeset: Changeset<F>, action: string): Applied<F> {
  if (changeset.valid) return { ok: true, value: applyChanges(changeset) };
  return { ok: false, changeset: setAction(changeset, action) };
}

/** Asks the engine about a changeset. */
export function ask<F>(changeset: Changeset<F>, question: readonly unknown[]): unknown {
  return recipeFor(changeset, question).ask(question);
}

function add<F>(changeset: Changeset<F>, step: Step): Changeset<F> {
  return new Changeset<F>(recipeFor(changeset, step).with([step]));
}

/** The recipe of a changeset, for a step or question, whose name is that of a function in the words of documents. */
function recipeFor<F>(changeset: Changeset<F>, [name]: readonly unknown[]): Recipe {
  return Changeset.source(changeset).recipe(String(name).replace(/_./g, (pair) => pair.slice(1).toUpperCase()));
}

function childChanged({ action, changes }: Changeset): boolean {
  return action !== "update" || Object.keys(changes as object).length > 0;
}

function schemaOf<F>(changeset: Changeset<F>): Description {
  return Changeset.source(changeset).schema;
}

function written<F>(changeset: Changeset<F>, field: string, value: unknown): unknown {
  const described = fieldOf(schemaOf(changeset), field);
  return putToNotation(value, described, changeset.data as object);
}

/** Changed children are there already; unchanged ones are changesets without changes. */
function related<F>(changeset: Changeset<F>, question: string, field: string): unknown {
  const { schema, snapshot } = Changeset.source(changeset);
  const known = fieldOf(schema, field);
  const isEmbedded = question === "get_embed";
  // Refuses what is no relation of that kind.
  if (known?.schema === undefined || isEmbed(known) !== isEmbedded) ask(changeset, [question, field]);
  const found = fetchChange(changeset, field as never);
  if (found !== undefined) return found.value;
  if (snapshot !== undefined && childrenOf(snapshot, field).length === 0 && (isEmbedded || stateOf(snapshot) === null)) {
    return known?.cardinality === "many" ? [] : null;
  }
  const recipe = Changeset.source(changeset).recipe(question);
  const described = fieldOf(recipe.schema, field) as FieldDescription;
  const children = childrenOf(recipe.data, field).map((child) => recipe.child(described, child as object));
  const changesets = children.map((child) => new Changeset(child));
  return described.cardinality === "many" ? changesets : (changesets[0] ?? null);
}
