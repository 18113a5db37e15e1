// What must be there after a kill: the ledger after some commit, and not before the last that was acknowledged.
import { isDeepStrictEqual } from "node:util";
import { plan } from "./workload.mjs";

/** A ledger as the commits of a seed leave it, without a database. */
class Model {
  #accounts = new Map();
  #entries = new Map();
  number = 0;

  constructor(seed) {
    this.seed = seed;
  }

  advance(to) {
    while (this.number < to) {
      const { account, entries, deleted } = plan(this.seed, ++this.number);
      if (account !== null) this.#accounts.set(account.id, { ...account });
      for (const entry of entries) {
        this.#entries.set(entry.id, entry);
        this.#accounts.get(entry.account_id).balance += entry.amount;
      }
      for (const { id, number } of this.#entries.values()) if (number <= deleted) this.#entries.delete(id);
    }
  }

  get accounts() {
    return [...this.#accounts.values()];
  }

  get entries() {
    return [...this.#entries.values()];
  }
}

/** A database that lives through kills. */
export class Kept {
  #model;

  constructor(seed) {
    this.seed = seed;
    this.#model = new Model(seed);
  }

  /** The number of the last commit that was seen. */
  get number() {
    return this.#model.number;
  }

  /**
   * Holds what `look` gave of the database after a kill against what it must be; says what is wrong. Commits are made one
   * after the other, each when the one before was acknowledged, so there is at most one more than was.
   */
  problem(looked, acknowledged, durability) {
    const { number, accounts, entries, latest, indexed, refused } = looked;
    const least = durability === "strict" ? Math.max(acknowledged, this.number) : this.number;
    if (number < least) return `commit ${number} is the last, and ${least} was acknowledged`;
    const most = Math.max(acknowledged, this.number) + 1;
    if (number > most) return `commit ${number} is the last, and ${most} was not even begun`;
    this.#model.advance(number);
    const wrong = firstDifference(accounts, this.#model.accounts) ?? firstDifference(entries, this.#model.entries);
    if (wrong !== undefined) return `after commit ${number}: ${wrong}`;
    const ids = entries.filter((entry) => entry.number === latest).map((entry) => entry.id);
    if (!isDeepStrictEqual(indexed, ids)) return `after commit ${number} the index finds ${indexed}, not ${ids}`;
    const expected = accounts.length === 0 ? [] : ["has already been taken", "does not exist"];
    if (!isDeepStrictEqual(refused, expected)) return `after commit ${number} the constraints say ${JSON.stringify(refused)}`;
    return undefined;
  }
}

function firstDifference(actual, expected) {
  if (actual.length !== expected.length) return `${actual.length} rows, not ${expected.length}`;
  const at = actual.findIndex((row, index) => !isDeepStrictEqual(row, expected[index]));
  return at < 0 ? undefined : `${shortened(actual[at])}, not ${shortened(expected[at])}`;
}

const shortened = (row) => JSON.stringify(row).slice(0, 200);
