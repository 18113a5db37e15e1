import type { Validator } from "../core.js";
import type { Packet } from "../packet.js";
import type { Schema } from "../schema.js";
import { takeWriter, giveWriter, type Writer } from "../whole/pack.js";
import { Answers } from "./answer.js";
import type { RepoEngine } from "./engine.js";
import { repoError } from "./errors.js";
import type { Storage } from "./storage.js";

/** A transaction that is open, or was. */
export class Transaction {
  isOpen = true;
  /** Whether a transaction inside was rolled back, which takes this one with it. */
  isDoomed = false;
}

/** A request that was done, for logs. */
export interface LogEntry {
  /** What was done: `all`, `insert`. */
  readonly op: string;
  /** The schema or table it was about, where it is one. */
  readonly source: string | undefined;
  readonly milliseconds: number;
  /** What it threw, if it did. */
  readonly error?: unknown;
}

/** How a request is written behind its op: its parts, and the validators and files they need. */
export interface Written {
  readonly validators?: readonly Validator[];
  readonly files?: readonly Blob[] | undefined;
}

/** An answer: packed, or the result of an invalid changeset. */
export interface Answered {
  readonly invalid: boolean;
  readonly packet: Packet;
}

/** A database that is open, and who may use it: while a transaction is, others wait for its end. */
export class Connection {
  readonly #engine: RepoEngine;
  readonly #handle: number;
  readonly #answers: Answers;
  readonly #schemas: ReadonlyMap<string, Schema>;
  readonly #storage: Storage | undefined;
  readonly #log: ((entry: LogEntry) => void) | undefined;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;
  #isClosed = false;

  constructor(
    engine: RepoEngine, handle: number, schemas: ReadonlyMap<string, Schema>, storage: Storage | undefined,
    log: ((entry: LogEntry) => void) | undefined,
  ) {
    this.#engine = engine;
    this.#handle = handle;
    this.#schemas = schemas;
    this.#storage = storage;
    this.#log = log;
    this.#answers = new Answers((name) => schemas.get(name));
  }

  get engine(): RepoEngine {
    return this.#engine;
  }

  schema(name: string): Schema | undefined {
    return this.#schemas.get(name);
  }

  /** Does a request, as soon as it may. */
  async perform(
    transaction: Transaction | undefined, op: string, source: string | undefined, write: (writer: Writer) => Written | void,
  ): Promise<Answered> {
    if (transaction === undefined) {
      while (this.#isTaken) await this.#free();
    } else {
      this.#check(transaction);
    }
    return this.#now(transaction !== undefined, op, source, write);
  }

  /** What an answer holds. */
  read({ packet }: Answered): unknown {
    return this.#answers.read(packet);
  }

  /** Starts a transaction, as soon as no other is open. */
  async begin(): Promise<Transaction> {
    while (this.#isTaken) await this.#free();
    this.#now(false, "begin", undefined, () => undefined);
    this.#isTaken = true;
    return new Transaction();
  }

  /** Ends a transaction; commits it, unless something in it was rolled back. */
  end(transaction: Transaction, commit: boolean): void {
    if (!transaction.isOpen) throw over();
    transaction.isOpen = false;
    try {
      this.#now(true, commit && !transaction.isDoomed ? "commit" : "rollback", undefined, () => undefined);
    } finally {
      this.#isTaken = false;
      this.#wake();
    }
    if (commit && transaction.isDoomed) {
      throw repoError("rolled_back", "RuntimeError", "the transaction was rolled back by an error inside it");
    }
  }

  async close(): Promise<void> {
    while (this.#isTaken) await this.#free();
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#engine.close(this.#handle);
    } finally {
      this.#storage?.close();
    }
  }

  #now(
    inTransaction: boolean, op: string, source: string | undefined, write: (writer: Writer) => Written | void,
  ): Answered {
    if (this.#isClosed) throw repoError("closed", "RuntimeError", "the repo is closed; open it again with openRepo");
    const start = this.#log === undefined ? 0 : performance.now();
    let thrown: unknown;
    const writer = takeWriter();
    try {
      writer.list(2).string(op).value(inTransaction);
      const { validators, files } = write(writer) ?? {};
      const { invalid, answer } = this.#engine.request(this.#handle, writer, validators, files ?? writer.files);
      return { invalid, packet: answer };
    } catch (error) {
      thrown = error;
      throw error;
    } finally {
      giveWriter(writer);
      if (this.#log !== undefined) {
        const milliseconds = performance.now() - start;
        this.#log({ op, source, milliseconds, ...(thrown === undefined ? {} : { error: thrown }) });
      }
    }
  }

  #check(transaction: Transaction): void {
    if (!transaction.isOpen) throw over();
    if (transaction.isDoomed) {
      throw repoError("aborted", "DatabaseError", "a transaction inside this one was rolled back, and this one with it");
    }
  }

  #free(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function over(): Error {
  return repoError("over", "RuntimeError", "the transaction is over; use the repo that its function is given only inside of it");
}
