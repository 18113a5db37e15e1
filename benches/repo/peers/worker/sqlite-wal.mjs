// SQLite in the worker that asks it, with a write-ahead log.
import { openSqlite, WAL } from "../sqlite-opfs.mjs";

export const name = "sqlite-wasm, WAL";
export const stores = true;
export const open = (place) => openSqlite(place, WAL);
