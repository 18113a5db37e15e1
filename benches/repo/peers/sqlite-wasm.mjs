import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { versionOf } from "../version.mjs";
import { orderRow, statements, TABLES, userRow } from "./sql.mjs";

export const name = "sqlite-wasm";
export const version = versionOf("@sqlite.org/sqlite-wasm");

export async function open() {
  const sqlite3 = await sqlite3InitModule({ print() {}, printErr() {} });
  const db = new sqlite3.oo1.DB(":memory:");
  for (const table of TABLES) db.exec(table);
  const sql = statements((number) => `?${number}`);
  const prepared = new Map();
  const prepare = (key) => prepared.get(key) ?? prepared.set(key, db.prepare(sql[key])).get(key);
  const all = (key, ...params) => {
    const statement = prepare(key);
    if (params.length > 0) statement.bind(params);
    const rows = [];
    while (statement.step()) rows.push(statement.get({}));
    statement.reset();
    return rows;
  };
  const write = (key, params) => {
    prepare(key).bind(params).step();
    prepare(key).reset();
    return db.changes();
  };
  return {
    insertAll(users, orders) {
      db.transaction(() => {
        for (const user of users) write("insertUser", userRow(user));
        for (const order of orders) write("insertOrder", orderRow(order));
      });
      return users.length;
    },
    insert: (user) => write("insertUser", userRow(user)),
    count: () => all("count")[0].count,
    get: (id) => all("get", id)[0],
    ofAge: (age) => all("ofAge", age),
    indexAge: () => db.exec(sql.indexAge),
    topByName: (balance, limit) => all("topByName", balance, limit),
    countByAge: () => all("countByAge"),
    ordersWithNames: () => all("ordersWithNames"),
    setBalance: (id, balance) => write("setBalance", [balance, id]),
    raiseBalances: (age) => write("raiseBalances", [age]),
    deleteOlderThan: (age) => write("deleteOlderThan", [age]),
    close: () => db.close(),
  };
}
