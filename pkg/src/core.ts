import type { FieldDescription } from "./describe.js";
import { EctomorphError } from "./errors.js";
import { type Plan, planOf } from "./plan.js";
import { type Related, related } from "./related.js";
import type { ReadParams } from "./result.js";
import type { Source } from "./changeset.js";
import type { Recording, Step } from "./rules.js";
import type { SchemaDocument } from "./schema.js";
import { theWhole, type Whole, wholeIfThere } from "./whole.js";
import type { Compiled } from "./whole/compile.js";

/** The portable form of rules, the same that Rust reads and writes. */
export interface RulesDocument {
  readonly version: 1;
  readonly schema: SchemaDocument;
  readonly steps: readonly Step[];
}

/** A rule of the user's own, as an engine calls it. */
export type Validator = (field: string, value: unknown) => readonly (readonly unknown[])[];

/** Rules: a document and the validators it names. */
export class Core {
  readonly document: RulesDocument;
  readonly recording: Recording;
  /** The validators, by the number that the engine calls them by. */
  readonly validators: readonly Validator[];
  /** What the whole engine made of them. */
  compiled: Compiled | undefined = undefined;
  #plan: Plan | null | undefined;
  readonly #children = new Map<string, Core>();

  /**
   * @param plannable Whether the schema is sound; if that is not certain, only the whole engine can tell.
   * @param own The engine of rules that came with one.
   */
  constructor(schema: SchemaDocument, recording: Recording, plannable = true, readonly own?: Whole) {
    this.document = { version: 1, schema, steps: recording.steps };
    this.recording = recording;
    this.validators = recording.validators.map((validator) => validator.function);
    if (!plannable) this.#plan = null;
  }

  /** How the small engine runs them; undefined if it does not cover all of them. */
  get plan(): Plan | undefined {
    if (this.#plan === undefined) this.#plan = planOf(this) ?? null;
    return this.#plan ?? undefined;
  }

  /** The name of the schema in messages. */
  get name(): string {
    const { schema } = this.document;
    return String(schema?.["name"] ?? schema?.["source"] ?? "schema");
  }

  /** What needs an engine, in messages. */
  get title(): string {
    return `the rules of \`${this.name}\``;
  }

  /** Applies the rules to data and params, by the small engine where it can. */
  apply(data: object, isBlank: boolean, params: ReadParams): Source {
    return this.plan?.apply(data, isBlank, params) ?? this.whole(this.title).recipe(this, data, isBlank, params);
  }

  /** The whole engine that runs them, for `what` needs it. */
  whole(what: string): Whole {
    return this.own ?? theWhole(what);
  }

  /** The document as the engine understood it; in a page, as it was given and the engine accepted it. */
  written(): RulesDocument {
    const nameless = this.recording.validators.find((validator) => !validator.portable);
    if (nameless !== undefined) {
      const { field } = nameless;
      throw new EctomorphError(
        `the validator on \`${field}\` has no name, so no document can hold it; write validateChange("${field}", name, function)`,
        { schema: this.name, field },
      );
    }
    if ((this.recording.prepared ?? []).length > 0) {
      throw new EctomorphError("no document can hold what prepareChanges says; leave it out of rules that are sent", { schema: this.name });
    }
    const whole = this.plan === undefined ? this.whole(`the document of ${this.title}`) : wholeIfThere();
    // Rules with a plan are understood to the last word.
    return whole?.document(this) ?? structuredClone(this.document);
  }

  /** Rules without steps for the children of a relation. */
  child(field: FieldDescription): Core {
    let child = this.#children.get(field.name);
    if (child === undefined) {
      const relations = this.document.schema[String(field.relation)] as Record<string, { schema: SchemaDocument | string }>;
      const { schema } = relations[field.name] as { schema: SchemaDocument | string };
      // Who declared the relation brought what it needs.
      const recording = { steps: [], validators: this.recording.validators };
      child = new Core((related() as Related).alone(schema, this.document.schema), recording, this.own === undefined, this.own);
      child.compiled = this.own?.child?.(this, field.name);
      this.#children.set(field.name, child);
    }
    return child;
  }
}
