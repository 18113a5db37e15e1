// What holds for every page: the policy of scripts, labels, widths; and patterns in the engine of the page.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

const PAGES = ["index.html", "user.html", "signup.html", "order.html", "notes.html", "console.html", "guide.html", "distributed.html",
  "forms.html", "recipes.html", "switching.html", "api.html", "api-form.html", "api-repo.html"];

export default async function tests(runner) {
  for (const path of PAGES) {
    for (const width of [390, 1280]) {
      const name = `page: ${path} fits into ${width} pixels, and all that can be filled in has a name`;
      await runner.test(name, path, async (_lab, page) => {
        const add = page.locator("[data-add]");
        for (const button of await add.all()) await button.click();
        const found = await page.evaluate(() => ({
          over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          nameless: [...document.querySelectorAll("input:not([type=hidden]),select,textarea")]
            .filter((control) => control.labels.length === 0 || (control.id === "" && control.closest("label") === null)).map((control) => control.outerHTML),
          doubled: [...document.querySelectorAll("[id]")].map(({ id }) => id).filter((id, at, all) => all.indexOf(id) !== at),
          headings: document.querySelectorAll("h1").length,
        }));
        assert.deepEqual(found, { over: 0, nameless: [], doubled: [], headings: 1 });
      }, { width });
    }
  }

  await runner.test("page: the policy admits WebAssembly and refuses what is inline or evaluated", "user.html", async (_lab, page) => {
    const response = await page.request.get(page.url());
    assert.match(response.headers()["content-security-policy"], /script-src 'self' 'wasm-unsafe-eval';/);
    const refused = await page.evaluate(async () => {
      const violations = [];
      document.addEventListener("securitypolicyviolation", ({ blockedURI }) => violations.push(blockedURI));
      const script = Object.assign(document.createElement("script"), { textContent: "window.ran = true" });
      document.body.append(script);
      await new Promise((done) => setTimeout(done, 50));
      return { violations, ran: window.ran === true };
    });
    assert.deepEqual(refused, { violations: ["inline"], ran: false });
  }, { tolerate: true });

  const answers = new URL("../../target/tmp/patterns.json", import.meta.url);
  if (!existsSync(answers)) {
    console.log("     the answers of `cargo test --test patterns` are not there: patterns are left out");
    return;
  }
  await runner.test("page: patterns match what they match natively", "user.html", async (_lab, page) => {
    const check = readFileSync(new URL("../patterns/check.mjs", import.meta.url), "utf8");
    // From the page's own server, for the policy admits no other.
    await page.route("**/check.mjs", (route) => route.fulfill({ body: check, contentType: "text/javascript" }));
    const { pairs, differences } = await page.evaluate(
      async (answers) => (await import("/check.mjs")).check(answers),
      JSON.parse(readFileSync(answers, "utf8")),
    );
    assert.ok(pairs >= 5000, `${pairs} pairs are too few`);
    assert.deepEqual(differences, []);
  });
}
