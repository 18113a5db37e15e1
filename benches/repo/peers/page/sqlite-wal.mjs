// SQLite as in `sqlite-wasm.mjs`, with a write-ahead log: one flush a commit, for a database that nobody else has open.
import { connect } from "./remote.mjs";

export const name = "sqlite-wasm, WAL";
export const stores = true;

const pragmas = ["locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"];

export const open = (place) => connect(new URL("sqlite-worker.mjs", import.meta.url), { place, pragmas });
