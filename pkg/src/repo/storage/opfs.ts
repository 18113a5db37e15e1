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

/** The folder of all databases. */
const ROOT = "ectomorph";

/** Opens the files of a database in the origin's private file system; they are made if they are not there. */
export async function openOpfs(name: string): Promise<Storage> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
  // Names of files may not hold everything that names of databases do.
  const folder = await root.getDirectoryHandle(encodeURIComponent(name), { create: true });
  const files: SyncHandle[] = [];
  const close = () => {
    for (const file of files.splice(0)) file.close();
  };
  try {
    for (const area of AREAS) {
      const file = await folder.getFileHandle(area, { create: true });
      files.push(await (file as unknown as { createSyncAccessHandle(): Promise<SyncHandle> }).createSyncAccessHandle());
    }
  } catch (error) {
    close();
    throw error;
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
      // Where room is short, less may be written than was given.
      if (file(area).write(bytes, { at }) < bytes.length) throw new DOMException("the origin has no more room", "QuotaExceededError");
    },
    truncate(area, length) {
      if (file(area).getSize() > length) file(area).truncate(length);
    },
    flush: (area) => file(area).flush(),
    close,
  };
}
