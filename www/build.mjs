// Builds the site into dist: the pages in their layout, the style sheets, and the scripts with the npm package inside.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { apiPages } from "./api.mjs";
import { components } from "./components.mjs";
import { include } from "./include.mjs";
import { switchingPage } from "./switching.mjs";

const here = (path) => new URL(path, import.meta.url);
const read = (path) => readFileSync(here(path), "utf8");

if (!existsSync(here("../examples/shared-rules/rules/pkg/rules_bg.wasm"))) {
  console.error("examples/shared-rules/rules has no pkg/; run `cargo xtask wasm` first");
  process.exit(1);
}
const checker = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const checked = spawnSync(process.execPath, [checker, "-p", "tsconfig.json"], { cwd: here("."), stdio: "inherit" });
if (checked.status !== 0) process.exit(1);

const common = {
  absWorkingDir: fileURLToPath(here(".")),
  outdir: "dist",
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: "es2022",
  conditions: ["browser"],
  logLevel: "warning",
  // The glue in the package names a module once for each block of imports.
  logOverride: { "duplicate-object-key": "silent" },
};

/** The entries of the package that examples import. */
const EDITABLE = ["ectomorph", "ectomorph/batch", "ectomorph/form", "ectomorph/gettext", "ectomorph/json-schema"];

rmSync(here("dist"), { recursive: true, force: true });
mkdirSync(here("dist"));
await build({
  ...common,
  entryPoints: {
    lab: "src/lab.ts",
    notes: "src/notes/main.ts",
    console: "src/console/main.ts",
    frameworks: "src/frameworks/main.ts",
    forms: "src/forms/main.ts",
    api: "src/api.ts",
    // What edited code imports.
    "packages/page": "src/forms/page.ts",
    ...Object.fromEntries(EDITABLE.map((name) => [`packages/${name}`, name])),
    // The databases of the pages live in it.
    worker: "ectomorph/repo/worker",
  },
  plugins: [components],
  // One React and one Vue: those of the page, not those that the package's own tests have.
  alias: Object.fromEntries(["react", "vue"].map((name) => [name, fileURLToPath(here(`node_modules/${name}`))])),
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  // The whole engine of ectomorph is a script of its own.
  splitting: true,
  chunkNames: "[name]-[hash]",
});
// The worker looks for its wasm above the folder of its package.
copyFileSync(fileURLToPath(import.meta.resolve("ectomorph/repo.wasm")), here("dist/repo.wasm"));
// The rules in Rust: wasm-bindgen's glue, which is in a chunk here, looks for its wasm beside it.
copyFileSync(here("../examples/shared-rules/rules/pkg/rules_bg.wasm"), here("dist/rules_bg.wasm"));
for (const file of ["style.css", "notes.css", "icon.svg"]) copyFileSync(here(file), here(`dist/${file}`));
// The catalogs that Rust's tests read: a .po file is the same on both sides.
for (const language of ["de", "pl"]) copyFileSync(here(`../src/messages/tests/errors.${language}.po`), here(`dist/errors.${language}.po`));
const pages = new Map(readdirSync(here("pages")).filter((page) => page.endsWith(".html")).map((page) => [page, read(`pages/${page}`)]));
for (const [page, text] of [...pages, ["switching.html", switchingPage()], ...apiPages()]) writeFileSync(here(`dist/${page}`), compose(page, text));

// The service worker knows every file by now. Another content of any of them makes it another script.
const files = readdirSync(here("dist"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
  .map(({ parentPath, name }) => relative(fileURLToPath(here("dist")), `${parentPath}/${name}`).replaceAll("\\", "/"))
  .sort();
const digest = createHash("sha256");
for (const file of files) digest.update(readFileSync(here(`dist/${file}`)));
await build({
  ...common,
  entryPoints: { "service-worker": "src/offline/service-worker.ts" },
  sourcemap: false,
  define: { FILES: JSON.stringify(["./", ...files]), CACHE: JSON.stringify(`ectomorph-${digest.digest("hex").slice(0, 16)}`) },
});
// A page starts with lines `key: value`, up to the first empty one; the layout has `{{key}}` where they go.
// It is marked in the navigation by its own name, or that which it has as `nav`.
function compose(page, text) {
  const [, head, body] = /^((?:\w+: .*\n)+)\n([^]*)$/.exec(text) ?? [];
  if (head === undefined) throw new Error(`${page} does not start with its title`);
  const values = new Map(head.trim().split("\n").map((line) => line.split(/: (.*)/, 2)));
  values.set("page", include(body.trim()));
  if (!values.has("footer")) values.set("footer", "One set of rules, written once: run natively by the server and in WebAssembly by this page.");
  const fill = (text) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, key) => {
      if (key.startsWith("at_")) return key === `at_${values.get("nav") ?? page.replace(".html", "")}` ? ' aria-current="page"' : "";
      if (key === "body") return fill(values.has("layout") ? read(`layouts/${values.get("layout")}.html`) : "{{page}}");
      if (!values.has(key)) throw new Error(`${page} has no ${key}`);
      return fill(values.get(key));
    });
  return fill(read("layouts/site.html"));
}
