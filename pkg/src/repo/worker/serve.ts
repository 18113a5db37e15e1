import { EctomorphError } from "../../errors.js";
import type { RepoEngine } from "../engine.js";
import type { RepoEvent } from "../open.js";
import { besideEngine } from "../storage/choose.js";
import type { Storage } from "../storage/storage.js";
import { formOf } from "./error-form.js";
import { type Hear, Keeper } from "./keeper.js";
import { type Call, type Place, type Port, type Question, type Reply, several } from "./protocol.js";
import { Tab } from "./tabs.js";

/** What a worker needs to keep a database. */
export interface Host {
  /** Holds the lock of this name until the thread ends. */
  live(lock: string): Promise<void>;
  /** The engine, with raw SQL or without. */
  engine(sql: boolean): Promise<RepoEngine>;
  /** Opens the storage of a place; undefined for memory. With `held` the database is locked already. */
  storage(
    place: Place, durability: "strict" | "relaxed", onEvent: (event: RepoEvent) => void, held?: () => void,
  ): Promise<Storage | undefined>;
}

/** Answers what comes through a port, one question after the other. */
export function serve(port: Port, host: Host): void {
  const server = new Server(port, host);
  port.addEventListener("message", ({ data }) => several(data as Call | readonly Call[]).forEach((call) => server.take(call)));
  port.postMessage({ ready: true }, []);
}

/** Who is asked: who keeps the database, here or by way of another tab. */
interface Seat {
  ask(question: Question, hear: Hear): void;
  release(epoch: number, handle: number): void;
}

class Server {
  readonly #port: Port;
  readonly #host: Host;
  #seat: Seat | undefined;
  /** What is said in one message. */
  #together: Reply[] = [];
  #transfer: ArrayBuffer[] = [];

  constructor(port: Port, host: Host) {
    this.#port = port;
    this.#host = host;
  }

  take(call: Call): void {
    if (call.op === "release") {
      this.#seat?.release(call.epoch, call.handle);
    } else if (call.op === "hello") {
      this.#reply({ ready: true }, []);
    } else if (call.op === "open") {
      this.#open(call).then(
        (seat) => {
          this.#seat = seat;
          this.#reply({ id: call.id, status: 0, bytes: new Uint8Array(0) }, []);
        },
        (error) => this.#reply({ id: call.id, error: formOf(error) }, []),
      );
    } else if (this.#seat === undefined) {
      this.#reply({ id: call.id, error: formOf(new EctomorphError("the worker has no database yet")) }, []);
    } else {
      this.#seat.ask(call, (reply, error) => {
        if (reply === undefined) this.#reply({ id: call.id, error: formOf(error) }, []);
        else this.#reply({ id: call.id, ...reply }, [reply.bytes.buffer]);
      });
    }
  }

  async #open({ place, config, life }: Extract<Call, { op: "open" }>): Promise<Seat> {
    const engine = this.#host.engine(place.sql);
    // Who waits for it comes later.
    engine.catch(() => {});
    await this.#host.live(life);
    const tell = (event: RepoEvent) => this.#reply({ event }, []);
    const keep = async (held?: () => void) =>
      Keeper.open(config, place.transactionIdle, ...(await besideEngine(engine, this.#host.storage(place, config.durability, tell, held))));
    if (!place.shared) {
      const keeper = await keep();
      return {
        ask: (question, hear) => keeper.ask(keeper.host, question, hear),
        release: (_, handle) => keeper.release(keeper.host, handle),
      };
    }
    await engine;
    return Tab.open(place, config, life, {
      keep,
      kept: (tab, epoch) => {
        this.#reply({ epoch }, []);
        tell({ type: "keeper", tab });
      },
      failed: (error) => this.#reply({ epoch: 0, gone: formOf(error) }, []),
    });
  }

  #reply(reply: Reply, transfer: ArrayBuffer[]): void {
    this.#transfer.push(...transfer);
    if (this.#together.push(reply) === 1) queueMicrotask(() => this.#post());
  }

  #post(): void {
    const replies = this.#together;
    if (replies.length === 0) return;
    const transfer = this.#transfer;
    this.#together = [];
    this.#transfer = [];
    this.#port.postMessage(replies.length === 1 ? replies[0] : replies, transfer);
  }
}
