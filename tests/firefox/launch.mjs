// A Firefox as it is installed, driven over WebDriver BiDi: Playwright has one of its own alone. Pages look as Playwright's do, as
// far as the tests here need them to.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import puppeteer from "puppeteer-core";

const NAMES = ["firefox-esr", "firefox"];

/** What a test needs and this browser has not; the test is skipped. */
export class Missing extends Error {}

/** Starts the Firefox that `FIREFOX` names, or the first on the PATH. */
export async function launch() {
  // Nobody is there to say whether a page may keep what it stores.
  const extraPrefsFirefox = { "dom.storageManager.prompt.testing": true, "dom.storageManager.prompt.testing.allow": false };
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: installed(), headless: true, extraPrefsFirefox });
  return {
    version: () => browser.version(),
    close: () => browser.close(),
    /** A context with storage of its own. */
    async newContext() {
      const context = await browser.createBrowserContext();
      return { newPage: async () => new Page(await context.newPage()), close: () => context.close() };
    },
  };
}

class Page {
  #page;

  constructor(page) {
    this.#page = page;
  }

  on(event, listener) {
    this.#page.on(event, listener);
  }

  goto(url) {
    return this.#page.goto(url);
  }

  url() {
    return this.#page.url();
  }

  reload() {
    return this.#page.reload();
  }

  close() {
    return this.#page.close();
  }

  evaluate(work, argument) {
    return this.#page.evaluate(work, argument);
  }

  waitForFunction(condition, argument) {
    return this.#page.waitForFunction(condition, { polling: 50, timeout: 10_000 }, argument);
  }

  waitForTimeout(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  context() {
    const context = this.#page.browserContext();
    const newCDPSession = () => {
      throw new Missing("Chromium's own protocol");
    };
    return { newPage: async () => new Page(await context.newPage()), newCDPSession };
  }
}

function installed() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error("no Firefox found: install one or name it in FIREFOX");
  return found;
}
