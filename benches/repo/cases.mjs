// What is measured, in order: later cases work on what earlier ones left.
import { LATE, rows, USERS } from "./data.mjs";

/** How often one row is read or updated. */
const SINGLE = 5_000;
/** How often everything is done that can be done again. */
const TURNS = 5;

// Spread over the table, so that nothing is next to what was read before.
const scattered = (index) => 1 + ((index * 7919) % USERS);

/**
 * The cases, each of which calls one method of a peer `times` times and answers a digest: the same for every peer that did
 * the work. `unit` is ms for all of it, or us for each call. What is repeated may need something done `between`. Single rows are written `fewer` times less often.
 */
export function cases(fewer) {
  const { users, orders, late } = rows();
  const [inserts, updates] = [LATE / fewer, SINGLE / fewer];
  // Where each waits for the disk it matters little whose code is new.
  const turns = fewer === 1 ? TURNS : 1;
  return [
    { name: "insert 100k at once", unit: "ms", run: async (db) => db.insertAll(users, orders) },
    {
      name: `insert ${inserts / 1000}k one by one`,
      unit: "ms",
      repeat: turns,
      between: (db) => db.deleteBehind(USERS),
      async run(db) {
        for (const user of late.slice(0, inserts)) await db.insert(user);
        return db.count();
      },
    },
    {
      name: "get by key",
      unit: "us",
      times: SINGLE,
      async run(db) {
        let digest = 0;
        for (let i = 0; i < SINGLE; i++) digest += (await db.get(scattered(i))).age;
        return digest;
      },
    },
    { name: "filter 1 %", unit: "ms", repeat: TURNS, run: async (db) => sum(await db.ofAge(42)) },
    { name: "filter 50 %, order, 20", unit: "ms", repeat: TURNS, run: async (db) => ids(await db.topByName(500, 20)) },
    { name: "group by, count", unit: "ms", repeat: TURNS, run: async (db) => groups(await db.countByAge()) },
    { name: "join 10k x 100k", unit: "ms", repeat: TURNS, run: async (db) => joined(await db.ordersWithNames()) },
    { name: "filter 1 %, indexed", unit: "ms", repeat: TURNS, before: (db) => db.indexAge(), run: async (db) => sum(await db.ofAge(42)) },
    {
      name: "update one",
      unit: "us",
      repeat: turns,
      times: updates,
      async run(db) {
        for (let i = 0; i < updates; i++) await db.setBalance(scattered(i), i);
        return (await db.get(scattered(17))).balance;
      },
    },
    { name: "update 10 %", unit: "ms", repeat: TURNS, run: async (db) => db.raiseBalances(10) },
    { name: "delete 10 %", unit: "ms", run: async (db) => db.deleteOlderThan(90) },
  ];
}

const sum = (rows) => rows.length * 1e9 + rows.reduce((total, row) => total + row.id, 0);
const ids = (rows) => rows.map((row) => row.id).join(" ");
const groups = (rows) => rows.length * 1e9 + rows.reduce((total, row) => total + (row.age + 1) * row.count, 0);
const joined = (rows) => rows.length * 1e9 + rows.reduce((total, row) => total + row.name.length, 0);
