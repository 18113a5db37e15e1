import { applyChanges } from "./accessors.js";
import { Changeset } from "./changeset.js";
import type { RecordOf } from "./fields.js";
import { translate } from "./messages.js";
import { INVALID, type Params, readable } from "./params.js";
import type { Rules } from "./run.js";

/** Something that is wrong, for Standard Schema: the text, and the path to the field. */
export interface StandardIssue {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** Standard Schema, version 1: https://standardschema.dev */
export interface Standard<F, V = RecordOf<F>> {
  readonly version: 1;
  readonly vendor: "ectomorph";
  /** Applies the rules to a new record: the record, or every issue. */
  readonly validate: (
    value: unknown,
  ) => { readonly value: V; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };
  readonly types?: { readonly input: Params; readonly output: V } | undefined;
}

/** The face of rules for Standard Schema: params in, a new record with the changes applied out. */
export function standard<F, V>(rules: () => Rules<F, V>): Standard<F, V> {
  return {
    version: 1,
    vendor: "ectomorph",
    validate(value) {
      const applied = rules();
      const changeset = applied(applied.schema.build(), readable(value) ? value : INVALID) as Changeset;
      if (changeset.valid) return { value: applyChanges(changeset) as V };
      const issues = issuesOf(changeset, []);
      // Params that are no map are invalid as a whole, which is no error of a field.
      return { issues: issues.length > 0 ? issues : [{ message: "is invalid", path: [] }] };
    },
  };
}

function issuesOf(changeset: Changeset, path: readonly (string | number)[]): StandardIssue[] {
  const own = changeset.errors.map((error) => ({ message: translate(error), path: [...path, error.field] })).reverse();
  const children = Object.entries(changeset.changes as object).flatMap(([field, change]) => {
    if (change instanceof Changeset) return issuesOf(change, [...path, field]);
    if (!Array.isArray(change)) return [];
    return change.flatMap((child, index) => (child instanceof Changeset ? issuesOf(child, [...path, field, index]) : []));
  });
  return [...own, ...children];
}
