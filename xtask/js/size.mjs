// Bundles pkg/size/user-form.mjs as a user's bundler would (minified, tree-shaken, for a browser) and prints what each
// part weighs with gzip -9. Usage: size.mjs BUDGET, in bytes. Exit code 1 when the total is over the budget.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { wasmText } from "../../pkg/wasm-text.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { build } = createRequire(`${root}pkg/package.json`)("esbuild");
const budget = Number(process.argv[2]);

const bundled = await build({
  entryPoints: [`${root}pkg/size/user-form.mjs`],
  bundle: true,
  minify: true,
  treeShaking: true,
  format: "esm",
  platform: "browser",
  legalComments: "none",
  write: false,
  logLevel: "warning",
});

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
const wasm = readFileSync(`${root}pkg/wasm/browser/ectomorph_bg.wasm`);
const page = Buffer.from(bundled.outputFiles[0].contents);
const text = wasmText(wasm);
const inlined = page.includes(text);
const script = inlined ? Buffer.from(page.toString().replace(text, () => "")) : page;
const total = inlined ? gzip(page) : gzip(page) + gzip(wasm);

const rows = [
  ["the wasm file", wasm.length, gzip(wasm)],
  // gzip packs the two together, so the part of each is what it adds to the other.
  ...(inlined ? [["the wasm as inlined", text.length, total - gzip(script)]] : []),
  ["the JavaScript of the package", script.length, gzip(script)],
  ["total", inlined ? page.length : page.length + wasm.length, total],
];
const cell = (bytes) => bytes.toLocaleString("en-US").padStart(10);
console.log(`${"".padEnd(30)} ${"minified".padStart(10)} ${"gzip".padStart(10)}`);
for (const [part, bytes, packed] of rows) console.log(`${part.padEnd(30)} ${cell(bytes)} ${cell(packed)}`);
console.log(`${"limit".padEnd(30)} ${"".padStart(10)} ${cell(budget)}`);
if (!inlined) console.log("(the wasm is not inlined in the bundle, so the page fetches it as a file of its own)");
if (total > budget) {
  console.error(`over the limit by ${(total - budget).toLocaleString("en-US")} bytes`);
  process.exit(1);
}
console.log(`${Math.round((total / budget) * 100)} % of the limit`);
