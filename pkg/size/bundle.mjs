// What a page downloads, as a user's bundler makes it: Rollup, which Vite has too, and then a minifier.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { rollup } from "rollup";

const root = fileURLToPath(new URL("../", import.meta.url));
const { exports } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const MINIFIED = { minify: true, format: "esm", target: "es2022", legalComments: "none" };
const ENTRY = "\0page";

/** The file of an entry of this package, in a browser. */
function entry(source) {
  const [, name] = /^ectomorph(\/.*)?$/.exec(source) ?? [];
  const found = source.startsWith("ectomorph") ? exports[`.${name ?? ""}`] : undefined;
  return found && root + (found.browser ?? found.default);
}

const resolving = (contents) => ({
  name: "page",
  resolveId(source, importer) {
    if (source === ENTRY) return ENTRY;
    const own = entry(source) ?? (source.startsWith(".") ? fileURLToPath(new URL(source, `file://${importer}`)) : undefined);
    return own === undefined ? { id: source, external: true } : { id: own, moduleSideEffects: false };
  },
  load: (id) => (id === ENTRY ? contents : null),
});

/** The scripts of a page: those it loads at once as one, and those it loads when it asks for them. */
export async function bundle(contents) {
  const made = await rollup({ input: ENTRY, plugins: [resolving(contents)] });
  const { output } = await made.generate({ format: "es" });
  const scripts = new Map(output.map((script) => [script.fileName, script]));
  // The repo is many times the page: no bundler may find a way to it from what validates.
  const repo = output.find(({ code, moduleIds }) => moduleIds.some((id) => id.startsWith(`${root}dist/`) && id.includes("/repo/")) || /repo(-sql)?\.wasm/.test(code));
  if (repo !== undefined) throw new Error(`a page that only validates has a part of the repo, in ${repo.fileName}`);
  const atOnce = new Set([output[0].fileName]);
  for (const name of atOnce) for (const other of scripts.get(name).imports) if (scripts.has(other)) atOnce.add(other);
  const later = [...scripts.keys()].filter((name) => !atOnce.has(name));
  const minified = async (name) => Buffer.from((await transform(scripts.get(name).code, MINIFIED)).code);
  const together = async (names) => Buffer.concat(await Promise.all([...names].map(minified)));
  return { atOnce: await together(atOnce), later: await together(later) };
}

/** What a page downloads at once from esbuild, which keeps a namespace whole that is exported again. */
export async function fromEsbuild(contents) {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: `${root}size` }, bundle: true, splitting: true, outdir: "/", platform: "browser", metafile: true, write: false, ...MINIFIED,
  });
  const nameOf = (path) => path.split("/").at(-1);
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [nameOf(path), output]));
  const atOnce = new Set(["stdin.js"]);
  for (const name of atOnce) for (const { path, kind } of outputs.get(name).imports) if (kind === "import-statement") atOnce.add(nameOf(path));
  return Buffer.concat(outputFiles.filter(({ path }) => atOnce.has(nameOf(path))).map(({ contents }) => contents));
}

/** What it weighs. */
export const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
