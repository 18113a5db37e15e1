// Code and outputs in pages: taken from the files that are tested, so that a page can't say what does not run.
import { readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);

/**
 * The text with its directives filled in, each on a line of its own:
 *
 *   {{code examples/hello/src/user.rs rules}}    a region of a file, from `// region: rules` to `// endregion`
 *   {{code examples/hello/ectomorph.toml}}       a whole file
 *   {{output migrate users}}                     what the session prints under that title
 */
export function include(text) {
  return text.replaceAll(/^[ \t]*\{\{(code|output) ([^}]+)\}\}$/gm, (_, kind, what) => {
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
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<pre class="code ${kind}" tabindex="0" aria-label="${label}">${escaped}</pre>`;
}

function read(path) {
  return readFileSync(new URL(path, root), "utf8");
}
