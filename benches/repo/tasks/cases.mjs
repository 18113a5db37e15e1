// The cases, in order, in one database.
import { cases } from "../cases.mjs";
import { median, timed } from "./measure.mjs";

/** What each case took and answered. */
export default async function run(peer, place, fewer = 1) {
  const db = await peer.open(place);
  const results = {};
  for (const item of cases(fewer)) results[item.name] = await measure(item, db);
  await db.close();
  return results;
}

// The median of the repetitions, each of which leaves everything as it was.
async function measure({ run, before, repeat = 1, times = 1, unit }, db) {
  await before?.(db);
  const took = [];
  let digest;
  for (let turn = 0; turn < repeat; turn++) {
    try {
      const { milliseconds, result } = await timed(() => run(db));
      took.push(milliseconds);
      digest = result;
    } catch (error) {
      return { unit, error: error.message };
    }
  }
  return { unit, digest, figure: unit === "us" ? (median(took) * 1000) / times : median(took) };
}
