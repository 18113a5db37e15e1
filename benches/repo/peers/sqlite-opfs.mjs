// SQLite by the official package in a worker, on OPFS. Its pool of files (opfs-sahpool) is the faster of its two ways there.
import sqlite3InitModule from "/benches/repo/node_modules/@sqlite.org/sqlite-wasm/dist/index.mjs";
import { sqlite } from "./sqlite.mjs";

/** One flush a commit, for a database that nobody else has open. */
export const WAL = ["locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"];

/** Opens a database, in memory if no place is named; without pragmas it has the journal that it has unless told otherwise. */
export async function openSqlite(place, pragmas = []) {
  const sqlite3 = await sqlite3InitModule({ print() {}, printErr() {} });
  if (place === undefined) return sqlite(new sqlite3.oo1.DB(":memory:"));
  const pool = await sqlite3.installOpfsSAHPoolVfs({ directory: `/${place}` });
  const db = new pool.OpfsSAHPoolDb(`/${place}`);
  for (const pragma of pragmas) db.exec(`PRAGMA ${pragma}`);
  const found = [db.selectValue("PRAGMA journal_mode"), db.selectValue("PRAGMA synchronous")].join();
  // 2 is FULL.
  if (found !== `${pragmas.length > 0 ? "wal" : "delete"},2`) throw new Error(`the journal's mode and how it is flushed are ${found}`);
  return sqlite(db);
}
