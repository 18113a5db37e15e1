import type { Source } from "../changeset.js";
import type { Core } from "../core.js";
import type { Schema } from "../schema.js";
import { takeWriter, giveWriter, type Writer } from "../whole/pack.js";
import { Answers } from "./answer.js";
import type { Answered, CompiledRules, Database, Validators, Written } from "./database.js";
import { repoError } from "./errors.js";
import { validatorsOf } from "./write.js";

/** A transaction that is open, or was. */
export class Transaction {
  isOpen = true;
  /** Whether a transaction inside was rolled back, which takes this one with it. */
  isDoomed = false;

  /** @param signal Says when nobody wants it any more. */
  constructor(readonly signal: AbortSignal | undefined) {}
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

type Write = (writer: Writer) => Written | void;

/** A database that is open, and who may use it: while a transaction is, others wait for its end. */
export class Connection {
  readonly #database: Database;
  readonly #answers: Answers;
  readonly #schemas: ReadonlyMap<string, Schema>;
  readonly #log: ((entry: LogEntry) => void) | undefined;
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;
  #isClosed = false;

  constructor(
    database: Database, schemas: ReadonlyMap<string, Schema>, log: ((entry: LogEntry) => void) | undefined,
  ) {
    this.#database = database;
    this.#schemas = schemas;
    this.#log = log;
    this.#answers = new Answers((name) => schemas.get(name));
  }

  schema(name: string): Schema | undefined {
    return this.#schemas.get(name);
  }

  /** Rules as the database knows them. */
  rules(core: Core): CompiledRules | Promise<CompiledRules> {
    return this.#database.rules(core);
  }

  /** The validators of a changeset, as a request takes them. */
  validators(source: Source): Validators | Promise<Validators> {
    const own = validatorsOf(source);
    return own.length === 0 ? own : this.#database.validators(source, own);
  }

  /** Does a request, as soon as it may. */
  async perform(
    transaction: Transaction | undefined, op: string, source: string | undefined, write: Write, signal?: AbortSignal,
  ): Promise<Answered> {
    if (transaction === undefined) {
      while (this.#isTaken) await this.#free();
    } else {
      this.#check(transaction);
    }
    signal?.throwIfAborted();
    const answer = this.#now(transaction !== undefined, op, source, write, signal);
    return signal !== undefined && answer instanceof Promise ? unlessAborted(answer, signal) : answer;
  }

  /** What an answer holds. */
  read({ packet }: Answered): unknown {
    return this.#answers.read(packet);
  }

  /** Starts a transaction, as soon as no other is open. */
  async begin(signal?: AbortSignal): Promise<Transaction> {
    while (this.#isTaken) await this.#free();
    signal?.throwIfAborted();
    this.#isTaken = true;
    try {
      await this.#now(false, "begin", undefined, nothing);
    } catch (error) {
      this.#release();
      throw error;
    }
    return new Transaction(signal);
  }

  /** Ends a transaction; commits it, unless something in it was rolled back. */
  async end(transaction: Transaction, commit: boolean): Promise<void> {
    if (!transaction.isOpen) throw over();
    transaction.isOpen = false;
    try {
      await this.#now(true, commit && !transaction.isDoomed ? "commit" : "rollback", undefined, nothing);
    } finally {
      this.#release();
    }
    if (commit && transaction.isDoomed) {
      throw repoError("rolled_back", "RuntimeError", "the transaction was rolled back by an error inside it");
    }
  }

  async close(): Promise<void> {
    while (this.#isTaken) await this.#free();
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#database.close();
  }

  #now(
    inTransaction: boolean, op: string, source: string | undefined, write: Write, signal?: AbortSignal,
  ): Answered | Promise<Answered> {
    if (this.#isClosed) throw repoError("closed", "RuntimeError", "the repo is closed; open it again with openRepo");
    if (this.#log === undefined) return this.#send(inTransaction, op, write, signal);
    return this.#logged(op, source, () => this.#send(inTransaction, op, write, signal), this.#log);
  }

  #send(inTransaction: boolean, op: string, write: Write, signal: AbortSignal | undefined): Answered | Promise<Answered> {
    const writer = takeWriter();
    try {
      writer.list(2).string(op).value(inTransaction);
      const { validators, files } = write(writer) ?? {};
      const answer = this.#database.request(writer, { validators, files: files ?? writer.files, signal });
      return answer instanceof Promise ? answer.then((answer) => this.#learned(answer)) : this.#learned(answer);
    } finally {
      giveWriter(writer);
    }
  }

  #learned(answer: Answered): Answered {
    if (!answer.invalid) this.#answers.learn(answer.packet);
    return answer;
  }

  async #logged(
    op: string, source: string | undefined, work: () => Answered | Promise<Answered>, log: (entry: LogEntry) => void,
  ): Promise<Answered> {
    const start = performance.now();
    try {
      const answer = await work();
      log({ op, source, milliseconds: performance.now() - start });
      return answer;
    } catch (error) {
      log({ op, source, milliseconds: performance.now() - start, error });
      throw error;
    }
  }

  #check(transaction: Transaction): void {
    if (!transaction.isOpen) throw over();
    transaction.signal?.throwIfAborted();
    if (transaction.isDoomed) {
      throw repoError("aborted", "DatabaseError", "a transaction inside this one was rolled back, and this one with it");
    }
  }

  #release(): void {
    this.#isTaken = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #free(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** What a promise gives, unless the signal says first that nobody wants it any more. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function nothing(): void {}

function over(): Error {
  return repoError("over", "RuntimeError", "the transaction is over; use the repo that its function is given only inside of it");
}
