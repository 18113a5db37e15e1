// Opens what `fill.mjs` left behind, in a program that knows its wasm already.
import { timed } from "./measure.mjs";

const OPEN = "open 100k from disk";

export default async function run(peer, place) {
  if (!peer.stores) return {};
  await (await peer.open()).close();
  let db;
  const { milliseconds, result } = await timed(async () => {
    db = await peer.open(place);
    return db.count();
  });
  await db.close();
  return { [OPEN]: { unit: "ms", figure: milliseconds, digest: result } };
}
