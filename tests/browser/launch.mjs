// The browser of every test here: the one that CHROME names, or the first that is installed.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Starts a headless browser, without Playwright's own download. */
export function launch() {
  return chromium.launch(options());
}

/** Starts one that keeps what pages store in a folder, as a user's does; others keep it in memory, without a quota. */
export function launchProfile(folder) {
  return chromium.launchPersistentContext(folder, options());
}

/** No sandbox: containers, where continuous integration runs, do not allow one. */
function options() {
  return { executablePath: installed(), args: ["--no-sandbox", "--disable-dev-shm-usage"] };
}

function installed() {
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
