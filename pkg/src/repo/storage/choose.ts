import { repoError } from "../errors.js";
import type { RepoEvent } from "../open.js";
import type { Place } from "../worker/protocol.js";
import { databaseName, openIndexedDb } from "./indexeddb.js";
import { inUse, lockDatabase } from "./lock.js";
import { isInUse, openOpfs, opfsFolder } from "./opfs.js";
import type { Storage } from "./storage.js";

/**
 * Opens the storage of a place in a worker, the best there is if that is left open; undefined for memory. The lock of the
 * database is given up with it, and is asked for unless it is held already: then `held` gives it up.
 */
export async function chooseStorage(
  place: Place, durability: "strict" | "relaxed", onEvent: (event: RepoEvent) => void, held?: () => void,
): Promise<Storage | undefined> {
  const { storage, reason } = place.storage === "auto" ? await best(place.name) : { storage: place.storage, reason: "as asked for" };
  if (storage === "memory") {
    onEvent({ type: "storage", storage, reason });
    return undefined;
  }
  // Found while the lock is asked for.
  const folder = storage === "opfs" ? opfsFolder(place.name) : undefined;
  folder?.catch(() => {});
  const unlock = held ?? (await lockDatabase(place.name));
  try {
    const opened = folder !== undefined ? await openOpfs(await folder) : await openIndexedDb(place.name, durability);
    const close = opened.close.bind(opened);
    opened.close = async () => {
      await close();
      unlock();
    };
    onEvent({ type: "storage", storage, reason });
    return opened;
  } catch (cause) {
    unlock();
    if (isInUse(cause)) throw inUse(place.name);
    throw repoError("environment", "StoreError", `the storage ${storage} can't be opened: ${(cause as Error).message}`);
  }
}

/** Waits for an engine and a storage, which are loaded and opened side by side. */
export async function besideEngine<E>(engine: Promise<E>, storage: Promise<Storage | undefined>): Promise<readonly [E, Storage | undefined]> {
  try {
    return await Promise.all([engine, storage]);
  } catch (error) {
    // One without the other is of no use.
    await storage.then((opened) => opened?.close(), () => {});
    throw error;
  }
}

/** The best storage that lasts; never memory, which nobody asked for. */
async function best(name: string): Promise<{ readonly storage: "opfs" | "indexeddb"; readonly reason: string }> {
  const why = await withoutOpfs();
  if (why !== undefined && typeof indexedDB === "undefined") {
    throw repoError("environment", "StoreError",
      `nothing here keeps a database: ${why}, and there is no IndexedDB; storage: "memory" loses it with the page`);
  }
  if (why !== undefined) return { storage: "indexeddb", reason: why };
  // A browser that learned of OPFS since keeps the database where it is.
  const known = typeof indexedDB === "undefined" ? [] : await indexedDB.databases();
  if (known.some((database) => database.name === databaseName(name))) {
    return { storage: "indexeddb", reason: "the database is there already" };
  }
  return { storage: "opfs", reason: "there is a private file system" };
}

/** Why there is no OPFS; undefined if there is. */
async function withoutOpfs(): Promise<string | undefined> {
  if (typeof navigator.storage?.getDirectory !== "function") return "the page is not secure, or the browser has no private file system";
  if (typeof FileSystemFileHandle === "undefined" || !("createSyncAccessHandle" in FileSystemFileHandle.prototype)) {
    return "the private file system can't be written at once";
  }
  try {
    await navigator.storage.getDirectory();
    return undefined;
  } catch (error) {
    // As in private windows of some browsers.
    return `the private file system is refused: ${(error as Error).message}`;
  }
}
