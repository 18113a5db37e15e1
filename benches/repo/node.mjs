// The peers in Node, each task of each in a process of its own.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where `run.mjs` measures: which peers there are, and how. */
export function inNode() {
  return {
    name: `node ${process.version}`,
    peers: ["ectomorph", "sqlite-wasm", "sql-js", "pglite", "alasql", "map"],
    against: ["sqlite-wasm"],
    note:
      "open: with the wasm in memory already, but for PGlite, which loads it with each database; sqlite-wasm and sql.js have no files " +
      "in Node and take the bytes of one.\nmemory: all WebAssembly memory and what the heap grew by, after a collection, with 100,000 users inserted by the thousand.",
    measure,
    grow: (file) => ask(file, "growth"),
    async close() {},
  };
}

async function measure(file) {
  const folder = mkdtempSync(join(tmpdir(), "ectomorph-bench-"));
  try {
    const peer = await ask(file, "cases");
    if (peer.error) return peer;
    await ask(file, "fill", folder);
    const [opened, memory] = [await ask(file, "open", folder), await ask(file, "memory")];
    return { ...peer, results: { ...peer.results, ...opened.results, ...memory.results } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ask(...what) {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL("worker.mjs", import.meta.url), what, { execArgv: ["--expose-gc"] });
    worker.once("message", resolve);
    worker.once("exit", (code) => reject(new Error(`${what.join(" ")} ended with exit code ${code}, without an answer`)));
  });
}
