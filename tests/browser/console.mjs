// The console for queries.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** The examples, and everything that their code names, in this process. */
async function examples() {
  const www = new URL("../../www/package.json", import.meta.url);
  const { build } = createRequire(www)("esbuild");
  const contents = `
    export { EXAMPLES } from "./src/console/examples.js";
    import * as repo from "ectomorph/repo";
    import * as schemas from "./src/console/schemas.js";
    export const names = { ...repo, ...schemas };`;
  const built = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", www)), loader: "ts" }, bundle: true, write: false, format: "esm", target: "es2022",
    platform: "node", conditions: ["browser"], logLevel: "silent",
  });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString("base64")}`);
}

export default async function tests(runner) {
  const { EXAMPLES, names } = await examples();
  const test = (name, body) => runner.test(`console: ${name}`, "console.html", (_lab, page) => body(page));
  const texts = async (page) => ({
    told: await page.locator("#told").textContent(),
    plan: await page.locator("#plan").textContent(),
    count: await page.locator("#count").textContent(),
  });
  const chosen = async (page, title) => {
    await page.locator("#time").evaluate((place) => (place.textContent = ""));
    await page.locator("#example").selectOption({ label: title });
    await page.waitForFunction(() => document.querySelector("#time").textContent !== "" || document.querySelector("#problem").textContent !== "");
    assert.equal(await page.locator("#problem").textContent(), "");
  };

  await test("the code that is shown makes the query that is run", async () => {
    for (const { title, code, query } of EXAMPLES) {
      const made = new Function(...Object.keys(names), `return ${code}`)(...Object.values(names));
      assert.deepEqual(made.document, query.document, title);
    }
  });

  await test("a query is told, run, and its plan names the index", async (page) => {
    await page.waitForFunction(() => document.querySelector("#count").textContent !== "");
    assert.match(await page.locator("#data").textContent(), /^3,000 users, 9,000 posts and 27,000 comments: 39,000 rows, inserted in [\d,.]+ ms\.$/);
    assert.deepEqual(await texts(page), {
      told: 'from u0 in User,\n  where: u0.email == ^"user1042@example.com"',
      plan: "rows of users by users_email_index (u0.email = $1) as u0, filter u0.email = $1",
      count: "1 result",
    });
    assert.deepEqual(await page.locator("#columns th").allTextContents(), ["id", "name", "email", "age", "city", "invited_by_id"]);
    assert.equal(await page.locator("#rows td").first().textContent(), "1042");
    assert.match(await page.locator("#time").textContent(), /^[\d.,]+ ms$/);
  });

  await test("every example runs and has rows", async (page) => {
    for (const { title } of EXAMPLES) {
      await chosen(page, title);
      const { count, plan } = await texts(page);
      assert.match(count, /^[1-9]/, `${title}: ${count}`);
      assert.notEqual(plan, "", title);
      assert.ok((await page.locator("#rows tr").count()) > 0, title);
    }
  });

  await test("an edited document is read anew, and mistakes are named", async (page) => {
    await chosen(page, EXAMPLES[0].title);
    const editor = page.locator("#document");
    const before = await editor.inputValue();
    await editor.fill(before.replaceAll('"email"', '"emial"'));
    await page.waitForFunction(() => document.querySelector("#problem").textContent !== "");
    assert.match(await page.locator("#problem").textContent(), /^Ecto\.QueryError \(query\): .*emial/s);
    assert.equal(await editor.getAttribute("aria-invalid"), "true");
    await editor.fill(`${before},`);
    await page.waitForFunction(() => /^not JSON/.test(document.querySelector("#problem").textContent));
    await editor.fill(before.replace("user1042@", "user7@"));
    await page.waitForFunction(() => document.querySelector("#problem").textContent === "");
    await editor.press("Control+Enter");
    await page.waitForFunction(() => document.querySelector("#rows td")?.textContent === "7");
  });

  await test("SQL is refused by name where the database has none", async (page) => {
    await page.getByRole("button", { name: "Run the SQL" }).click();
    await page.waitForFunction(() => document.querySelector("#sql-answer").textContent !== "");
    assert.match(await page.locator("#sql-answer").textContent(), /\(unsupported\): .*raw SQL/);
  });
}
