// Writes what pages download into the table of README.md: `node sizes.mjs`. A test holds the table to what there is.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { readTable, writeTable } from "./tables.mjs";
import { bundle, gzip } from "./size/bundle.mjs";

const WHOLE = readFileSync(new URL("size/whole-engine.mjs", import.meta.url), "utf8");
const USER_FORM = `${readFileSync(new URL("size/user-form.mjs", import.meta.url), "utf8")}\n`;

/** What all of them build on. */
const FORM = `import { form } from "ectomorph/form"; console.log(form(registration(User.build(), {})));\n`;

/** What each part weighs with gzip, in bytes: a page as a bundler makes it, and what it downloads beside that. */
export async function sizes() {
  const page = await bundled(USER_FORM);
  const described = await bundled(USER_FORM + FORM);
  const beside = async (script) => (await bundled(USER_FORM + script)).atOnce - page.atOnce;
  const besideForm = async (script) => (await bundled(USER_FORM + FORM + script)).atOnce - described.atOnce;
  return [
    ["a form's rules: schema, changeset, errors", page.atOnce],
    ["`form` of `ectomorph/form` beside it: names, values, messages and HTML attributes of inputs", described.atOnce - page.atOnce],
    ["`bindForm` of `ectomorph/form` beside these two", await besideForm(`import { bindForm } from "ectomorph/form"; bindForm(document.forms[0], registration);`)],
    ["`ectomorph/react` beside these two, without React", await besideForm(`import { useForm } from "ectomorph/react"; useForm(registration);`)],
    ["`ectomorph/vue` beside these two, without Vue", await besideForm(`import { useForm } from "ectomorph/vue"; useForm(registration);`)],
    ["`ectomorph/svelte` beside these two", await besideForm(`import { createForm } from "ectomorph/svelte"; createForm(registration);`)],
    ["`ectomorph/batch` beside the first", await beside(`import { castCsv } from "ectomorph/batch"; castCsv(registration, "");`)],
    ["the whole engine, if the page asks for it", (await bundled(WHOLE)).later],
    ["`ectomorph/repo`: the database, in its worker", gzip(readFileSync(new URL("dist/repo.wasm", import.meta.url)))],
  ];
}

async function bundled(contents) {
  const { atOnce, later } = await bundle(contents);
  return { atOnce: gzip(atOnce), later: gzip(later) };
}

/** The table of the README, as rows of name and bytes. */
export function written() {
  return [...readTable("sizes").matchAll(/^\| (.+?) \| ([\d.]+) KB \|$/gm)].map(([, name, size]) => [name, Number(size) * 1000]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = (await sizes()).map(([name, bytes]) => `| ${name} | ${(bytes / 1000).toFixed(1)} KB |`);
  const versionOf = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;
  const provenance = `\`node sizes.mjs\` in \`pkg\`: Rollup ${versionOf("rollup")}, minified by esbuild ${versionOf("esbuild")}, gzip -9; ${new Date().toISOString().slice(0, 10)}.`;
  writeTable("sizes", ["| what a page downloads | gzip |", "|---|---:|", ...rows, "", provenance]);
  console.log(rows.join("\n"));
}
