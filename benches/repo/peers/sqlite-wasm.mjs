import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { versionOf } from "../version.mjs";
import { database, orderRow, statements, stepping, TABLES, userRow } from "./sql.mjs";

export const name = "sqlite-wasm";
export const version = versionOf("@sqlite.org/sqlite-wasm");

export async function open() {
  const sqlite3 = await sqlite3InitModule({ print() {}, printErr() {} });
  const db = new sqlite3.oo1.DB(":memory:");
  for (const table of TABLES) db.exec(table);
  const sql = statements((number) => `?${number}`);
  const prepared = new Map();
  const prepare = (key) => prepared.get(key) ?? prepared.set(key, db.prepare(sql[key])).get(key);
  const all = stepping(prepare, (statement) => statement.get({}));
  const write = (key, params) => {
    prepare(key).bind(params).step();
    prepare(key).reset();
    return db.changes();
  };
  return {
    ...database(all, write),
    insertAll(users, orders) {
      db.transaction(() => {
        for (const user of users) write("insertUser", userRow(user));
        for (const order of orders) write("insertOrder", orderRow(order));
      });
      return users.length;
    },
    indexAge: () => db.exec(sql.indexAge),
    close: () => db.close(),
  };
}
