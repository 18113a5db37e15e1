import { Changeset, type Report, type Source } from "../changeset.js";
import type { Core, Validator } from "../core.js";
import type { Description, FieldDescription } from "../describe.js";
import { EctomorphError } from "../errors.js";
import { Child, type FieldError, type ReadParams, type Result } from "../result.js";
import { type Recording, rename, type Step } from "../rules.js";
import { stateOf } from "../schema.js";
import { isMap } from "../values.js";
import { compiledOf } from "./compile.js";
import { readMetadata } from "../metadata.js";
import { giveWriter, TAG, takeWriter, withWriter, type Writer } from "./pack.js";
import type { Packet } from "../packet.js";
import { Reader } from "./unpack.js";

const VALID = 1;
const FORCE = 2;
const ACTION = 4;
const EXISTING = 1;
const WITH_VALUES = 2;
const NO_STEPS: readonly Step[] = [];
const NO_VALIDATORS: readonly Validator[] = [];

/**
 * What a changeset is made of, and all it is: rules, data, params, and the steps that were added to it. Data and params
 * are kept packed, so that a change of them later changes nothing here.
 */
export class Recipe implements Source {
  #result: Result | undefined;

  private constructor(
    readonly core: Core,
    readonly data: object,
    readonly given: ReadParams,
    readonly extra: readonly Step[],
    readonly extraValidators: readonly Validator[],
    readonly extraNames: readonly string[],
    /** The packed recipe without added steps: a list's head, data, state, params, and null in their place. */
    readonly head: Packet,
    readonly captured: readonly unknown[] | undefined,
    readonly files: readonly Blob[] | undefined,
    readonly packet: Packet,
    /** Whether the record is a new one, as the schema builds it. */
    readonly isBlank: boolean,
  ) {}

  /** Applies rules to data (null for a new record) and params. */
  static make(core: Core, data: object, isBlank: boolean, params: ReadParams): Recipe {
    const { engine, handle, shape } = compiledOf(core);
    const writer = takeWriter();
    writer.list(4);
    if (isBlank) {
      writer.null().null();
    } else {
      if (!isMap(data) || data instanceof Changeset) {
        const hint = data instanceof Changeset ? "; give a changeset more rules with extend(changeset, (c) => ...)" : "";
        throw new EctomorphError(`data must be an object, such as User.build()${hint}`, { schema: core.name });
      }
      writer.notation = true;
      writer.value(data).value(stateOf(data));
      writer.notation = false;
    }
    let captured: unknown[] | undefined;
    if (params === null) writer.null();
    else writer.shaped(params, shape, 0, (captured = []));
    const head = writer.null().keep();
    const packet = engine.run(handle, writer, core.validators, writer.files);
    const { files } = writer;
    giveWriter(writer);
    return new Recipe(core, data, params, NO_STEPS, NO_VALIDATORS, [], head, captured, files, packet, isBlank);
  }

  /** Applies rules, and then more steps. */
  static of(core: Core, data: object, isBlank: boolean, params: ReadParams, steps: readonly Step[] = NO_STEPS): Recipe {
    const recipe = Recipe.make(core, data, isBlank, params);
    return steps.length === 0 ? recipe : recipe.with(steps);
  }

  /** The same with more steps. */
  with(steps: readonly Step[], validators: readonly { readonly name: string; readonly function: Validator }[] = []): Recipe {
    const extra = [...this.extra, ...steps];
    const functions = [...this.extraValidators, ...validators.map((validator) => validator.function)];
    const names = [...this.extraNames, ...validators.map((validator) => validator.name)];
    const writer = takeWriter();
    this.#write(writer, extra);
    const all = [...this.core.validators, ...functions];
    const { engine, handle } = compiledOf(this.core);
    const packet = engine.run(handle, writer, all, this.files);
    giveWriter(writer);
    return new Recipe(
      this.core, this.data, this.given, extra, functions, names, this.head, this.captured, this.files, packet,
      this.isBlank,
    );
  }

  get schema(): Description {
    return compiledOf(this.core).schema;
  }

  /** How many validators steps can name. */
  get validatorCount(): number {
    return this.core.validators.length + this.extraValidators.length;
  }

  /** The params that were given; where steps bring their own, those that were cast. */
  get params(): ReadParams {
    return this.#castsOwnParams ? (this.ask(["params"]) as ReadParams) : this.given;
  }

  get #castsOwnParams(): boolean {
    return compiledOf(this.core).castsOwnParams || this.extra.some(isCastOfParams);
  }

  /** Conditions may hide steps, and the engine is at hand. */
  get inputs(): undefined {
    return undefined;
  }

  get snapshot(): object | undefined {
    // A new one without a schema holds nothing at all.
    return this.isBlank ? (this.schema.schemaless === true ? {} : this.data) : undefined;
  }

  /** A recipe is where it comes from itself. */
  recipe(): Recipe {
    return this;
  }

  /** The user's name of a validator that an added step calls by number. */
  nameOf(name: string): string {
    const number = /^#(\d+)$/.exec(name)?.[1];
    return number === undefined ? name : (this.extraNames[Number(number) - this.core.validators.length] ?? name);
  }

  get valid(): boolean {
    return ((this.packet.bytes[this.packet.start] as number) & VALID) !== 0;
  }

  get result(): Result {
    return (this.#result ??= readResult(new Reader(this.packet, this.files), this.schema, this));
  }

  /** The text of a param that is a change as it is. Params that steps bring are not among the captured. */
  unchanged(field: FieldDescription, position: number): unknown {
    if (this.captured === undefined || this.#castsOwnParams) {
      return this.ask(["get_change", field.name]);
    }
    return this.captured[compiledOf(this.core).params[position] as number];
  }

  report(): Report {
    const report = this.ask(["report"]) as Report;
    if (report.validations === undefined) return report;
    return {
      ...report,
      validations: report.validations.map(([field, name, argument]) => [field, this.nameOf(name), argument] as const),
    };
  }

  rules(): ReturnType<Source["rules"]> {
    return this.ask(["traverse_validations"]) as ReturnType<Source["rules"]>;
  }

  /** Asks the engine about the changeset. */
  ask(question: readonly unknown[]): unknown {
    return new Reader(this.askPacked(question), this.files).value();
  }

  askPacked(question: readonly unknown[]): Packet {
    const writer = takeWriter().list(2);
    this.#write(writer, this.extra);
    writer.value(question);
    const validators = [...this.core.validators, ...this.extraValidators];
    const { engine, handle } = compiledOf(this.core);
    const answer = engine.ask(handle, writer, validators, this.files);
    giveWriter(writer);
    return answer;
  }

  /** All steps, and the validators they name by number, from `first` on. */
  renumbered(first: number): Pick<Recording, "steps" | "validators"> {
    const own = this.core.recording.validators;
    const added = this.extraValidators.map((validate, index) => ({
      name: this.extraNames[index] as string,
      portable: false,
      function: validate,
    }));
    const numbers = new Map<string, string>();
    own.forEach(({ name }, index) => numbers.set(name, `#${first + index}`));
    added.forEach((_, index) => numbers.set(`#${own.length + index}`, `#${first + own.length + index}`));
    return { steps: rename([...this.core.document.steps, ...this.extra], numbers), validators: [...own, ...added] };
  }

  /** The recipe of a child as it is, without changes. */
  child(field: FieldDescription, record: object): Recipe {
    return Recipe.make(this.core.child(field), record, false, null);
  }

  /** What the validators find, packed, in the order in which they are asked, each with its number. */
  findings(): [number, Uint8Array][] {
    const found: [number, Uint8Array][] = [];
    const validators = [...this.core.validators, ...this.extraValidators].map((validate, index): Validator => (field, value) => {
      const findings = validate(field, value);
      const { bytes, start, end } = withWriter((writer) => writer.value(findings).keep());
      found.push([index, bytes.slice(start, end)]);
      return findings;
    });
    const writer = takeWriter();
    this.#write(writer, this.extra);
    const { engine, handle } = compiledOf(this.core);
    engine.run(handle, writer, validators, this.files);
    giveWriter(writer);
    return found;
  }

  /** Writes the whole recipe. */
  write(writer: Writer): void {
    this.#write(writer, this.extra);
  }

  /** The same as a repo answered it: with the errors of violated constraints, which its steps have from now on. */
  answered(packet: Packet): Recipe {
    const { errors, action } = readResult(new Reader(packet, this.files), this.schema, this);
    const fresh = errors.slice(0, Math.max(0, errors.length - this.result.errors.length)).reverse();
    const steps: Step[] = [
      ...fresh.map((error): Step => ["add_error", error.field, error.message, error.metadata]),
      ["set_action", action],
    ];
    return new Recipe(
      this.core, this.data, this.given, [...this.extra, ...steps], this.extraValidators, this.extraNames, this.head,
      this.captured, this.files, packet, this.isBlank,
    );
  }

  #write(writer: Writer, extra: readonly Step[]): void {
    writer.packed(this.head.bytes, this.head.start, this.head.end - 1);
    if (extra.length === 0) writer.null();
    else writer.value(extra);
  }
}

function isCastOfParams([name]: Step): boolean {
  return name === "cast_params" || name === "merge";
}

/** Reads a result; `recipe` where params that are unchanged can be taken from. */
function readResult(reader: Reader, schema: Description, recipe: Recipe | undefined): Result {
  const flags = reader.u8();
  const action = (flags & ACTION) === 0 ? null : reader.text();
  const count = reader.u32();
  const changes: [FieldDescription, unknown][] = [];
  for (let index = 0; index < count; index++) {
    const position = reader.u16();
    const field = schema.fields[position] as FieldDescription;
    changes.push([field, readChange(reader, field, position, recipe)]);
  }
  const failures = reader.u32();
  const errors: FieldError[] = [];
  for (let index = 0; index < failures; index++) {
    const field = reader.word();
    const message = reader.word();
    errors.push({ field, message, metadata: Object.freeze(readMetadata(reader)) });
  }
  return { valid: (flags & VALID) !== 0, force: (flags & FORCE) !== 0, action, changes, errors };
}

function readChange(reader: Reader, field: FieldDescription, position: number, recipe: Recipe | undefined): unknown {
  const tag = reader.u8();
  if (tag === TAG.sameParam) return recipe?.unchanged(field, position);
  if (tag === TAG.child) return readChild(reader, field);
  if (tag !== TAG.children) return reader.valueOf(tag);
  const count = reader.u32();
  const children: Child[] = [];
  for (let index = 0; index < count; index++) children.push(readChild(reader, field));
  return children;
}

function readChild(reader: Reader, field: FieldDescription): Child {
  const result = readResult(reader, field.schema as Description, undefined);
  const kind = reader.u8();
  if (kind === EXISTING) return new Child(result, reader.u32());
  return new Child(result, kind === WITH_VALUES ? (reader.value() as { readonly [field: string]: unknown }) : {});
}
