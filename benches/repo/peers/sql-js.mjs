import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import initSqlJs from "sql.js";
import { versionOf } from "../version.mjs";
import { database, orderRow, statements, stepping, TABLES, userRow } from "./sql.mjs";

export const name = "sql.js";
export const version = versionOf("sql.js");
/** It has no files: the whole database is read and written at once. */
export const stores = true;

let loading;

export async function open(folder) {
  const SQL = await (loading ??= initSqlJs());
  const file = folder && join(folder, "sql-js");
  const stored = file && existsSync(file);
  const db = new SQL.Database(stored ? readFileSync(file) : undefined);
  if (!stored) for (const table of TABLES) db.run(table);
  const sql = statements((number) => `?${number}`);
  const prepared = new Map();
  const prepare = (key) => prepared.get(key) ?? prepared.set(key, db.prepare(sql[key])).get(key);
  const all = stepping(prepare, (statement) => statement.getAsObject());
  const write = (key, params) => {
    prepare(key).run(params);
    return db.getRowsModified();
  };
  return {
    ...database(all, write),
    insertAll(users, orders) {
      db.run("BEGIN");
      for (const user of users) write("insertUser", userRow(user));
      for (const order of orders) write("insertOrder", orderRow(order));
      db.run("COMMIT");
      return users.length;
    },
    indexAge: () => db.run(sql.indexAge),
    close() {
      if (file) writeFileSync(file, db.export());
      db.close();
    },
  };
}
