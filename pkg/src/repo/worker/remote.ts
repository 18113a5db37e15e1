import type { Source } from "../../changeset.js";
import type { Core, Validator } from "../../core.js";
import { Packet } from "../../packet.js";
import { ready } from "../../whole.js";
import type { Writer } from "../../whole/pack.js";
import { compiledRules } from "../compiled.js";
import {
  type Answered, answered, type CompiledRules, type Config, type Database, type Findings, type Validators, type Written,
} from "../database.js";
import { interrupted, repoError } from "../errors.js";
import type { RepoEvent } from "../open.js";
import { errorOf } from "./error-form.js";
import { type Answer, type Call, type Place, type Reply, several } from "./protocol.js";

/** So many requests are under way at most; those beyond can still be dropped. */
const WINDOW = 16;

/** A question that was asked. */
interface Asked {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

type Body<C = Call> = C extends { readonly id: number } ? Omit<C, "id"> : never;

/** A question that is not asked yet. */
interface Queued {
  readonly body: Body;
  readonly transfer: ArrayBuffer[];
  readonly asked: Asked;
}

/** A database in a worker. */
export class RemoteDatabase implements Database {
  /** A message is longer than any way. */
  readonly direct = undefined;
  epoch = 0;
  readonly #worker: Worker;
  readonly #onEvent: (event: RepoEvent) => void;
  readonly #asked = new Map<number, Asked>();
  readonly #queue: Queued[] = [];
  /** Requests of this turn of the program, which go in one message. */
  #together: Call[] = [];
  #transfer: ArrayBuffer[] = [];
  /** Rules as who keeps the database knows them. */
  #compiled = new WeakMap<Core, Promise<CompiledRules> | CompiledRules>();
  readonly #released = new FinalizationRegistry<{ readonly epoch: number; readonly handle: number }>((rules) => this.#send({ op: "release", ...rules }, []));
  #lastId = 0;
  #isReady = false;
  /** Why the worker answers no more. */
  #gone: Error | undefined;

  private constructor(worker: Worker, onEvent: (event: RepoEvent) => void) {
    this.#worker = worker;
    this.#onEvent = onEvent;
    worker.addEventListener("message", ({ data }) => {
      for (const reply of several(data as Reply | readonly Reply[])) this.#take(reply);
    });
    worker.addEventListener("messageerror", () => this.#die("an answer of the worker could not be read"));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die(event.message === undefined || event.message === ""
        ? "the script of the worker could not be loaded; a bundler must find it, or the option `worker` make it"
        : `the worker of the database failed: ${event.message}`);
    });
  }

  /** Opens a database in a worker that is given up with it. */
  static async open(worker: Worker, place: Place, config: Config, onEvent: (event: RepoEvent) => void): Promise<RemoteDatabase> {
    const database = new RemoteDatabase(worker, onEvent);
    database.#send({ op: "hello" }, []);
    const life = `ectomorph-worker/${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
    try {
      await database.#ask({ op: "open", place, config, life }, []);
    } catch (error) {
      worker.terminate();
      throw error;
    }
    // A worker that ends says nothing; but its lock is free then.
    navigator.locks?.request(life, () => database.#die("the worker of the database has ended")).catch(() => {});
    return database;
  }

  async request(request: Writer, { validators, signal }: Written): Promise<Answered> {
    const bytes = new Uint8Array(request.length);
    request.copyTo(bytes, 0);
    const asked = validators as RemoteValidators | undefined;
    const { status, bytes: answer } = await this.#ask(
      { op: "request", epoch: this.epoch, bytes, validators: asked === undefined || asked.length === 0 ? undefined : { count: asked.count, findings: asked } },
      [bytes.buffer], signal,
    );
    return answered(status, Packet.of(answer));
  }

  rules(core: Core): CompiledRules | Promise<CompiledRules> {
    let rules = this.#compiled.get(core);
    if (rules === undefined) {
      rules = this.#compile(core);
      this.#compiled.set(core, rules);
    }
    return rules;
  }

  async validators(source: Source, own: readonly Validator[]): Promise<Validators> {
    // The same rules on the same input ask the same validators: here they are asked, and there they are told.
    await ready();
    return Object.assign(source.recipe("validators of one's own").findings(), { count: own.length });
  }

  async close(): Promise<void> {
    try {
      await this.#ask({ op: "close" }, []);
    } finally {
      this.#gone ??= repoError("closed", "RuntimeError", "the repo is closed; open it again with openRepo");
      this.#worker.terminate();
    }
  }

  async #compile(core: Core): Promise<CompiledRules> {
    const compiled = this.#compiled;
    try {
      const names = core.recording.validators.map((validator) => validator.name);
      const { status, bytes } = await this.#ask({ op: "compile", document: core.document, names }, []);
      const { epoch } = this;
      const known = compiledRules(core, status, Packet.of(bytes));
      const rules = { ...known, get handle(): number { return isStill() ? known.handle : stale(); } };
      const isStill = () => this.epoch === epoch;
      this.#compiled.set(core, rules);
      this.#released.register(core, { epoch, handle: known.handle });
      return rules;
    } catch (error) {
      compiled.delete(core);
      throw error;
    }
  }

  #ask(body: Body, transfer: ArrayBuffer[], signal?: AbortSignal): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(this.#gone);
      const queued: Queued = { body, transfer, asked: { resolve, reject } };
      if (signal !== undefined) this.#heed(signal, queued);
      this.#queue.push(queued);
      this.#go();
    });
  }

  /** Drops what is queued when the signal says so; what is under way ends. */
  #heed(signal: AbortSignal, queued: Queued): void {
    const abort = () => {
      const at = this.#queue.indexOf(queued);
      if (at < 0) return;
      this.#queue.splice(at, 1);
      queued.asked.reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    const { resolve, reject } = queued.asked;
    queued.asked.resolve = (answer) => {
      signal.removeEventListener("abort", abort);
      resolve(answer);
    };
    queued.asked.reject = (error) => {
      signal.removeEventListener("abort", abort);
      reject(error);
    };
  }

  #go(): void {
    while (this.#isReady && this.#asked.size < WINDOW) {
      const queued = this.#queue.shift();
      if (queued === undefined) return;
      const id = ++this.#lastId;
      this.#asked.set(id, queued.asked);
      const call = { id, ...queued.body } as Call;
      if (call.op === "request") {
        if (this.#together.push(call) === 1) queueMicrotask(() => this.#post());
        this.#transfer.push(...queued.transfer);
        continue;
      }
      try {
        this.#send(call, queued.transfer);
      } catch (error) {
        this.#asked.delete(id);
        queued.asked.reject(error);
      }
    }
  }

  /** Sends what was gathered: bytes alone, which can't be refused. */
  #post(): void {
    const calls = this.#together;
    if (calls.length === 0) return;
    const transfer = this.#transfer;
    this.#together = [];
    this.#transfer = [];
    this.#worker.postMessage(calls.length === 1 ? calls[0] : calls, transfer);
  }

  #send(call: Call, transfer: ArrayBuffer[]): void {
    this.#post();
    this.#worker.postMessage(call, transfer);
  }

  #take(reply: Reply): void {
    if ("event" in reply) return this.#onEvent(reply.event);
    if ("epoch" in reply) return this.#move(reply);
    if ("ready" in reply) {
      this.#isReady = true;
      return this.#go();
    }
    const asked = this.#asked.get(reply.id);
    this.#asked.delete(reply.id);
    if ("error" in reply) asked?.reject(errorOf(reply.error));
    else asked?.resolve(reply);
    this.#go();
  }

  /** Another keeps the database, who knows no rules yet; or nobody can. */
  #move({ epoch, gone }: Extract<Reply, { epoch: number }>): void {
    if (gone !== undefined) {
      this.#end(errorOf(gone));
      // It is of no use to this page, and must not keep the database for others some day.
      return this.#worker.terminate();
    }
    this.epoch = epoch;
    this.#compiled = new WeakMap();
  }

  /** Tells all who wait that no answer will come. */
  #die(message: string): void {
    this.#end(repoError("environment", "WorkerError", message));
  }

  #end(error: Error): void {
    if (this.#gone !== undefined) return;
    this.#gone = error;
    for (const { reject } of [...this.#asked.values(), ...this.#queue.splice(0).map(({ asked }) => asked)]) reject(this.#gone);
  }
}

/** Rules were known to who kept the database before, and are about to be named to who keeps it now. */
function stale(): never {
  throw interrupted("nothing of this was done; do it again");
}

type RemoteValidators = Findings & { readonly count: number };
