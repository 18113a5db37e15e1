// Articles: their code is that of tested files, and what is not there is no code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { code, include, output } from "../../www/include.mjs";

const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

export default async function tests(runner) {
  for (const [path, heading] of [["guide.html", "The guide, in Rust"], ["distributed.html", "Beyond one machine"]]) {
    await runner.test(`articles: ${path} shows the code and the outputs of the example`, path, async (_lab, page) => {
      assert.equal(await page.locator("h1").textContent(), heading);
      assert.equal(await page.locator("nav [aria-current]").count(), path === "guide.html" ? 1 : 0);
      const shown = await page.locator("pre").allTextContents();
      const directives = [...source(`www/pages/${path}`).matchAll(/^\{\{(code|output) (.+)\}\}$/gm)];
      assert.ok(directives.length >= 3, `${directives.length} directives`);
      for (const [, kind, what] of directives) {
        const text = kind === "code" ? code(...what.split(" ")) : output(what);
        assert.ok(text.length > 0 && shown.includes(text), `${kind} ${what} is not in the page`);
      }
      assert.doesNotMatch(await page.locator("main").textContent(), /\{\{|region:/);
    });
  }

  await runner.test("articles: a region, a file or an output that is missing is an error that names it", "guide.html", async () => {
    const missing = (directive) => () => include(`before\n${directive}\nafter`);
    assert.throws(missing("{{code examples/hello/src/user.rs nothing}}"), /examples\/hello\/src\/user\.rs has no region "nothing"/);
    assert.throws(missing("{{code examples/hello/src/nobody.rs}}"), /nobody\.rs/);
    assert.throws(missing("{{output of nothing}}"), /prints nothing under "of nothing"/);
    assert.match(include("{{code examples/hello/src/user.rs rules}}"), /^<pre .*pub fn rules\(\) -&gt; Rules&lt;User&gt; \{\n    Rules::cast/s);
  });

  await runner.test("articles: every output of the session but its questions is in the guide", "guide.html", async (_lab, page) => {
    const shown = await page.locator("pre.output").allTextContents();
    const titles = [...source("examples/hello/tests/session.txt").matchAll(/^# (.+)$/gm)].map(([, title]) => title);
    const left = titles.filter((title) => !shown.includes(output(title)));
    assert.deepEqual(left, [
      "the tables", "whether it is valid", "its errors", "with pets that are optional", "params", "whether that is valid",
      "insert another", "roll two back", "migrate up to posts",
    ]);
  });
}
