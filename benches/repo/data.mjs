// The tables of the benchmark: 100,000 users and 10,000 orders, the same in every run.

export const USERS = 100_000;
export const ORDERS = 10_000;

const random = generator(20261123);
const FIRST = ["Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Alan", "Radia", "Niklaus", "Hedy"];

export const users = Array.from({ length: USERS }, (_, index) => user(index + 1));
export const orders = Array.from({ length: ORDERS }, (_, index) => ({
  id: index + 1,
  user_id: 1 + Math.floor(random() * USERS),
  amount: Math.round(random() * 100_000) / 100,
}));
/** Users that are inserted one by one, after the rest. */
export const late = Array.from({ length: 10_000 }, (_, index) => user(USERS + index + 1));

function user(id) {
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
