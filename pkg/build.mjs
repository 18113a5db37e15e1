// Builds dist/: one folder of scripts for each way the wasm gets into a page, the wasm files, and the types.
// `node build.mjs` after `cargo xtask wasm`, which `cargo xtask` verbs run by themselves.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { wasmText } from "./wasm-text.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { version } = JSON.parse(readFileSync(here("package.json"), "utf8"));

/** What users of every build import beside the package itself. */
const ENTRIES = ["t", "attach", "form/index", "react", "vue", "svelte", "gettext/index", "json-schema/index"];

/** The folder of scripts, the artifact of its whole engine, how that gets in, and what users import. */
const BUILDS = [
  { folder: "browser", artifact: "browser", source: "inline", entries: ["index", ...ENTRIES, "batch/index", "repo/index", "repo/here", "repo/worker", "conformance"] },
  { folder: "node", artifact: "node", source: "file", entries: ["index", ...ENTRIES, "batch/index", "repo/index", "conformance"], platform: "node" },
  { folder: "workerd", artifact: "browser", source: "module", entries: ["index", ...ENTRIES, "batch/index"] },
  { folder: "edge", artifact: "browser", source: "module", entries: ["index", ...ENTRIES, "batch/index"], suffix: "?module" },
  { folder: "slim", artifact: "browser", source: "none", entries: ["slim", ...ENTRIES, "batch/slim"] },
];

/** Where an entry is, if not where its name says. */
const PLACES = { "repo/worker": "repo/worker/page" };

const wasm = (artifact) => here(`wasm/${artifact}/ectomorph_bg.wasm`);

/** The artifact of the repo: with GlueSQL on servers, where its size is nothing; in a page that is another, if asked for. */
const repoOf = (source) => (source === "file" ? "full" : "repo");

/** The file that wasm-bindgen copied beside its glue, under a name that has a hash in it. */
function host(artifact, file) {
  const folder = here(`wasm/${artifact}/snippets`);
  const [crate] = readdirSync(folder);
  return `${folder}/${crate}/src/wasm/${file}`;
}

/** Resolves what differs between the builds. */
const resolving = ({ artifact, source, platform, suffix = "" }) => ({
  name: "artifact",
  setup({ onResolve, onLoad }) {
    const paths = {
      "#further": here(`src/source/further-${source === "inline" ? "inline" : "none"}.js`),
      "#source": here(`src/source/${source}.js`),
      "#whole": here("src/whole/index.ts"),
      "#glue": here(`wasm/${artifact}/ectomorph.js`),
      "#host": host(artifact, "host.js"),
      "#batch-source": here(`src/batch/source/${source === "file" ? "inline" : source}.js`),
      "#repo-source": here(`src/repo/source/${source === "file" ? "process" : "page"}.ts`),
      "#repo-artifact": here(`src/repo/source/artifact-${source === "file" ? "file" : "page"}.js`),
      "#repo-glue": here(`wasm/${repoOf(source)}/ectomorph.js`),
      "#repo-rules-host": host(repoOf(source), "host.js"),
      "#repo-host": host(repoOf(source), "repo/host.js"),
      "#sql-glue": here("wasm/sql/ectomorph.js"),
      "#sql-rules-host": host("sql", "host.js"),
      "#sql-host": host("sql", "repo/host.js"),
    };
    // One for each that loads it: where the artifacts are is said as seen from there, so it can't be in a script that both share.
    onResolve({ filter: /^#repo-artifact$/ }, ({ path, importer }) => ({ path: paths[path], suffix: `?${basename(importer)}` }));
    onResolve({ filter: /^#(source|further|batch-source|whole|glue|host|repo-source|repo-glue|repo-rules-host|repo-host|sql-glue|sql-rules-host|sql-host)$/ }, ({ path }) => ({ path: paths[path] }));
    // The same module several times; a page, where each costs 70 bytes, has three.
    onResolve({ filter: /^#see-\d$/ }, ({ path }) => ({ path: here("src/see.ts"), suffix: `?${path.at(-1) % (platform === "node" ? 6 : 3)}` }));
    onResolve({ filter: /^#block-\d$/ }, ({ path }) => ({ path: here("src/batch/block.ts"), suffix: `?${path.at(-1)}` }));
    onResolve({ filter: /^#whole-text$/ }, () => ({ path: artifact, namespace: "wasm-text" }));
    onResolve({ filter: /^#batch-text$/ }, () => ({ path: "batch", namespace: "wasm-text" }));
    // A module of its own: bundlers put it in front of what imports it. In the midst of a script it would keep what is
    // before it from being packed with what is behind it, at the cost of a kilobyte.
    onResolve({ filter: /^#(fast|further)-text$/ }, ({ path }) => ({ path: `./${path.slice(1, -5)}-wasm.js`, external: true }));
    // The types of fields are a namespace: bundlers look into it if it is a module of its own, not an object.
    onResolve({ filter: /^\.\/t\.js$/ }, ({ importer }) => (importer.endsWith("index.ts") ? { path: "./t.js", external: true } : undefined));
    // Beside the folders of scripts; what compiles them is the host, or its bundler, which may ask for a word behind the name.
    onResolve({ filter: /^#(fast|whole|batch)-module$/ }, ({ path }) => ({
      path: `../${path === "#whole-module" ? "ectomorph" : path.slice(1, -"-module".length)}.wasm${suffix}`,
      external: true,
    }));
    onLoad({ filter: /.*/, namespace: "wasm-text" }, ({ path }) => ({
      contents: wasmText(readFileSync(wasm(path))),
      loader: "text",
    }));
  },
});

if (!["batch", "browser", "fast", "fast-node", "first", "full", "further", "generate", "node", "repo", "sql"].every((artifact) => existsSync(wasm(artifact)))) {
  console.error("pkg/wasm has no artifacts; run `cargo xtask wasm` first");
  process.exit(1);
}
rmSync(here("dist"), { recursive: true, force: true });
for (const options of BUILDS) {
  await build({
    entryPoints: Object.fromEntries(options.entries.map((entry) => [entry, here(`src/${PLACES[entry] ?? entry}.ts`)])),
    outdir: here(`dist/${options.folder}`),
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: options.platform ?? "neutral",
    target: "es2022",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    external: ["react", "vue"],
    define: { VERSION: JSON.stringify(version) },
    legalComments: "none",
    logLevel: "warning",
    // The glue names a module once for each block of imports.
    logOverride: { "duplicate-object-key": "silent" },
    plugins: [resolving(options)],
  });
}
// What is imported for its order alone: nothing here has effects, and bundlers warn of it. And modules of wasm are beside the
// folders of scripts, however deep in theirs a script is.
for (const entry of readdirSync(here("dist"), { recursive: true }).filter((name) => name.endsWith(".js"))) {
  const text = readFileSync(here(`dist/${entry}`), "utf8");
  const out = "../".repeat(entry.split(/[\\/]/).length - 1);
  writeFileSync(here(`dist/${entry}`), text.replace(/^import "[^"]+";\n/gm, "").replace(/ from "\.\.\/(\w+\.wasm[^"]*)"/g, ` from "${out}$1"`));
}
for (const [script, artifact] of [["browser/fast", "first"], ["browser/further", "further"], ["node/fast", "fast-node"]]) {
  writeFileSync(here(`dist/${script}-wasm.js`), `export default ${JSON.stringify(wasmText(readFileSync(wasm(artifact))))};\n`);
}
copyFileSync(wasm("node"), here("dist/node/ectomorph.wasm"));
copyFileSync(wasm("browser"), here("dist/ectomorph.wasm"));
copyFileSync(wasm("full"), here("dist/node/repo/repo.wasm"));
copyFileSync(wasm("repo"), here("dist/repo.wasm"));
copyFileSync(wasm("sql"), here("dist/repo-sql.wasm"));
copyFileSync(wasm("fast"), here("dist/fast.wasm"));
copyFileSync(wasm("batch"), here("dist/batch.wasm"));
for (const license of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(here(`../${license}`), here(`dist/${license}`));
copyFileSync(wasm("generate"), here("dist/generate.wasm"));
execFileSync(process.execPath, [here("node_modules/typescript/bin/tsc"), "-p", here("tsconfig.json")], { stdio: "inherit" });
