import { ask } from "./accessors.js";
import { Changeset } from "./changeset.js";
import { translate } from "./messages.js";
import type { FieldError } from "./result.js";
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
  const errors: Record<string, unknown> = {};
  for (const error of changeset.errors) {
    if (Object.hasOwn(errors, error.field)) (errors[error.field] as unknown[]).push(map(error));
    else setOwn(errors, error.field, [map(error)]);
  }
  for (const [field, change] of Changeset.source(changeset).result.changes) {
    if (field.schema === undefined) continue;
    const below = ofChildren((changeset.changes as Record<string, unknown>)[field.name], map);
    if (below !== undefined) setOwn(errors, field.name, below);
  }
  return errors as Errors<unknown>;
}

function ofChildren(change: unknown, map: (error: FieldError) => unknown): unknown {
  if (change instanceof Changeset) {
    const errors = traverseErrors(change, map);
    return Object.keys(errors).length === 0 ? undefined : errors;
  }
  if (!Array.isArray(change) || !(change[0] instanceof Changeset)) return undefined;
  const errors = change.map((child: Changeset) => traverseErrors(child, map));
  return errors.every((each) => Object.keys(each).length === 0) ? undefined : errors;
}

/** The rules that a changeset and its children went through, by field: `[name, argument]` each. */
export function traverseValidations<F>(changeset: Changeset<F>): Errors<readonly [name: string, argument: unknown]> {
  return ask(changeset, ["traverse_validations"]) as Errors<readonly [string, unknown]>;
}
