import initSqlJs from "sql.js";
import { versionOf } from "../version.mjs";
import { orderRow, statements, TABLES, userRow } from "./sql.mjs";

export const name = "sql.js";
export const version = versionOf("sql.js");

export async function open() {
  const SQL = await initSqlJs();
  const db = new SQL.Database();
  for (const table of TABLES) db.run(table);
  const sql = statements((number) => `?${number}`);
  const prepared = new Map();
  const prepare = (key) => prepared.get(key) ?? prepared.set(key, db.prepare(sql[key])).get(key);
  const all = (key, ...params) => {
    const statement = prepare(key);
    if (params.length > 0) statement.bind(params);
    const rows = [];
    while (statement.step()) rows.push(statement.getAsObject());
    statement.reset();
    return rows;
  };
  const write = (key, params) => {
    prepare(key).run(params);
    return db.getRowsModified();
  };
  return {
    insertAll(users, orders) {
      db.run("BEGIN");
      for (const user of users) write("insertUser", userRow(user));
      for (const order of orders) write("insertOrder", orderRow(order));
      db.run("COMMIT");
      return users.length;
    },
    insert: (user) => write("insertUser", userRow(user)),
    count: () => all("count")[0].count,
    get: (id) => all("get", id)[0],
    ofAge: (age) => all("ofAge", age),
    indexAge: () => db.run(sql.indexAge),
    topByName: (balance, limit) => all("topByName", balance, limit),
    countByAge: () => all("countByAge"),
    ordersWithNames: () => all("ordersWithNames"),
    setBalance: (id, balance) => write("setBalance", [balance, id]),
    raiseBalances: (age) => write("raiseBalances", [age]),
    deleteOlderThan: (age) => write("deleteOlderThan", [age]),
    close: () => db.close(),
  };
}
