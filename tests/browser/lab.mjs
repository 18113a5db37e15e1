// What the tests of the forms share: the server, a page, and the counting.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, launchProfile } from "./launch.mjs";

/** Starts the demo server on a free port, on a database that is gone with it unless it is a file. */
export async function serve(program, database = "sqlite::memory:") {
  const server = spawn(program, ["--port", "0", "--database", database], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((found, failed) => {
    let said = "";
    server.on("error", failed);
    server.on("exit", (code) => failed(new Error(`the server ended with ${code} before it listened`)));
    server.stdout.on("data", (chunk) => {
      said += chunk;
      const listening = /listening at (http:\S+)/.exec(said);
      if (listening) found(listening[1]);
    });
  });
  return { url, stop: () => server.kill() };
}

/** Runs tests one after the other, each in a page of its own, and counts. */
export class Runner {
  #browser;
  #only;
  passed = 0;
  failed = 0;

  constructor(url, only) {
    this.url = url;
    this.#only = only;
  }

  async start() {
    this.#browser = await launch();
  }

  async stop() {
    await this.#browser?.close();
  }

  /** `tolerate`: the test makes the browser complain on purpose. `profile`: it needs a disk. */
  async test(name, path, body, { width = 1280, tolerate = false, profile = false } = {}) {
    if (this.#only && !name.includes(this.#only)) return;
    const folder = profile ? mkdtempSync(join(tmpdir(), "ectomorph-profile-")) : undefined;
    const viewport = { width, height: 900 };
    const context = folder === undefined ? await this.#browser.newContext({ viewport }) : await launchProfile(folder);
    const page = await context.newPage();
    page.setDefaultTimeout(5000);
    const complaints = [];
    page.on("console", (message) => {
      // The browser's own note of an answer that the test is about.
      const expected = /status of 422/.test(message.text());
      const severe = message.type() === "error" || message.type() === "warning";
      if (severe && !expected) complaints.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
    await page.exposeFunction("reportViolation", (what) => complaints.push(`policy: ${what}`));
    await page.addInitScript(() => {
      const report = ({ violatedDirective, blockedURI }) => window.reportViolation(`${violatedDirective} ${blockedURI}`);
      document.addEventListener("securitypolicyviolation", report);
    });
    try {
      await page.goto(`${this.url}/${path}`);
      const lab = new Lab(page);
      // Forms wait for their rules, databases for their rows.
      if ((await page.locator("#rules-state").count()) > 0) await lab.ready();
      await page.waitForFunction(() => document.querySelector("main > [aria-busy]") === null);
      await body(lab, page);
      if (!tolerate && complaints.length > 0) throw new Error(complaints.join("\n"));
      this.passed += 1;
      console.log(`ok   ${name}`);
    } catch (error) {
      this.failed += 1;
      console.log(`FAIL ${name}\n     ${String(error.stack ?? error).replaceAll("\n", "\n     ")}`);
    } finally {
      await context.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** The messages below an input, which must be what describes it to those who do not see it. */
export function errorsOf(input) {
  return input.evaluate((control) => {
    const ids = (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
    const places = ids.map((id) => document.getElementById(id));
    if (places.includes(null)) throw new Error(`nothing has the id of ${ids}`);
    const shown = places.filter((place) => place.classList.contains("error") && place.checkVisibility());
    const lines = shown.flatMap((place) => place.textContent.split("\n"));
    const invalid = control.getAttribute("aria-invalid") === "true";
    if (invalid !== lines.length > 0) throw new Error(`aria-invalid is ${invalid} with ${lines.length} messages`);
    return lines;
  });
}

/** Changes what stands in an editor. */
export async function rewrite(editor, change) {
  const before = await editor.inputValue();
  const after = change(before);
  if (after === before) throw new Error(`the edit changes nothing in\n${before}`);
  await editor.fill(after);
}

/** A page with a form, as a person goes about it. */
export class Lab {
  constructor(page) {
    this.page = page;
  }

  /** Waits until the rules are there. */
  async ready() {
    await this.page.waitForFunction(() => document.getElementById("rules-state").textContent !== "");
  }

  input(name) {
    return this.page.locator(`form [name="${name}"]:not([type=hidden])`);
  }

  /** Types a text and moves on. */
  async fill(values) {
    for (const [name, value] of Object.entries(values)) {
      await this.input(name).fill(value);
      await this.input(name).blur();
    }
  }

  errors(name) {
    return errorsOf(this.input(name));
  }

  /** All messages that the form shows. */
  async allErrors() {
    return this.page.locator("form .error:visible").allTextContents();
  }

  async submit() {
    await this.page.locator("form button[type=submit]").click();
  }

  /** The server's answer, as the page shows it, once the form has made of it what it will. */
  async answer() {
    const done = () => document.querySelector("#answer p") && !document.querySelector("form[aria-busy]");
    await this.page.waitForFunction(done);
    const text = await this.page.locator("#answer p").textContent();
    const body = await this.page.locator("#answer pre").textContent();
    return { status: Number(/\d{3}/.exec(text)?.[0]), body: JSON.parse(body) };
  }

  async changes() {
    return JSON.parse(await this.page.locator("#changes").textContent());
  }

  async validity() {
    return this.page.locator("#validity").textContent();
  }

  /** Rewrites the rules in the page. */
  edit(change) {
    return rewrite(this.page.locator("#document"), change);
  }

  line(index) {
    return this.page.locator("[data-items] > li").nth(index);
  }

  async fillLine(index, values) {
    for (const [name, value] of Object.entries(values)) {
      await this.line(index).locator(`[data-name=${name}]`).fill(value);
      await this.line(index).locator(`[data-name=${name}]`).blur();
    }
  }

  async lineErrors(index, name) {
    return this.errors(await this.line(index).locator(`[data-name=${name}]`).getAttribute("name"));
  }
}
