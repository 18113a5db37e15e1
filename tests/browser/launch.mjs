// The browser of every test here: the one that CHROME names, or the first that is installed.
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

// No sandbox: containers, where continuous integration runs, do not allow one.
const ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"];

/** Starts a headless browser, without Playwright's own download. */
export function launch() {
  return chromium.launch({ executablePath: installed(), args: ARGUMENTS });
}

/** Starts one that keeps what pages store in a folder, as a user's does; others keep it in memory, without a quota. */
export function launchProfile(folder) {
  return chromium.launchPersistentContext(folder, { executablePath: installed(), args: ARGUMENTS });
}

/** Starts a headless browser on a profile that outlives it, to be killed, all of it or a renderer, by SIGKILL. */
export async function launchToKill(profile, args = []) {
  const own = ["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "--no-first-run", "about:blank"];
  // A group of processes, which is killed whole.
  const group = spawn(installed(), [...ARGUMENTS, ...args, ...own], { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => group.once("exit", resolve));
  const browser = await chromium.connectOverCDP(await endpoint(group));
  const session = await browser.newBrowserCDPSession();
  return {
    context: browser.contexts()[0],
    async killRenderers() {
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      for (const { id, type } of processInfo) if (type === "renderer") process.kill(id, "SIGKILL");
    },
    async kill() {
      process.kill(-group.pid, "SIGKILL");
      await ended;
    },
  };
}

/** Runs something in a browser on a profile of its own; both are gone afterwards. */
export async function inOwnBrowser(args, run) {
  const profile = mkdtempSync(join(tmpdir(), "ectomorph-profile-"));
  let browser;
  try {
    browser = await launchToKill(profile, args);
    return await run(browser);
  } finally {
    await browser?.kill();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Where a browser that starts says it can be spoken to. */
function endpoint(browser) {
  return new Promise((found, failed) => {
    let said = "";
    browser.on("error", failed);
    browser.on("exit", (code) => failed(new Error(`the browser ended with ${code} before it listened: ${said}`)));
    browser.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-4000);
      const listening = /listening on (ws:\S+)/.exec(said);
      if (listening) found(listening[1]);
    });
  });
}

/** The browser to use; throws where there is none. */
export function installed() {
  if (process.env.CHROME) return process.env.CHROME;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
  if (!found) throw new Error("no Chromium or Chrome found: install one or name it in CHROME");
  return found;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
