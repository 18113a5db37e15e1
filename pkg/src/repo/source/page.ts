// Databases in workers: for pages.
import { EctomorphError } from "../../errors.js";
import type { Config, Database } from "../database.js";
import type { RepoEvent, RepoOptions } from "../open.js";
import { RemoteDatabase } from "../worker/remote.js";

/** As PostgreSQL's `idle_in_transaction_session_timeout`, which applications set to so much. */
const IDLE = 15_000;

export async function openDatabase(
  options: RepoOptions, config: Config, onEvent: (event: RepoEvent) => void,
): Promise<Database> {
  const { name, storage = "auto", persist = false, sql = false, shared = false, transactionIdle = IDLE, worker = startWorker } = options;
  if (typeof storage === "object" || storage === "file") {
    throw new EctomorphError('a page keeps databases in its own storages: "auto", "opfs", "indexeddb" or "memory"');
  }
  if (shared && storage === "memory") throw new EctomorphError("a database in memory is not shared: it is this tab's alone");
  if (shared && navigator.locks === undefined) throw new EctomorphError("tabs share databases in secure pages alone: over https, or on localhost");
  if (shared && typeof worker !== "function") throw new EctomorphError("tabs share a database by way of a worker that the package starts, not `here`");
  const place = { name, storage, sql, shared, transactionIdle };
  const database = await (typeof worker === "function" ? RemoteDatabase.open(worker(), place, config, onEvent) : worker.open(place, config, onEvent));
  // Not waited for: some browsers ask the user, who may take any time, or never answer.
  if (persist && storage !== "memory") void persisted().then((granted) => onEvent({ type: "persist", granted }));
  return database;
}

/** Asks the browser to keep what this origin stores, unless it does. */
async function persisted(): Promise<boolean> {
  const { storage } = navigator;
  try {
    return typeof storage?.persist === "function" && ((await storage.persisted()) || (await storage.persist()));
  } catch {
    return false;
  }
}

/** Bundlers know this form, and make a file of the worker. */
function startWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "ectomorph" });
}
