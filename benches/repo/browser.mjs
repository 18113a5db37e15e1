// The peers in Chromium, durable, on OPFS: a database in its worker and rows as objects in the page, or both in one worker.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../../tests/browser/files.mjs";
import { inOwnBrowser } from "../../tests/browser/launch.mjs";
import { versionOf } from "./version.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Single writes are made ten times less often than in memory, for each waits for the disk. */
const FEWER = 10;

const ours = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8")).version;
const VERSIONS = { ectomorph: ours, map: "-" };

const DURABLE =
  "Every commit is flushed before it is done: ours strict, SQLite's synchronous = FULL on its opfs-sahpool, with its default journal and " +
  "with a WAL.\nopen: from nothing, so with its wasm";
const PLACES = {
  page: { name: "chromium, durable on OPFS, asked by the page", note: `${DURABLE} and the start of its worker. The Map is in memory, in the page.` },
  worker: { name: "chromium, durable on OPFS, in the worker that asks", note: `${DURABLE}. The Map is in memory.` },
};

/** Where `run.mjs` measures, a page or a worker: which peers there are, and how. */
export async function inBrowser(where) {
  const server = await serveFiles(root);
  const grown = where === "worker" ? { grow: (file) => grow(server.url, file) } : {};
  return {
    ...PLACES[where],
    peers: ["ectomorph", "sqlite-wasm", "sqlite-wal", "map"],
    against: ["sqlite-wasm", "sqlite-wal"],
    measure: (file) => measure(server.url, where, file),
    ...grown,
    close: async () => server.stop(),
  };
}

function measure(url, where, file) {
  return inOwnBrowser(["--js-flags=--expose-gc"], async (browser) => {
    const peer = await inPage(browser, url, where, file, "cases", "cases", FEWER);
    if (peer.error) return peer;
    await inPage(browser, url, where, file, "fill", "opened", FEWER);
    const opened = await inPage(browser, url, where, file, "open", "opened");
    const version = VERSIONS[file] ?? versionOf("@sqlite.org/sqlite-wasm");
    return { ...peer, version, results: { ...peer.results, ...opened.results } };
  });
}

/** What single calls cost as rows grow, in memory. */
function grow(url, file) {
  return inOwnBrowser(["--js-flags=--expose-gc"], async (browser) => {
    const grown = await inPage(browser, url, "worker", file, "growth");
    if (grown.error) throw new Error(grown.error);
    return grown;
  });
}

/** One task of a peer in a page of its own, or in a worker of one. */
async function inPage(browser, url, where, file, task, place, options) {
  const page = await browser.context.newPage();
  const peer = file === "map" ? file : `${where}/${file}`;
  try {
    await page.goto(`${url}/`);
    return await page.evaluate(where === "worker" ? askWorker : ask, { peer, task, place, options });
  } catch (error) {
    return { error: error.message };
  } finally {
    await page.close();
  }
}

async function ask({ peer: path, task, place, options }) {
  const [{ default: run }, peer] = await Promise.all([import(`/benches/repo/tasks/${task}.mjs`), import(`/benches/repo/peers/${path}.mjs`)]);
  return { name: peer.name, results: await run(peer, place, options) };
}

async function askWorker(told) {
  const worker = new Worker("/benches/repo/in-worker.mjs", { type: "module" });
  const answered = new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve({ error: message ?? "the worker does not start" });
  });
  worker.postMessage(told);
  const answer = await answered;
  // Files of OPFS are free when the worker has ended.
  worker.terminate();
  return answer;
}
