// One peer at one task, in a process of its own: `worker.mjs PEER TASK [FOLDER]` sends what came of it.
const [file, task, place] = process.argv.slice(2);

// First, for one of them looks at what a peer loads.
const { default: run } = await import(`./tasks/${task}.mjs`);
const peer = await import(`./peers/${file}.mjs`).catch((error) => ({ error }));
if (peer.error) {
  process.send({ error: peer.error.message, code: peer.error.code });
} else {
  const results = await run(peer, place);
  process.send({ name: peer.name, version: peer.version, results }, () => process.exit(0));
}
