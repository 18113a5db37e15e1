// SQLite as in `sqlite-wasm.mjs`, with a write-ahead log.
import { connect } from "./remote.mjs";

export const name = "sqlite-wasm, WAL";
export const stores = true;

export const open = (place) => connect(new URL("sqlite-worker.mjs", import.meta.url), { place, wal: true });
