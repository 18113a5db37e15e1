// Workers on the edge, which compile no wasm while they run.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";

const WORKER = 'import { answer } from "./program.mjs"; export default { fetch: () => new Response(answer()) };';

export default [
  {
    name: "workerd",
    async run(project) {
      const root = project({ "worker.mjs": WORKER });
      const modules = [];
      // As Cloudflare's own tool does: wasm stays a module beside the script.
      const wasm = {
        name: "wasm",
        setup({ onResolve }) {
          onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
            const file = join(resolveDir, path);
            const name = relative(root, file).replaceAll(/[^\w.]/g, "_");
            modules.push({ type: "CompiledWasm", path: name, contents: readFileSync(file) });
            return { path: `./${name}`, external: true };
          });
        },
      };
      const { outputFiles: [script] } = await build({
        entryPoints: [join(root, "worker.mjs")], bundle: true, format: "esm", conditions: ["workerd", "worker", "browser"],
        write: false, plugins: [wasm], logLevel: "error",
      });
      const flare = new Miniflare({ compatibilityDate: "2025-01-01", modules: [{ type: "ESModule", path: "worker.mjs", contents: script.text }, ...modules] });
      try {
        return await (await flare.dispatchFetch("http://localhost/")).text();
      } finally {
        await flare.dispose();
      }
    },
  },
];
