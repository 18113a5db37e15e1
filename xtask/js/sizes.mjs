// Prints each file given: bytes, and bytes as sent with gzip. With `--budget N` first, the exit code is 1 when one is over it.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

let budget = Number.POSITIVE_INFINITY;
const files = process.argv.slice(2);
if (files[0] === "--budget") budget = Number(files.splice(0, 2)[1]);
for (const file of files) {
  const bytes = readFileSync(file);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  console.log(`    ${basename(file).padEnd(20)} ${String(bytes.length).padStart(9)} bytes, ${gzip} gzip`);
  if (gzip > budget) {
    console.error(`error: ${basename(file)} is ${gzip - budget} bytes over its budget of ${budget}`);
    process.exitCode = 1;
  }
}
