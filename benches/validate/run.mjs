// Validators side by side, peer after peer in rounds, and the median of the rounds. Every round of every peer is a warm
// process of its own: what a just-in-time compiler makes of a function differs from process to process.
// Usage: node run.mjs [--browser] [--rounds N] [--verify] [--readme] [PEER...]; --readme writes what was measured into pkg/README.md
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { CASES } from "./forms.mjs";
import { writeReadme } from "./readme.mjs";
import { print } from "./table.mjs";

const PEERS = [
  "ectomorph", "ectomorph-changeset", "zod", "zod-mini", "zod-compile", "valibot", "arktype", "ajv", "typebox", "yup", "joi", "effect", "vanilla",
];
// These must do everything: what is measured, and what the rest is measured by.
const EXACT = ["ectomorph", "ectomorph-changeset", "vanilla"];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    browser: { type: "boolean", default: false },
    rounds: { type: "string", default: "5" },
    readme: { type: "boolean", default: false },
    verify: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) stop(`no number of rounds: ${options.rounds}`);
if (options.readme && options.browser) stop("the README has what was measured in Node: leave out --browser or --readme");
for (const name of positionals) {
  if (!PEERS.includes(name)) stop(`no peer ${name}; there are ${PEERS.join(", ")}`);
}
const chosen = positionals.length > 0 ? positionals : PEERS;
if (!existsSync(new URL("node_modules", import.meta.url))) {
  stop("the peers are not installed: run `cargo xtask bench validate`, or `npm ci` in benches/validate");
}

const place = options.browser ? await (await import("./browser.mjs")).inBrowser(chosen) : { name: `node ${process.version}`, ask, close() {} };
console.log(`${place.name}, ${cpus()[0]?.model ?? "unknown processor"}, ${rounds} rounds`);
const peers = [];
for (const file of chosen) {
  const peer = await verified(file);
  if (peer) peers.push(peer);
}
const wrong = peers.filter((peer) => EXACT.includes(peer.file) && Object.keys(peer.cases).length > 0);
for (const peer of wrong) {
  for (const [name, found] of Object.entries(peer.cases)) console.error(`${peer.name}, ${name}: ${found.join("; ")}`);
}

if (!options.verify) {
  for (let round = 1; round <= rounds; round++) {
    for (const peer of peers) {
      progress(`round ${round} of ${rounds}: ${peer.name}`);
      const results = await place.ask(peer.file, "measure");
      for (const { name } of CASES) peer.results[name].push(results[name]);
    }
  }
  progress("");
}
place.close();
print(peers, options.verify);
if (options.readme && !options.verify) writeReadme(peers, rounds);
if (wrong.length > 0) stop(`${wrong.map((peer) => peer.name).join(" and ")} must do everything that is measured`);

/** What the peer does, or nothing where it can't run, which is said. */
async function verified(file) {
  const { error, code, ...peer } = await place.ask(file, "verify");
  if (!error) return { file, ...peer, results: Object.fromEntries(CASES.map(({ name }) => [name, []])) };
  const unbuilt = file === "ectomorph" && code === "ERR_MODULE_NOT_FOUND";
  console.log(`skipping ${file}: ${unbuilt ? "the package is not built (cargo xtask bench validate builds it)" : error}`);
  return undefined;
}

function ask(file, verb) {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL("worker.mjs", import.meta.url), [file, verb], { execArgv: ["--expose-gc"] });
    worker.once("message", resolve);
    worker.once("exit", (code) => reject(new Error(`${file} ended with exit code ${code}, without an answer`)));
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
