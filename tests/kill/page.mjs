// The page that is killed, or whose tab or worker is.
import * as library from "/pkg/dist/browser/index.js";
import * as repo from "/pkg/dist/browser/repo/index.js";
import { ledger, plan, unhurried } from "./workload.mjs";

const { open, last, commit, look } = ledger({ ...library, ...repo });

/**
 * Goes on with the commits of a seed, and acknowledges each before it begins the next: `window.acknowledge(number)`. With
 * `lifetime`, the worker is ended after so many milliseconds.
 */
export async function write({ storage, seed, durability, lifetime }) {
  let worker;
  const start = () => (worker = new Worker("/pkg/dist/browser/repo/worker.js", { type: "module" }));
  const opened = await open({ name: `ledger ${storage}`, storage, durability, worker: start });
  const from = await last(opened);
  await window.acknowledge(from);
  let isGone = false;
  const ended = lifetime === undefined ? new Promise(() => {}) : new Promise((resolve) => setTimeout(resolve, lifetime)).then(() => {
    isGone = true;
    worker.terminate();
  });
  const writing = (async () => {
    for (let number = from + 1; !isGone; number++) {
      await unhurried(number, async () => {
        await commit(opened, plan(seed, number));
        // What its worker said before its end, but the page hears after it, is done too.
        await window.acknowledge(number);
      });
    }
  })();
  await Promise.race([ended, writing]);
}

/** All there is, and whether constraints hold. */
export async function read({ storage }) {
  const opened = await open({ name: `ledger ${storage}`, storage });
  const looked = await look(opened);
  await opened.close();
  return looked;
}
