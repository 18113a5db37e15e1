import type { Description, FieldDescription } from "./describe.js";
import { EctomorphError } from "./errors.js";
import { withWriter } from "./pack.js";
import type { Recording, Step } from "./rules.js";
import type { SchemaDocument } from "./schema.js";
import { type Shape, type ShapeForm, readShape } from "./shape.js";
import { Reader } from "./unpack.js";
import { type Validator, theEngine } from "./wasm.js";

/** The portable form of rules, the same that Rust reads and writes. */
export interface RulesDocument {
  readonly version: 1;
  readonly schema: SchemaDocument;
  readonly steps: readonly Step[];
}

/** Rules as the engine knows them. */
export interface Compiled {
  readonly handle: number;
  readonly shape: Shape;
  readonly schema: Description;
  /** Of each field, the place of its param in the shape, or -1. */
  readonly params: Int32Array;
}

/** Forgets compiled rules in the engine when nothing can apply them any more. */
const released = /* @__PURE__ */ new FinalizationRegistry<number>((handle) => theEngine().release(handle));

/** Rules: a document and the validators it names, compiled when they are first applied. */
export class Core {
  readonly document: RulesDocument;
  readonly recording: Recording;
  /** The validators, by the number that the engine calls them by. */
  readonly validators: readonly Validator[];
  #compiled: Compiled | undefined;
  #castsOwnParams: boolean | undefined;
  readonly #children = new Map<string, Core>();

  constructor(schema: SchemaDocument, recording: Recording) {
    this.document = { version: 1, schema, steps: recording.steps };
    this.recording = recording;
    this.validators = recording.validators.map((validator) => validator.function);
  }

  /** Whether steps cast params that they bring along. */
  get castsOwnParams(): boolean {
    return (this.#castsOwnParams ??= /"cast_params"|"params"/.test(JSON.stringify(this.document.steps)));
  }

  get compiled(): Compiled {
    return (this.#compiled ??= this.#compile());
  }

  /** The document as the engine understood it; in a page, as it was given and the engine accepted it. */
  written(): RulesDocument {
    const nameless = this.recording.validators.find((validator) => !validator.portable);
    if (nameless !== undefined) {
      const field = fieldOfValidator(this.recording.steps, nameless.name);
      throw new EctomorphError(
        `the validator on \`${field}\` has no name, so no document can hold it; write validateChange("${field}", name, function)`,
        { schema: this.compiled.schema.name, field },
      );
    }
    const written = theEngine().document(this.compiled.handle);
    return written === undefined ? structuredClone(this.document) : (new Reader(written).value() as RulesDocument);
  }

  /** Rules without steps for the children of a relation. */
  child(field: FieldDescription): Core {
    let child = this.#children.get(field.name);
    if (child === undefined) {
      const relations = this.document.schema[String(field.relation)] as Record<string, { schema: SchemaDocument }>;
      const { schema } = relations[field.name] as { schema: SchemaDocument };
      child = new Core(schema, { steps: [], validators: this.recording.validators });
      this.#children.set(field.name, child);
    }
    return child;
  }

  #compile(): Compiled {
    const engine = theEngine();
    const names = this.recording.validators.map((validator) => validator.name);
    const { handle, answer } = withWriter((writer) =>
      engine.compile(writer.value([this.document, names])),
    );
    const read = new Reader(answer).value();
    if (handle === 0) throw new EctomorphError(String(read), { schema: nameOf(this.document.schema) });
    released.register(this, handle);
    const { shape: form, schema } = read as { shape: ShapeForm; schema: Description };
    const shape = readShape(form, schema);
    return { handle, shape, schema, params: Int32Array.from(schema.fields, (field) => shape.names.indexOf(field.name)) };
  }
}

function nameOf(schema: SchemaDocument): string | undefined {
  return (schema?.["name"] ?? schema?.["source"]) as string | undefined;
}

function fieldOfValidator(steps: unknown, name: string): string | undefined {
  if (!Array.isArray(steps)) {
    return typeof steps === "object" && steps !== null && "with" in steps ? fieldOfValidator(steps.with, name) : undefined;
  }
  if (steps[0] === "validate_change" && steps[2] === name) return String(steps[1]);
  for (const step of steps) {
    const field = fieldOfValidator(step, name);
    if (field !== undefined) return field;
  }
  return undefined;
}
