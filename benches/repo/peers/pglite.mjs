import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { versionOf } from "../version.mjs";
import { COLUMNS, database, orderRow, statements, TABLES, userRow } from "./sql.mjs";

export const name = "PGlite";
export const version = versionOf("@electric-sql/pglite");

/** Rows a statement: the protocol counts parameters in 16 bits. */
const BATCH = 5_000;

/** In a folder, as its own files. */
export const stores = true;

export async function open(folder) {
  const db = await PGlite.create(folder && join(folder, "pglite"));
  const { rows } = await db.query("SELECT to_regclass('users') AS users");
  if (rows[0].users === null) for (const table of TABLES) await db.exec(table);
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
    ...database(all, write),
    async insertAll(users, orders) {
      await insertMany("users", COLUMNS.length, users, userRow);
      await insertMany("orders", 3, orders, orderRow);
      return users.length;
    },
    indexAge: () => db.exec(sql.indexAge),
    close: () => db.close(),
  };
}
