// Builds the site into dist: the pages in their layout, the style sheet, and one script with the npm package inside.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { build } from "esbuild";

const here = (path) => new URL(path, import.meta.url);
const read = (path) => readFileSync(here(path), "utf8");

const checker = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const checked = spawnSync(process.execPath, [checker, "-p", "tsconfig.json"], { cwd: here("."), stdio: "inherit" });
if (checked.status !== 0) process.exit(1);

rmSync(here("dist"), { recursive: true, force: true });
mkdirSync(here("dist"));
await build({
  absWorkingDir: here(".").pathname,
  entryPoints: ["src/lab.ts"],
  outdir: "dist",
  bundle: true,
  // The whole engine of ectomorph is a script of its own.
  splitting: true,
  chunkNames: "[name]-[hash]",
  minify: true,
  sourcemap: true,
  format: "esm",
  target: "es2022",
  conditions: ["browser"],
  logLevel: "warning",
});
copyFileSync(here("style.css"), here("dist/style.css"));
copyFileSync(here("icon.svg"), here("dist/icon.svg"));
for (const page of readdirSync(here("pages"))) {
  if (page.endsWith(".html")) writeFileSync(here(`dist/${page}`), compose(page));
}

// A page starts with lines `key: value`, up to the first empty one; the layout has `{{key}}` where they go.
function compose(page) {
  const [, head, body] = /^((?:\w+: .*\n)+)\n([^]*)$/.exec(read(`pages/${page}`)) ?? [];
  if (head === undefined) throw new Error(`pages/${page} does not start with its title`);
  const values = new Map(head.trim().split("\n").map((line) => line.split(/: (.*)/, 2)));
  values.set("page", body.trim());
  const fill = (text) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, key) => {
      if (key.startsWith("at_")) return key === `at_${page.replace(".html", "")}` ? ' aria-current="page"' : "";
      if (key === "body") return fill(values.has("layout") ? read(`layouts/${values.get("layout")}.html`) : "{{page}}");
      if (!values.has(key)) throw new Error(`pages/${page} has no ${key}`);
      return fill(values.get(key));
    });
  return fill(read("layouts/site.html"));
}
