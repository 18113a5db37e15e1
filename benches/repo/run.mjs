// Databases side by side, peer after peer in rounds, and the median of the rounds. Rows come out as JavaScript objects.
// Usage: node run.mjs [--rounds N] [PEER...]
import { fork } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { CASES } from "./cases.mjs";

const PEERS = ["ectomorph", "sqlite-wasm", "sql-js", "pglite", "alasql", "map"];
/** What the others are measured in. */
const UNIT = "sqlite-wasm";
/** Whose answers are right. */
const REFERENCE = "map";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" } },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) stop(`no number of rounds: ${options.rounds}`);
for (const name of positionals) if (!PEERS.includes(name)) stop(`no peer ${name}; there are ${PEERS.join(", ")}`);
const chosen = new Set([...(positionals.length > 0 ? positionals : PEERS), REFERENCE]);

console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${rounds} rounds`);
const measured = new Map();
for (let round = 1; round <= rounds; round++) {
  for (const file of PEERS.filter((name) => chosen.has(name))) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Kround ${round} of ${rounds}: ${file}`);
    const { error, code, ...answer } = await ask(file);
    if (error) {
      const unbuilt = file === "ectomorph" && code === "ERR_MODULE_NOT_FOUND";
      console.log(`skipping ${file}: ${unbuilt ? "the package has no repo yet, or is not built" : error}`);
      chosen.delete(file);
      continue;
    }
    const peer = measured.get(file) ?? { ...answer, rounds: [] };
    peer.rounds.push(answer.results);
    measured.set(file, peer);
  }
}
if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");

const right = measured.get(REFERENCE).rounds[0];
const unit = measured.get(UNIT);
const rows = [...measured.values()].map((peer) => [
  `${peer.name} ${peer.version}`,
  ...CASES.map((item) => {
    const first = peer.rounds[0][item.name];
    if (first.error) return "-";
    const own = median(peer, item);
    const ratio = unit && peer !== unit && !unit.rounds[0][item.name].error ? ` (${times(own / median(unit, item))})` : "";
    return `${own.toFixed(item.unit === "us" || own < 10 ? 2 : 0)} ${item.unit}${ratio}`;
  }),
]);
const columns = [["", ...CASES.map((item) => item.name)], ...rows];
const widths = columns.map((column) => Math.max(...column.map((cell) => cell.length)));
for (let line = 0; line <= CASES.length; line++) {
  console.log(columns.map((column, at) => (at === 0 ? column[line].padEnd(widths[at]) : column[line].padStart(widths[at]))).join("  "));
}
console.log(`\nMedians of ${rounds} rounds; (0.5x): takes half as long as ${UNIT}. Noise on a shared machine is easily a third.`);

for (const peer of measured.values()) {
  for (const { name } of CASES) {
    const { digest, error } = peer.rounds[0][name];
    if (error) console.log(`${peer.name}, ${name}: ${error}`);
    else if (name !== "update one" && digest !== right[name].digest && peer !== measured.get(REFERENCE)) {
      console.log(`${peer.name}, ${name}: answers ${digest}, not ${right[name].digest}`);
    }
  }
}

function median(peer, { name }) {
  const figures = peer.rounds.map((results) => results[name].figure).sort((a, b) => a - b);
  return figures[figures.length >> 1];
}

function times(ratio) {
  return `${ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2)}x`;
}

function ask(file) {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL("worker.mjs", import.meta.url), [file], { execArgv: ["--expose-gc"] });
    worker.once("message", resolve);
    worker.once("exit", (code) => reject(new Error(`${file} ended with exit code ${code}, without an answer`)));
  });
}

function stop(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}
