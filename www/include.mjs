// Code and outputs in pages: taken from the files that are tested, so that a page can't say what does not run.
import { readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);

/**
 * The text with its directives filled in, each on a line of its own:
 *
 *   {{code examples/hello/src/user.rs rules}}    a region of a file, from `// region: rules` to `// endregion`
 *   {{code examples/hello/ectomorph.toml}}       a whole file
 *   {{output migrate users}}                     what the session prints under that title
 *   {{example cast}}                             code of www/src/forms to edit, and its form, which it runs on
 */
export function include(text) {
  return text.replaceAll(/^[ \t]*\{\{(code|output|example) ([^}]+)\}\}$/gm, (_, kind, what) => {
    if (kind === "example") return example(what);
    if (kind === "output") return shown(output(what), "output", `What is printed: ${what}`);
    const [path, region] = what.split(" ");
    return shown(code(path, region), "code", region === undefined ? path : `${path}, ${region}`);
  });
}

/**
 * A file, or a region of it: without the indentation that its lines share, and without the titles that the session prints
 * between its outputs.
 */
export function code(path, region) {
  const lines = read(path).split("\n");
  const kept = (region === undefined ? lines : between(lines, path, region)).filter((line) => !MARK.test(line) && !TITLE.test(line));
  const widths = kept.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)[0].length);
  const indent = Math.min(...widths);
  return kept.map((line) => line.slice(indent)).join("\n").trim();
}

/** An example of `www/src/forms`: its code in an editor, and beside it the form of the same name. */
function example(name) {
  const html = read(`www/src/forms/${name}.html`).trim();
  return `<section class="example" id="${name}" aria-label="Example">
<div class="source">
<div class="bar"><label for="${name}_code">${name}.js</label> <button type="button" class="quiet" data-run>Run</button> <button type="button" class="quiet" data-restore disabled>Restore</button></div>
<textarea class="code" id="${name}_code" rows="12" spellcheck="false" autocapitalize="off" autocomplete="off">
${escaped(code(`www/src/forms/${name}.ts`))}</textarea>
<p class="error problem" role="alert"></p>
<details><summary>Its form, as HTML</summary>
${shown(html, "code", `${name}.html`)}
</details>
</div>
<div class="live card">
${html}
<pre class="code outcome" tabindex="0" aria-label="What becomes of it"></pre>
</div>
</section>`;
}

/** What the session printed under a title. */
export function output(title) {
  const parts = `\n${read("examples/hello/tests/session.txt")}`.split("\n# ").slice(1);
  const found = parts.find((part) => part.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`the session of examples/hello prints nothing under "${title}"`);
  return found.slice(title.length).trim();
}

const MARK = /^\s*\/\/ (region: \w+|endregion)$/;
const TITLE = /^\s*title\(".*"\);$/;

function between(lines, path, region) {
  const start = lines.findIndex((line) => line.trim() === `// region: ${region}`);
  const length = lines.slice(start + 1).findIndex((line) => MARK.test(line));
  if (start < 0 || length < 0) throw new Error(`${path} has no region "${region}"`);
  return lines.slice(start + 1, start + 1 + length);
}

function shown(text, kind, label) {
  return `<pre class="code ${kind}" tabindex="0" aria-label="${label}">${escaped(text)}</pre>`;
}

/** A text as HTML shows it. */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function read(path) {
  return readFileSync(new URL(path, root), "utf8");
}
