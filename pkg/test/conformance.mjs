// Runs the conformance vectors on the package in Node: `conformance.mjs [--dir DIR] [FILTER]`, after `npm run build`.
// Prints the cases that fail, how many changesets the small engine made, and then `N passed, M failed, K deviations`. Cases of tests/conformance/deviations.json are
// expected to differ; one that passes is a failure.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as library from "../dist/node/conformance.js";
import { makeRunner } from "./vectors.mjs";

const home = fileURLToPath(new URL("../../tests/conformance/", import.meta.url));
let dir = join(home, "changeset");
let filter = "";
const args = process.argv.slice(2);
while (args.length > 0) {
  const argument = args.shift();
  if (argument === "--dir") dir = args.shift() ?? dir;
  else filter = argument;
}

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const reasons = new Map(read(join(home, "deviations.json")).map(({ id, reason }) => [id, reason]));
const { run, made } = makeRunner(library);
const count = { passed: 0, failed: 0, deviations: 0 };
const fail = (id, ...lines) => {
  count.failed++;
  console.log([id, ...lines].join("\n  "));
};
const text = (value) => JSON.stringify(value, (_, inside) => (typeof inside === "bigint" ? `${inside}n` : inside));

for (const file of readdirSync(dir).filter((name) => name.endsWith(".json")).sort()) {
  for (const vector of read(join(dir, file)).cases) {
    if (!vector.id.includes(filter)) continue;
    const { passed, expected, actual } = run(vector);
    const reason = reasons.get(vector.id);
    reasons.delete(vector.id);
    if (passed && reason !== undefined) fail(vector.id, `passes, but is listed as a deviation: ${reason}`);
    else if (passed) count.passed++;
    else if (reason !== undefined) count.deviations++;
    else {
      const { id, expect, ...rest } = vector;
      fail(id, `case     ${text(rest)}`, `expected ${text(expected)}`, `actual   ${text(actual)}`);
    }
  }
}
// Only a whole run of the vectors at home meets every listed case.
if (filter === "" && resolve(dir) === resolve(home, "changeset")) {
  for (const id of reasons.keys()) fail(id, "is listed as a deviation, but there is no such case");
}
if (filter === "" && count.passed + count.failed + count.deviations === 0) fail(dir, "has no cases");
if (made.all > 0) console.log(`the small engine made ${made.planned} of ${made.all} changesets`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.deviations} deviations`);
process.exitCode = count.failed === 0 ? 0 : 1;
