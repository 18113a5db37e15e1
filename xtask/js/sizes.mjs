// Prints each file given, a script with all that it imports: bytes, and bytes as sent with gzip and with brotli, which most hosts have for
// those that ask. With `--budget N` before a file, the exit code is 1 when it is over it.
import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const words = process.argv.slice(2);
while (words.length > 0) {
  const budget = words[0] === "--budget" ? Number(words.splice(0, 2)[1]) : Number.POSITIVE_INFINITY;
  const file = words.shift();
  const bytes = Buffer.concat([...whole(resolve(file))].map((part) => readFileSync(part)));
  const gzip = gzipSync(bytes, { level: 9 }).length;
  const brotli = brotliCompressSync(bytes).length;
  const limit = Number.isFinite(budget) ? `, ${Math.round((gzip / budget) * 100)} % of ${budget}` : "";
  console.log(`    ${basename(file).padEnd(20)} ${String(bytes.length).padStart(9)} bytes, ${gzip} gzip${limit}, ${brotli} brotli`);
  if (gzip > budget) {
    console.error(`error: ${basename(file)} is ${gzip - budget} bytes over its budget of ${budget}`);
    process.exitCode = 1;
  }
}

/** A file, and if it is a script those that it imports, and those that they do. */
function whole(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  if (!file.endsWith(".js")) return found;
  for (const [, from] of readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;]*?["'](\.[^"']+)["'];$/gm)) whole(resolve(dirname(file), from), found);
  return found;
}
