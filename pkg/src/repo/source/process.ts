// Databases in this thread, with what they keep in files: for Node, Deno and Bun.
import { load } from "#repo-artifact";
import { EctomorphError } from "../../errors.js";
import type { Config, Database } from "../database.js";
import { Direct } from "../direct.js";
import { RepoEngine } from "../engine.js";
import { repoError } from "../errors.js";
import { LocalDatabase } from "../local.js";
import type { RepoEvent, RepoOptions } from "../open.js";
import { openFolder } from "../storage/folder.js";
import type { Storage } from "../storage/storage.js";

let engine: Promise<RepoEngine> | undefined;

export async function openDatabase(
  options: RepoOptions, config: Config, onEvent: (event: RepoEvent) => void,
): Promise<Database> {
  engine ??= load().then((instance) => new RepoEngine(instance));
  let loaded: RepoEngine;
  try {
    loaded = await engine;
  } catch (cause) {
    // What could not be read may be there the next time.
    engine = undefined;
    throw new EctomorphError(`the wasm of the repo can't be used: ${(cause as Error).message}`, { cause });
  }
  return LocalDatabase.open(loaded, config, storageOf(options, onEvent), Direct);
}

function storageOf({ name, storage = "auto" }: RepoOptions, onEvent: (event: RepoEvent) => void): Storage | undefined {
  if (storage === "memory") {
    onEvent({ type: "storage", storage, reason: "as asked for" });
    return undefined;
  }
  if (typeof storage === "object") {
    onEvent({ type: "storage", storage: storage.name, reason: "as asked for" });
    return storage;
  }
  if (storage !== "auto" && storage !== "file") {
    throw new EctomorphError(`there is no storage \`${storage}\` here; use "file" or "memory"`);
  }
  onEvent({ type: "storage", storage: "file", reason: storage === "file" ? "as asked for" : "there are files" });
  try {
    return openFolder(name);
  } catch (cause) {
    const isInUse = (cause as { code?: string }).code === "EBUSY";
    throw repoError(isInUse ? "in_use" : "environment", "StoreError", (cause as Error).message);
  }
}
