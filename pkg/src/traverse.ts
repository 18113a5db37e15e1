import { ask } from "./accessors.js";
import { Changeset } from "./changeset.js";
import { translate } from "./messages.js";
import { Outcome } from "./outcome.js";
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
  const errors: Record<string, unknown> = {};
  for (const error of result.errors) {
    if (Object.hasOwn(errors, error.field)) (errors[error.field] as unknown[]).push(map(error));
    else setOwn(errors, error.field, [map(error)]);
  }
  const related: Iterable<readonly [string, unknown]> =
    result instanceof Outcome ? result.related
    : result.changes.flatMap(([{ name, schema }, change]) => (schema === undefined ? [] : [[name, change] as const]));
  for (const [field, change] of related) {
    const below = ofChildren(change, map);
    if (below !== undefined) setOwn(errors, field, below);
  }
  return errors as Errors<unknown>;
}

function ofChildren(change: unknown, map: (error: FieldError) => unknown): unknown {
  if (!Array.isArray(change)) {
    if (change === null) return undefined;
    const errors = errorsIn(resultOf(change), map);
    return isEmpty(errors) ? undefined : errors;
  }
  const errors = change.map((child) => errorsIn(resultOf(child), map));
  return errors.every(isEmpty) ? undefined : errors;
}

function resultOf(child: unknown): Result {
  return child instanceof Outcome ? child : (child as Child).result;
}

function isEmpty(errors: object): boolean {
  for (const _ in errors) return false;
  return true;
}

/** The rules that a changeset and its children went through, by field: `[name, argument]` each. */
export function traverseValidations<F>(changeset: Changeset<F>): Errors<readonly [name: string, argument: unknown]> {
  return ask(changeset, ["traverse_validations"]) as Errors<readonly [string, unknown]>;
}
