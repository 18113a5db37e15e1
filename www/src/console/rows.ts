// Rows that are the same each time, so that results can be told.
import type { Repo } from "ectomorph/repo";
import { Comment, Post, User } from "./schemas.js";

const FIRST = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Ken", "Radia", "Tony"];
const LAST = ["Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Allen", "Thompson", "Perlman", "Hoare"];
const CITIES = ["London", "Paris", "Oslo", "Lisbon", "Vienna", "Kyoto", "Lima", "Accra"];
const WORDS = ["engines", "compilers", "types", "queries", "locks", "trees", "proofs", "networks", "errors", "names"];

export const USERS = 3000;
export const POSTS = 9000;
export const COMMENTS = 27_000;

/** Fills the tables. */
export async function fill(repo: Repo): Promise<void> {
  const random = dice(7);
  await repo.insertAll(User, rows(USERS, (n) => {
    const name = `${pick(FIRST, random())} ${pick(LAST, random())}`;
    return {
      name, email: `user${n + 1}@example.com`, age: 18 + (random() % 60),
      city: pick(CITIES, random()), invited_by_id: n < 10 ? null : 1 + Math.floor(n / 10),
    };
  }));
  await repo.insertAll(Post, rows(POSTS, (n) => ({
    title: `On ${pick(WORDS, random())} and ${pick(WORDS, random())}, part ${1 + (n % 7)}`,
    views: random() % 5000,
    published_on: new Date(Date.UTC(2020 + (random() % 5), random() % 12, 1 + (random() % 28))).toISOString().slice(0, 10),
    user_id: 1 + (random() % USERS),
  })));
  await repo.insertAll(Comment, rows(COMMENTS, (n) => ({
    body: `A word about ${pick(WORDS, random())} (${n + 1})`, likes: random() % 40, post_id: 1 + (random() % POSTS), user_id: 1 + (random() % USERS),
  })));
}

function rows<T>(count: number, row: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => row(n));
}

function pick(all: readonly string[], number: number): string {
  return all[number % all.length] as string;
}

/** Numbers that look random and are always the same. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
