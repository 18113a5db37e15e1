import { Changeset, type Inputs, type Report, type Source } from "./changeset.js";
import type { Core } from "./core.js";
import type { Description } from "./describe.js";
import type { ReadParams, Result } from "./result.js";
import type { Step } from "./rules.js";
import type { Recipe } from "./whole/recipe.js";

/** A changeset whose result is another's, but for what one more step does to it, which is known beforehand. */
export function amended<F>(changeset: Changeset<F>, step: Step, amend: (result: Result) => Partial<Result>): Changeset<F> {
  return new Changeset<F>(new Amended(Changeset.source(changeset), step, amend));
}

class Amended implements Source {
  readonly #base: Source;
  readonly #step: Step;
  readonly #amend: (result: Result) => Partial<Result>;
  #result: Result | undefined;
  #recipe: Recipe | undefined;

  constructor(base: Source, step: Step, amend: (result: Result) => Partial<Result>) {
    this.#base = base;
    this.#step = step;
    this.#amend = amend;
  }

  get result(): Result {
    return (this.#result ??= new AmendedResult(this.#base.result, this.#amend(this.#base.result)));
  }

  get valid(): boolean {
    return this.result.valid;
  }

  get data(): object {
    return this.#base.data;
  }

  get params(): ReadParams {
    return this.#base.params;
  }

  get schema(): Description {
    return this.#base.schema;
  }

  get core(): Core {
    return this.#base.core;
  }

  get snapshot(): object | undefined {
    return this.#base.snapshot;
  }

  get inputs(): Inputs | undefined {
    return this.#base.inputs;
  }

  recipe(what: string): Recipe {
    return (this.#recipe ??= this.#base.recipe(what).with([this.#step]));
  }

  report(): Report {
    return this.#base.report();
  }

  rules(): ReturnType<Source["rules"]> {
    return this.#base.rules();
  }
}

/** A result whose lists are not made before somebody looks. */
class AmendedResult implements Result {
  readonly #base: Result;
  readonly #amended: Partial<Result>;

  constructor(base: Result, amended: Partial<Result>) {
    this.#base = base;
    this.#amended = amended;
  }

  get valid(): boolean {
    return this.#amended.valid ?? this.#base.valid;
  }

  get force(): boolean {
    return this.#base.force;
  }

  get action(): string | null {
    const { action } = this.#amended;
    return action === undefined ? this.#base.action : action;
  }

  get outcome(): Result["outcome"] {
    const { changes, errors } = this.#amended;
    return changes === undefined && errors === undefined ? this.#base.outcome : undefined;
  }

  get changes(): Result["changes"] {
    return this.#amended.changes ?? this.#base.changes;
  }

  get errors(): Result["errors"] {
    return this.#amended.errors ?? this.#base.errors;
  }
}
