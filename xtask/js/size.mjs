// Bundles the pages of pkg/size as a user's bundler would (Rollup, as in Vite; tree-shaken, split, then minified) and
// prints what each part weighs with gzip -9. Usage: size.mjs PAGE BUDGET .., budgets in bytes. Exit code 1 when what a
// page downloads at once is over its budget. Beside it: the whole engine, which a page loads only when it asks for it,
// and the same pages from esbuild.
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { wasmText } from "../../pkg/wasm-text.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const load = createRequire(`${root}pkg/package.json`);
const esbuild = load("esbuild");
const { rollup } = load("rollup");
const { exports } = load("./package.json");

/** The pages, in the order they are shown. */
const PAGES = [
  ["user-form", "a page that validates"],
  ["bound-form", "a page with bindForm"],
  ["order-form", "with decimals, dates, nested lines"],
];

/** The artifacts that are inlined, by what they are. */
const ARTIFACTS = [
  ["the small engine, as inlined", "first"],
  ["its second part", "further"],
  ["wasm, as inlined", "browser"],
];

const MINIFIED = { minify: true, format: "esm", target: "es2022", legalComments: "none" };

/** Where a page finds `ectomorph`, as in a browser. */
const resolving = {
  name: "package",
  resolveId(source, importer) {
    const [, entry] = /^ectomorph(\/.*)?$/.exec(source) ?? [];
    const found = exports[`.${entry ?? ""}`];
    const isOwn = source === "ectomorph" || entry !== undefined;
    if (isOwn) return { id: `${root}pkg/${found.browser ?? found.default}`, moduleSideEffects: false };
    return source.startsWith(".") && importer !== undefined ? { id: fileURLToPath(new URL(source, `file://${importer}`)), moduleSideEffects: false } : null;
  },
};

/** The scripts of a page: those it loads at once as one, and those it loads when it asks for them. */
async function bundle(page) {
  const made = await rollup({ input: `${root}pkg/size/${page}.mjs`, plugins: [resolving] });
  const { output } = await made.generate({ format: "es" });
  const scripts = new Map(output.map((script) => [script.fileName, script]));
  // The repo is many times the page: no bundler may find a way to it from what validates.
  const found = output.flatMap(({ moduleIds }) => moduleIds).find((path) => path.startsWith(`${root}pkg/dist/`) && /\/repo\//.test(path)) ?? output.find(({ code }) => /repo(-sql)?\.wasm/.test(code))?.fileName;
  if (found !== undefined) throw new Error(`${page} only validates, but its bundle has a part of the repo: ${found}`);
  const atOnce = new Set([output[0].fileName]);
  for (const name of atOnce) for (const other of scripts.get(name).imports) atOnce.add(other);
  const later = [...scripts.keys()].filter((name) => !atOnce.has(name));
  const together = async (names) => Buffer.concat(await Promise.all([...names].map(async (name) => Buffer.from((await esbuild.transform(scripts.get(name).code, MINIFIED)).code))));
  return { atOnce: await together(atOnce), later: await together(later) };
}

/** What a page downloads at once from esbuild, which keeps a namespace whole that is exported again. */
async function fromEsbuild(page, edit = (text) => text) {
  const entry = `${root}pkg/size/${page}.mjs`;
  const { outputFiles } = await esbuild.build({
    stdin: { contents: edit(readFileSync(entry, "utf8")), resolveDir: `${root}pkg/size`, sourcefile: entry },
    bundle: true,
    ...MINIFIED,
    platform: "browser",
    write: false,
    logLevel: "warning",
    splitting: true,
    outdir: "/",
  });
  const whole = (text) => text.includes(textOf("browser"));
  return Buffer.concat(outputFiles.filter(({ text }) => !whole(text)).map(({ contents }) => contents));
}

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
const textOf = (artifact) => {
  const file = `${root}pkg/wasm/${artifact}/ectomorph_bg.wasm`;
  return existsSync(file) ? wasmText(readFileSync(file)) : undefined;
};

/** What a script weighs: its JavaScript, what each artifact inside it adds to that, and all. */
function rowsOf(what, bytes) {
  // gzip packs them together, so the part of each is what it adds to the others.
  const rows = [];
  let script = bytes;
  for (const [part, artifact] of ARTIFACTS.toReversed()) {
    const text = textOf(artifact);
    if (text === undefined || !script.includes(text)) continue;
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
  const [total, ...parts] = rowsOf(what, (await bundle(page)).atOnce);
  const budget = budgets.get(page);
  rows.push([...total, budget], ...parts);
  if (total[2] > budget) over.push(`${what}: over its limit by ${(total[2] - budget).toLocaleString("en-US")} bytes`);
}
const named = (text) => text.replace(/\bt, /, "").replace(/^import/m, 'import * as t from "ectomorph/t";\nimport');
for (const [what, script] of [
  ["from esbuild, all types", await fromEsbuild("user-form")],
  ['from esbuild, with "ectomorph/t"', await fromEsbuild("user-form", named)],
]) {
  rows.push([what, script.length, gzip(script)]);
}
rows.push(...rowsOf("the whole engine, if asked for", (await bundle("whole-engine")).later));
const cell = (bytes) => (bytes === undefined ? "" : bytes.toLocaleString("en-US")).padStart(10);
const width = Math.max(...rows.map(([part]) => part.length));
console.log(`${"".padEnd(width)} ${"minified".padStart(10)} ${"gzip".padStart(10)} ${"limit".padStart(10)}`);
for (const [part, bytes, packed, budget] of rows) console.log(`${part.padEnd(width)} ${cell(bytes)} ${cell(packed)} ${cell(budget)}`.trimEnd());
for (const message of over) console.error(message);
if (over.length > 0) process.exit(1);
