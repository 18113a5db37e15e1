// The package of this repository, in Node and in pages.

/** Opens a database with options, `where` its bytes are among them, and gives what the tasks call. */
export async function openBench({ schema, t, count, from, migration, openRepo }, where) {
  const User = schema("users", {
    name: t.string(), email: t.string(), age: t.integer(), balance: t.float(), inserted_at: t.naiveDatetime(),
  });
  const Order = schema("orders", { user_id: t.id(), amount: t.float() });
  const Member = schema("members", { email: t.string(), team: t.integer() });

  const migrations = [
    migration(1, "create_tables", (m) =>
      m.create("users", (t) =>
        t.add("name", "text").add("email", "text").add("age", "integer").add("balance", "float").add("inserted_at", "naive_datetime"))
        .create("orders", (t) => t.add("user_id", "bigint").add("amount", "float"))
        .create("members", (t) => t.add("email", "text").add("team", "integer"))
        .createIndex("members", ["email"], { unique: true })
        .createIndex("members", ["team"])),
    migration(2, "index_age", (m) => m.createIndex("users", ["age"])),
  ];

  const rules = User.changeset((c) => c.cast("id", "name", "email", "age", "balance", "inserted_at"));
  const rebalance = User.changeset((c) => c.cast("balance"));
  const joining = Member.changeset((c) => c.cast("id", "email", "team").uniqueConstraint("email"));

  let isNew = false;
  const onEvent = ({ type, versions }) => (isNew ||= type === "migrated" && versions.includes(1));
  const repo = await openRepo({ name: "bench", ...where, schemas: [User, Order, Member], migrations, onEvent });
  // The index comes when it is asked for.
  if (isNew) await repo.rollbackMigrations();
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
    deleteBehind: async (id) => (await repo.deleteAll(from(User).where((u) => u.id.gt(id)))).count,
    deleteOlderThan: async (age) => (await repo.deleteAll(from(User).where((u) => u.age.gte(age)))).count,
    insertMembers: (members) => repo.insertAll(Member, members),
    insertMember: (member) => repo.insert(joining(Member.build(), member)),
    getMember: (id) => repo.get(Member, id),
    membersOf: (team) => repo.all(from(Member).where({ team })),
    close: () => repo.close(),
  };
}
