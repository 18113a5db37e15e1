import alasql from "alasql";
import { versionOf } from "../version.mjs";
import { orderRow, statements, userRow } from "./sql.mjs";

export const name = "alasql";
export const version = versionOf("alasql");

export async function open() {
  const db = new alasql.Database();
  db.exec("CREATE TABLE users (id INT PRIMARY KEY, name STRING, email STRING, age INT, balance NUMBER, inserted_at STRING)");
  db.exec("CREATE TABLE orders (id INT PRIMARY KEY, user_id INT, amount NUMBER)");
  const sql = statements(() => "?");
  sql.count = "SELECT count(*) AS [count] FROM users";
  sql.countByAge = "SELECT age, count(*) AS [count] FROM users GROUP BY age";
  sql.ordersWithNames =
    "SELECT orders.id AS id, orders.amount AS amount, users.name AS name FROM orders INNER JOIN users ON users.id = orders.user_id";
  const all = (key, ...params) => db.exec(sql[key], params);
  return {
    insertAll(users, orders) {
      for (const user of users) all("insertUser", ...userRow(user));
      for (const order of orders) all("insertOrder", ...orderRow(order));
      return users.length;
    },
    insert: (user) => all("insertUser", ...userRow(user)),
    count: () => all("count")[0].count,
    get: (id) => all("get", id)[0],
    ofAge: (age) => all("ofAge", age),
    // An index makes alasql's equality slower or no faster, and it has none of order; it is created all the same.
    indexAge: () => db.exec(sql.indexAge),
    topByName: (balance, limit) => db.exec(sql.topByName.replace(/LIMIT \?/, `LIMIT ${limit}`), [balance]),
    countByAge: () => all("countByAge"),
    ordersWithNames: () => all("ordersWithNames"),
    setBalance: (id, balance) => all("setBalance", balance, id),
    raiseBalances: (age) => all("raiseBalances", age),
    deleteBehind: (id) => all("deleteBehind", id),
    deleteOlderThan: (age) => all("deleteOlderThan", age),
    close() {},
  };
}
