// One peer in a process of its own: `worker.mjs PEER` goes through the cases and sends what they took, with digests.
import { CASES } from "./cases.mjs";

const peer = await import(`./peers/${process.argv[2]}.mjs`).catch((error) => ({ error }));
if (peer.error) {
  process.send({ error: peer.error.message, code: peer.error.code });
} else {
  const db = await peer.open();
  const results = {};
  for (const item of CASES) results[item.name] = await measure(item, db);
  await db.close();
  process.send({ name: peer.name, version: peer.version, results }, () => process.exit(0));
}

// The median of the repetitions, each of which leaves everything as it was.
async function measure({ run, before, repeat = 1, times = 1, unit }, db) {
  await before?.(db);
  const took = [];
  let digest;
  for (let turn = 0; turn < repeat; turn++) {
    global.gc();
    const start = performance.now();
    try {
      digest = await run(db);
    } catch (error) {
      return { error: error.message };
    }
    took.push(performance.now() - start);
  }
  took.sort((a, b) => a - b);
  const milliseconds = took[took.length >> 1];
  return { digest, figure: unit === "us" ? (milliseconds * 1000) / times : milliseconds };
}
