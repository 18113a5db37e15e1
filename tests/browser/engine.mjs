// The package in Chromium, or Firefox: every conformance vector, and the patterns that are refused, on the artifact that pages get,
// under the policy that pages have.
//
//   node tests/browser/engine.mjs [--firefox] [--dir DIR] [FILTER]
//
// Prints the cases that fail, then `N passed, M failed, K deviations`.
import { readFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { serveFiles } from "./files.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

const home = join(root, "tests/conformance/changeset");
let dir = home;
let filter = "";
let launcher = "./launch.mjs";
const args = process.argv.slice(2);
while (args.length > 0) {
  const argument = args.shift();
  if (argument === "--dir") dir = resolve(args.shift() ?? dir);
  else if (argument === "--firefox") launcher = "../firefox/launch.mjs";
  else filter = argument;
}

/** Runs in the page: the cases of one file that differ. */
async function runCases(cases) {
  const [library, { makeRunner }] = await Promise.all([
    import("/pkg/dist/browser/conformance.js"),
    import("/pkg/test/vectors.mjs"),
  ]);
  await library.ready();
  const { run } = makeRunner(library);
  const text = (value) => JSON.stringify(value, (_, inside) => (typeof inside === "bigint" ? `${inside}n` : inside));
  return cases.flatMap((vector) => {
    const { passed, expected, actual } = run(vector);
    return passed ? [] : [{ id: vector.id, expected: text(expected), actual: text(actual) }];
  });
}

/** Runs in the page: the patterns that are not refused as they are natively. */
async function runRefusals(refused) {
  const [library, { refusals }] = await Promise.all([
    import("/pkg/dist/browser/index.js"),
    import("/pkg/test/patterns.mjs"),
  ]);
  await library.ready();
  return refusals(library, refused);
}

const read = async (path) => JSON.parse(await readFile(path, "utf8"));
const reasons = new Map((await read(join(root, "tests/conformance/deviations.json"))).map((d) => [d.id, d.reason]));
let [passed, failed, deviations] = [0, 0, 0];
const fail = (...lines) => {
  failed++;
  console.log(lines.join("\n  "));
};

const { launch } = await import(launcher);
const server = await serveFiles(root);
const browser = await launch();
try {
  const page = await (await browser.newContext()).newPage();
  page.on("console", (message) => message.type() === "error" && fail("the page's console", message.text()));
  page.on("pageerror", (error) => fail("the page", error.message));
  await page.goto(`${server.url}/`);
  for (const name of (await readdir(dir)).filter((name) => name.endsWith(".json")).sort()) {
    const cases = (await read(join(dir, name))).cases.filter(({ id }) => id.includes(filter));
    const differing = new Map((await page.evaluate(runCases, cases)).map((difference) => [difference.id, difference]));
    for (const { id } of cases) {
      const [difference, reason] = [differing.get(id), reasons.get(id)];
      if (difference === undefined && reason === undefined) passed++;
      else if (difference === undefined) fail(id, `passes, but is listed as a deviation: ${reason}`);
      else if (reason !== undefined) deviations++;
      else fail(id, `expected ${difference.expected}`, `actual   ${difference.actual}`);
    }
  }
  if (filter === "" && dir === home) {
    const refused = await read(join(root, "tests/patterns/refused.json"));
    const differences = await page.evaluate(runRefusals, refused);
    differences.forEach((difference) => fail("refused patterns", difference));
    passed += refused.length - differences.length;
  }
  if (filter === "" && passed + failed + deviations === 0) fail(dir, "has no cases");
} finally {
  await browser.close();
  server.stop();
}
console.log(`${passed} passed, ${failed} failed, ${deviations} deviations`);
process.exitCode = failed === 0 ? 0 : 1;
