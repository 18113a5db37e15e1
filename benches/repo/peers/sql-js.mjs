import initSqlJs from "sql.js";
import { versionOf } from "../version.mjs";
import { database, orderRow, statements, stepping, TABLES, userRow } from "./sql.mjs";

export const name = "sql.js";
export const version = versionOf("sql.js");

export async function open() {
  const SQL = await initSqlJs();
  const db = new SQL.Database();
  for (const table of TABLES) db.run(table);
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
    close: () => db.close(),
  };
}
