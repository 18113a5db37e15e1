// The repo in Chromium: a database in a worker, durable.
//
//   node tests/browser/repo.mjs [part of a test's name]
//
// `cargo xtask test` builds the package first. CHROME names the browser.
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { serveFiles } from "./files.mjs";
import { Runner } from "./lab.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const server = await serveFiles(root);
const runner = new Runner(server.url, process.argv[2]);

try {
  await runner.start();
  await runner.test("repo: what is inserted is there after a reload", "", async (_lab, page) => {
    const first = await page.evaluate(async () => {
      const { open, User, registration } = await import("/tests/browser/repo-domain.mjs");
      const { repo, events } = await open();
      const inserted = await repo.insert(registration(User.build(), { name: "Jane", email: "jane@example.com" }));
      return { inserted, events };
    });
    assert.deepEqual(first, {
      inserted: { ok: true, value: { id: 1, name: "Jane", email: "jane@example.com" } },
      events: [
        { type: "storage", storage: "opfs", reason: "there is a private file system" },
        { type: "migrated", versions: [1] },
      ],
    });
    await page.reload();
    const second = await page.evaluate(async () => {
      const { open, User } = await import("/tests/browser/repo-domain.mjs");
      const { repo, events } = await open();
      return { all: await repo.all(User), events };
    });
    assert.deepEqual(second, {
      all: [{ id: 1, name: "Jane", email: "jane@example.com" }],
      events: [
        { type: "storage", storage: "opfs", reason: "there is a private file system" },
        { type: "migrated", versions: [] },
      ],
    });
  });
} finally {
  await runner.stop();
  server.stop();
}
console.log(`${runner.passed} passed, ${runner.failed} failed`);
if (runner.failed > 0 || runner.passed === 0) process.exitCode = 1;
