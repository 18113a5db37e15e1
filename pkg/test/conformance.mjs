// Runs the conformance vectors on the package in Node:
// `conformance.mjs [--dir DIR] [--repo glue] [--page both|first] [FILTER]`, after `npm run build`; with `--repo` those of
// queries on a repo, with `--page` on what pages get, both parts of the small engine or the first alone.
// Prints the cases that fail, how many changesets the small engine made, and then `N passed, M failed, K deviations`.
// Cases of tests/conformance/deviations.json are expected to differ; one that passes is a failure.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeRepoRunner } from "./repo-vectors.mjs";
import { makeRunner } from "./vectors.mjs";

const home = fileURLToPath(new URL("../../tests/conformance/", import.meta.url));
let dir = undefined;
let repo = undefined;
let page = undefined;
let filter = "";
const args = process.argv.slice(2);
while (args.length > 0) {
  const argument = args.shift();
  if (argument === "--dir") dir = args.shift();
  else if (argument === "--repo") repo = args.shift();
  else if (argument === "--page") page = args.shift();
  else filter = argument;
}
if (repo !== undefined && repo !== "glue") {
  console.error(`there is no repo ${repo} in the package; there is glue`);
  process.exit(2);
}
const library = await import(`../dist/${page === undefined ? "node" : "browser"}/conformance.js`);
// Who comes first says where the second part is: nowhere.
if (page === "first") library.giveFurther(() => undefined);
if (page !== undefined) await library.ready();
const own = join(home, repo === undefined ? "changeset" : "query");
dir ??= own;

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const reasons = deviations();
const { run, made } = repo === undefined
  ? makeRunner(library)
  : { run: await makeRepoRunner(library, await import("../dist/node/repo/index.js"), dir), made: { all: 0 } };
let left = 0;
const count = { passed: 0, failed: 0, deviations: 0 };
const fail = (id, ...lines) => {
  count.failed++;
  console.log([id, ...lines].join("\n  "));
};
const text = (value) => JSON.stringify(value, (_, inside) => (typeof inside === "bigint" ? `${inside}n` : inside));

for (const file of readdirSync(dir).filter((name) => name.endsWith(".json")).sort()) {
  const { cases, vectors = cases } = read(join(dir, file));
  for (const vector of vectors ?? []) {
    if (!vector.id.includes(filter)) continue;
    // Queries that Ecto can't build have none, and documents hold no functions.
    const isOut = repo !== undefined && ((vector.query ?? vector.steps) === undefined || JSON.stringify(vector.query ?? null).includes('"$function"'));
    const ran = isOut ? undefined : await run(vector);
    if (ran === undefined) {
      left++;
      continue;
    }
    const { passed, expected, actual } = ran;
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
if (filter === "" && resolve(dir) === own) {
  for (const id of reasons.keys()) fail(id, "is listed as a deviation, but there is no such case");
}
if (filter === "" && count.passed + count.failed + count.deviations === 0) fail(dir, "has no cases");
if (made.all > 0) console.log(`the small engine made ${made.planned} of ${made.all} changesets`);
if (left > 0) console.log(`${left} without a query to run, or with one that no document holds, left aside`);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.deviations} deviations`);
process.exitCode = count.failed === 0 ? 0 : 1;

/** The listed cases that this run is about. What differs in one runner alone says so before its id: `js:`, `glue:`. */
function deviations() {
  const listed = read(join(home, "deviations.json")).map(({ id, reason }) => [id.replace(/^js:/, ""), reason]);
  return new Map(listed.filter(([id]) => !id.includes(":") && id.startsWith("query/") === (repo !== undefined)));
}
