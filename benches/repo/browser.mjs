// The peers in Chromium, durable: a database in its worker, on OPFS, and rows as objects in the page.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../../tests/browser/files.mjs";
import { inOwnBrowser } from "../../tests/browser/launch.mjs";
import { versionOf } from "./version.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Where a peer in a page is, if not in `peers/page`. */
const PLACES = { map: "map" };
/** Single writes are made ten times less often than in memory, for each waits for the disk. */
const FEWER = 10;

const ours = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8")).version;
const VERSIONS = { ectomorph: ours, map: "-" };

/** Where `run.mjs` measures: which peers there are, and how. */
export async function inBrowser() {
  const server = await serveFiles(root);
  return {
    name: "chromium, durable on OPFS",
    peers: ["ectomorph", "sqlite-wasm", "sqlite-wal", "map"],
    against: ["sqlite-wasm", "sqlite-wal"],
    note:
      "Every commit is flushed before it is done: ours strict, SQLite's synchronous = FULL on its opfs-sahpool, with its default journal and " +
      "with a WAL.\nopen: from nothing, so with the start of the worker and its wasm. The Map is in memory, in the page.",
    measure: (file) => measure(server.url, file),
    close: async () => server.stop(),
  };
}

function measure(url, file) {
  return inOwnBrowser(["--js-flags=--expose-gc"], async (browser) => {
    const peer = await inPage(browser, url, file, "cases", "cases");
    if (peer.error) return peer;
    await inPage(browser, url, file, "fill", "opened");
    const opened = await inPage(browser, url, file, "open", "opened");
    const version = VERSIONS[file] ?? versionOf("@sqlite.org/sqlite-wasm");
    return { ...peer, version, results: { ...peer.results, ...opened.results } };
  });
}

/** One task of a peer in a page of its own. */
async function inPage(browser, url, file, task, place) {
  const page = await browser.context.newPage();
  try {
    await page.goto(`${url}/`);
    return await page.evaluate(async ({ peer: path, task, place, fewer }) => {
      const [{ default: run }, peer] = await Promise.all([import(`/benches/repo/tasks/${task}.mjs`), import(`/benches/repo/peers/${path}.mjs`)]);
      return { name: peer.name, results: await run(peer, place, fewer) };
    }, { peer: PLACES[file] ?? `page/${file}`, task, place, fewer: FEWER });
  } catch (error) {
    return { error: error.message };
  } finally {
    await page.close();
  }
}
