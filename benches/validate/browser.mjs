// The peers in Chromium, each in a browser of its own. Ours runs under a policy that forbids eval; those who compile need it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../pkg/node_modules/esbuild/lib/main.js";
import { serveFiles } from "../../tests/browser/files.mjs";
import { inOwnBrowser } from "../../tests/browser/launch.mjs";
import { versionOf } from "./version.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const EVAL = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'";

/** Where `run.mjs` measures. */
export async function inBrowser(files) {
  const folder = mkdtempSync(join(tmpdir(), "ectomorph-bench-"));
  await bundle(folder, files);
  const servers = { strict: await serveFiles(folder), open: await serveFiles(folder, EVAL) };
  return {
    name: "chromium, without eval for ectomorph",
    ask: (file, verb) => ask(servers[file.startsWith("ectomorph") ? "strict" : "open"].url, file, verb),
    close() {
      for (const server of Object.values(servers)) server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function bundle(folder, files) {
  const peers = files.map((file) => `"${file}": () => import("./peers/${file}.mjs"),`).join("\n");
  await build({
    stdin: { contents: `export const peers = {\n${peers}\n};\nexport { answer } from "./measure.mjs";`, resolveDir: here(".") },
    outdir: folder,
    entryNames: "bench",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    conditions: ["browser"],
    nodePaths: [here("node_modules")],
    minify: true,
    logLevel: "error",
    plugins: [{ name: "versions", setup: ({ onLoad }) => void onLoad({ filter: /version\.mjs$/ }, () => ({ contents: versions() })) }],
  });
}

/** `version.mjs` for pages, which read no files. */
function versions() {
  const { dependencies } = JSON.parse(readFileSync(here("package.json"), "utf8"));
  const known = Object.fromEntries(Object.keys(dependencies).map((name) => [name, versionOf(name)]));
  return `const versions = ${JSON.stringify(known)};\nexport const versionOf = (name) => versions[name];`;
}

function ask(url, file, verb) {
  return inOwnBrowser(["--js-flags=--expose-gc"], async ({ context }) => {
    try {
      const page = await context.newPage();
      await page.goto(`${url}/`);
      return await page.evaluate(async ({ file, verb }) => {
        const bench = await import("/bench.js");
        return bench.answer(await bench.peers[file](), verb, () => performance.now());
      }, { file, verb });
    } catch (error) {
      return { error: error.message };
    }
  });
}
