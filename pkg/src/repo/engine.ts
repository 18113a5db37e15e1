import type { Core, Validator } from "../core.js";
import type { Packet } from "../packet.js";
import { Engine } from "../whole/engine.js";
import { kept } from "../whole/keep.js";
import type { Instantiated } from "../whole/instantiated.js";
import { type Writer, withWriter } from "../whole/pack.js";
import { compiledRules } from "./compiled.js";
import { type CompiledRules, type Config, failure, STATUS } from "./database.js";
import type { Direct, DirectExports } from "./direct.js";
import { isFull, type Storage } from "./storage/storage.js";

/** An instance of the artifact with the repo. */
export interface RepoInstance extends Instantiated {
  readonly exports: Instantiated["exports"] & DirectExports & {
    repo_open(length: number): number;
    repo_request(handle: number, length: number): number;
    repo_resume(handle: number): number;
    repo_hold(handle: number, held: boolean): void;
    repo_close(handle: number): void;
  };
  setRepoHost(functions: object): void;
}

const PENDING = 1;
const FAILED = 2;
const FULL = 3;

const NO_VALIDATORS: readonly Validator[] = [];
const encoder = /* @__PURE__ */ new TextEncoder();

/** A storage in use: what was read of it last, and how it failed. */
interface Kept {
  readonly storage: Storage;
  read: Uint8Array;
  failure: string;
}

/** What the engine answers: how it went, and the rest as packed values. */
export interface Raw {
  readonly status: number;
  readonly answer: Packet;
}

/** The engine of all databases of this thread. */
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
    this.#released = new FinalizationRegistry((handle) => this.release(handle));
    instance.setRepoHost({
      clock: () => performance.timeOrigin + performance.now(),
      ticks: () => performance.now(),
      storage_read: (number: number, area: number) => {
        const kept = this.#storage(number);
        const status = attempt(kept, () => void (kept.read = kept.storage.read(area)));
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

  /** Opens one that is open already, by its handle, for somebody else, with schemas, transactions and streams of their own. */
  beside(handle: number, config: Config, waits: boolean): number {
    return this.#open({ ...config, beside: handle, waits });
  }

  /** Opens a database; its handle. */
  open(config: Config, storage: Storage | undefined): number {
    let number: number | null = null;
    if (storage !== undefined) {
      number = ++this.#lastStorage;
      this.#storages.set(number, { storage, read: new Uint8Array(0), failure: "" });
    }
    try {
      return this.#open({ ...config, storage: number, waits: storage?.settled !== undefined });
    } catch (error) {
      if (number !== null) this.#storages.delete(number);
      throw error;
    }
  }

  #open(config: object): number {
    const { status, answer } = withWriter((writer) =>
      this.#engine.call(writer.value(config), NO_VALIDATORS, undefined, (length) => this.#exports.repo_open(length)),
    );
    if (status === 0) throw failure(STATUS.failed, answer);
    return status;
  }

  /** The short way to the rows of a database. */
  direct(handle: number, Way: typeof Direct): Direct {
    return new Way(this.#engine, this.#exports, handle, (core) => this.rules(core));
  }

  /** Does what a request says; it may have to wait, and is to be resumed then. The answer is lent until the next call. */
  request(
    handle: number, request: Writer, validators: readonly Validator[] = NO_VALIDATORS, files?: readonly Blob[],
  ): Raw {
    return this.#engine.call(request, validators, files, (length) => this.#exports.repo_request(handle, length));
  }

  /** Goes on with the request that waits. */
  resume(handle: number): Raw {
    return keptRaw(
      withWriter((writer) => this.#engine.call(writer.null(), NO_VALIDATORS, undefined, () => this.#exports.repo_resume(handle))),
    );
  }

  /** Lets commits be done before they are durable, or no more: nobody is to be told of them until a flush has succeeded. */
  hold(handle: number, held: boolean): void {
    this.#exports.repo_hold(handle, held);
  }

  /** Closes a database, of which everything is durable. */
  close(handle: number): void {
    this.#exports.repo_close(handle);
  }

  /** Compiles a rules document that names so many validators; its handle, 0 if it is refused. */
  compile(document: object, names: readonly string[]): { readonly handle: number; readonly answer: Packet } {
    return withWriter((writer) => this.#engine.compile(writer.value([document, names])));
  }

  release(handle: number): void {
    this.#exports.release(handle);
  }

  /** Rules as they are known here, compiled when they are first needed. */
  rules(core: Core): CompiledRules {
    let rules = this.#compiled.get(core);
    if (rules === undefined) {
      const names = core.recording.validators.map((validator) => validator.name);
      const { handle, answer } = this.compile(core.document, names);
      rules = compiledRules(core, handle, answer);
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

/** An answer that others come after before it is read. */
export function keptRaw({ status, answer }: Raw): Raw {
  return { status, answer: kept(answer) };
}

/** What a storage did: 0 if it succeeded, 1 if that takes its time, 3 if there is no more room, 2 otherwise. */
function attempt(kept: { failure: string }, work: () => boolean | void): number {
  try {
    return work() === false ? PENDING : 0;
  } catch (error) {
    kept.failure = error instanceof Error ? error.message : String(error);
    return isFull(error) ? FULL : FAILED;
  }
}
