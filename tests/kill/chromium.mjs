// Chromium, a tab of it, or the worker of a page in it is killed while the page writes, to OPFS or IndexedDB; afterwards what the
// page was told is done is there.
//
//   node tests/kill/chromium.mjs [--runs N] [--seed N]
//
// `cargo xtask crash` builds the package first. Prints `N passed, M failed`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../browser/files.mjs";
import { launchToKill } from "../browser/launch.mjs";
import { Kept } from "./check.mjs";
import { options, Tally } from "./runs.mjs";
import { generator } from "./workload.mjs";

const { runs, seed } = options();
const random = generator(seed);
const tally = new Tally("chromium", seed);
const server = await serveFiles(fileURLToPath(new URL("../../", import.meta.url)));
const profile = mkdtempSync(join(tmpdir(), "ectomorph-kill-"));
// Each goes through all its kills in one profile.
const databases = { opfs: new Kept(seed), indexeddb: new Kept(seed + 1) };
let browser;
try {
  for (let run = 1; run <= runs; run++) {
    const storage = random() < 0.7 ? "opfs" : "indexeddb";
    const durability = random() < 0.8 ? "strict" : "relaxed";
    const [number, milliseconds] = [random(), random() * 1200];
    const victim = number < 0.4 ? "browser" : number < 0.7 ? "tab" : "worker";
    const kept = databases[storage];
    browser ??= await launchToKill(profile);
    const acknowledged = await killed(victim, { storage, seed: kept.seed, durability }, milliseconds);
    browser ??= await launchToKill(profile);
    const page = await newPage();
    const looked = await page.evaluate(async (what) => (await import("/tests/kill/page.mjs")).read(what), { storage });
    await page.close();
    tally.add(run, `${victim}, ${storage}, ${durability}`, acknowledged, looked.number, kept.problem(looked, acknowledged, durability));
  }
} finally {
  await browser?.kill();
  server.stop();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
tally.end();

async function newPage(tries = 3) {
  let page;
  try {
    page = await browser.context.newPage();
  } catch (error) {
    // The process that stood ready for it was killed with the others.
    if (tries === 1 || !/crashed/.test(error.message)) throw error;
    return newPage(tries - 1);
  }
  page.setDefaultTimeout(20_000);
  await page.goto(`${server.url}/`);
  return page;
}

/** Has a page write until its time is over, counted from its first commit; the last number it acknowledged. */
async function killed(victim, what, milliseconds) {
  const page = await newPage();
  let acknowledged = 0;
  let [began, failed] = [];
  const begun = new Promise((resolve, reject) => ([began, failed] = [resolve, reject]));
  await page.exposeFunction("acknowledge", (number) => {
    acknowledged = number;
    began();
  });
  const lifetime = victim === "worker" ? milliseconds : undefined;
  let isOver = false;
  const written = page.evaluate(async (what) => (await import("/tests/kill/page.mjs")).write(what), { ...what, lifetime });
  // A page that is killed gives no answer; one that fails before is a failure of the test.
  written.catch((error) => isOver || failed(error));
  await Promise.race([begun, written]);
  if (victim === "worker") {
    await written;
    await page.close();
    return acknowledged;
  }
  await Promise.race([new Promise((resolve) => setTimeout(resolve, milliseconds)), written]);
  isOver = true;
  if (victim === "tab") {
    const crashed = page.waitForEvent("crash");
    await browser.killRenderers();
    await crashed;
    await page.close();
  } else {
    await browser.kill();
    browser = undefined;
  }
  return acknowledged;
}
