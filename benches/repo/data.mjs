// The tables of the benchmark: 100,000 users and 10,000 orders, the same in every run; members, of any number.

export const USERS = 100_000;
const ORDERS = 10_000;
/** Users that are inserted one by one, after the rest. */
export const LATE = 10_000;

const FIRST = ["Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Alan", "Radia", "Niklaus", "Hedy"];

/** All rows: users, their orders, and users that are inserted one by one after the rest. */
export function rows() {
  const random = generator(20261123);
  const users = Array.from({ length: USERS }, (_, index) => user(index + 1, random));
  const orders = Array.from({ length: ORDERS }, (_, index) => ({
    id: index + 1,
    user_id: 1 + Math.floor(random() * USERS),
    amount: Math.round(random() * 100_000) / 100,
  }));
  const late = Array.from({ length: LATE }, (_, index) => user(USERS + index + 1, random));
  return { users, orders, late };
}

/** The users alone, a thousand at a time, which nobody has to keep. */
export function* batches() {
  const random = generator(20261123);
  for (let id = 1; id <= USERS; id += 1000) yield Array.from({ length: 1000 }, (_, index) => user(id + index, random));
}

/** How many members a team has, however many members there are. */
export const TEAM = 10;

/** The member of that number among `size`. */
export const member = (id, size) => ({ id, email: `member${id}@example.com`, team: id % (size / TEAM) });

function user(id, random) {
  return {
    id,
    name: `${FIRST[Math.floor(random() * FIRST.length)]} ${Math.floor(random() * 1e9).toString(36)}`,
    email: `user${id}@example.com`,
    age: Math.floor(random() * 100),
    balance: Math.round(random() * 100_000) / 100,
    inserted_at: `2026-01-${String(1 + (id % 28)).padStart(2, "0")}T12:00:00`,
  };
}

// A linear congruential generator of 32 bits (Numerical Recipes, chapter 7): rows must not differ between runs.
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
