// A Map of objects and hand-written loops: the floor, and what the others' answers are held against.
export const name = "JS Map";
export const version = "-";

export async function open() {
  const users = new Map();
  const orders = [];
  return {
    insertAll(rows, more) {
      for (const row of rows) users.set(row.id, { ...row });
      for (const row of more) orders.push({ ...row });
      return rows.length;
    },
    insert: (user) => users.set(user.id, { ...user }),
    count: () => users.size,
    get: (id) => ({ ...users.get(id) }),
    ofAge: (age) => [...users.values()].filter((user) => user.age === age).map((user) => ({ ...user })),
    indexAge() {},
    topByName: (balance, limit) =>
      [...users.values()]
        .filter((user) => user.balance > balance)
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
        .slice(0, limit)
        .map((user) => ({ ...user })),
    countByAge() {
      const counts = new Map();
      for (const { age } of users.values()) counts.set(age, (counts.get(age) ?? 0) + 1);
      return [...counts].map(([age, count]) => ({ age, count }));
    },
    ordersWithNames: () => orders.map((order) => ({ id: order.id, amount: order.amount, name: users.get(order.user_id).name })),
    setBalance: (id, balance) => (users.get(id).balance = balance),
    raiseBalances(age) {
      let changed = 0;
      for (const user of users.values()) if (user.age < age) (user.balance += 1), changed++;
      return changed;
    },
    deleteBehind(id) {
      for (const user of users.values()) if (user.id > id) users.delete(user.id);
    },
    deleteOlderThan(age) {
      let deleted = 0;
      for (const user of users.values()) if (user.age >= age) users.delete(user.id), deleted++;
      return deleted;
    },
    close() {},
  };
}
