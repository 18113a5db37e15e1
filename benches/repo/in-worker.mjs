// One peer at one task in a worker of a page: both are there.
addEventListener("message", async ({ data: { peer: path, task, place, options } }) => {
  try {
    const [{ default: run }, peer] = await Promise.all([import(`/benches/repo/tasks/${task}.mjs`), import(`/benches/repo/peers/${path}.mjs`)]);
    postMessage({ name: peer.name, results: await run(peer, place, options) });
  } catch (error) {
    postMessage({ error: error.message });
  }
});
