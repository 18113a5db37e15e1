import type { Validator } from "../../core.js";
import { EctomorphError } from "../../errors.js";
import { Packet } from "../../packet.js";
import { giveWriter, takeWriter } from "../../whole/pack.js";
import { Reader } from "../../whole/unpack.js";
import { type Config, STATUS } from "../database.js";
import type { Raw, RepoEngine } from "../engine.js";
import { repoError } from "../errors.js";
import { LocalDatabase } from "../local.js";
import type { Storage } from "../storage/storage.js";
import type { Answer, Question, Validated } from "./protocol.js";

/** For how many milliseconds answers wait for those behind them. */
const SLICE = 4;

/** What timers can wait for at most: for longer they do not wait at all. */
const LONGEST = 2 ** 31 - 1;

/** Requests for a row, which take no time: those that come together are done together. */
const ROWS = new Set(["get", "insert", "update", "delete", "insert_or_update"]);

/** Hears how a question was answered, or failed. */
export type Hear = (answer: Answer | undefined, error: unknown) => void;

/** A tab that uses a database: what the engine knows of it. */
export interface Guest {
  readonly database: LocalDatabase;
  /** Its rules, by their handles. */
  readonly rules: Set<number>;
}

interface Waiting {
  readonly guest: Guest;
  readonly question: Question | { readonly op: "leave" } | { readonly op: "expire" };
  readonly hear: Hear;
}

/** A database that is open, for one tab or several: one question after the other, and nobody's in the transaction of another. */
export class Keeper {
  readonly #engine: RepoEngine;
  readonly #waiting: Waiting[] = [];
  #isBusy = false;
  /** Whose transaction is open. */
  #holder: Guest | undefined;
  /** How long that one may ask nothing while others wait, and what ends it then. What others ask meanwhile gives it no more time. */
  readonly #patience: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether several who wait may be answered together, and whether their commits are made durable by one flush then. */
  readonly #groups: boolean;
  readonly #flushes: boolean;
  /** What will be heard when that is done, and since when it waits. */
  #held: { readonly hear: Hear; readonly answer: () => void }[] | undefined;
  #since = 0;
  /** Those whose transaction was ended so, and who do not know it yet. */
  readonly #expired = new WeakSet<Guest>();
  readonly #guests = new Set<Guest>();

  private constructor(engine: RepoEngine, readonly host: Guest, patience: number, groups: boolean, flushes: boolean) {
    this.#engine = engine;
    this.#groups = groups;
    this.#flushes = flushes;
    this.#patience = Math.min(patience, LONGEST);
    this.#guests.add(host);
  }

  /**
   * Opens what a storage keeps, for the first tab.
   *
   * @param patience For how many milliseconds a transaction may ask nothing while others wait.
   */
  static async open(config: Config, patience: number, engine: RepoEngine, storage: Storage | undefined): Promise<Keeper> {
    const database = await LocalDatabase.open(engine, config, storage);
    // A storage that takes its time refuses what has no room when it is flushed, and that must be its commit's error.
    const groups = storage?.settled === undefined;
    return new Keeper(engine, { database, rules: new Set() }, patience, groups, groups && storage !== undefined && config.durability === "strict");
  }

  /** Opens it for another tab. */
  enter(config: Config): Guest {
    const guest = { database: this.host.database.beside(config), rules: new Set<number>() };
    this.#guests.add(guest);
    return guest;
  }

  /** Forgets a tab that has gone: its transaction is undone, what it still asks is not done. */
  leave(guest: Guest): void {
    for (let at = this.#waiting.length - 1; at >= 0; at--) if (this.#waiting[at]?.guest === guest) this.#waiting.splice(at, 1);
    this.ask(guest, { op: "leave" }, () => {});
  }

  /** Asks something for a tab. */
  ask(guest: Guest, question: Waiting["question"], hear: Hear): void {
    this.#waiting.push({ guest, question, hear });
    if (this.#isBusy) return;
    this.#isBusy = true;
    // What comes in the same message is there by then.
    queueMicrotask(() => void this.#work());
  }

  release(guest: Guest, handle: number): void {
    if (guest.rules.delete(handle)) this.#engine.release(handle);
  }

  async #work(): Promise<void> {
    for (;;) {
      const next = this.#next();
      if (next === undefined) {
        if (this.#held === undefined) break;
        await this.#release();
        continue;
      }
      const { guest, question, hear } = next;
      // Once the first tab has closed the database, others ask who keeps it next.
      if (guest !== this.host && !this.#guests.has(this.host)) continue;
      if (guest === this.#holder) this.#stopTimer();
      try {
        const head = question.op === "request" ? headOf(question.bytes) : undefined;
        const isQuick = this.#groups && head !== undefined && ROWS.has(head[0]);
        if (isQuick && this.#waiting.length > 0) this.#hold();
        else if (!isQuick) await this.#release();
        const raw = this.#answer(guest, question);
        const { status, answer } = raw instanceof Promise ? await raw : raw;
        if (head !== undefined) this.#watch(guest, head[0], status);
        const bytes = own(answer);
        this.#tell(hear, () => hear({ status, bytes }, undefined));
      } catch (error) {
        this.#tell(hear, () => hear(undefined, error));
      }
      if (this.#held !== undefined && performance.now() - this.#since > SLICE) await this.#release();
    }
    this.#isBusy = false;
    const holder = this.#holder;
    if (holder !== undefined && this.#waiting.some(({ question }) => question.op !== "leave")) {
      this.#timer ??= setTimeout(() => this.ask(holder, { op: "expire" }, () => {}), this.#patience);
    } else this.#stopTimer();
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** From here on commits wait for one flush, and who made them with them. */
  #hold(): void {
    if (this.#held !== undefined) return;
    if (this.#flushes) this.host.database.hold();
    this.#held = [];
    this.#since = performance.now();
  }

  #tell(hear: Hear, answer: () => void): void {
    if (this.#held === undefined) answer();
    else this.#held.push({ hear, answer });
  }

  /** Flushes what was committed, and tells those who wait for it; ready when what was said is on its way. */
  async #release(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    try {
      if (this.#flushes) this.host.database.unhold();
      for (const { answer } of held) answer();
    } catch (error) {
      // What they were to hear may be or not.
      for (const { hear } of held) hear(undefined, error);
    }
  }

  /** While a transaction is open, only what belongs to it is done. */
  #next(): Waiting | undefined {
    if (this.#holder === undefined) return this.#waiting.shift();
    let at = this.#waiting.findIndex(({ guest }) => guest === this.#holder);
    if (at < 0) {
      // The first tab does not wait with its end for others, whose transactions end with it.
      at = this.#waiting.findIndex(({ guest, question }) => guest === this.host && question.op === "close");
      if (at >= 0) this.#forget(this.#holder);
    }
    return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  #forget(guest: Guest): void {
    if (!this.#dismiss(guest)) return;
    guest.database.drop();
  }

  /** Forgets what a tab had beside its part of the database; false if it was gone before. */
  #dismiss(guest: Guest): boolean {
    if (!this.#guests.delete(guest)) return false;
    for (const handle of guest.rules) this.#engine.release(handle);
    guest.rules.clear();
    if (this.#holder === guest) {
      this.#holder = undefined;
      this.#stopTimer();
    }
    return true;
  }

  #watch(guest: Guest, op: string, status: number): void {
    if (op === "begin" && status === STATUS.done) this.#holder = guest;
    else if ((op === "commit" || op === "rollback") && this.#holder === guest) this.#holder = undefined;
  }

  /** Refuses what belongs to a transaction that was ended; its end is the last of that. */
  #refuse(guest: Guest, bytes: Uint8Array): void {
    const [op, inTransaction] = headOf(bytes);
    if (!inTransaction) return;
    if (op === "commit" || op === "rollback") this.#expired.delete(guest);
    throw repoError("timeout", "DBConnection.ConnectionError",
      `the transaction was rolled back: it asked nothing for ${this.#patience} ms while another tab waited (the option transactionIdle)`);
  }

  #answer(guest: Guest, question: Waiting["question"]): Raw | Promise<Raw> {
    if (question.op === "leave") {
      this.#forget(guest);
      return nothing();
    }
    if (!this.#guests.has(guest)) throw repoError("closed", "RuntimeError", "the repo is closed; open it again with openRepo");
    if (question.op === "expire") {
      if (this.#holder !== guest) return nothing();
      this.#holder = undefined;
      this.#expired.add(guest);
      const writer = takeWriter().list(2).string("rollback").value(true);
      const raw = guest.database.perform(writer, {});
      giveWriter(writer);
      return raw;
    }
    if (question.op === "close") {
      this.#dismiss(guest);
      return guest.database.close().then(nothing);
    }
    if (question.op === "compile") {
      const { handle, answer } = this.#engine.compile(question.document, question.names);
      if (handle !== 0) guest.rules.add(handle);
      return { status: handle, answer };
    }
    if (this.#expired.has(guest)) this.#refuse(guest, question.bytes);
    const writer = takeWriter().packed(question.bytes);
    const raw = guest.database.perform(writer, question.validators === undefined ? {} : { validators: replayed(question.validators) });
    giveWriter(writer);
    return raw;
  }
}

/** What a request is, and whether it belongs to a transaction. */
export function headOf(bytes: Uint8Array): readonly [op: string, inTransaction: boolean] {
  return new Reader(Packet.of(bytes)).value() as [string, boolean];
}

/** The bytes of a packet that may be handed over: small ones share their memory with others. */
function own({ bytes, start, end }: Packet): Uint8Array<ArrayBuffer> {
  const isAlone = end - start === bytes.buffer.byteLength;
  return (isAlone ? bytes : bytes.slice(start, end)) as Uint8Array<ArrayBuffer>;
}

/** Made anew each time: what is handed over is gone. */
function nothing(): Raw {
  return { status: 0, answer: Packet.of(new Uint8Array(0)) };
}

/** Validators that answer what those in the page did, when they are asked the same in the same order. */
function replayed({ count, findings }: Validated): Validator[] {
  let next = 0;
  return Array.from({ length: count }, (_, index) => (): never => {
    const found = findings[next++];
    if (found?.[0] !== index) throw new EctomorphError("the worker asked other validators than the page; please report it");
    // What is packed already the engine takes as it is.
    return Packet.of(found[1]) as never;
  });
}
