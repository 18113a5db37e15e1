// Bad input in Chromium: the tests of documents, params and CSVs that can't be read, as they run in Node, on what pages get and
// under the policy that pages have.
//
//   node tests/browser/input.mjs [part of a test's name]
//
// Prints the tests that fail, then `N passed, M failed`.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { serveFiles } from "./files.mjs";
import { launch } from "./launch.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The files of tests, which of their tests, and how many there are at least: some are about programs. */
const FILES = [
  ["refused", "", 50],
  ["hostile", "", 8],
  ["batch-csv", "ragged rows|what is no CSV|have limits|too long ends", 4],
];

/** Where the package is in the page, and what stands for modules of Node. */
const packaged = {
  name: "packaged",
  setup({ onResolve, onLoad }) {
    const browser = (entry) => ({ path: `/pkg/dist/browser/${entry}.js`, external: true });
    onResolve({ filter: /^ectomorph(\/|$)/ }, ({ path }) => browser(`${path.slice("ectomorph/".length) || "index"}`));
    onResolve({ filter: /dist\/node\// }, ({ path }) => browser(path.replace(/^.*dist\/node\/|\.js$/g, "")));
    onResolve({ filter: /^node:(test|assert\/strict)$/ }, ({ path }) => ({
      path: fileURLToPath(new URL(`input/${path === "node:test" ? "test" : "assert"}.mjs`, import.meta.url)),
    }));
    // What is not run in the page.
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "absent" }));
    onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "module.exports = {}" }));
  },
};

const { build } = createRequire(new URL("../../pkg/package.json", import.meta.url))("esbuild");
const server = await serveFiles(root);
const browser = await launch();
let [passed, failed] = [0, 0];
const fail = (message) => {
  failed++;
  console.log(message);
};
try {
  for (const [name, which, least] of FILES) {
    const { outputFiles } = await build({
      stdin: { contents: `import { ready } from "ectomorph"; await ready(); await import("./${name}.test.mjs");`, resolveDir: `${root}pkg/test` },
      bundle: true, write: false, format: "esm", target: "es2022", plugins: [packaged], logLevel: "error",
    });
    const page = await (await browser.newContext()).newPage();
    page.on("pageerror", (error) => fail(`${name}: the page: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && fail(`${name}: the page's console: ${message.text()}`));
    await page.route("**/bad-input.js", (route) => route.fulfill({ body: outputFiles[0].text, contentType: "text/javascript" }));
    await page.goto(`${server.url}/`);
    const only = process.argv[2];
    const told = await page.evaluate(async (pattern) => {
      await import("/bad-input.js");
      return globalThis.runTests(pattern);
    }, only ?? which);
    passed += told.passed;
    told.failures.forEach((failure) => fail(failure));
    if (only === undefined && told.passed + told.failures.length < least) fail(`${name}: fewer than ${least} tests`);
    await page.close();
  }
} finally {
  await browser.close();
  server.stop();
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
