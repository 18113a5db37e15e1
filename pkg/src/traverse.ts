import { ask } from "./accessors.js";
import { Changeset } from "./changeset.js";
import { isEnglish, translate } from "./messages.js";
import { type Answer, Outcome } from "./outcome.js";
import type { Child, FieldError, Result } from "./result.js";
import { setOwn } from "./values.js";

/** Errors by field: lists of them, and the same again for children. */
export interface Errors<T> {
  readonly [field: string]: readonly T[] | Errors<T> | readonly Errors<T>[];
}

/**
 * The errors of a changeset and its children, by field: as text, or as `map` makes of each.
 *
 * A single child is an object, several are a list with an object each. Where a relation has errors of its own and of
 * its children, the children's are shown.
 *
 * @example
 * traverseErrors(changeset); // { name: ["can't be blank"], lines: [{}, { qty: ["must be greater than 0"] }] }
 */
export function traverseErrors(changeset: Changeset, map?: undefined): Errors<string>;
export function traverseErrors<F, T>(changeset: Changeset<F>, map: (error: FieldError) => T): Errors<T>;
export function traverseErrors(changeset: Changeset, map: (error: FieldError) => unknown = translate): Errors<unknown> {
  return errorsIn(Changeset.source(changeset).result, map);
}

function errorsIn(result: Result, map: (error: FieldError) => unknown): Errors<unknown> {
  const { outcome } = result;
  const errors = outcome !== undefined && map === translate && isEnglish() ? { ...shownOf(outcome.answer) } : byField(result.errors, map);
  eachRelated(result, (name, change) => put(errors, name, change, map));
  return errors as Errors<unknown>;
}

/** The errors of a record, which are the same for all with this answer: a copy is what may be changed. */
function shownOf(answer: Answer): { readonly [field: string]: readonly string[] } {
  if (answer.shown === undefined) {
    const lists = byField(answer.errors, translate) as Record<string, readonly string[]>;
    answer.shown = lists;
    for (const field in lists) Object.freeze(lists[field]);
  }
  return answer.shown;
}

function byField(list: readonly FieldError[], map: (error: FieldError) => unknown): Record<string, unknown> {
  const errors: Record<string, unknown> = {};
  for (const error of list) {
    if (Object.hasOwn(errors, error.field)) (errors[error.field] as unknown[]).push(map(error));
    else setOwn(errors, error.field, [map(error)]);
  }
  return errors;
}

/** The errors of children in the place of their relation, if there are any. */
function put(errors: object, field: string, change: unknown, map: (error: FieldError) => unknown): void {
  if (Array.isArray(change)) {
    let isEmpty = true;
    const each: unknown[] = [];
    for (const child of change) {
      const below = errorsIn(resultOf(child), map);
      isEmpty &&= hasNone(below);
      each.push(below);
    }
    if (!isEmpty) setOwn(errors, field, each);
  } else if (change !== null) {
    const below = errorsIn(resultOf(change), map);
    if (!hasNone(below)) setOwn(errors, field, below);
  }
}

/** Calls a function with each relation that changes, and what became of its children. */
export function eachRelated(result: Result, call: (field: string, change: unknown) => void): void {
  if (result.outcome !== undefined) return result.outcome.eachRelated(call);
  for (const [{ name, schema }, change] of result.changes) if (schema !== undefined) call(name, change);
}

/** The result of a child, in an outcome or a result. */
export function resultOf(child: unknown): Result {
  return child instanceof Outcome ? child : (child as Child).result;
}

function hasNone(errors: object): boolean {
  for (const _ in errors) return false;
  return true;
}

/** The rules that a changeset and its children went through, by field: `[name, argument]` each. */
export function traverseValidations<F>(changeset: Changeset<F>): Errors<readonly [name: string, argument: unknown]> {
  return ask(changeset, ["traverse_validations"]) as Errors<readonly [string, unknown]>;
}
