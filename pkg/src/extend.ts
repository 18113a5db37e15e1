import { Changeset } from "./changeset.js";
import { record, refusePrepared, type RequiredIn, type RulesCallback } from "./rules.js";

/**
 * More rules for a changeset that is there: all that `schema.changeset` records can be said of one changeset.
 *
 * @example
 * const stricter = extend(changeset, (c) => c.validateRequired("email").validateLength("bio", { min: 10 }));
 */
export function extend<F, R, C = unknown>(changeset: Changeset<F, R>, rules: RulesCallback<F, C>): Changeset<F, R & RequiredIn<C>> {
  const recipe = Changeset.source(changeset).recipe("extend");
  const schema = { name: recipe.schema.name, description: recipe.schema };
  const { steps, validators, prepared = [] } = record<F>(schema, rules, recipe.validatorCount);
  refusePrepared(prepared, schema.name);
  return steps.length === 0 ? (changeset as Changeset<F, R & RequiredIn<C>>) : new Changeset(recipe.with(steps, validators));
}
