import { Changeset } from "./changeset.js";
import { type Recorder, record, refusePrepared } from "./rules.js";

/**
 * More rules for a changeset that is there: all that `schema.changeset` records can be said of one changeset.
 *
 * @example
 * const stricter = extend(changeset, (c) => c.validateRequired("email").validateLength("bio", { min: 10 }));
 */
export function extend<F>(changeset: Changeset<F>, rules: (c: Recorder<F>) => unknown): Changeset<F> {
  const recipe = Changeset.source(changeset).recipe("extend");
  const schema = { name: recipe.schema.name, description: recipe.schema };
  const { steps, validators, prepared = [] } = record<F>(schema, rules, recipe.validatorCount);
  refusePrepared(prepared, schema.name);
  return steps.length === 0 ? changeset : new Changeset<F>(recipe.with(steps, validators));
}
