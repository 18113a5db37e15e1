import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { versionOf } from "../version.mjs";
import { sqlite } from "./sqlite.mjs";

export const name = "sqlite-wasm";
export const version = versionOf("@sqlite.org/sqlite-wasm");
/** It has no files in Node: the whole database is read and written at once. */
export const stores = true;

let loading;

export async function open(folder) {
  const sqlite3 = await (loading ??= sqlite3InitModule({ print() {}, printErr() {} }));
  const db = new sqlite3.oo1.DB(":memory:");
  if (folder === undefined) return sqlite(db);
  const file = join(folder, "sqlite");
  if (existsSync(file)) deserialize(sqlite3, db, readFileSync(file));
  const own = sqlite(db);
  return {
    ...own,
    close() {
      writeFileSync(file, sqlite3.capi.sqlite3_js_db_export(db));
      own.close();
    },
  };
}

function deserialize({ capi, wasm }, db, bytes) {
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE;
  const status = capi.sqlite3_deserialize(db, "main", wasm.allocFromTypedArray(new Uint8Array(bytes)), bytes.length, bytes.length, flags);
  db.checkRc(status);
}
