// The commits of a ledger, the same ones for the same seed, for programs that are killed meanwhile: in Node and in pages.

/** Entries of older commits are deleted. */
const KEPT = 40;
/** There is an account more every so many commits. */
const PER_ACCOUNT = 10;

/**
 * What the commit of that number writes: maybe an account, entries that change balances, and the number itself. Some write
 * the number alone, without a transaction; some come after a transaction that is rolled back.
 */
export function plan(seed, number) {
  const random = generator(seed * 7919 + number);
  const below = (limit) => Math.floor(random() * limit);
  if (number % 5 === 0) return { number, isAlone: true, account: null, entries: [], deleted: 0, isRetried: false };
  const accounts = Math.ceil(number / PER_ACCOUNT);
  const account = number % PER_ACCOUNT === 1 ? { id: accounts, name: `account ${accounts}`, balance: 0 } : null;
  const entries = Array.from({ length: 1 + below(4) }, (_, index) => ({
    id: number * 10 + index,
    number,
    account_id: 1 + below(accounts),
    amount: 1 + below(1000),
    // Never empty: an empty string is cast to null.
    text: `${number}.${index} `.repeat(1 + below(1000)),
  }));
  return { number, isAlone: false, account, entries, deleted: number - KEPT, isRetried: number % 7 === 0 };
}

/**
 * Does some work, and sometimes waits afterwards, for as long as three times the work took: kills should also come when
 * nothing is under way, and all that is there was acknowledged.
 */
export async function unhurried(number, work) {
  const start = performance.now();
  await work();
  if (number % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 3 * (performance.now() - start)));
}

/** The ledger on a repo: `library` is the package. */
export function ledger(library) {
  const { schema, t, from, migration, references, openRepo } = library;
  const Account = schema("accounts", { name: t.string(), balance: t.integer() });
  const Entry = schema("entries", { number: t.integer(), account_id: t.id(), amount: t.integer(), text: t.string() });
  const Counter = schema("counters", { number: t.integer() });
  const opening = Account.changeset((c) => c.cast("id", "name", "balance").uniqueConstraint("name"));
  const entering = Entry.changeset((c) => c.cast("id", "number", "account_id", "amount", "text").foreignKeyConstraint("account_id"));
  const migrations = [
    migration(1, "create_ledger", (m) =>
      m.create("accounts", (t) => t.add("name", "text").add("balance", "bigint"))
        .createIndex("accounts", ["name"], { unique: true })
        .create("entries", (t) =>
          t.add("number", "bigint").add("account_id", references("accounts")).add("amount", "bigint").add("text", "text"))
        .createIndex("entries", ["number"])
        .create("counters", (t) => t.add("number", "bigint"))),
  ];
  const counted = (repo, number) =>
    repo.insertAll(Counter, [{ id: 1, number }], { onConflict: { set: { number } }, conflictTarget: ["id"] });

  async function transact(repo, { number, account, entries, deleted }) {
    if (account !== null) expectOk(await repo.insert(opening(Account.build(), account)));
    for (const entry of entries) {
      expectOk(await repo.insert(entering(Entry.build(), entry)));
      await repo.updateAll(from(Account).where({ id: entry.account_id }), { inc: { balance: entry.amount } });
    }
    await repo.deleteAll(from(Entry).where((e) => e.number.lte(deleted)));
    await counted(repo, number);
  }

  return {
    open: (options) => openRepo({ schemas: [Account, Entry, Counter], migrations, ...options }),

    /** The number of the last commit. */
    last: async (repo) => (await repo.get(Counter, 1))?.number ?? 0,

    /** Makes a commit: when this is done it is durable, if commits are strict. */
    async commit(repo, planned) {
      if (planned.isAlone) return counted(repo, planned.number);
      if (planned.isRetried) {
        await repo.transaction(async (repo) => {
          await transact(repo, planned);
          repo.rollback("on second thoughts");
        });
      }
      await repo.transaction((repo) => transact(repo, planned));
    },

    /** All there is, and whether constraints still hold: what a name that is taken and an account that is not there give. */
    async look(repo) {
      const accounts = await repo.all(from(Account).orderBy("id"));
      const entries = await repo.all(from(Entry).orderBy("id"));
      const number = (await repo.get(Counter, 1))?.number ?? 0;
      // By its index too, which must be of one mind with the table.
      const latest = entries.at(-1)?.number ?? 0;
      const indexed = await repo.all(from(Entry).where({ number: latest }).orderBy("id").select((e) => e.id));
      const refused = [];
      if (accounts.length > 0) {
        const id = 1e9;
        const taken = await repo.insert(opening(Account.build(), { id, name: accounts.at(-1).name, balance: 0 }));
        const stray = await repo.insert(entering(Entry.build(), { id, number: 0, account_id: id, amount: 1, text: "" }));
        for (const { ok, changeset } of [taken, stray]) refused.push(ok ? "inserted" : changeset.errors[0].message);
      }
      return { number, accounts, entries, latest, indexed, refused };
    },
  };
}

function expectOk({ ok, changeset }) {
  if (!ok) throw new Error(`a row was refused: ${JSON.stringify(changeset.errors)}`);
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
