// Bundlers, each with what it takes a page to be; what comes out runs as it is.
import { join } from "node:path";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as vite } from "vite";
import webpack from "webpack";
import { print } from "./tools.mjs";

const FILES = { "main.mjs": 'import { answer } from "./program.mjs"; console.log(answer());' };

export default [
  {
    name: "esbuild",
    async run(project) {
      const root = project(FILES);
      await esbuild({ entryPoints: [join(root, "main.mjs")], bundle: true, format: "esm", splitting: true, platform: "browser", outdir: join(root, "out"), outExtension: { ".js": ".mjs" }, logLevel: "error" });
      return print(join(root, "out/main.mjs"));
    },
  },
  {
    name: "esbuild, minified into one script",
    async run(project) {
      const root = project(FILES);
      await esbuild({ entryPoints: [join(root, "main.mjs")], bundle: true, minify: true, format: "iife", platform: "browser", outfile: join(root, "out/main.cjs"), logLevel: "error" });
      return print(join(root, "out/main.cjs"));
    },
  },
  {
    name: "rollup",
    async run(project) {
      const root = project(FILES);
      const bundle = await rollup({ input: join(root, "main.mjs"), plugins: [nodeResolve({ browser: true })], onwarn(warning) { throw new Error(warning.message); } });
      await bundle.write({ dir: join(root, "out"), format: "es", entryFileNames: "[name].mjs" });
      return print(join(root, "out/main.mjs"));
    },
  },
  {
    name: "vite build",
    async run(project) {
      const root = project(FILES);
      const rollupOptions = { input: join(root, "main.mjs"), output: { entryFileNames: "main.mjs" } };
      await vite({ root, configFile: false, logLevel: "error", build: { outDir: "out", modulePreload: false, rollupOptions } });
      return print(join(root, "out/main.mjs"));
    },
  },
  {
    name: "vite build for a server",
    async run(project) {
      const root = project(FILES);
      const rollupOptions = { input: join(root, "main.mjs"), output: { entryFileNames: "main.mjs" } };
      await vite({ root, configFile: false, logLevel: "error", build: { ssr: true, outDir: "out", rollupOptions } });
      return print(join(root, "out/main.mjs"));
    },
  },
  ...["web", "node"].map((target) => ({
    name: `webpack 5 for ${target}`,
    async run(project) {
      const root = project(FILES);
      const options = { mode: "production", target, context: root, entry: "./main.mjs", output: { path: join(root, "out"), filename: "main.cjs", publicPath: "" }, performance: { hints: false } };
      const stats = await new Promise((done, fail) => webpack(options, (error, stats) => (error ? fail(error) : done(stats))));
      const said = stats.toString({ preset: "errors-warnings" });
      if (stats.hasErrors() || stats.hasWarnings()) throw new Error(said);
      return print(join(root, "out/main.cjs"));
    },
  })),
];
