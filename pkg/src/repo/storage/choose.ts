import { repoError } from "../errors.js";
import type { RepoEvent } from "../open.js";
import type { Place } from "../worker/protocol.js";
import { openOpfs } from "./opfs.js";
import type { Storage } from "./storage.js";

/** Opens the storage of a place, the best there is if that is left open; undefined for memory. */
export async function chooseStorage(
  { name, storage }: Place, _durability: "strict" | "relaxed", onEvent: (event: RepoEvent) => void,
): Promise<Storage | undefined> {
  if (storage === "memory") {
    onEvent({ type: "storage", storage, reason: "as asked for" });
    return undefined;
  }
  try {
    const opened = await openOpfs(name);
    onEvent({ type: "storage", storage: "opfs", reason: storage === "opfs" ? "as asked for" : "there is a private file system" });
    return opened;
  } catch (cause) {
    throw repoError("environment", "StoreError", (cause as Error).message);
  }
}
