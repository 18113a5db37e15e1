// A user's page with the database, as Vite builds it and as Vite serves it.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, createServer } from "vite";
import { serveFiles } from "../files.mjs";

const PAGE = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>vite</title><script type="module" src="/main.js"></script>';
const SCRIPT = `
  import { schema, t } from "ectomorph";
  import { migration, openRepo } from "ectomorph/repo";
  const User = schema("users", { name: t.string() });
  const rules = User.changeset((c) => c.cast("name").validateRequired("name"));
  const users = migration(1, "create_users", (m) => m.create("users", (t) => t.add("name", "string")));
  const opened = openRepo({ name: "vite", schemas: [User], migrations: [users] });
  window.found = opened.then(async (repo) => {
    await repo.insert(rules(User.build(), { name: "Jane" }));
    return repo.all(User);
  }).catch((error) => error.message);
`;
const WORKER = `
  import { schema, t } from "ectomorph";
  import { migration, openRepo } from "ectomorph/repo";
  import { here } from "ectomorph/repo/here";
  const User = schema("users", { name: t.string() });
  const rules = User.changeset((c) => c.cast("name").validateRequired("name"));
  const users = migration(1, "create_users", (m) => m.create("users", (t) => t.add("name", "string")));
  const opened = openRepo({ name: "own", schemas: [User], migrations: [users], worker: here });
  opened.then(async (repo) => {
    await repo.insert(rules(User.build(), { name: "Jane" }));
    postMessage([await repo.get(User, 1), (await repo.insert(rules(User.build(), {}))).ok]);
  }).catch((error) => postMessage(error.message));
`;
const OWN = `
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  window.found = new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
`;

export default async function tests(runner, root) {
  const site = mkdtempSync(join(tmpdir(), "ectomorph-vite-"));
  try {
    writeFileSync(join(site, "index.html"), PAGE);
    writeFileSync(join(site, "main.js"), SCRIPT);
    // As npm installs it: what is linked Vite treats as the user's own.
    const home = join(site, "node_modules/ectomorph");
    mkdirSync(home, { recursive: true });
    cpSync(join(root, "pkg/dist"), join(home, "dist"), { recursive: true });
    cpSync(join(root, "pkg/package.json"), join(home, "package.json"));
    const options = { root: site, configFile: false, logLevel: "error", cacheDir: join(site, ".vite") };

    await runner.test("vite: a page that is built opens a database, under a strict policy", "", async (_lab, page) => {
      await build(options);
      const server = await serveFiles(join(site, "dist"));
      await page.goto(`${server.url}/index.html`);
      assert.deepEqual(await page.evaluate(() => window.found), [{ id: 1, name: "Jane" }]);
      server.stop();
    });

    await runner.test("vite: a worker of one's own that is built keeps its database itself", "", async (_lab, page) => {
      writeFileSync(join(site, "worker.js"), WORKER);
      writeFileSync(join(site, "main.js"), OWN);
      await build({ ...options, worker: { format: "es" } });
      writeFileSync(join(site, "main.js"), SCRIPT);
      const server = await serveFiles(join(site, "dist"));
      await page.goto(`${server.url}/index.html`);
      assert.deepEqual(await page.evaluate(() => window.found), [{ id: 1, name: "Jane" }, false]);
      server.stop();
    });

    for (const exclude of [["ectomorph"], []]) {
      const how = exclude.length > 0 ? "as the README says" : "without being told of it";
      await runner.test(`vite: a page that is served opens a database, ${how}`, "", async (_lab, page) => {
        const server = await createServer({ ...options, optimizeDeps: { exclude }, server: { port: 0, host: "127.0.0.1" } });
        await server.listen();
        await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/`);
        await page.waitForFunction(() => window.found, undefined, { timeout: 20_000 });
        assert.deepEqual(await page.evaluate(() => window.found), [{ id: 1, name: "Jane" }]);
        await server.close();
      });
    }
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}
