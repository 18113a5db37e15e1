import type { Core, Validator } from "../core.js";
import type { Source } from "../changeset.js";
import { giveWriter, takeWriter, withWriter, type Writer } from "../whole/pack.js";
import { type Answered, answered, type CompiledRules, type Config, type Database, STATUS, type Validators, type Written } from "./database.js";
import type { Direct } from "./direct.js";
import { keptRaw, type Raw, type RepoEngine } from "./engine.js";
import { AREAS, type Storage } from "./storage/storage.js";

/** A database in this thread. */
export class LocalDatabase implements Database {
  readonly epoch = 0;
  readonly direct: Direct | undefined;
  readonly #engine: RepoEngine;
  readonly #handle: number;
  readonly #storage: Storage | undefined;
  /** Whether the storage is given up with it. */
  readonly #isFirst: boolean;
  /** The request that waits for the storage, with those that wait for it; undefined where none does. */
  #waiting: Promise<unknown> | undefined;

  private constructor(engine: RepoEngine, handle: number, storage: Storage | undefined, isFirst: boolean, Way: typeof Direct | undefined) {
    this.#engine = engine;
    this.#handle = handle;
    this.#storage = storage;
    this.#isFirst = isFirst;
    // A storage that takes its time may refuse what was done already.
    this.direct = Way !== undefined && storage?.settled === undefined ? engine.direct(handle, Way) : undefined;
  }

  /**
   * Opens what a storage keeps; without one, a database that lives as long as this object. The short way to rows is handed in: it brings
   * all that makes changesets, which who answers another thread does not need.
   */
  static async open(engine: RepoEngine, config: Config, storage: Storage | undefined, Way?: typeof Direct): Promise<LocalDatabase> {
    let handle: number;
    try {
      handle = engine.open(config, storage);
      if (storage?.settled !== undefined) await begun(storage);
    } catch (error) {
      await storage?.close();
      throw error;
    }
    return new LocalDatabase(engine, handle, storage, true, Way);
  }

  /** The same database for somebody else, with schemas, transactions and streams of their own. It must not be asked while another is. */
  beside(config: Config): LocalDatabase {
    const handle = this.#engine.beside(this.#handle, config, this.#storage?.settled !== undefined);
    return new LocalDatabase(this.#engine, handle, this.#storage, false, undefined);
  }

  request(request: Writer, written: Written): Answered | Promise<Answered> {
    const raw = this.perform(request, written);
    return raw instanceof Promise ? raw.then(({ status, answer }) => answered(status, answer)) : answered(raw.status, raw.answer);
  }

  /** Does what is written, when the request before is done. An answer that is there at once is lent until the next request. */
  perform(request: Writer, { validators, files, signal }: Written): Raw | Promise<Raw> {
    const functions = validators as readonly Validator[] | undefined;
    if (this.#waiting === undefined) {
      const raw = this.#engine.request(this.#handle, request, functions, files);
      return raw.status === STATUS.waits ? this.#waitFor(this.#settled()) : raw;
    }
    const { bytes, start, end } = request.keep();
    return this.#waitFor(this.#waiting.then(() => {
      signal?.throwIfAborted();
      const writer = takeWriter().packed(bytes, start, end);
      const raw = this.#engine.request(this.#handle, writer, functions, files);
      giveWriter(writer);
      return raw.status === STATUS.waits ? this.#settled() : keptRaw(raw);
    }));
  }

  rules(core: Core): CompiledRules {
    return this.#engine.rules(core);
  }

  validators(_: Source, own: readonly Validator[]): Validators {
    return own;
  }

  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      this.#engine.close(this.#handle);
      if (this.#isFirst) await this.#storage?.close();
    }
  }

  /** Lets commits wait for `unhold` to be durable. Only where the storage answers at once. */
  hold(): void {
    this.#engine.hold(this.#handle, true);
  }

  /** Makes durable what was committed meanwhile, all at once; throws if that fails, and then nothing can be written any more. */
  unhold(): void {
    this.#engine.hold(this.#handle, false);
    this.#flush();
  }

  #flush(): Answered | Promise<Answered> {
    return withWriter((writer) => this.request(writer.list(2).string("flush").value(false), {}));
  }

  /** Undoes the transaction that is open and forgets streams: for one beside others whose user has gone. */
  drop(): void {
    this.#engine.close(this.#handle);
  }

  /** Makes the next request wait for this one. */
  #waitFor(request: Promise<Raw>): Promise<Raw> {
    const over = request.then(() => {}, () => {}).then(() => {
      if (this.#waiting === over) this.#waiting = undefined;
    });
    this.#waiting = over;
    return request;
  }

  /** Resumes the request under way whenever the storage is done with something. */
  async #settled(): Promise<Raw> {
    for (;;) {
      await this.#storage?.settled?.();
      const raw = this.#engine.resume(this.#handle);
      if (raw.status !== STATUS.waits) return raw;
    }
  }
}

/** What was written when the database was made must be there before anything else is. */
async function begun(storage: Storage): Promise<void> {
  for (const area of AREAS.keys()) while (storage.flush(area) === false) await storage.settled?.();
}
