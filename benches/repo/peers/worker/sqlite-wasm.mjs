// SQLite in the worker that asks it, with the journal that it has unless told otherwise.
import { openSqlite } from "../sqlite-opfs.mjs";

export const name = "sqlite-wasm";
export const stores = true;
export const open = (place) => openSqlite(place);
