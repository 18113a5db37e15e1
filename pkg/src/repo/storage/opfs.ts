import { AREAS, type Storage } from "./storage.js";

/** A file of OPFS that is open; only workers have these, and one at a time has a file. */
interface SyncHandle {
  read(into: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(length: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

interface SyncFile {
  createSyncAccessHandle(): Promise<SyncHandle>;
}

/** How long the files of a page that was left may take to be free, and how often they are asked for. */
const PATIENCE = 3000;
const PAUSE = 20;

/** The folder of all databases. */
const ROOT = "ectomorph";

/** Where the files of a database are in the origin's private file system; it is made if it is not there. */
export async function opfsFolder(name: string): Promise<FileSystemDirectoryHandle> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
  // Names of files may not hold everything that names of databases do.
  return root.getDirectoryHandle(encodeURIComponent(name), { create: true });
}

/** Opens the files of a database; they are made if they are not there. */
export async function openOpfs(folder: FileSystemDirectoryHandle): Promise<Storage> {
  // Side by side: each is two ways to another process and back.
  const opening = await Promise.allSettled(AREAS.map(async (area) =>
    opened((await folder.getFileHandle(area, { create: true })) as unknown as SyncFile)));
  const files = opening.flatMap((file) => (file.status === "fulfilled" ? [file.value] : []));
  const close = () => {
    for (const file of files.splice(0)) file.close();
  };
  const failed = opening.find((file) => file.status === "rejected");
  if (failed !== undefined) {
    close();
    throw failed.reason;
  }
  const file = (area: number) => files[area] as SyncHandle;
  return {
    name: "opfs",
    read(area) {
      const bytes = new Uint8Array(file(area).getSize());
      const length = file(area).read(bytes, { at: 0 });
      return bytes.subarray(0, length);
    },
    write(area, at, bytes) {
      // Where room is short, less may be written than was given; private windows of Chromium then return a number far beyond.
      if (file(area).write(bytes, { at }) !== bytes.length) throw new DOMException("the origin has no more room", "QuotaExceededError");
    },
    truncate(area, length) {
      if (file(area).getSize() > length) file(area).truncate(length);
    },
    flush: (area) => file(area).flush(),
    close,
  };
}

/** Opens a file. That of a worker which has ended is free a little later than the worker's lock. */
async function opened(file: SyncFile): Promise<SyncHandle> {
  for (const start = performance.now(); ; ) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if (!isInUse(error) || performance.now() - start > PATIENCE) throw error;
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

/** Whether a file can't be opened since somebody else has it. */
export function isInUse(error: unknown): boolean {
  return (error as { name?: string }).name === "NoModificationAllowedError";
}
