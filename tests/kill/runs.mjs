// What the tests that kill have in common: their options, and counting.
import { parseArgs } from "node:util";

/** `--runs N`, five unless told; `--seed N`, another each time unless told. */
export function options() {
  const { values } = parseArgs({ options: { runs: { type: "string", default: "5" }, seed: { type: "string" } } });
  const [runs, seed] = [Number(values.runs), Number(values.seed ?? Math.floor(Math.random() * 1e6))];
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`no number of runs: ${values.runs}`);
  if (!Number.isInteger(seed) || seed < 0) throw new Error(`no seed: ${values.seed}`);
  return { runs, seed };
}

/** Counts kills, and says of those that did harm which they were. */
export class Tally {
  #passed = 0;
  #failed = 0;
  #commits = 0;
  #ahead = 0;
  #kinds = new Map();

  constructor(name, seed) {
    this.name = name;
    this.seed = seed;
    console.log(`kills in ${name}, seed ${seed}`);
  }

  /** A kill: what the last commit was that was acknowledged, the last that is there, and what is wrong. */
  add(run, kind, acknowledged, number, problem) {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    this.#commits = Math.max(this.#commits, number);
    if (number > acknowledged && acknowledged > 0) this.#ahead++;
    if (problem === undefined) this.#passed++;
    else {
      this.#failed++;
      console.log(`FAIL run ${run} (${kind}), seed ${this.seed}: ${problem}`);
    }
  }

  end() {
    for (const [kind, count] of this.#kinds) console.log(`     ${count} of ${kind}`);
    console.log(`     ${this.#commits} commits at most in a database; ${this.#ahead} kills left one that was not acknowledged yet`);
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    if (this.#failed > 0) process.exitCode = 1;
  }
}
