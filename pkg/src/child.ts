import { Changeset, type Report, type RulesByField, type Source } from "./changeset.js";
import type { Core } from "./core.js";
import { castOf, declaredBy } from "./declared.js";
import { type Description, type FieldDescription, blank, recordOf } from "./describe.js";
import { changesToNotation } from "./put.js";
import { childrenOf } from "./put-relation.js";
import type { Child, Result } from "./result.js";
import type { Step } from "./rules.js";
import { setState, stateOf } from "./schema.js";
import type { Recipe } from "./whole/recipe.js";

/** A child in the result of its parent. It becomes a recipe of its own when a function is called on it. */
export class ChildSource implements Source {
  readonly #parent: Source;
  readonly #field: FieldDescription;
  readonly #child: Child;
  readonly #index: number | undefined;
  #data: object | undefined;
  #recipe: Recipe | undefined;
  readonly params = null;
  readonly inputs = undefined;

  constructor(parent: Source, field: FieldDescription, child: Child, index: number | undefined) {
    this.#parent = parent;
    this.#field = field;
    this.#child = child;
    this.#index = index;
  }

  report(): Report {
    const { inputs } = this.#parent;
    const steps = inputs && castOf(inputs.steps, this.#field)?.with;
    const declared = steps && declaredBy(this, steps);
    if (declared !== undefined) return declared;
    const found = this.#own(this.#parent.report().changes?.[this.#field.name]) as { $changeset: Report };
    const validations = Object.entries(this.rules()).flatMap(([field, rules]) =>
      Array.isArray(rules) && Array.isArray(rules[0])
        ? (rules as [string, unknown][]).map(([name, argument]) => [field, name, argument] as const)
        : [],
    );
    return { ...found.$changeset, validations };
  }

  rules(): RulesByField {
    return (this.#own(this.#parent.rules()[this.#field.name]) ?? {}) as RulesByField;
  }

  /** The part of what is said of the children that is said of this one. */
  #own(children: unknown): unknown {
    return this.#index === undefined ? children : (children as readonly unknown[] | undefined)?.[this.#index];
  }

  get valid(): boolean {
    return this.#child.result.valid;
  }

  get result(): Result {
    return this.#child.result;
  }

  get schema(): Description {
    return this.#field.schema as Description;
  }

  get data(): object {
    return (this.#data ??= this.#findData());
  }

  get core(): Core {
    return this.#parent.core.child(this.#field);
  }

  get snapshot(): object | undefined {
    return typeof this.#child.record === "object" ? this.data : undefined;
  }

  recipe(what: string): Recipe {
    return (this.#recipe ??= this.#makeRecipe(what));
  }

  #findData(): object {
    const { record } = this.#child;
    if (typeof record === "object") return Object.freeze(recordOf(record, this.schema, blank(this.schema)));
    const existing = childrenOf(this.#parent.data, this.#field.name)[record] as object;
    const embedded = this.schema.embedded === true;
    if (!embedded && stateOf(existing) === null) setState(existing, "loaded");
    return existing;
  }

  /** Without the rules that made it: its record, and steps that lead to the same changes and errors. */
  #makeRecipe(what: string): Recipe {
    const { action, errors } = this.result;
    const { changes } = new Changeset(this);
    const written = changesToNotation(changes, this.#field, this.data);
    const steps: Step[] = [
      ["change", Object.entries(written)],
      ...errors.map((error): Step => ["add_error", error.field, error.message, error.metadata]).reverse(),
      ["set_action", action],
    ];
    return this.core.whole(what).recipe(this.core, this.data, false, null, steps);
  }
}
