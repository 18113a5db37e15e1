import { Changeset, type Inputs, type Report, type Source } from "./changeset.js";
import type { Core } from "./core.js";
import { declaredBy } from "./declared.js";
import type { Description } from "./describe.js";
import { runPlan } from "./fast.js";
import type { Level, Tables } from "./level.js";
import { Answer, Outcome } from "./outcome.js";
import type { ReadParams } from "./result.js";
import { setState, stateOf } from "./schema.js";
import { isMap } from "./values.js";
import { theWhole } from "./whole.js";
import type { Recipe } from "./whole/recipe.js";

/** A changeset that the small engine made. */
export class Planned implements Source {
  #recipe: Recipe | undefined;
  /** The state of the data, until the copy has it. */
  #state: ReturnType<typeof stateOf>;

  private constructor(
    readonly core: Core,
    readonly schema: Description,
    readonly data: object,
    /** The values of the data as they were. */
    readonly copy: object,
    state: ReturnType<typeof stateOf>,
    readonly isBlank: boolean,
    readonly params: ReadParams,
    readonly result: Outcome,
  ) {
    this.#state = state;
  }

  /** The data as they were. */
  get kept(): object {
    // Few ask, and it takes its time.
    if (this.#state !== null) setState(this.copy, this.#state);
    this.#state = null;
    return this.copy;
  }

  /** A changeset of nothing. */
  static blank(core: Core, schema: Description, { root }: Tables): Changeset {
    const answer = new Answer(false, false, [], undefined, undefined);
    return new Changeset(new Planned(core, schema, {}, {}, null, true, {}, new Outcome(root, answer, [], [], true)));
  }

  /** Applies a plan; undefined if the data are none that it covers. */
  static make(
    core: Core, schema: Description, tables: Tables, handle: number, data: object, isBlank: boolean, params: ReadParams,
  ): Planned | undefined {
    let values: unknown[] | undefined;
    let copy = data;
    let state: ReturnType<typeof stateOf> = null;
    if (!isBlank) {
      values = valuesOf(data, schema, tables.root);
      if (values === undefined) return undefined;
      // They may change before somebody asks the whole engine.
      copy = { ...data };
      state = stateOf(data);
    }
    const outcome = runPlan(handle, tables, core.validators, values, params);
    return new Planned(core, schema, data, copy, state, isBlank, params, outcome);
  }

  get valid(): boolean {
    return this.result.valid;
  }

  get snapshot(): object {
    // A new one without a schema holds nothing at all.
    return this.isBlank && this.schema.schemaless === true ? {} : this.kept;
  }

  recipe(what: string): Recipe {
    // From data and params as they were.
    return (this.#recipe ??= theWhole(what).replay(this.core, this.kept, this.isBlank, this.inputs));
  }

  get inputs(): Inputs {
    return { steps: this.core.document.steps, outcome: this.result, hasParams: this.params !== null, record: this.snapshot };
  }

  report(): Report {
    return declaredBy(this, this.core.document.steps) ?? this.recipe("a report").report();
  }

  rules(): ReturnType<Source["rules"]> {
    return this.recipe("traverseValidations").rules();
  }
}

/** What slots hold in the data; undefined if that is not for the small engine. */
function valuesOf(data: object, schema: Description, level: Level): unknown[] | undefined {
  if (!isMap(data) || data instanceof Changeset) return undefined;
  const { fields } = schema;
  let place = 0;
  for (const name of Object.keys(data)) {
    // Records mostly have their fields in order.
    let field = fields[place++];
    if (field?.name !== name) field = fields.find((field) => field.name === name);
    const value = (data as Record<string, unknown>)[name];
    if (value === undefined) continue;
    if (field === undefined || field.relation === "through") return undefined;
    if (field.relation === undefined ? !isScalar(value) : !isChildless(value, field.cardinality === "many")) return undefined;
  }
  const values: unknown[] = [];
  let isUnknown = false;
  for (const { name, relation } of level.slots) {
    const value = Object.hasOwn(data, name) ? (data as Record<string, unknown>)[name] : undefined;
    values.push(relation === undefined ? value : value !== undefined);
    isUnknown ||= relation !== undefined && value === undefined && !relation.startsWith("embeds");
  }
  // Of a record that the database has, an association that was not read may be anything.
  return isUnknown && stateOf(data) !== null ? undefined : values;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number";
}

function isChildless(value: unknown, many: boolean): boolean {
  return many ? Array.isArray(value) && value.length === 0 : value === null;
}
