// A folder with a file for each area of a database: for Node, Deno and Bun.
import {
  closeSync, existsSync, fsyncSync, ftruncateSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync,
} from "node:fs";
import { join } from "node:path";
import { AREAS } from "./storage.js";

/** Opens a folder, which is made if it is not there. It belongs to one database at a time. */
export function openFolder(folder) {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, "lock");
  take(lock, folder);
  const files = [];
  const open = (area) => {
    if (files[area] === undefined) {
      const path = join(folder, AREAS[area]);
      files[area] = openSync(path, existsSync(path) ? "r+" : "w+");
      syncFolder(folder);
    }
    return files[area];
  };
  return {
    name: "file",
    read: (area) => {
      const path = join(folder, AREAS[area]);
      return existsSync(path) ? readFileSync(path) : new Uint8Array(0);
    },
    write(area, at, bytes) {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(open(area), bytes, written, bytes.length - written, at + written);
      }
    },
    truncate(area, length) {
      if (fstatSync(open(area)).size > length) ftruncateSync(open(area), length);
    },
    flush: (area) => fsyncSync(open(area)),
    close() {
      for (const file of files.splice(0)) if (file !== undefined) closeSync(file);
      rmSync(lock, { force: true });
    },
  };
}

/** Writes whose folder it is; that of a process which is gone is nobody's. */
function take(lock, folder) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const owner = Number(readFileSync(lock, "utf8"));
    if (isRunning(owner)) {
      const message = `the database in ${folder} is open already, in process ${owner}; close it there`;
      throw Object.assign(new Error(message), { code: "EBUSY" });
    }
    writeFileSync(lock, String(process.pid));
  }
}

function isRunning(id) {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** The name of a new file is in its folder, which must be durable too. Not all systems can say so. */
function syncFolder(folder) {
  try {
    const handle = openSync(folder, "r");
    fsyncSync(handle);
    closeSync(handle);
  } catch {}
}
