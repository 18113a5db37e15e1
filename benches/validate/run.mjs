// Validators side by side: every peer in its own process, warm, rounds interleaved, the median of the rounds.
// Usage: node run.mjs [--all] [--rounds N] [--verify] [PEER...]
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { CASES } from "./forms.mjs";
import { print } from "./table.mjs";

const PEERS = ["ectomorph", "zod", "zod-compile", "valibot", "ajv", "yup", "vanilla"];
const MORE = ["zod-mini", "arktype", "typebox", "joi", "effect"];
// These two must do everything: one is what is measured, the other is what the rest is measured by.
const EXACT = ["ectomorph", "vanilla"];
const WARM_UP = 300;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean", default: false },
    rounds: { type: "string", default: "7" },
    verify: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) stop(`no number of rounds: ${options.rounds}`);
for (const name of positionals) {
  if (![...PEERS, ...MORE].includes(name)) stop(`no peer ${name}; there are ${[...PEERS, ...MORE].join(", ")}`);
}
const chosen = positionals.length > 0 ? positionals : [...PEERS, ...(options.all ? MORE : [])];
if (!existsSync(new URL("node_modules", import.meta.url))) {
  stop("the peers are not installed: run `cargo xtask bench validate`, or `npm ci` in benches/validate");
}

console.log(`node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${rounds} rounds`);
const peers = [];
for (const file of chosen) {
  const peer = await start(file);
  if (peer) peers.push(peer);
}
const wrong = peers.filter((peer) => EXACT.includes(peer.file) && Object.keys(peer.cases).length > 0);
for (const peer of wrong) {
  for (const [name, found] of Object.entries(peer.cases)) console.error(`${peer.name}, ${name}: ${found.join("; ")}`);
}

if (!options.verify) await measure();
print(peers, options.verify);
for (const peer of peers) peer.process.disconnect();
if (wrong.length > 0) stop(`${wrong.map((peer) => peer.name).join(" and ")} must do everything that is measured`);

/** Starts a peer and has it verified, or says why not. */
async function start(file) {
  const process = fork(new URL("worker.mjs", import.meta.url), [file], { execArgv: ["--expose-gc"] });
  const peer = { file, process, results: {} };
  const { error, code } = await answer(process);
  if (error) {
    const missing = file === "ectomorph" && code === "ERR_MODULE_NOT_FOUND";
    console.log(`skipping ${file}: ${missing ? "the package is not built (cargo xtask bench validate builds it)" : error}`);
    return undefined;
  }
  return Object.assign(peer, await ask(peer, { verb: "verify" }));
}

async function measure() {
  for (const { name } of CASES) {
    for (const peer of peers) {
      peer.results[name] = [];
      await ask(peer, { verb: "warm", name, milliseconds: WARM_UP });
    }
  }
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`);
    for (const { name } of CASES) {
      for (const peer of peers) peer.results[name].push((await ask(peer, { verb: "measure", name })).result);
    }
  }
  progress("");
}

function ask(peer, message) {
  peer.process.send(message);
  return answer(peer.process);
}

function answer(process) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`a peer ended with exit code ${code}`));
    process.once("exit", ended);
    process.once("message", (message) => {
      process.off("exit", ended);
      resolve(message);
    });
  });
}

// On a terminal one line that changes, elsewhere a line each.
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text) process.stderr.write(`${text}\n`);
}

function stop(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}
