// Rules in a module of the user's own, in a page that Vite builds.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { serveFiles } from "./files.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>attach</title><script type="module" src="/main.js"></script>';
const SCRIPT = `
  import { traverseErrors } from "ectomorph";
  import { attach } from "ectomorph/attach";
  import init, * as wasm from "./rules/rules.js";
  window.found = init().then(() => {
    const { order } = attach(wasm);
    const made = (params) => traverseErrors(order(order.schema.build(), { number: "A-1", ...params }));
    const lines = (sku) => [{ sku, qty: 1, price: "1.50" }];
    const dates = { starts_on: "2024-01-31", ends_on: "2024-02-01" };
    return [made({ ...dates, lines: lines("PEN") }), made({ ...dates, lines: lines("CAR") }), made({ starts_on: "2024-01-31", ends_on: "2024-01-30", lines: lines("PEN") })];
  }).catch((error) => error.message);
`;

export default async function tests(runner) {
  const site = mkdtempSync(join(tmpdir(), "ectomorph-attach-"));
  try {
    writeFileSync(join(site, "index.html"), PAGE);
    writeFileSync(join(site, "main.js"), SCRIPT);
    cpSync(join(root, "examples/shared-rules/rules/pkg"), join(site, "rules"), { recursive: true });
    // As npm installs it: what is linked Vite treats as the user's own.
    const home = join(site, "node_modules/ectomorph");
    mkdirSync(home, { recursive: true });
    for (const part of ["dist", "package.json"]) cpSync(join(root, "pkg", part), join(home, part), { recursive: true });

    await runner.test("attach: a page that Vite builds runs rules in Rust, their validators too", "", async (_lab, page) => {
      await build({ root: site, configFile: false, logLevel: "error", cacheDir: join(site, ".vite") });
      const server = await serveFiles(join(site, "dist"));
      await page.goto(`${server.url}/index.html`);
      assert.deepEqual(await page.evaluate(() => window.found), [
        {}, { lines: [{ sku: ["is not an article we have"] }] }, { ends_on: ["must not be before the start"] },
      ]);
      server.stop();
    });
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
}
