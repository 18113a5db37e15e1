// Writes what pages download into the table of README.md: `node sizes.mjs`. A test holds the table to what there is.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const readme = new URL("README.md", import.meta.url);
const TABLE = /(<!-- sizes -->\n)[^]*?(<!-- end of sizes -->)/;
const USER_FORM = `${readFileSync(new URL("size/user-form.mjs", import.meta.url), "utf8")}\n`;

/** What each part weighs with gzip, in bytes: a page as a bundler makes it, and what it downloads beside that. */
export async function sizes() {
  const page = await bundled(USER_FORM);
  const beside = async (script) => (await bundled(USER_FORM + script)).atOnce - page.atOnce;
  return [
    ["a form's rules: schema, changeset, errors", page.atOnce],
    ["`ectomorph/form` beside it", await beside(`import { bindForm } from "ectomorph/form"; bindForm(document.forms[0], registration);`)],
    ["`ectomorph/react` beside it, without React", await beside(`import { useForm } from "ectomorph/react"; useForm(registration);`)],
    ["`ectomorph/vue` beside it, without Vue", await beside(`import { useForm } from "ectomorph/vue"; useForm(registration);`)],
    ["`ectomorph/svelte` beside it", await beside(`import { createForm } from "ectomorph/svelte"; createForm(registration);`)],
    ["`ectomorph/batch` beside it", await beside(`import { castCsv } from "ectomorph/batch"; castCsv(registration, "");`)],
    ["the whole engine, if the page asks for it", page.later],
    ["`ectomorph/repo`: the database, in its worker", gzip(readFileSync(new URL("dist/repo.wasm", import.meta.url)))],
  ];
}

async function bundled(contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    outdir: "/", bundle: true, splitting: true, minify: true, format: "esm", target: "es2022", platform: "browser", legalComments: "none",
    conditions: ["browser"], external: ["react", "vue"], metafile: true, write: false, logLevel: "error",
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [path.split("/").at(-1), contents]));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [path.split("/").at(-1), output]));
  const atOnce = new Set(["stdin.js"]);
  for (const name of atOnce) {
    for (const { path, kind } of outputs.get(name)?.imports ?? []) if (kind === "import-statement") atOnce.add(path.split("/").at(-1));
  }
  const weight = (names) => gzip(Buffer.concat(names.map((name) => files.get(name))));
  return { atOnce: weight([...atOnce].filter((name) => files.has(name))), later: weight([...files.keys()].filter((name) => !atOnce.has(name))) };
}

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** The table of the README, as rows of name and bytes. */
export function written() {
  const [table] = TABLE.exec(readFileSync(readme, "utf8")) ?? [];
  if (table === undefined) throw new Error("README.md has no table of sizes");
  return [...table.matchAll(/^\| (.+?) \| ([\d.]+) KB \|$/gm)].map(([, name, size]) => [name, Number(size) * 1000]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = (await sizes()).map(([name, bytes]) => `| ${name} | ${(bytes / 1000).toFixed(1)} KB |`);
  const { version } = createRequire(import.meta.url)("esbuild/package.json");
  const provenance = `\`node sizes.mjs\` in \`pkg\`: esbuild ${version}, minified, gzip -9; ${new Date().toISOString().slice(0, 10)}.`;
  const table = ["| what a page downloads | gzip |", "|---|---:|", ...rows, "", provenance, ""].join("\n");
  writeFileSync(readme, readFileSync(readme, "utf8").replace(TABLE, (_, start, end) => `${start}${table}${end}`));
  console.log(rows.join("\n"));
}
