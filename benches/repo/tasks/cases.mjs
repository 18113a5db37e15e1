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

// The median of the repetitions, each of which leaves everything as it was; and the first, whose code nobody ran before.
async function measure({ run, before, between, repeat = 1, times = 1, unit }, db) {
  await before?.(db);
  const took = [];
  let digest;
  for (let turn = 0; turn < repeat; turn++) {
    try {
      if (turn > 0) await between?.(db);
      const { milliseconds, result } = await timed(() => run(db));
      took.push(milliseconds);
      digest = result;
    } catch (error) {
      return { unit, error: error.message };
    }
  }
  const figure = (milliseconds) => (unit === "us" ? (milliseconds * 1000) / times : milliseconds);
  return { unit, digest, figure: figure(median(took)), first: figure(took[0]) };
}
