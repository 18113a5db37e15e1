// Where SQLite lives in a page. Its pool of files (opfs-sahpool) is the faster of its two ways to OPFS.
import sqlite3InitModule from "/benches/repo/node_modules/@sqlite.org/sqlite-wasm/dist/index.mjs";
import { sqlite } from "../sqlite.mjs";

let db;

async function open({ place, pragmas }) {
  const sqlite3 = await sqlite3InitModule({ print() {}, printErr() {} });
  let opened;
  if (place === undefined) opened = new sqlite3.oo1.DB(":memory:");
  else {
    const pool = await sqlite3.installOpfsSAHPoolVfs({ directory: `/${place}` });
    opened = new pool.OpfsSAHPoolDb(`/${place}`);
    for (const pragma of pragmas) opened.exec(`PRAGMA ${pragma}`);
    const expected = pragmas.some((pragma) => pragma.endsWith("WAL")) ? "wal" : "delete";
    const mode = opened.selectValue("PRAGMA journal_mode");
    if (mode !== expected) throw new Error(`the journal's mode is ${mode}, not ${expected}`);
  }
  db = sqlite(opened);
  return Object.keys(db);
}

addEventListener("message", async ({ data: { method, args } }) => {
  try {
    const result = method === "open" ? await open(...args) : db[method](...args);
    // A database object is what some methods give, which cannot cross.
    postMessage({ result: typeof result === "object" && result !== null && "pointer" in result ? undefined : result });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
