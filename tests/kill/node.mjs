// A program in Node that writes to files is killed at random moments; afterwards what it was told is done is there.
//
//   node tests/kill/node.mjs [--runs N] [--seed N]
//
// `cargo xtask crash` builds the package first. Prints `N passed, M failed`.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as library from "../../pkg/dist/node/index.js";
import * as repo from "../../pkg/dist/node/repo/index.js";
import { Kept } from "./check.mjs";
import { options, Tally } from "./runs.mjs";
import { generator, ledger } from "./workload.mjs";

const { runs, seed } = options();
const random = generator(seed);
const folder = mkdtempSync(join(tmpdir(), "ectomorph-kill-"));
const { open, look } = ledger({ ...library, ...repo });
const kept = new Kept(seed);
const tally = new Tally("node", seed);
try {
  for (let run = 1; run <= runs; run++) {
    const durability = random() < 0.8 ? "strict" : "relaxed";
    // Some while they open the database, or make it.
    const isEarly = random() < 0.15;
    const acknowledged = await killed(durability, isEarly, isEarly ? 60 + random() * 300 : random() * 1200);
    const opened = await open({ name: folder, storage: "file" });
    const looked = await look(opened);
    await opened.close();
    tally.add(run, `file, ${durability}${isEarly ? ", early" : ""}`, acknowledged, looked.number, kept.problem(looked, acknowledged, durability));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
tally.end();

/** Kills a writer after some milliseconds, counted from its start or from its first commit; the last number it said. */
function killed(durability, isEarly, milliseconds) {
  return new Promise((resolve, reject) => {
    const program = fileURLToPath(new URL("writer.mjs", import.meta.url));
    const writer = spawn(process.execPath, [program, folder, String(seed), durability], { stdio: ["ignore", "pipe", "pipe"] });
    let [said, complaint] = ["", ""];
    const kill = () => setTimeout(() => writer.kill("SIGKILL"), milliseconds);
    if (isEarly) kill();
    writer.stdout.on("data", (chunk) => {
      if (said === "" && !isEarly) kill();
      said += chunk;
    });
    writer.stderr.on("data", (chunk) => (complaint += chunk));
    writer.on("error", reject);
    writer.on("close", (code, signal) => {
      if (signal !== "SIGKILL") return reject(new Error(`the writer ended by itself, with ${code}: ${complaint}`));
      resolve(Math.max(0, ...said.split("\n").slice(0, -1).map(Number)));
    });
  });
}
