/**
 * Databases in the thread that asks: for workers of one's own.
 *
 * @module
 */
import { load } from "#repo-artifact";
import { EctomorphError } from "../errors.js";
import { Direct } from "./direct.js";
import { RepoEngine } from "./engine.js";
import { LocalDatabase } from "./local.js";
import type { Here } from "./open.js";
import { besideEngine, chooseStorage } from "./storage/choose.js";

/** The engines of this thread, without raw SQL and with it. */
const engines = new Map<boolean, Promise<RepoEngine>>();

function engineOf(sql: boolean): Promise<RepoEngine> {
  let engine = engines.get(sql);
  if (engine === undefined) {
    engine = load(sql).then((instance) => new RepoEngine(instance));
    engines.set(sql, engine);
    // What could not be loaded may be there the next time.
    engine.catch(() => engines.delete(sql));
  }
  return engine;
}

/**
 * Keeps a database in the worker that opens it, instead of starting one: nothing crosses between threads then, and single rows are read
 * and written at once. In the page itself it keeps databases in IndexedDB or memory, if that is asked for by name.
 *
 * @example
 * // in a dedicated worker of your own
 * import { openRepo } from "ectomorph/repo";
 * import { here } from "ectomorph/repo/here";
 *
 * const repo = await openRepo({ name: "hello", schemas: [User], migrations, worker: here });
 */
export const here: Here = {
  async open(place, config, onEvent) {
    // Elsewhere there is no OPFS, so "auto" would be another storage than that of all who start a worker.
    if (!("DedicatedWorkerGlobalScope" in globalThis) && (place.storage === "auto" || place.storage === "opfs")) {
      throw new EctomorphError('`here` is for dedicated workers; in a page leave it out, or name the storage: "indexeddb" or "memory"');
    }
    const [engine, storage] = await besideEngine(engineOf(place.sql), chooseStorage(place, config.durability, onEvent));
    return LocalDatabase.open(engine, config, storage, Direct);
  },
};
