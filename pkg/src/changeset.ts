import type { Description, FieldDescription } from "./describe.js";
import type { AnyFields, Changes, RecordOf } from "./fields.js";
import type { Core } from "./core.js";
import type { Outcome } from "./outcome.js";
import { type Related, related } from "./related.js";
import { Child, type FieldError, type ReadParams, type Result } from "./result.js";
import type { Step } from "./rules.js";
import { setOwn } from "./values.js";
import type { Recipe } from "./whole/recipe.js";

/** A rule that a changeset went through: `["length", {"max": 140}]` on a field. */
export interface Validation {
  readonly field: string;
  readonly name: string;
  readonly argument: unknown;
}

/** A constraint that a violation in the database is matched with. */
export interface Constraint {
  readonly type: string;
  readonly constraint: unknown;
  readonly match: "exact" | "suffix" | "prefix";
  readonly field: string;
  readonly error_message: string;
  readonly error_type: string;
}

/** Where a changeset comes from: a recipe, or the result of its parent's. */
export interface Source {
  readonly valid: boolean;
  readonly result: Result;
  readonly data: object;
  readonly params: ReadParams;
  readonly schema: Description;
  readonly core: Core;
  /**
   * The record as it was when the rules were applied, if it has no children and is not an engine's alone; what is not in
   * it is as in a new one.
   */
  readonly snapshot: object | undefined;
  /** What it was made of, if that says everything about its form; undefined where only the whole engine can tell. */
  readonly inputs: Inputs | undefined;
  /** The same made by the whole engine, for `what` needs it. */
  recipe(what: string): Recipe;
  report(): Report;
  /** The rules by field, as `traverseValidations` gives them. */
  rules(): RulesByField;
}

/** What the rules of a changeset were, whatever its params, and what they were applied to. */
export interface Inputs {
  readonly steps: readonly Step[];
  readonly record: object;
  /** What the small engine made of it, with the params that the rules read. */
  readonly outcome: Outcome;
  readonly hasParams: boolean;
}

/** Lists of `[name, argument]`, and the same again for children. */
export interface RulesByField {
  readonly [field: string]: readonly (readonly [string, unknown])[] | RulesByField | readonly RulesByField[];
}

/** What the engine says of a changeset beside its result. */
export interface Report {
  readonly required?: readonly string[];
  readonly validations?: readonly (readonly [string, string, unknown])[];
  readonly constraints?: readonly Constraint[];
  readonly filters?: { readonly [field: string]: unknown };
  readonly changes?: { readonly [field: string]: unknown };
}

/**
 * A changeset: what changed, what is wrong, and what the rules were. It never changes; functions such as `putChange`
 * give a new one. What it holds is decoded when it is looked at.
 *
 * @typeParam F The fields of its schema.
 * @typeParam V The records that its rules let through.
 */
export class Changeset<F = AnyFields, V = RecordOf<F>> {
  declare readonly "~fields": F;
  declare readonly "~kept": V;
  readonly #source: Source;
  #changes: Changes<F> | undefined;
  #errors: readonly FieldError[] | undefined;
  #report: Report | undefined;

  /** @internal */
  constructor(source: Source) {
    this.#source = source;
  }

  /** @internal */
  static source(changeset: Changeset): Source {
    return changeset.#source;
  }

  /** Whether there are no errors, here and in the changesets of children. */
  get valid(): boolean {
    return this.#source.valid;
  }

  /** The changes: values that were cast and differ from the data's, and changesets of children. */
  get changes(): Changes<F> {
    return (this.#changes ??= Object.freeze(this.#decode()) as Changes<F>);
  }

  /** The errors of this record, in Ecto's order; those of children are in their changesets. */
  get errors(): readonly FieldError[] {
    return (this.#errors ??= Object.freeze(this.#source.result.errors.map((error) => Object.freeze(error))));
  }

  /** The record that the changes are to. */
  get data(): RecordOf<F> {
    return this.#source.data as RecordOf<F>;
  }

  /** The params as they were read; null if there were none, or they were no map at all. */
  get params(): ReadParams {
    return this.#source.params;
  }

  /** What the changeset is for: `"insert"`, `"update"`, `"delete"`, ...; null if nothing was said. */
  get action(): string | null {
    return this.#source.result.action;
  }

  /** The required fields, those named last first. */
  get required(): readonly string[] {
    return this.#ask().required ?? [];
  }

  /** The rules it went through, the last first. */
  get validations(): readonly Validation[] {
    return (this.#ask().validations ?? []).map(([field, name, argument]) => ({ field, name, argument }));
  }

  /** The constraints it knows, the last first. Those of children are known to the engine alone. */
  get constraints(): readonly Constraint[] {
    return this.#ask().constraints ?? [];
  }

  /** What a row must have for an update or delete to hold; see `optimisticLock`. */
  get filters(): { readonly [field: string]: unknown } {
    return this.#ask().filters ?? {};
  }

  /** All of it as plain data. */
  toJSON(): object {
    const { valid, action, changes, errors, data, params } = this;
    return { valid, action, changes, errors, data, params };
  }

  /** As Ecto prints it, with redacted fields hidden. */
  toString(): string {
    return String(this.#source.recipe("toString").ask(["inspect"]));
  }

  /** What Node's console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  #decode(): object {
    const changes = {};
    for (const [field, change] of this.#source.result.changes) setOwn(changes, field.name, this.#wrap(field, change));
    return changes;
  }

  #wrap(field: FieldDescription, change: unknown): unknown {
    const wrapped = (child: Child, index?: number) => new Changeset((related() as Related).child(this.#source, field, child, index));
    if (change instanceof Child) return wrapped(change);
    if (field.schema !== undefined && Array.isArray(change)) return Object.freeze(change.map(wrapped));
    return change;
  }

  #ask(): Report {
    return (this.#report ??= this.#source.report());
  }
}
