// Bundles pkg/size/user-form.mjs as a user's bundler would (minified, tree-shaken, split, for a browser) and prints what
// each part weighs with gzip -9. Usage: size.mjs BUDGET, in bytes. Exit code 1 when what the page downloads at once is
// over the budget; the whole engine, which a page loads only when it asks for it, is shown beside it.
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { wasmText } from "../../pkg/wasm-text.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { build } = createRequire(`${root}pkg/package.json`)("esbuild");
const budget = Number(process.argv[2]);

/** The scripts of a page: those it loads at once as one, and those it loads when it asks for them. */
async function bundle(entry) {
  const { metafile, outputFiles } = await build({
    entryPoints: [`${root}pkg/size/${entry}.mjs`],
    outdir: "/",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  // The repo is many times the page: no bundler may find a way to it from what validates.
  const found = Object.keys(metafile.inputs).find((path) => /\/repo\//.test(path)) ?? outputFiles.find(({ text }) => /repo(-sql)?\.wasm/.test(text))?.path;
  if (found !== undefined) throw new Error(`${entry} only validates, but its bundle has a part of the repo: ${found}`);
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const contents = new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]));
  const atOnce = new Set([`${entry}.js`]);
  for (const name of atOnce) {
    for (const { path, kind } of outputs.get(name).imports) if (kind === "import-statement") atOnce.add(basename(path));
  }
  const later = [...outputs.keys()].filter((name) => !atOnce.has(name));
  const together = (names) => Buffer.concat([...names].map((name) => contents.get(name)));
  return { atOnce: together(atOnce), later: together(later) };
}

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
const textOf = (artifact) => {
  const file = `${root}pkg/wasm/${artifact}/ectomorph_bg.wasm`;
  return existsSync(file) ? wasmText(readFileSync(file)) : undefined;
};

/** What a script weighs: its JavaScript, what the artifact inside it adds to that, and both. */
function rowsOf(what, bytes, artifact) {
  const text = textOf(artifact);
  if (text === undefined || !bytes.includes(text)) return [[what, bytes.length, gzip(bytes)]];
  const script = Buffer.from(bytes.toString().replace(text, () => ""));
  // gzip packs the two together, so the part of each is what it adds to the other.
  return [
    [`${what}: JavaScript`, script.length, gzip(script)],
    [`${what}: wasm as inlined`, text.length, gzip(bytes) - gzip(script)],
    [what, bytes.length, gzip(bytes)],
  ];
}

const page = await bundle("user-form");
const form = await bundle("bound-form");
const total = gzip(page.atOnce);
const rows = [
  ...rowsOf("the page", page.atOnce, "fast"),
  ["", "", ""],
  ...rowsOf("a page with bindForm", form.atOnce, "fast"),
  ["", "", ""],
  ...rowsOf("the whole engine, if asked for", page.later, "browser"),
];
const cell = (bytes) => bytes.toLocaleString("en-US").padStart(10);
const width = Math.max(...rows.map(([part]) => part.length));
console.log(`${"".padEnd(width)} ${"minified".padStart(10)} ${"gzip".padStart(10)}`);
for (const [part, bytes, packed] of rows) console.log(part === "" ? "" : `${part.padEnd(width)} ${cell(bytes)} ${cell(packed)}`);
console.log(`\n${"limit of the page".padEnd(width)} ${"".padStart(10)} ${cell(budget)}`);
if (total > budget) {
  console.error(`over the limit by ${(total - budget).toLocaleString("en-US")} bytes`);
  process.exit(1);
}
console.log(`${Math.round((total / budget) * 100)} % of the limit`);
