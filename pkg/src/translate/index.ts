import type { Core } from "../core.js";
import type { Description } from "../describe.js";
import { describeSchema } from "../described.js";
import type { CustomRule, Tables } from "../level.js";
import { Packer } from "../pack.js";
import type { FieldError } from "../result.js";
import type { SchemaDocument } from "../schema.js";
import { LevelTranslator } from "./level.js";
import { finished } from "./literal.js";
import { type Metadata, type Options, UNCERTAIN } from "./reading.js";

// From rules documents to plans: every name becomes a number, and every error that can come up is made here, once.
// What is not certain to be what the whole engine would do with it is left to that engine, which says what is wrong.

/** The version of plans that `src/fast/plan.rs` reads. */
const VERSION = 1;

/** A plan in the form that the small engine reads, and what stays here. */
export interface Translated {
  readonly packed: Uint8Array;
  /** Whether it needs the second part of the engine. */
  readonly further: boolean;
  readonly tables: Tables;
  readonly schema: Description;
}

/** Makes a plan of a document. */
export class Translator {
  readonly errors: FieldError[] = [];
  readonly errorSlots: number[] = [];
  readonly mistakes: string[] = [];
  readonly rules: CustomRule[] = [];
  readonly validators: readonly string[];
  /** Whether something asks for the second part of the engine. */
  further = false;
  /** The steps of schemas that casts came by. */
  readonly translated = new Set<unknown>();
  readonly #known = new Map<string, number>();

  private constructor(validators: readonly string[]) {
    this.validators = validators;
  }

  /** The plan of rules; undefined where only the whole engine can tell. */
  static translate(core: Core): Translated | undefined {
    const { schema: document, steps } = core.document;
    const schema = describeSchema(document);
    if (schema === undefined) return undefined;
    const translator = new Translator(core.recording.validators.map((validator) => validator.name));
    try {
      const { level, packed } = new LevelTranslator(translator, document, schema, undefined, schema.name).translate(steps);
      translator.#understand(document, schema);
      const { errors, errorSlots, mistakes, rules } = translator;
      const packer = new PlanPacker();
      const { bytes } = packer.value([VERSION, packed, errorSlots]).keep();
      return { packed: bytes, further: translator.further || packer.further, tables: { root: level, errors, mistakes, rules }, schema };
    } catch (error) {
      if (error !== UNCERTAIN) throw error;
      return undefined;
    }
  }

  /** Sees to it that the steps of schemas are understood that no cast came by. */
  #understand(document: SchemaDocument, schema: Description): void {
    const steps = document["changeset"];
    if (steps !== undefined && !this.translated.has(steps)) {
      const relation = { defaults: {}, indexed: true, depth: 1 };
      new LevelTranslator(new Translator(this.validators), document, schema, relation, "").translate(steps);
    }
    for (const { name, relation, schema: related } of schema.fields) {
      const inside = related && schemaOf(document, relation as string, name);
      // What a name stands for is understood where it is written.
      if (typeof inside === "object") this.#understand(inside, related as Description);
    }
  }

  /** The number of an error; equal errors have the same. */
  error(field: string, message: string, metadata: Metadata, slot: number, level: number): number {
    const key = JSON.stringify([level, slot, field, message, Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))], (_, value: unknown) =>
      typeof value === "bigint" ? { $integer: String(value) } : value,
    );
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = this.errors.push(Object.freeze({ field, message, metadata: finished(metadata) })) - 1;
    this.errorSlots.push(slot);
    this.#known.set(key, number);
    return number;
  }

  mistake(text: string): number {
    return this.mistakes.push(text) - 1;
  }
}

/** Notes whether a plan holds decimals or calendar values. */
class PlanPacker extends Packer {
  further = false;

  protected override textual(tag: number, text: string): void {
    this.further = true;
    super.textual(tag, text);
  }
}

/** The document of the schema that a relation holds. */
function schemaOf(document: SchemaDocument, kind: string, name: string): SchemaDocument {
  return ((document[kind] as Options)[name] as Options)["schema"] as SchemaDocument;
}
