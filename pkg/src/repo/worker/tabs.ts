import { interrupted, repoError } from "../errors.js";
import type { Config } from "../database.js";
import { inUse, PATIENCE } from "../storage/lock.js";
import { errorOf, formOf } from "./error-form.js";
import { type Guest, type Hear, headOf, Keeper } from "./keeper.js";
import type { Call, ErrorForm, Place, Question, Reply } from "./protocol.js";

declare const VERSION: string;

/** What tabs say to all others of the same database: who keeps it, who looks for that, and that it is being opened. */
type Word =
  | { readonly kept: string }
  | { readonly seeks: string; readonly version: string; readonly place: Place; readonly config: Config }
  | { readonly seated: string; readonly by: string }
  | { readonly opening: string }
  | { readonly refused: string; readonly error: ErrorForm };

/** What a tab that shares a database needs of its thread, and is told. */
export interface TabHost {
  /** Opens the database here; `unlock` is called when it is closed. */
  keep(unlock: () => void): Promise<Keeper>;
  /** Who keeps the database now: this tab, or another; and how often that has changed. */
  kept(tab: "this" | "other", epoch: number): void;
  /** This tab should keep the database, and can't. */
  failed(error: unknown): void;
}

/** What was asked of another tab, and not answered yet. */
interface Asked {
  readonly question: Question;
  readonly hear: Hear;
}

/** Requests that change nothing, and need nothing of what was before: they may be asked again. */
const READS = new Set(["all", "one", "one_required", "get", "get_in", "get_required", "get_by", "get_by_required", "all_by", "exists", "aggregate", "preload", "explain", "migrations", "export"]);

/**
 * A tab that shares a database with others. One of them keeps it: whose worker has the lock of its name. The others ask it by
 * channels of their own. When it ends, the next in the line for the lock opens the database, and says so.
 */
export class Tab {
  readonly #place: Place;
  readonly #config: Config;
  /** The lock that this thread holds as long as it lives, which names it. */
  readonly #life: string;
  readonly #host: TabHost;
  readonly #lobby: BroadcastChannel;
  readonly #asked = new Map<number, Asked>();
  /** What is asked while nobody keeps the database. */
  #unasked: Asked[] = [];
  #keeper: Keeper | undefined;
  /** The tabs that this one keeps the database for. */
  readonly #seated = new Set<string>();
  /** Whether this tab is opening the database. */
  #isOpening = false;
  /** The way to the tab that keeps the database, and its name. */
  #channel: BroadcastChannel | undefined;
  #keptBy: string | undefined;
  #epoch = 0;
  #lastId = 0;
  #isClosed = false;

  private constructor(place: Place, config: Config, life: string, host: TabHost) {
    this.#place = place;
    this.#config = config;
    this.#life = life;
    this.#host = host;
    this.#lobby = new BroadcastChannel(`ectomorph/${place.name}`);
  }

  /** Finds who keeps the database, or keeps it. */
  static open(place: Place, config: Config, life: string, host: TabHost): Promise<Tab> {
    const tab = new Tab(place, config, life, host);
    const waiting = new AbortController();
    return new Promise((opened, refused) => {
      const fail = (error: unknown) => {
        clearTimeout(timer);
        waiting.abort();
        tab.#lobby.close();
        refused(error);
      };
      const sit = () => {
        clearTimeout(timer);
        opened(tab);
      };
      // Who has the lock and does not answer does not share. Who is opening the database says so, and is waited for.
      const timer = setTimeout(() => fail(inUse(place.name)), PATIENCE);
      tab.#lobby.addEventListener("message", ({ data }) => {
        const word = data as Word;
        if ("opening" in word && word.opening === life) clearTimeout(timer);
        else tab.#hear(word, sit, fail);
      });
      tab.#seek();
      navigator.locks.request(`ectomorph/${place.name}`, { signal: waiting.signal }, () => new Promise<void>((unlock) => {
        clearTimeout(timer);
        if (tab.#isClosed) {
          tab.#lose();
          return unlock();
        }
        tab.#keep(unlock).then(sit, (error) => {
          unlock();
          tab.#host.failed(error);
          fail(error);
        });
      })).catch(() => {});
    });
  }

  /** Asks who keeps the database. */
  ask(question: Question, hear: Hear): void {
    const isKept = this.#keeper !== undefined || this.#channel !== undefined;
    if (question.op === "close") {
      this.#isClosed = true;
      if (!isKept) return hear({ status: 0, bytes: new Uint8Array(0) }, undefined);
    }
    // It may name rules of a keeper that has gone.
    const isLate = question.op === "request" && (!isKept || question.epoch !== this.#epoch);
    if (isLate && !mayWait(question)) return hear(undefined, interrupted("nothing of this was done; do it again"));
    this.#send({ question, hear });
  }

  release(epoch: number, handle: number): void {
    if (epoch !== this.#epoch) return;
    if (this.#keeper !== undefined) this.#keeper.release(this.#keeper.host, handle);
    else this.#channel?.postMessage({ op: "release", epoch, handle } satisfies Call);
  }

  #send(asked: Asked): void {
    const { question, hear } = asked;
    if (this.#keeper !== undefined) return this.#keeper.ask(this.#keeper.host, question, hear);
    if (this.#channel === undefined) return void this.#unasked.push(asked);
    const id = ++this.#lastId;
    this.#asked.set(id, asked);
    this.#channel.postMessage({ ...question, id } satisfies Call);
  }

  #say(word: Word): void {
    this.#lobby.postMessage(word);
  }

  #seek(): void {
    this.#say({ seeks: this.#life, version: VERSION, place: this.#place, config: this.#config });
  }

  #hear(word: Word, sit: () => void, fail: (error: unknown) => void): void {
    if ("seeks" in word) return this.#receive(word);
    if (this.#keeper !== undefined) return;
    if ("kept" in word && word.kept !== this.#keptBy) {
      this.#lose();
      this.#seek();
    } else if ("refused" in word && word.refused === this.#life) {
      if (this.#epoch === 0) fail(errorOf(word.error));
      else this.#host.failed(errorOf(word.error));
    } else if ("seated" in word && word.seated === this.#life && word.by !== this.#keptBy) {
      this.#lose();
      this.#keptBy = word.by;
      this.#channel = new BroadcastChannel(channelOf(this.#life, word.by));
      this.#channel.addEventListener("message", ({ data }) => this.#answered(data as Reply));
      this.#begin("other");
      sit();
    }
  }

  /** Somebody keeps the database: what waited is asked. */
  #begin(tab: "this" | "other"): void {
    this.#host.kept(tab, ++this.#epoch);
    for (const asked of this.#unasked.splice(0)) this.#send(asked);
  }

  /** Who kept the database has gone: what was not answered is asked again if that does no harm. */
  #lose(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#keptBy = undefined;
    const unanswered = [...this.#asked.values(), ...this.#unasked];
    this.#asked.clear();
    this.#unasked = [];
    for (const asked of unanswered) {
      if (asked.question.op === "close") asked.hear({ status: 0, bytes: new Uint8Array(0) }, undefined);
      else if (mayWait(asked.question)) this.#unasked.push(asked);
      else asked.hear(undefined, interrupted("what was under way may be done or not"));
    }
  }

  #answered(reply: Reply): void {
    if (!("id" in reply)) return;
    const asked = this.#asked.get(reply.id);
    this.#asked.delete(reply.id);
    if ("error" in reply) asked?.hear(undefined, errorOf(reply.error));
    else asked?.hear({ status: reply.status, bytes: reply.bytes }, undefined);
  }

  async #keep(unlock: () => void): Promise<void> {
    this.#lose();
    this.#isOpening = true;
    const keeper = await this.#host.keep(unlock);
    // The last words of who kept it before may have come meanwhile.
    this.#lose();
    this.#isOpening = false;
    this.#keeper = keeper;
    this.#begin("this");
    this.#say({ kept: this.#life });
  }

  /** Lets another tab use the database that this one keeps. */
  #receive({ seeks, version, place, config }: Extract<Word, { seeks: string }>): void {
    const keeper = this.#keeper;
    if (this.#isOpening) return this.#say({ opening: seeks });
    if (keeper === undefined || this.#isClosed) return;
    // It looked before it heard who keeps the database, and again when it did.
    if (this.#seated.has(seeks)) return this.#say({ seated: seeks, by: this.#life });
    let guest: Guest;
    try {
      if (version !== VERSION) {
        throw repoError("in_use", "StoreError", `the database \`${place.name}\` is open in a tab with another version of this site's code; reload that tab`);
      }
      if (place.storage !== this.#place.storage || place.sql !== this.#place.sql || config.durability !== this.#config.durability) {
        throw repoError("in_use", "StoreError", `the database \`${place.name}\` is open with other options in another tab; close it there`);
      }
      guest = keeper.enter(config);
    } catch (error) {
      return this.#say({ refused: seeks, error: formOf(error) });
    }
    this.#seated.add(seeks);
    const channel = new BroadcastChannel(channelOf(seeks, this.#life));
    let isThere = true;
    channel.addEventListener("message", ({ data }) => {
      const call = data as Call;
      if (call.op === "release") keeper.release(guest, call.handle);
      else if (call.op !== "open" && call.op !== "hello") {
        keeper.ask(guest, call, (reply, error) => {
          // A channel that is closed throws.
          if (isThere) channel.postMessage((reply === undefined ? { id: call.id, error: formOf(error) } : { id: call.id, ...reply }) satisfies Reply);
        });
      }
    });
    this.#say({ seated: seeks, by: this.#life });
    // When the other's lock is free, it has gone.
    void navigator.locks.request(seeks, () => {
      isThere = false;
      this.#seated.delete(seeks);
      channel.close();
      keeper.leave(guest);
    });
  }
}

/** The channel between a tab and the one that keeps the database for it. */
function channelOf(guest: string, keeper: string): string {
  return `${guest} ${keeper}`;
}

/** Whether something may be asked of another keeper than it was meant for. */
function mayWait(question: Question): boolean {
  if (question.op !== "request") return true;
  const [op, inTransaction] = headOf(question.bytes);
  return !inTransaction && READS.has(op);
}
