import type { Source } from "../changeset.js";
import type { Core } from "../core.js";
import type { Packet } from "../packet.js";
import type { Schema } from "../schema.js";
import { kept } from "../whole/keep.js";
import { takeWriter, giveWriter, type Writer } from "../whole/pack.js";
import { Answers } from "./answer.js";
import type { Answered, CompiledRules, Database, Validators, Written } from "./database.js";
import type { Direct } from "./direct.js";
import { interrupted, RepoError, repoError } from "./errors.js";
import { validatorsOf } from "./write.js";

/** A transaction that is open, or was. */
export class Transaction {
  isOpen = true;
  /** Whether a transaction inside was rolled back, which takes this one with it. */
  isDoomed = false;

  /**
   * @param signal Says when nobody wants it any more.
   * @param epoch The database's when it began.
   */
  constructor(readonly signal: AbortSignal | undefined, readonly epoch: number) {}
}

/** What is answered of a changeset that is invalid: its result. */
export class Invalid {
  constructor(readonly result: Packet) {}
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

/** A stream that is read in portions: its number, once there is one, and whether the database has forgotten it. */
export class Streaming {
  number: unknown;
  isOver = false;

  /** @param epoch The database's when it began. */
  constructor(public epoch: number) {}
}

type Write = (writer: Writer) => Written | void;

/** A database that is open, and who may use it: while a transaction is, others wait for its end. */
export class Connection {
  readonly #database: Database;
  #answers: Answers;
  /** The database's epoch when answers were read last. */
  #epoch: number;
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly #log: ((entry: LogEntry) => void) | undefined;
  readonly #waiting: (() => void)[] = [];
  /** The last request that is being prepared, or waits behind such a one. */
  #line: Promise<void> | undefined;
  #isTaken = false;
  #isClosed = false;
  /** Ends streams that nobody can read on: what they keep of tables would stay for good. */
  readonly #abandoned = new FinalizationRegistry<Streaming>((stream) => {
    if (!this.#isClosed) void this.endStream(undefined, stream).catch(() => {});
  });

  constructor(
    database: Database, schemas: ReadonlyMap<string, Schema>, log: ((entry: LogEntry) => void) | undefined,
  ) {
    this.#database = database;
    this.schemas = schemas;
    this.#log = log;
    this.#answers = this.#newAnswers();
    this.#epoch = database.epoch;
  }

  /** The short way to one row, unless somebody else is in the way, or wants to be told. */
  get direct(): Direct | undefined {
    const isFree = !this.#isTaken && this.#line === undefined && !this.#isClosed && this.#log === undefined;
    return isFree ? this.#database.direct : undefined;
  }

  /** The database's: numbers of streams mean something for as long. */
  get epoch(): number {
    return this.#database.epoch;
  }

  schema(name: string): Schema | undefined {
    return this.schemas.get(name);
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

  /**
   * Does a request, as soon as it may, and as what it needs is `prepared`. Gives what the answer holds, at once if it can: a
   * promise costs more than a row.
   */
  perform(
    transaction: Transaction | undefined, op: string, source: string | undefined, write: Write, signal?: AbortSignal,
    prepared?: Promise<unknown>,
  ): unknown {
    const mustWait = transaction === undefined && this.#isTaken;
    if (mustWait || prepared !== undefined || this.#line !== undefined) {
      return this.#later(transaction, op, source, write, signal, prepared);
    }
    if (transaction !== undefined) this.#check(transaction);
    if (signal !== undefined) return this.#unlessAborted(transaction, op, source, write, signal);
    return this.#now(transaction !== undefined, op, source, write);
  }

  /** Starts a transaction, as soon as no other is open. */
  async begin(signal?: AbortSignal): Promise<Transaction> {
    if (this.#line !== undefined) await this.#lineUp(undefined);
    while (this.#isTaken) await this.#free();
    signal?.throwIfAborted();
    this.#isTaken = true;
    try {
      await this.#now(false, "begin", undefined, nothing);
    } catch (error) {
      this.#release();
      throw error;
    }
    return new Transaction(signal, this.#database.epoch);
  }

  /** Ends a transaction; commits it, unless something in it was rolled back. */
  async end(transaction: Transaction, commit: boolean): Promise<void> {
    if (!transaction.isOpen) throw over();
    transaction.isOpen = false;
    const isKept = commit && !transaction.isDoomed;
    try {
      if (transaction.epoch === this.#database.epoch) await this.#now(true, isKept ? "commit" : "rollback", undefined, nothing);
      else if (isKept) throw undone();
    } catch (error) {
      // What is to be undone is, if who kept it has gone or undid it.
      if (isKept || !(error instanceof RepoError && (error.kind === "interrupted" || error.kind === "timeout"))) throw error;
    } finally {
      this.#release();
    }
    if (commit && transaction.isDoomed) {
      throw repoError("rolled_back", "RuntimeError", "the transaction was rolled back by an error inside it");
    }
  }

  /** Ends a stream when its results are lost, unless it has ended. */
  watch(results: object, stream: Streaming): void {
    this.#abandoned.register(results, stream);
  }

  /** Tells the database that nobody reads a stream on. */
  async endStream(transaction: Transaction | undefined, stream: Streaming): Promise<void> {
    if (stream.isOver || stream.number === undefined || stream.epoch !== this.epoch) return;
    await this.perform(transaction, "stream_end", undefined, (writer) => void writer.value(stream.number));
    // Not before: what a transaction that is over refuses to end is ended when its results are lost.
    stream.isOver = true;
  }

  async close(): Promise<void> {
    while (this.#isTaken) await this.#free();
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#database.close();
  }

  async #later(
    transaction: Transaction | undefined, op: string, source: string | undefined, write: Write, signal: AbortSignal | undefined,
    prepared: Promise<unknown> | undefined,
  ): Promise<unknown> {
    if (prepared !== undefined || this.#line !== undefined) await this.#lineUp(prepared);
    if (transaction !== undefined) this.#check(transaction);
    else while (this.#isTaken) await this.#free();
    if (signal !== undefined) return this.#unlessAborted(transaction, op, source, write, signal);
    return this.#now(transaction !== undefined, op, source, write);
  }

  #unlessAborted(
    transaction: Transaction | undefined, op: string, source: string | undefined, write: Write, signal: AbortSignal,
  ): unknown {
    signal.throwIfAborted();
    const answer = this.#now(transaction !== undefined, op, source, write, signal);
    return answer instanceof Promise ? unlessAborted(answer, signal) : answer;
  }

  #now(inTransaction: boolean, op: string, source: string | undefined, write: Write, signal?: AbortSignal): unknown {
    if (this.#isClosed) throw repoError("closed", "RuntimeError", "the repo is closed; open it again with openRepo");
    if (this.#log === undefined) return this.#send(inTransaction, op, write, signal);
    return this.#logged(op, source, () => this.#send(inTransaction, op, write, signal), this.#log);
  }

  #send(inTransaction: boolean, op: string, write: Write, signal: AbortSignal | undefined): unknown {
    const writer = takeWriter();
    try {
      writer.list(2).string(op).value(inTransaction);
      const { validators, files } = write(writer) ?? {};
      const answered = this.#database.request(writer, { validators, files: files ?? writer.files, signal });
      return answered instanceof Promise ? answered.then((answered) => this.#read(answered)) : this.#read(answered);
    } finally {
      giveWriter(writer);
    }
  }

  /** What an answer holds. */
  #read({ invalid, packet }: Answered): unknown {
    if (this.#epoch !== this.#database.epoch) {
      this.#epoch = this.#database.epoch;
      this.#answers = this.#newAnswers();
    }
    return invalid ? new Invalid(kept(packet)) : this.#answers.read(packet);
  }

  #newAnswers(): Answers {
    return new Answers((name) => this.schemas.get(name));
  }

  async #logged(
    op: string, source: string | undefined, work: () => unknown, log: (entry: LogEntry) => void,
  ): Promise<unknown> {
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
    if (transaction.epoch !== this.#database.epoch) throw undone();
    if (transaction.isDoomed) {
      throw repoError("aborted", "DatabaseError", "a transaction inside this one was rolled back, and this one with it");
    }
  }

  /** Keeps the order in which requests are made, where one is not prepared yet. */
  async #lineUp(prepared: Promise<unknown> | undefined): Promise<void> {
    const before = this.#line;
    const ready = (async () => {
      await before;
      await prepared;
    })();
    const line = ready.catch(() => {});
    this.#line = line;
    try {
      await ready;
    } finally {
      if (this.#line === line) this.#line = undefined;
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

function undone(): Error {
  return interrupted("nothing of the transaction was done");
}

function over(): Error {
  return repoError("over", "RuntimeError", "the transaction is over; use the repo that its function is given only inside of it");
}
