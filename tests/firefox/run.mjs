// The package in Firefox: the repo in a worker, durable on both storages and shared by tabs, and a form.
//
//   node tests/firefox/run.mjs [part of a test's name]
//
// `cargo xtask test` runs it where a Firefox is installed. FIREFOX names one.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { serveFiles } from "../browser/files.mjs";
import storage from "../browser/repo/storage.mjs";
import tabs from "../browser/repo/tabs.mjs";
import here from "../browser/repo/here.mjs";
import worker from "../browser/repo/worker.mjs";
import { launch, Missing } from "./launch.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const only = process.argv[2] ?? "";
const server = await serveFiles(root);
const browser = await launch();
console.log(await browser.version());
let [passed, failed] = [0, 0];

const runner = {
  /** Runs a test in a page with storage of its own. */
  async test(name, path, body, { tolerate = false } = {}) {
    if (!name.includes(only)) return;
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      const complaints = [];
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
      await page.goto(`${server.url}/${path}`);
      await body(undefined, page);
      if (!tolerate && complaints.length > 0) throw new Error(complaints.join("\n"));
      passed += 1;
      console.log(`ok   ${name}`);
    } catch (error) {
      if (error instanceof Missing) return console.log(`skip ${name}: it needs ${error.message}`);
      failed += 1;
      console.log(`FAIL ${name}\n     ${String(error.stack ?? error).replaceAll("\n", "\n     ")}`);
    } finally {
      await context.close();
    }
  },
};

try {
  await runner.test("form: errors stand at the fields that they are about, and go when these are right", "", async (_lab, page) => {
    const shown = await page.evaluate(async () => {
      const { schema, t } = await import("/pkg/dist/browser/index.js");
      const { bindForm } = await import("/pkg/dist/browser/form/index.js");
      const User = schema("users", { name: t.string(), age: t.integer() });
      const rules = User.changeset((c) => c.cast("name", "age").validateRequired("name").validateNumber("age", { greaterThan: 17 }));
      document.body.innerHTML = '<form><input name="users[name]"><input name="users[age]"><button>Save</button></form>';
      const form = document.querySelector("form");
      const submitted = [];
      bindForm(form, rules, { onSubmit: (changeset) => submitted.push({ ...changeset.changes }) });
      const type = (name, value) => {
        const input = form.elements.namedItem(`users[${name}]`);
        input.focus();
        input.value = value;
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
        input.blur();
      };
      /** The inputs that are wrong, when what was typed has been looked at. */
      const wrong = async (count) => {
        const found = () => Array.from(form.querySelectorAll('[aria-invalid="true"]'), ({ name }) => name);
        for (const start = performance.now(); found().length !== count && performance.now() - start < 3000; ) {
          await new Promise((passed) => setTimeout(passed, 20));
        }
        return found();
      };
      type("age", "12");
      const first = await wrong(1);
      form.requestSubmit();
      const second = await wrong(2);
      type("age", "21");
      type("name", "Jane");
      const last = await wrong(0);
      form.requestSubmit();
      return { first, second, last, submitted };
    });
    assert.deepEqual(shown, { first: ["users[age]"], second: ["users[name]", "users[age]"], last: [], submitted: [{ name: "Jane", age: 21 }] });
  });
  for (const tests of [storage, worker, here, tabs]) await tests(runner);
} finally {
  await browser.close();
  server.stop();
}
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
