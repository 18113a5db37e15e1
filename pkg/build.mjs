// Builds dist/: one folder of scripts for each way the wasm gets into a page, the wasm files, and the types.
// `node build.mjs` after `cargo xtask wasm`, which `cargo xtask` verbs run by themselves.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { wasmText } from "./wasm-text.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The folder of scripts, the artifact it runs on, how that gets in, and what users import. */
const BUILDS = [
  { folder: "browser", artifact: "browser", source: "inline", entries: ["index", "form/index", "repo/index", "conformance"] },
  { folder: "node", artifact: "node", source: "file", entries: ["index", "form/index", "repo/index", "conformance"], platform: "node" },
  { folder: "slim", artifact: "browser", source: "none", entries: ["slim", "form/index"] },
];

/** The file that wasm-bindgen copied beside its glue, under a name that has a hash in it. */
function host(artifact) {
  const folder = here(`wasm/${artifact}/snippets`);
  const [crate] = readdirSync(folder);
  return `${folder}/${crate}/src/wasm/host.js`;
}

/** Resolves what differs between the builds. */
const resolving = ({ artifact, source }) => ({
  name: "artifact",
  setup({ onResolve, onLoad }) {
    const paths = {
      "#source": here(`src/source/${source}.js`),
      "#glue": here(`wasm/${artifact}/ectomorph.js`),
      "#host": host(artifact),
    };
    onResolve({ filter: /^#(source|glue|host)$/ }, ({ path }) => ({ path: paths[path] }));
    onResolve({ filter: /^#wasm-text$/ }, () => ({ path: "wasm", namespace: "wasm-text" }));
    onLoad({ filter: /.*/, namespace: "wasm-text" }, () => ({
      contents: wasmText(readFileSync(here(`wasm/${artifact}/ectomorph_bg.wasm`))),
      loader: "text",
    }));
  },
});

if (!existsSync(here("wasm/node/ectomorph_bg.wasm"))) {
  console.error("pkg/wasm has no artifacts; run `cargo xtask wasm` first");
  process.exit(1);
}
rmSync(here("dist"), { recursive: true, force: true });
for (const options of BUILDS) {
  await build({
    entryPoints: options.entries.map((entry) => here(`src/${entry}.ts`)),
    outdir: here(`dist/${options.folder}`),
    chunkNames: "chunk-[hash]",
    bundle: true,
    splitting: options.entries.length > 1,
    format: "esm",
    platform: options.platform ?? "neutral",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
    plugins: [resolving(options)],
  });
}
copyFileSync(here("wasm/node/ectomorph_bg.wasm"), here("dist/node/ectomorph.wasm"));
copyFileSync(here("wasm/browser/ectomorph_bg.wasm"), here("dist/ectomorph.wasm"));
execFileSync(process.execPath, [here("node_modules/typescript/bin/tsc"), "-p", here("tsconfig.json")], { stdio: "inherit" });
