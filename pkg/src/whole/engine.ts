import type { Validator } from "../core.js";
import { EctomorphError } from "../errors.js";
import type { Instantiated } from "./instantiated.js";
import { giveWriter, takeWriter, type Writer } from "./pack.js";
import { encoder } from "../pack.js";
import { Packet } from "../packet.js";
import { decoder } from "../unpack.js";
import { kept } from "./keep.js";
import { Reader } from "./unpack.js";

/** The validators of a run under way, and what one of them threw. */
interface Frame {
  readonly validators: readonly Validator[];
  readonly files: Files;
  thrown: { error: unknown } | undefined;
}

type Files = readonly Blob[] | undefined;

const NO_VALIDATORS: readonly Validator[] = [];

let engine: Engine | undefined = undefined;

/** The engine. Nothing gets here before it was started. */
export function theEngine(): Engine {
  return engine as Engine;
}

/** Starts the engine, unless there is one. */
export function startEngine(instantiated: Instantiated): Engine {
  return (engine ??= new Engine(instantiated));
}

/** The exports of the artifact, with its memory and buffers. One a page, and one for each module of the user's own. */
export class Engine {
  #wasm: Instantiated["exports"];
  #bytes: Uint8Array = new Uint8Array(0);
  #words: Uint32Array = new Uint32Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** The place among words where the artifact says where its buffers are. */
  readonly #desk: number;
  #frame: Frame = { validators: NO_VALIDATORS, files: undefined, thrown: undefined };
  /** Why a function of the user's own, in Rust, stopped the module. */
  #panic: string | undefined;
  readonly #patterns: RegExp[] = [];
  /** The number of each pattern: rules that are loaded anew, as in an editor, bring the same ones again. */
  readonly #numbers = new Map<string, number>();

  constructor({ exports, setHost }: Instantiated) {
    this.#wasm = exports;
    this.#desk = exports.desk() >> 2;
    setHost({
      pattern_new: (source: number, length: number, flags: number, flagsLength: number) =>
        this.#pattern(this.#text(source, length), this.#text(flags, flagsLength)),
      pattern_test: (id: number, text: number, length: number) =>
        (this.#patterns[id] as RegExp).test(this.#text(text, length)) ? 1 : 0,
      parse_float: (text: number, length: number) => Number(this.#text(text, length)),
      float_digits: (number: number, into: number) => this.#put(String(number), into, 32),
      change_case: (text: number, length: number, upper: number, into: number, capacity: number) =>
        this.#put(changeCase(this.#text(text, length), upper !== 0), into, capacity),
      validate: (index: number, length: number) => this.#validate(index, length),
      panicked: (text: number, length: number) => {
        this.#panic = this.#text(text, length).replace(/\s+/g, " ");
      },
    });
  }

  /** Compiles `[document, names of validators]`, both written; 0 and the reason if they are refused. */
  compile(input: Writer): { readonly handle: number; readonly answer: Packet } {
    const handle = this.#guard(() => this.#wasm.compile(this.#hand(input)));
    return { handle, answer: this.#output() };
  }

  release(handle: number): void {
    this.#wasm.release(handle);
  }

  /** Makes the changeset of a written recipe. The result is a copy. */
  run(handle: number, recipe: Writer, validators: readonly Validator[], files: Files): Packet {
    if (validators.length === 0) {
      const length = this.#hand(recipe);
      let status: number;
      try {
        status = this.#wasm.run(handle, length);
      } catch (cause) {
        throw this.#broken(cause);
      }
      if (status !== 0) throw this.#mistake();
      return this.#output();
    }
    return this.#framed(validators, files, recipe, (length) => this.#wasm.run(handle, length));
  }

  /** Answers a question about the changeset of a recipe, both written. The answer is a copy. */
  ask(handle: number, question: Writer, validators: readonly Validator[], files: Files): Packet {
    return this.#framed(validators, files, question, (length) => this.#wasm.ask_changeset(handle, length));
  }

  typeCall(call: Writer): Packet {
    return this.#framed(NO_VALIDATORS, undefined, call, (length) => this.#wasm.type_call(length));
  }

  /** Compiled rules as a document; undefined in a page, whose artifact has no writer of documents. */
  document(handle: number): Packet | undefined {
    const { document } = this.#wasm;
    if (document === undefined) return undefined;
    if (this.#guard(() => document(handle)) !== 0) throw this.#mistake();
    return this.#output();
  }

  #framed(
    validators: readonly Validator[],
    files: Files,
    input: Writer,
    call: (length: number) => number,
  ): Packet {
    const { status, answer } = this.call(input, validators, files, call);
    if (status !== 0) throw new EctomorphError(String(new Reader(answer).value()));
    return kept(answer);
  }

  /** Calls a function of the artifact with what was written. Gives its status, and the answer, lent until the next call. */
  call(
    input: Writer,
    validators: readonly Validator[],
    files: Files,
    call: (length: number) => number,
  ): { readonly status: number; readonly answer: Packet } {
    if (validators.length === 0) {
      const length = this.#hand(input);
      return { status: this.#guard(() => call(length)), answer: this.#lent() };
    }
    const outer = this.#frame;
    const frame: Frame = { validators, files, thrown: undefined };
    this.#frame = frame;
    let status: number;
    try {
      const length = this.#hand(input);
      status = this.#guard(() => call(length));
    } finally {
      this.#frame = outer;
    }
    if (frame.thrown !== undefined) throw frame.thrown.error;
    return { status, answer: this.#lent() };
  }

  #pattern(source: string, flags: string): number {
    const key = `${flags}/${source}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#patterns.push(new RegExp(source, flags)) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }

  /** A validator of the user's own. It may come back here, so the output is copied before it is called. */
  #validate(index: number, _length: number): number {
    const frame = this.#frame;
    try {
      const [field, value] = new Reader(this.#output(), frame.files).value() as [string, unknown];
      const validator = frame.validators[index];
      if (validator === undefined || frame.thrown !== undefined) return 0;
      const findings: ReturnType<Validator> | Packet = validator(field, value);
      if (!(findings instanceof Packet) && findings.length === 0) return 0;
      const writer = takeWriter();
      if (findings instanceof Packet) writer.packed(findings.bytes, findings.start, findings.end);
      else writer.value(findings);
      const length = this.#hand(writer);
      giveWriter(writer);
      return length;
    } catch (error) {
      // No exception may pass through wasm: it is thrown again when the call is over.
      frame.thrown ??= { error };
      return 0;
    }
  }

  /** Where so many bytes of input may be written, among `bytes`. */
  inputFor(length: number): number {
    const desk = this.#desk;
    if ((this.#shown()[desk + 1] as number) < length) this.#wasm.input(length);
    return this.#shown()[desk] as number;
  }

  /** Where the last output is, among `bytes`. */
  get outputAt(): number {
    return this.#shown()[this.#desk + 2] as number;
  }

  /** Where it ends. */
  get outputEnd(): number {
    const words = this.#shown();
    return (words[this.#desk + 2] as number) + (words[this.#desk + 3] as number);
  }

  /** The memory, until the next call. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get view(): DataView {
    return this.#view;
  }

  #hand(writer: Writer): number {
    const { length } = writer;
    const at = this.inputFor(length);
    writer.copyTo(this.#bytes, at);
    return length;
  }

  /** A copy of the output, which the next call overwrites. */
  #output(): Packet {
    return kept(this.#lent());
  }

  /** The output where it is. */
  #lent(): Packet {
    const words = this.#shown();
    const at = words[this.#desk + 2] as number;
    return new Packet(this.#bytes, this.#view, at, at + (words[this.#desk + 3] as number));
  }

  /** The words of the memory, when all views of it are looking at it. It moves when it grows, and then they are empty. */
  #shown(): Uint32Array {
    if (this.#words.length === 0) {
      const { buffer } = this.#wasm.memory;
      this.#bytes = new Uint8Array(buffer);
      this.#words = new Uint32Array(buffer);
      this.#view = new DataView(buffer);
    }
    return this.#words;
  }

  #memory(): Uint8Array {
    this.#shown();
    return this.#bytes;
  }

  #text(at: number, length: number): string {
    return decoder.decode(this.#memory().subarray(at, at + length));
  }

  #put(text: string, at: number, capacity: number): number {
    return encoder.encodeInto(text, this.#memory().subarray(at, at + capacity)).written;
  }

  #mistake(): EctomorphError {
    return new EctomorphError(String(new Reader(this.#output()).value()));
  }

  #guard(call: () => number): number {
    try {
      return call();
    } catch (cause) {
      throw this.#broken(cause);
    }
  }

  #broken(cause: unknown): unknown {
    if (cause instanceof EctomorphError) return cause;
    if (this.#panic === undefined) return new EctomorphError("the engine stopped on this input; please report it", { cause });
    // What was under way never ended, so nothing in the module can be relied upon any more.
    const error = new EctomorphError(`a function of these rules failed, and stopped their wasm until the page is loaded anew: ${this.#panic}`, { cause });
    const stopped = (): never => {
      throw error;
    };
    this.#wasm = new Proxy(this.#wasm, { get: () => stopped });
    return error;
  }
}

function changeCase(text: string, upper: boolean): string {
  let changed = "";
  for (const char of text) changed += upper ? char.toUpperCase() : char.toLowerCase();
  return changed;
}
