import { load } from "#repo-source";
import type { Core, Validator } from "../core.js";
import { type Description, linked } from "../describe.js";
import { EctomorphError } from "../errors.js";
import type { Packet } from "../packet.js";
import { Engine } from "../whole/engine.js";
import type { Instantiated } from "../whole/instantiated.js";
import { readShape, type Shape, type ShapeForm } from "../whole/shape.js";
import { type Writer, withWriter } from "../whole/pack.js";
import { Reader } from "../whole/unpack.js";
import { RepoError, type RepoErrorDetails } from "./errors.js";
import { isFull, type Storage } from "./storage.js";

/** An instance of the artifact with the repo. */
export interface RepoInstance extends Instantiated {
  readonly exports: Instantiated["exports"] & {
    repo_open(length: number): number;
    repo_request(handle: number, length: number): number;
    repo_close(handle: number): number;
  };
  setRepoHost(functions: object): void;
}

const MISTAKE = 1;
const FAILED = 2;
const INVALID = 3;

const NO_VALIDATORS: readonly Validator[] = [];
const encoder = /* @__PURE__ */ new TextEncoder();

/** Rules that were compiled: their handle, and the params they read. */
export interface CompiledRules {
  readonly handle: number;
  readonly shape: Shape;
}

/** A storage in use: what was read of it last, and how it failed. */
interface Kept {
  readonly storage: Storage;
  read: Uint8Array;
  failure: string;
}

/** The engine of all databases of this program. */
export class RepoEngine {
  readonly #exports: RepoInstance["exports"];
  readonly #engine: Engine;
  readonly #storages = new Map<number, Kept>();
  #lastStorage = 0;
  /** Rules that were compiled here, by their handle. */
  readonly #compiled = new WeakMap<Core, CompiledRules>();
  readonly #released: FinalizationRegistry<number>;

  constructor(instance: RepoInstance) {
    this.#exports = instance.exports;
    this.#engine = new Engine(instance);
    this.#released = new FinalizationRegistry((handle) => instance.exports.release(handle));
    instance.setRepoHost({
      clock: () => performance.timeOrigin + performance.now(),
      ticks: () => performance.now(),
      storage_read: (number: number, area: number) => {
        const kept = this.#storage(number);
        const status = attempt(kept, () => (kept.read = kept.storage.read(area)));
        return status === 0 ? kept.read.length : -1;
      },
      storage_take: (number: number, into: number) => {
        const kept = this.#storage(number);
        this.#memory().set(kept.read, into);
        kept.read = new Uint8Array(0);
      },
      storage_write: (number: number, area: number, at: number, bytes: number, length: number) => {
        const kept = this.#storage(number);
        return attempt(kept, () => kept.storage.write(area, at, this.#memory().subarray(bytes, bytes + length)));
      },
      storage_truncate: (number: number, area: number, length: number) => {
        const kept = this.#storage(number);
        return attempt(kept, () => kept.storage.truncate(area, length));
      },
      storage_flush: (number: number, area: number) => {
        const kept = this.#storage(number);
        return attempt(kept, () => kept.storage.flush(area));
      },
      storage_failure: (number: number, into: number, capacity: number) =>
        encoder.encodeInto(this.#storage(number).failure, this.#memory().subarray(into, into + capacity)).written,
    });
  }

  /** Opens a database; its handle. */
  open(config: { readonly [key: string]: unknown }, storage: Storage | undefined): number {
    let number: number | null = null;
    if (storage !== undefined) {
      number = ++this.#lastStorage;
      this.#storages.set(number, { storage, read: new Uint8Array(0), failure: "" });
    }
    const { status, answer } = withWriter((writer) =>
      this.#engine.call(writer.value({ ...config, storage: number }), NO_VALIDATORS, undefined, (length) =>
        this.#exports.repo_open(length),
      ),
    );
    if (status !== 0) return status;
    if (number !== null) this.#storages.delete(number);
    storage?.close();
    throw failure(FAILED, answer);
  }

  /** Does what a request says. Gives the answer, or the result of a changeset that is invalid. */
  request(
    handle: number, request: Writer, validators: readonly Validator[] = NO_VALIDATORS, files?: readonly Blob[],
  ): { readonly invalid: boolean; readonly answer: Packet } {
    const { status, answer } = this.#engine.call(request, validators, files, (length) =>
      this.#exports.repo_request(handle, length),
    );
    if (status !== 0 && status !== INVALID) throw failure(status, answer);
    return { invalid: status === INVALID, answer };
  }

  close(handle: number): void {
    const { status, answer } = withWriter((writer) =>
      this.#engine.call(writer.null(), NO_VALIDATORS, undefined, () => this.#exports.repo_close(handle)),
    );
    if (status !== 0) throw failure(status, answer);
  }

  /** Rules as they are known here, compiled when they are first needed. */
  rules(core: Core): CompiledRules {
    let rules = this.#compiled.get(core);
    if (rules === undefined) {
      const names = core.recording.validators.map((validator) => validator.name);
      const compiled = withWriter((writer) => this.#engine.compile(writer.value([core.document, names])));
      if (compiled.handle === 0) throw new EctomorphError(String(new Reader(compiled.answer).value()), { schema: core.name });
      const { shape, schema } = new Reader(compiled.answer).value() as { shape: ShapeForm; schema: Description };
      rules = { handle: compiled.handle, shape: readShape(shape, linked(schema)) };
      this.#compiled.set(core, rules);
      this.#released.register(core, rules.handle);
    }
    return rules;
  }

  #storage(number: number): Kept {
    return this.#storages.get(number) as Kept;
  }

  #memory(): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer);
  }
}

/** What a storage did: 0 if it succeeded, 3 if there is no more room, 2 otherwise. */
function attempt(kept: { failure: string }, work: () => void): number {
  try {
    work();
    return 0;
  } catch (error) {
    kept.failure = error instanceof Error ? error.message : String(error);
    return isFull(error) ? 3 : 2;
  }
}

function failure(status: number, answer: Packet): EctomorphError {
  const read = new Reader(answer).value();
  if (status === MISTAKE) return new RepoError({ kind: "mistake", name: "ArgumentError", message: String(read) });
  return new RepoError(read as RepoErrorDetails);
}

let engine: Promise<RepoEngine> | undefined;

/** The engine, loaded when a database is first opened. */
export async function repoEngine(): Promise<RepoEngine> {
  engine ??= load().then((instance) => new RepoEngine(instance));
  try {
    return await engine;
  } catch (cause) {
    // What could not be fetched may be there the next time.
    engine = undefined;
    throw new EctomorphError(`the wasm of the repo can't be used: ${(cause as Error).message}`, { cause });
  }
}
