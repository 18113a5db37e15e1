import type { Validator } from "../../core.js";
import { EctomorphError } from "../../errors.js";
import { Packet } from "../../packet.js";
import { giveWriter, takeWriter } from "../../whole/pack.js";
import type { RepoEngine } from "../engine.js";
import { LocalDatabase } from "../local.js";
import type { RepoEvent } from "../open.js";
import type { Storage } from "../storage/storage.js";
import { formOf } from "./error-form.js";
import type { Call, Place, Port, Reply, Validated } from "./protocol.js";

/** What a worker needs to keep a database. */
export interface Host {
  /** Holds the lock of this name until the thread ends. */
  live(lock: string): Promise<void>;
  engine(): Promise<RepoEngine>;
  /** Opens the storage of a place; undefined for memory. */
  storage(place: Place, durability: "strict" | "relaxed", onEvent: (event: RepoEvent) => void): Promise<Storage | undefined>;
}

type Question = Exclude<Call, { readonly op: "release" | "hello" }>;

/** Answers what comes through a port, one question after the other. */
export function serve(port: Port, host: Host): void {
  const server = new Server(port, host);
  port.addEventListener("message", ({ data }) => server.take(data as Call));
  port.postMessage({ ready: true }, []);
}

class Server {
  readonly #port: Port;
  readonly #host: Host;
  readonly #questions: Question[] = [];
  #isBusy = false;
  #engine: RepoEngine | undefined;
  #database: LocalDatabase | undefined;

  constructor(port: Port, host: Host) {
    this.#port = port;
    this.#host = host;
  }

  take(call: Call): void {
    if (call.op === "release") {
      this.#engine?.release(call.handle);
    } else if (call.op === "hello") {
      this.#reply({ ready: true }, []);
    } else {
      this.#questions.push(call);
      if (!this.#isBusy) void this.#work();
    }
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let call = this.#questions.shift(); call !== undefined; call = this.#questions.shift()) {
      try {
        const answer = this.#answer(call);
        const { status, packet } = answer instanceof Promise ? await answer : answer;
        const bytes = packet.bytes.slice(packet.start, packet.end);
        this.#reply({ id: call.id, status, bytes }, [bytes.buffer]);
      } catch (error) {
        this.#reply({ id: call.id, error: formOf(error) }, []);
      }
    }
    this.#isBusy = false;
  }

  #answer(call: Question): Raw | Promise<Raw> {
    if (call.op === "open") return this.#open(call);
    const { opened: database, engine } = this.#opened();
    if (call.op === "close") return database.close().then(() => NOTHING);
    if (call.op === "compile") {
      const { handle, answer } = engine.compile(call.document, call.names);
      return { status: handle, packet: answer };
    }
    const writer = takeWriter().packed(call.bytes);
    const raw = database.perform(writer, call.validators === undefined ? {} : { validators: replayed(call.validators) });
    giveWriter(writer);
    return raw instanceof Promise ? raw.then(rawOf) : rawOf(raw);
  }

  async #open({ place, config, life }: Extract<Call, { op: "open" }>): Promise<Raw> {
    await this.#host.live(life);
    this.#engine = await this.#host.engine();
    const storage = await this.#host.storage(place, config.durability, (event) => this.#reply({ event }, []));
    this.#database = await LocalDatabase.open(this.#engine, config, storage);
    return NOTHING;
  }

  #opened(): { readonly opened: LocalDatabase; readonly engine: RepoEngine } {
    if (this.#database === undefined || this.#engine === undefined) throw new EctomorphError("the worker has no database yet");
    return { opened: this.#database, engine: this.#engine };
  }

  #reply(reply: Reply, transfer: ArrayBuffer[]): void {
    this.#port.postMessage(reply, transfer);
  }
}

interface Raw {
  readonly status: number;
  readonly packet: Packet;
}

const NOTHING: Raw = { status: 0, packet: /* @__PURE__ */ Packet.of(new Uint8Array(0)) };

function rawOf({ status, answer }: { readonly status: number; readonly answer: Packet }): Raw {
  return { status, packet: answer };
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
