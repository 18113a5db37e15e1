// Databases side by side, peer after peer in rounds, and the median of the rounds. Rows come out as JavaScript objects.
// Usage: node run.mjs [--browser | --worker] [--rounds N] [--no-growth] [PEER...]
//
// With --browser a page of Chromium asks databases in their workers, with --worker they are in the worker that asks.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { inNode } from "./node.mjs";
import { compared, differences, growth, sideBySide } from "./table.mjs";

/** Whose answers are right. */
const REFERENCE = "map";
/** Those whose cost is measured as rows grow. */
const GROWING = ["ectomorph", "sqlite-wasm"];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, browser: { type: "boolean" }, worker: { type: "boolean" }, "no-growth": { type: "boolean" } },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) stop(`no number of rounds: ${options.rounds}`);

const where = options.worker ? "worker" : options.browser ? "page" : undefined;
const place = where === undefined ? inNode() : await (await import("./browser.mjs")).inBrowser(where);
for (const name of positionals) if (!place.peers.includes(name)) stop(`no peer ${name}; there are ${place.peers.join(", ")}`);
const chosen = positionals.length > 0 ? positionals : place.peers;
const others = new Set(chosen).add(REFERENCE);

console.log(`${place.name}, ${cpus()[0]?.model ?? "unknown processor"}, ${rounds} rounds`);
const measured = new Map();
for (let round = 1; round <= rounds; round++) {
  for (const file of place.peers.filter((name) => others.has(name))) {
    progress(`round ${round} of ${rounds}: ${file}`);
    const { error, code, ...answer } = await place.measure(file);
    if (error) {
      const unbuilt = file === "ectomorph" && code === "ERR_MODULE_NOT_FOUND";
      console.log(`skipping ${file}: ${unbuilt ? "the package is not built" : error}`);
      others.delete(file);
      continue;
    }
    const peer = measured.get(file) ?? { ...answer, rounds: [] };
    peer.rounds.push(answer.results);
    measured.set(file, peer);
  }
}
progress("");
const lines = [sideBySide(measured, rounds), place.note, ...place.against.map((other) => compared(measured, other)), differences(measured, REFERENCE)];

if (place.grow !== undefined && !options["no-growth"]) {
  const grown = new Map();
  for (const file of GROWING.filter((name) => others.has(name))) {
    progress(`as rows grow: ${file}`);
    grown.set(file, await place.grow(file));
  }
  progress("");
  lines.push(growth(grown));
}
console.log(lines.filter((text) => text !== "").join("\n\n"));
await place.close();

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function stop(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}
