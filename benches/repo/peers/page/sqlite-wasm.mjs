// SQLite by the official package, in a worker on OPFS, with the journal that it has unless told otherwise.
import { connect } from "./remote.mjs";

export const name = "sqlite-wasm";
export const stores = true;

export const open = (place) => connect(new URL("sqlite-worker.mjs", import.meta.url), { place, wal: false });
