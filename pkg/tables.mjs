// The tables of README.md that programs write, each between its marks: `<!-- sizes -->` and `<!-- end of sizes -->`. Whatever is named
// like a README is published with it, so this file is not.
import { readFileSync, writeFileSync } from "node:fs";

const README = new URL("README.md", import.meta.url);

/** What stands in a table, as text. */
export function readTable(name) {
  return parts(name)[1];
}

/** Puts lines in the place of what stands in a table. */
export function writeTable(name, lines) {
  const [before, , after] = parts(name);
  writeFileSync(README, `${before}${lines.join("\n")}\n${after}`);
}

/** The README up to a table, the table, and the rest. */
function parts(name) {
  const found = new RegExp(`^([^]*<!-- ${name} -->\n)([^]*)(<!-- end of ${name} -->[^]*)$`).exec(readFileSync(README, "utf8"));
  if (found === null) throw new Error(`README.md has no table of ${name}`);
  return found.slice(1);
}
