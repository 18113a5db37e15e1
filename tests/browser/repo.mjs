// The repo in Chromium: a database in a worker, durable.
//
//   node tests/browser/repo.mjs [part of a test's name]
//
// `cargo xtask test` builds the package first. CHROME names the browser.
import { fileURLToPath } from "node:url";
import { serveFiles } from "./files.mjs";
import { Runner } from "./lab.mjs";
import tabs from "./repo/tabs.mjs";
import sql from "./repo/sql.mjs";
import storage from "./repo/storage.mjs";
import worker from "./repo/worker.mjs";
import here from "./repo/here.mjs";
import damage from "./repo/damage.mjs";
import vite from "./repo/vite.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const server = await serveFiles(root);
const runner = new Runner(server.url, process.argv[2]);
try {
  await runner.start();
  for (const tests of [storage, tabs, damage, worker, here, sql, vite]) await tests(runner, root);
} finally {
  await runner.stop();
  server.stop();
}
console.log(`${runner.passed} passed, ${runner.failed} failed`);
if (runner.failed > 0 || runner.passed === 0) process.exitCode = 1;
