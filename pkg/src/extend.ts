import { Changeset } from "./changeset.js";
import type { Kept } from "./fields.js";
import { record, refusePrepared, type RequiredIn, type RulesCallback } from "./rules.js";

/**
 * More rules for a changeset that is there: all that `schema.changeset` records can be said of one changeset.
 *
 * @example
 * const stricter = extend(changeset, (c) => c.validateRequired("email").validateLength("bio", { min: 10 }));
 */
export function extend<F, V, C = unknown>(
  changeset: Changeset<F, V>,
  rules: RulesCallback<F, C>,
): Changeset<F, Kept<F, RequiredIn<C>, V>> {
  const recipe = Changeset.source(changeset as Changeset).recipe("extend");
  const schema = { name: recipe.schema.name, description: recipe.schema };
  const { steps, validators, prepared = [] } = record<F>(schema, rules, recipe.validatorCount);
  refusePrepared(prepared, schema.name);
  return steps.length === 0 ? (changeset as Changeset<F, never>) : new Changeset(recipe.with(steps, validators));
}
