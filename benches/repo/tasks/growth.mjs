// What single calls cost as a table of members grows, whose e-mail addresses are unique and whose teams are indexed.
import { member, TEAM } from "../data.mjs";
import { collect } from "./measure.mjs";

export const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/**
 * Calls in one piece, and pieces, of which the fastest counts, where there is such in time of the processor: what else the machine does
 * is not what grows.
 */
const CALLS = 400;
const PIECES = 10;

/** What each call costs at each size: `{"get by key": {1000: {figure, digest}}}`. */
export default async function run(peer) {
  const results = {};
  // Twice beforehand, for the compilers.
  for (const size of [SIZES[0], SIZES[0], ...SIZES]) {
    const db = await peer.open();
    for (let from = 0; from < size; from += 1000) {
      await db.insertMembers(Array.from({ length: 1000 }, (_, index) => member(from + index + 1, size)));
    }
    const scattered = (call) => 1 + ((call * 7919) % size);
    const calls = {
      "get by key": async (call) => (await db.getMember(scattered(call))).team,
      "insert, unique index": async (call) => {
        // Members of no team that is asked for.
        await db.insertMember({ ...member(size + call + 1, size), team: size + call });
        return 1;
      },
      "filter, indexed": async (call) => (await db.membersOf(scattered(call) % (size / TEAM))).length,
    };
    for (const [name, call] of Object.entries(calls)) (results[name] ??= {})[size] = await measure(call);
    await db.close();
  }
  return results;
}

/** Microseconds: of the processor, or in browsers by the clock. */
const now = typeof process === "undefined" ? () => performance.now() * 1000 : () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

async function measure(call) {
  const took = [];
  let digest = 0;
  for (let piece = 0; piece < PIECES; piece++) {
    collect();
    const start = now();
    for (let turn = 0; turn < CALLS; turn++) digest += await call(piece * CALLS + turn);
    took.push((now() - start) / CALLS);
  }
  return { figure: Math.min(...took), digest };
}
