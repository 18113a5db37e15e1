// Bundles the pages of pkg/size as a user's bundler would and prints what each part weighs with gzip -9. Usage:
// size.mjs PAGE BUDGET .., budgets in bytes. Exit code 1 when what a page downloads at once is over its budget. Beside it:
// the whole engine, which a page loads only when it asks for it, and the same page from esbuild.
import { existsSync, readFileSync } from "node:fs";
import { bundle, fromEsbuild, gzip } from "../../pkg/size/bundle.mjs";
import { wasmText } from "../../pkg/wasm-text.mjs";

const at = (path) => new URL(`../../pkg/${path}`, import.meta.url);
const source = (page) => readFileSync(at(`size/${page}.mjs`), "utf8");

/** The pages, in the order they are shown. */
const PAGES = [
  ["user-form", "a page that validates"],
  ["bound-form", "a page with bindForm"],
  ["react-form", "a page with useForm, without React"],
  ["order-form", "with decimals, dates, nested lines"],
];

/** The artifacts that are inlined, by what they are. */
const ARTIFACTS = [
  ["the small engine, as inlined", "first"],
  ["its second part", "further"],
  ["wasm, as inlined", "browser"],
];

/** What a script weighs: its JavaScript, what each artifact inside it adds to that, and all. */
function rowsOf(what, bytes) {
  // gzip packs them together, so the part of each is what it adds to the others.
  const rows = [];
  let script = bytes;
  for (const [part, artifact] of ARTIFACTS.toReversed()) {
    const file = at(`wasm/${artifact}/ectomorph_bg.wasm`);
    const text = existsSync(file) ? wasmText(readFileSync(file)) : "";
    if (text === "" || !script.includes(text)) continue;
    const without = Buffer.from(script.toString().replace(text, () => ""));
    rows.unshift([`  ${part}`, text.length, gzip(script) - gzip(without)]);
    script = without;
  }
  return [[what, bytes.length, gzip(bytes)], ["  JavaScript", script.length, gzip(script)], ...rows];
}

const budgets = new Map();
for (let at = 2; at + 1 < process.argv.length; at += 2) budgets.set(process.argv[at], Number(process.argv[at + 1]));
const rows = [];
const over = [];
for (const [page, what] of PAGES) {
  const [total, ...parts] = rowsOf(what, (await bundle(source(page))).atOnce);
  const budget = budgets.get(page);
  rows.push([...total, budget], ...parts);
  if (total[2] > budget) over.push(`${what}: over its limit by ${(total[2] - budget).toLocaleString("en-US")} bytes`);
}
const named = source("user-form").replace("schema, t,", "schema,").replace(/^import/m, 'import * as t from "ectomorph/t";\nimport');
rows.push(...rowsOf("the first page, from esbuild", await fromEsbuild(source("user-form"))));
rows.push(...rowsOf('with `import * as t from "ectomorph/t"`', await fromEsbuild(named)));
rows.push(...rowsOf("the whole engine, if asked for", (await bundle(source("whole-engine"))).later));
const cell = (bytes) => (bytes === undefined ? "" : bytes.toLocaleString("en-US")).padStart(10);
const width = Math.max(...rows.map(([part]) => part.length));
console.log(`${"".padEnd(width)} ${"minified".padStart(10)} ${"gzip".padStart(10)} ${"limit".padStart(10)}`);
for (const [part, bytes, packed, budget] of rows) console.log(`${part.padEnd(width)} ${cell(bytes)} ${cell(packed)} ${cell(budget)}`.trimEnd());
for (const message of over) console.error(message);
if (over.length > 0) process.exit(1);
