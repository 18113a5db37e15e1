// Where SQLite lives when a page asks it.
import { openSqlite, WAL } from "../sqlite-opfs.mjs";

let db;

async function open({ place, wal }) {
  db = await openSqlite(place, wal ? WAL : []);
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
