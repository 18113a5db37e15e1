// Prints each file given: bytes, and bytes as sent with gzip.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  console.log(`    ${basename(file).padEnd(20)} ${String(bytes.length).padStart(9)} bytes, ${gzip} gzip`);
}
