import type { FieldDescription } from "./describe.js";
import type { Outcome } from "./outcome.js";

/** What params are once they are read: a map, or null if they are invalid as a whole. */
export type ReadParams = { readonly [name: string]: unknown } | null;

/** What the rules made of data and params, decoded but for the changesets of children. */
export interface Result {
  readonly valid: boolean;
  readonly force: boolean;
  readonly action: string | null;
  /** By name of field: values, [`Child`]s and lists of them. */
  readonly changes: readonly (readonly [FieldDescription, unknown])[];
  readonly errors: readonly FieldError[];
  /** What the small engine made, if changes and errors are what it says. */
  readonly outcome?: Outcome | undefined;
}

/** What is wrong with a field: a message, which is a template, and the values that fill and explain it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
  readonly metadata: { readonly [key: string]: unknown };
}

/** The changeset of a child in a result, and its record: one of the parent's data, or a new one with these values. */
export class Child {
  constructor(
    readonly result: Result,
    readonly record: number | { readonly [field: string]: unknown },
  ) {}
}
