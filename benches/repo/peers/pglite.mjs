import { PGlite } from "@electric-sql/pglite";
import { versionOf } from "../version.mjs";
import { COLUMNS, orderRow, statements, TABLES, userRow } from "./sql.mjs";

export const name = "PGlite";
export const version = versionOf("@electric-sql/pglite");

/** Rows a statement: the protocol counts parameters in 16 bits. */
const BATCH = 5_000;

export async function open() {
  const db = await PGlite.create();
  for (const table of TABLES) await db.exec(table);
  const sql = statements((number) => `$${number}`);
  const all = async (key, ...params) => (await db.query(sql[key], params)).rows;
  const write = async (key, params) => (await db.query(sql[key], params)).affectedRows;
  const insertMany = async (into, width, rows, toRow) => {
    for (let from = 0; from < rows.length; from += BATCH) {
      const batch = rows.slice(from, from + BATCH);
      const values = batch.map((_, row) => `(${Array.from({ length: width }, (_, i) => `$${row * width + i + 1}`).join(",")})`);
      await db.query(`INSERT INTO ${into} VALUES ${values.join(",")}`, batch.flatMap(toRow));
    }
  };
  return {
    async insertAll(users, orders) {
      await insertMany("users", COLUMNS.length, users, userRow);
      await insertMany("orders", 3, orders, orderRow);
      return users.length;
    },
    insert: (user) => write("insertUser", userRow(user)),
    count: async () => (await all("count"))[0].count,
    get: async (id) => (await all("get", id))[0],
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
