import { EctomorphError } from "./errors.js";
import { instantiate, load } from "#source";
import type { Instantiated, WasmSource } from "./instantiated.js";
import { giveWriter, takeWriter, type Writer } from "./pack.js";
import { Reader } from "./unpack.js";

/** A rule of the user's own, as the engine calls it. */
export type Validator = (field: string, value: unknown) => readonly (readonly unknown[])[];

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = /* @__PURE__ */ new TextEncoder();

/** The validators of a run under way, and what one of them threw. */
interface Frame {
  readonly validators: readonly Validator[];
  readonly files: readonly Blob[] | undefined;
  thrown: { error: unknown } | undefined;
}

const NO_VALIDATORS: readonly Validator[] = [];

let engine: Engine | undefined = undefined;

/** The engine, instantiated when it is first used. */
export function theEngine(): Engine {
  return (engine ??= new Engine(instantiate(undefined)));
}

/**
 * Waits until the engine is there. Nobody must: the first changeset makes it, in a few milliseconds. Called early, it
 * compiles off the main thread.
 *
 * @example
 * await ready();
 */
export async function ready(): Promise<void> {
  if (engine !== undefined) return;
  const loaded = await load(undefined);
  engine ??= new Engine(loaded);
}

/**
 * Makes the engine from a module, its bytes or the response of a fetch: for `ectomorph/slim`, which has none inside.
 *
 * @example
 * import { init } from "ectomorph/slim";
 * await init(fetch("/ectomorph.wasm"));
 */
export async function init(source: WasmSource | Promise<WasmSource>): Promise<void> {
  const loaded = await load(await source);
  engine ??= new Engine(loaded);
}

/** The exports of the artifact, with its memory and buffers. One a page. */
export class Engine {
  readonly #wasm: Instantiated["exports"];
  #bytes: Uint8Array = new Uint8Array(0);
  #frame: Frame = { validators: NO_VALIDATORS, files: undefined, thrown: undefined };
  readonly #patterns: RegExp[] = [];

  constructor({ exports, setHost }: Instantiated) {
    this.#wasm = exports;
    setHost({
      pattern_new: (source: number, length: number, flags: number, flagsLength: number) =>
        this.#patterns.push(new RegExp(this.#text(source, length), this.#text(flags, flagsLength))) - 1,
      pattern_test: (id: number, text: number, length: number) =>
        (this.#patterns[id] as RegExp).test(this.#text(text, length)) ? 1 : 0,
      parse_float: (text: number, length: number) => Number(this.#text(text, length)),
      float_digits: (number: number, into: number) => this.#put(String(number), into, 32),
      change_case: (text: number, length: number, upper: number, into: number, capacity: number) =>
        this.#put(changeCase(this.#text(text, length), upper !== 0), into, capacity),
      validate: (index: number, length: number) => this.#validate(index, length),
    });
  }

  /** Compiles `[document, names of validators]`, both written; 0 and the reason if they are refused. */
  compile(writer: Writer): { readonly handle: number; readonly answer: Uint8Array } {
    const handle = this.#guard(() => this.#wasm.compile(this.#hand(writer)));
    return { handle, answer: this.#output() };
  }

  release(handle: number): void {
    this.#wasm.release(handle);
  }

  /** Makes the changeset of a written recipe. The result is a copy. */
  run(handle: number, writer: Writer, validators: readonly Validator[]): Uint8Array {
    if (validators.length === 0) {
      const length = this.#hand(writer);
      let status: number;
      try {
        status = this.#wasm.run(handle, length);
      } catch (cause) {
        throw broken(cause);
      }
      if (status !== 0) throw this.#mistake();
      return this.#output();
    }
    return this.#framed(validators, writer, (length) => this.#wasm.run(handle, length));
  }

  /** Answers a question about the changeset of a recipe, both written. The answer is a copy. */
  ask(handle: number, writer: Writer, validators: readonly Validator[]): Uint8Array {
    return this.#framed(validators, writer, (length) => this.#wasm.ask_changeset(handle, length));
  }

  typeCall(writer: Writer): Uint8Array {
    return this.#framed(NO_VALIDATORS, writer, (length) => this.#wasm.type_call(length));
  }

  document(handle: number): Uint8Array {
    if (this.#guard(() => this.#wasm.document(handle)) !== 0) throw this.#mistake();
    return this.#output();
  }

  #framed(validators: readonly Validator[], writer: Writer, call: (length: number) => number): Uint8Array {
    const outer = this.#frame;
    const frame: Frame = { validators, files: writer.files, thrown: undefined };
    this.#frame = frame;
    let status: number;
    try {
      const length = this.#hand(writer);
      status = this.#guard(() => call(length));
    } finally {
      this.#frame = outer;
    }
    if (frame.thrown !== undefined) throw frame.thrown.error;
    if (status !== 0) throw this.#mistake();
    return this.#output();
  }

  /** A validator of the user's own. It may come back here, so the output is copied before it is called. */
  #validate(index: number, _length: number): number {
    const frame = this.#frame;
    try {
      const [field, value] = new Reader(this.#output(), frame.files).value() as [string, unknown];
      const validator = frame.validators[index];
      if (validator === undefined || frame.thrown !== undefined) return 0;
      const findings = validator(field, value);
      if (findings.length === 0) return 0;
      const writer = takeWriter().value(findings);
      const length = this.#hand(writer);
      giveWriter(writer);
      return length;
    } catch (error) {
      // No exception may pass through wasm: it is thrown again when the call is over.
      frame.thrown ??= { error };
      return 0;
    }
  }

  #hand(writer: Writer): number {
    const written = writer.written;
    const at = this.#wasm.input(written.length);
    this.#memory().set(written, at);
    return written.length;
  }

  #output(): Uint8Array {
    const at = this.#wasm.output();
    return this.#memory().slice(at, at + this.#wasm.output_length());
  }

  /** The memory, which moves when it grows. */
  #memory(): Uint8Array {
    if (this.#bytes.buffer !== this.#wasm.memory.buffer) this.#bytes = new Uint8Array(this.#wasm.memory.buffer);
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
      throw broken(cause);
    }
  }
}

function broken(cause: unknown): unknown {
  if (cause instanceof EctomorphError) return cause;
  return new EctomorphError("the engine stopped on this input; please report it", { cause });
}

function changeCase(text: string, upper: boolean): string {
  let changed = "";
  for (const char of text) changed += upper ? char.toUpperCase() : char.toLowerCase();
  return changed;
}
