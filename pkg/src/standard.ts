import { appliedOf } from "./accessors.js";
import type { RecordOf } from "./fields.js";
import { type Params, readable, readParams } from "./params.js";
import type { Plan } from "./plan.js";
import type { Result } from "./result.js";
import type { Rules } from "./run.js";
import { addBelow, issuesOf as ownIssues, issuesOfErrors, straight } from "./straight.js";
import { eachRelated, resultOf } from "./traverse.js";

/** Something that is wrong, for Standard Schema: the text, and the path to the field. */
export interface StandardIssue {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** What Standard Schema gives: a value, or every issue. */
export type Validated<V = unknown> =
  { readonly value: V; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

/** Standard Schema, version 1: https://standardschema.dev */
export interface Standard<F, V = RecordOf<F>> {
  readonly version: 1;
  readonly vendor: "ectomorph";
  /** Applies the rules to a new record: the record, or every issue. */
  readonly validate: (value: unknown) => Validated<V>;
  readonly types?: { readonly input: Params; readonly output: V } | undefined;
}

/** The face of rules for Standard Schema: params in, a new record with the changes applied out. */
export function standard<F, V>(rules: () => Rules<F, V>): Standard<F, V> {
  let plan: Plan | null | undefined;
  return {
    version: 1,
    vendor: "ectomorph",
    validate(value) {
      if (plan === undefined) plan = rules()["~core"].plan ?? null;
      const known = plan === null ? undefined : straight(plan.root, value);
      if (known !== undefined) return known as Validated<V>;
      const { "~core": core, schema } = rules();
      const source = core.apply(schema.build(), true, readable(value) ? readParams(value) : null);
      if (source.valid) return { value: appliedOf<F>(source) as V };
      const issues = issuesOf(source.result);
      // Params that are no map are invalid as a whole, which is no error of a field.
      return { issues: issues.length > 0 ? issues : [{ message: "is invalid", path: [] }] };
    },
  };
}

function issuesOf(result: Result): readonly StandardIssue[] {
  const { outcome } = result;
  const issues = (outcome === undefined ? issuesOfErrors(result.errors) : ownIssues(outcome.answer)).slice();
  eachRelated(result, (name, change) => {
    const isList = Array.isArray(change);
    (isList ? change : [change]).forEach((child: unknown, at: number) => {
      const inside = child === null ? undefined : resultOf(child);
      if (inside?.valid === false) addBelow(issues, issuesOf(inside), name, isList ? at : undefined);
    });
  });
  return issues;
}
