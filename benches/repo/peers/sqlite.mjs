// SQLite by the official package, wherever the bytes of the database are.
import { database, orderRow, statements, stepping, TABLES } from "./sql.mjs";

/** What the tasks call, on a database of the package's object-oriented API. */
export function sqlite(db) {
  if (!db.selectValue("SELECT count(*) FROM sqlite_schema")) for (const table of TABLES) db.exec(table);
  const sql = statements((number) => `?${number}`);
  const prepared = new Map();
  const prepare = (key) => prepared.get(key) ?? prepared.set(key, db.prepare(sql[key])).get(key);
  const all = stepping(prepare, (statement) => statement.get({}));
  const write = (key, params) => {
    prepare(key).bind(params).step();
    prepare(key).reset();
    return db.changes();
  };
  const own = database(all, write);
  return {
    ...own,
    insertAll(users, orders) {
      db.transaction(() => {
        for (const user of users) own.insert(user);
        for (const order of orders) write("insertOrder", orderRow(order));
      });
      return users.length;
    },
    insertMembers: (members) => db.transaction(() => members.forEach(own.insertMember)),
    indexAge: () => db.exec(sql.indexAge),
    close() {
      for (const statement of prepared.values()) statement.finalize();
      db.close();
    },
  };
}
