// Databases in workers: for pages.
import { EctomorphError } from "../../errors.js";
import type { Config, Database } from "../database.js";
import type { RepoEvent, RepoOptions } from "../open.js";
import { RemoteDatabase } from "../worker/remote.js";

export async function openDatabase(
  options: RepoOptions, config: Config, onEvent: (event: RepoEvent) => void,
): Promise<Database> {
  const { name, storage = "auto", persist = false, worker = startWorker } = options;
  if (typeof storage === "object" || storage === "file") {
    throw new EctomorphError('a page keeps databases in its own storages: "auto", "opfs", "indexeddb" or "memory"');
  }
  return RemoteDatabase.open(worker(), { name, storage, persist }, config, onEvent);
}

/** Bundlers know this form, and make a file of the worker. */
function startWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "ectomorph" });
}
