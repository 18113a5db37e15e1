// The npm package in this repository, in memory.
import { readFileSync } from "node:fs";
import { schema, t } from "../../../pkg/dist/node/index.js";
import { count, from, migration, openRepo } from "../../../pkg/dist/node/repo/index.js";

export const name = "ectomorph";
export const version = JSON.parse(readFileSync(new URL("../../../pkg/package.json", import.meta.url), "utf8")).version;

const User = schema("users", {
  name: t.string(), email: t.string(), age: t.integer(), balance: t.float(), inserted_at: t.naiveDatetime(),
});
const Order = schema("orders", { user_id: t.id(), amount: t.float() });

const migrations = [
  migration(1, "create_tables", (m) =>
    m.create("users", (t) =>
      t.add("name", "text").add("email", "text").add("age", "integer").add("balance", "float").add("inserted_at", "naive_datetime"))
      .create("orders", (t) => t.add("user_id", "bigint").add("amount", "float"))),
  migration(2, "index_age", (m) => m.createIndex("users", ["age"])),
];

const rules = User.changeset((c) => c.cast("id", "name", "email", "age", "balance", "inserted_at"));
const rebalance = User.changeset((c) => c.cast("balance"));

export async function open() {
  const repo = await openRepo({ name: "bench", schemas: [User, Order], migrations, storage: "memory" });
  await repo.rollbackMigrations();
  return {
    async insertAll(users, orders) {
      await repo.transaction(async (repo) => {
        await repo.insertAll(User, users);
        await repo.insertAll(Order, orders);
      });
      return users.length;
    },
    insert: (user) => repo.insert(rules(User.build(), user)),
    count: () => repo.aggregate(User, "count"),
    get: (id) => repo.get(User, id),
    ofAge: (age) => repo.all(from(User).where({ age })),
    indexAge: () => repo.migrate(),
    topByName: (balance, limit) => repo.all(from(User).where((u) => u.balance.gt(balance)).orderBy("name").limit(limit)),
    countByAge: () => repo.all(from(User).groupBy("age").select((u) => ({ age: u.age, count: count() }))),
    ordersWithNames: () =>
      repo.all(
        from(Order).join(User, "u", (o, { u }) => u.id.eq(o.user_id)).select((o, { u }) => ({ id: o.id, amount: o.amount, name: u.name })),
      ),
    setBalance: (id, balance) => repo.update(rebalance(User.loaded({ id }), { balance })),
    raiseBalances: async (age) => (await repo.updateAll(from(User).where((u) => u.age.lt(age)), { inc: { balance: 1 } })).count,
    deleteOlderThan: async (age) => (await repo.deleteAll(from(User).where((u) => u.age.gte(age)))).count,
    close: () => repo.close(),
  };
}
