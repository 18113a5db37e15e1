// The tutorial and the recipes: every example is driven once, as its text invites to, and one is edited.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { code } from "../../www/include.mjs";
import { errorsOf, rewrite } from "./lab.mjs";

const site = new URL("../../www/", import.meta.url);
const html = (name) => readFileSync(new URL(`src/forms/${name}.html`, site), "utf8").trim();

/** An example of a page, as a person goes about it. */
class Example {
  constructor(page, id) {
    this.root = page.locator(`#${id}`);
    this.form = this.root.locator("form");
  }

  input(label, scope = this.form) {
    return scope.getByLabel(label, { exact: true });
  }

  /** Types and moves on. */
  async fill(values, scope = this.form) {
    for (const [label, value] of Object.entries(values)) {
      await this.input(label, scope).fill(value);
      await this.input(label, scope).blur();
    }
  }

  press(name, scope = this.form) {
    return scope.getByRole("button", { name, exact: true }).click();
  }

  async outcome() {
    return (await this.root.locator(".outcome").textContent()).replaceAll(/\s+/g, " ");
  }

  errors() {
    return this.form.locator(".error:visible").allTextContents();
  }

  errorsOf(label) {
    return errorsOf(this.input(label));
  }

  async edit(change) {
    await rewrite(this.root.locator("textarea.code"), change);
    await this.run("Run");
  }

  /** Presses a button of the editor, and waits until the code has run. */
  async run(button) {
    await this.press(button, this.root);
    await this.root.locator("[data-run]:enabled").waitFor();
  }

  choice(name) {
    return this.form.locator(`select[name="${name}"]`);
  }
}

export default async function tests(runner) {
  const test = (path, id, name, body, options) =>
    runner.test(`${path === "forms.html" ? "tutorial" : "recipes"}: ${id}: ${name}`, path, (_lab, page) => body(new Example(page, id), page), options);
  const step = (...args) => test("forms.html", ...args);
  const recipe = (...args) => test("recipes.html", ...args);

  for (const [path, names] of [["forms.html", ["cast", "rules", "bind", "nested", "server"]], ["recipes.html", ["items", "wizard", "csv", "answers", "languages", "checks"]]]) {
    await runner.test(`${path}: shows the code and the form that run`, path, async (_lab, page) => {
      const shown = await page.locator(".example textarea.code").evaluateAll((all) => all.map(({ value }) => value));
      assert.deepEqual(shown, names.map((name) => code(`www/src/forms/${name}.ts`)));
      const forms = await page.locator(".example details pre").allTextContents();
      assert.deepEqual(forms, names.map(html));
      assert.doesNotMatch(await page.locator("main").textContent(), /\{\{\w|region:/);
    });
  }

  await step("cast", "text becomes numbers, and what is none is an error", async (example) => {
    await example.fill({ Name: "Ada", "Number of pets": "3" });
    assert.equal(await example.outcome(), 'valid: true changes: { "name": "Ada", "number_of_pets": 3 } errors: {}');
    await example.fill({ "Number of pets": "many" });
    assert.equal(await example.outcome(), 'valid: false changes: { "name": "Ada" } errors: { "number_of_pets": ["is invalid"] }');
  });

  await step("rules", "all errors at once, then the record", async (example) => {
    await example.fill({ Email: "ada", Bio: "x", "Number of pets": "100" });
    const errors = (await example.outcome()).split("errors: ")[1];
    assert.deepEqual(JSON.parse(errors), {
      name: ["can't be blank"], email: ["needs an @"], bio: ["should be at least 2 character(s)"], number_of_pets: ["must be less than 100"],
    });
    await example.fill({ Name: "Ada", Email: "ada@example.com", Bio: "", "Number of pets": "" });
    await example.press("Apply");
    assert.deepEqual(JSON.parse(await example.outcome()), { id: null, name: "Ada", email: "ada@example.com", bio: null, number_of_pets: 0 });
  });

  await step("bind", "a message comes when an input was left, and on sending all come", async (example) => {
    assert.equal(await example.input("Name").getAttribute("required"), "");
    assert.deepEqual(await example.choice("user[role]").locator("option").allTextContents(), ["reader", "author"]);
    await example.input("Email").pressSequentially("ada");
    assert.deepEqual(await example.errors(), []);
    await example.input("Email").blur();
    assert.deepEqual(await example.errorsOf("Email"), ["has invalid format"]);
    await example.press("Register");
    assert.deepEqual(await example.errors(), ["can't be blank", "has invalid format"]);
    assert.equal(await example.input("Name").evaluate((input) => input === document.activeElement), true);
    await example.fill({ Name: "Ada", Email: "ada@example.com" });
    await example.press("Register");
    assert.deepEqual(JSON.parse(await example.outcome()), { user: { name: "Ada", email: "ada@example.com", bio: "", role: "reader" } });
  });

  await step("nested", "guests, dates that depend on each other, a card that payment asks for", async (example) => {
    await example.fill({ From: "2024-05-02", To: "2024-05-01" });
    assert.deepEqual(await example.errors(), ["must be after the start"]);
    await example.fill({ From: "2024-04-30" });
    assert.deepEqual(await example.errors(), []);
    await example.choice("booking[payment]").selectOption("card");
    await example.press("Book");
    assert.deepEqual((await example.errors()).toSorted(), ["can't be blank", "can't be blank"]);
    await example.fill({ Card: "4242" });
    await example.press("Add a guest");
    await example.fill({ Age: "-1" });
    assert.deepEqual((await example.errors()).toSorted(), ["can't be blank", "must be greater than or equal to 0"]);
    await example.fill({ Name: "Ada", Age: "36" });
    await example.press("Book");
    const { guests } = JSON.parse(await example.outcome()).booking;
    assert.deepEqual(Object.values(guests).map(({ name, age }) => [name, age]), [["Ada", "36"]]);
  });

  await step("server", "what only the server knows lands on its field", async (example) => {
    const name = `b${Date.now() % 1e9}`;
    await example.fill({ Email: `${name}@example.com`, Username: "ada", Password: "correct horse", "Once more": "correct horse", Age: "36" });
    await example.choice("signup[country]").selectOption("at");
    await example.input("I accept the terms").check();
    await example.press("Sign up");
    await example.form.getByText("has already been taken").waitFor();
    assert.deepEqual(await example.errorsOf("Username"), ["has already been taken"]);
    await example.fill({ Username: name });
    assert.deepEqual(await example.errors(), []);
    await example.press("Sign up");
    await example.root.locator(".outcome", { hasText: `"username": "${name}"` }).waitFor();
    assert.doesNotMatch(await example.outcome(), /correct horse/);
  });

  await step("bind", "edited code runs on the form as it was at first, and can be restored", async (example) => {
    await example.fill({ Name: "Ada" });
    await example.edit((text) => text.replace("{ min: 2, max: 140 }", '{ max: 3, message: "is too long" }'));
    assert.equal(await example.input("Name").inputValue(), "");
    await example.fill({ Bio: "long" });
    assert.deepEqual(await example.errorsOf("Bio"), ["is too long"]);
    await example.run("Restore");
    await example.fill({ Bio: "long" });
    assert.deepEqual(await example.errors(), []);
    assert.equal(await example.root.getByRole("button", { name: "Restore" }).isDisabled(), true);
  });

  await step("cast", "code that is wrong says so, and does nothing else", async (example) => {
    const problem = example.root.locator("[role=alert]");
    for (const [change, said] of [
      [(text) => text.replace("t.string()", "t.text()"), /^TypeError: .*t\.text is not a function/],
      [(text) => text.replace("t.text()", "t.string("), /^SyntaxError: /],
      [(text) => text.replace("t.string(", "t.string()").replace('"./page.js"', '"./nothing.js"'), /^TypeError: Failed to /],
      [(text) => text.replace('"./nothing.js"', '"./page.js"').replace('c.cast("name"', 'c.cast("nam"'), /^EctomorphError: .*nam/],
    ]) {
      await example.edit(change);
      assert.match(await problem.textContent(), said);
    }
    await example.run("Restore");
    await example.fill({ Name: "Ada" });
    assert.match(await example.outcome(), /"name": "Ada"/);
    assert.equal(await problem.textContent(), "");
  }, { tolerate: true });

  await recipe("items", "lines are changed, moved and removed, and keep their ids", async (example) => {
    const line = (index) => example.form.locator(".item").nth(index);
    assert.equal(await example.input("Article", line(0)).inputValue(), "PEN");
    await example.press("Move up", line(1));
    assert.equal(await example.input("Article", line(0)).inputValue(), "INK");
    await example.fill({ Quantity: "0" }, line(0));
    assert.deepEqual(await example.errors(), ["must be greater than 0"]);
    await example.fill({ Quantity: "5" }, line(0));
    await example.press("Remove", line(1));
    assert.match(await example.outcome(), /"qty": 5/);
    for (let left = 4; left > 0; left -= 1) await example.press("Add a line");
    for (let at = 1; at < 5; at += 1) await example.fill({ Article: "PAD" }, line(at));
    assert.deepEqual(await example.errors(), ["should have at most 4 item(s)"]);
    await example.press("Remove", line(4));
    await example.press("Save");
    const { lines } = JSON.parse(await example.outcome()).order;
    assert.deepEqual(Object.values(lines).map(({ id, sku }) => [sku, id?.slice(-1)]), [["INK", "b"], ["PAD", undefined], ["PAD", undefined], ["PAD", undefined]]);
  });

  await recipe("wizard", "a part may be left when it is in order, whatever the others are", async (example) => {
    const legend = () => example.form.locator("fieldset:visible legend").textContent();
    await example.press("Next", example.form.locator("fieldset:visible"));
    assert.deepEqual(await example.errors(), ["can't be blank", "can't be blank"]);
    await example.fill({ Name: "Ada", Email: "ada@example.com" });
    await example.press("Next", example.form.locator("fieldset:visible"));
    assert.equal(await legend(), "2 of 3: your work");
    assert.deepEqual(await example.errors(), []);
    await example.press("Back", example.form.locator("fieldset:visible"));
    assert.equal(await example.input("Name").inputValue(), "Ada");
    await example.press("Next", example.form.locator("fieldset:visible"));
    await example.fill({ Role: "engineer" });
    await example.press("Next", example.form.locator("fieldset:visible"));
    await example.press("Send");
    assert.deepEqual(await example.errors(), ["must be accepted"]);
    await example.input("I accept the terms").check();
    await example.press("Send");
    assert.deepEqual(JSON.parse(await example.outcome()), { application: { name: "Ada", email: "ada@example.com", role: "engineer", years: "", terms: "true" } });
  });

  await recipe("csv", "rows are records, and what is wrong is told by line and column", async (example) => {
    const imported = async () => {
      await example.root.locator(".outcome").evaluate((outcome) => (outcome.textContent = ""));
      await example.press("Import");
      await example.root.locator(".outcome", { hasText: "products" }).waitFor();
      return JSON.parse(await example.outcome());
    };
    const { wrong, products } = await imported();
    assert.deepEqual(products, [{ id: null, sku: "PEN", price: "1.50", stock: 12 }]);
    assert.deepEqual(wrong.map((text) => text.slice(0, 15)), ["line 3: Article", "line 4: Price i", "line 5: the row"]);
    const buffer = Buffer.from(`Article,Price\n${"PEN,2\n".repeat(3000)}pen,2\n`);
    await example.form.locator("[type=file]").setInputFiles({ name: "products.csv", mimeType: "text/csv", buffer });
    const file = await imported();
    assert.equal(file.products.length, 3000);
    assert.deepEqual(file.wrong, ["line 3002: Article has invalid format"]);
  });

  await recipe("answers", "errors of a server land on their fields, and those of none at the top", async (example) => {
    await example.fill({ Username: "ada" });
    await example.press("Open an account");
    await example.form.getByText("is taken").waitFor();
    assert.deepEqual(await example.errorsOf("Username"), ["is taken"]);
    assert.deepEqual(await example.errors(), ["quota is used up for today", "is taken"]);
    await example.fill({ Username: "grace" });
    assert.deepEqual((await example.errors()).filter((text) => text.includes("taken")), []);
  });

  await recipe("languages", "messages follow the language, with its plural forms", async (example, page) => {
    await example.fill({ Name: "A", Bio: "abc" });
    assert.deepEqual(await example.errors(), ["should be at least 2 character(s)", "should be at least 5 character(s)"]);
    const speak = async (language) => {
      const [before] = await example.errors();
      await example.form.locator("select:not([name])").selectOption(language);
      await page.waitForFunction((before) => document.querySelector("#languages form .error").textContent !== before, before);
      return example.errors();
    };
    const [two, five] = await speak("pl");
    // 2 znaki, 5 znaków: of the three forms another each.
    assert.notEqual(two.replace("2", "5"), five);
    assert.match(two, /2/);
    assert.match((await speak("de"))[0], /2 Zeichen/);
    assert.deepEqual(await speak("en"), ["should be at least 2 character(s)", "should be at least 5 character(s)"]);
  });

  await recipe("checks", "a check asks the server about what the rules accept", async (example, page) => {
    const asked = [];
    page.on("request", (request) => request.url().endsWith("/articles.json") && asked.push(request.url()));
    await example.fill({ Article: "much too long to be one" });
    assert.deepEqual(await example.errors(), ["should be at most 10 character(s)"]);
    assert.equal(asked.length, 0);
    assert.deepEqual(await example.errorsOf("Article"), ["should be at most 10 character(s)"]);
    await example.fill({ Article: "CAT" });
    await example.form.getByText("is not an article we have").waitFor();
    assert.equal(asked.length, 1);
    await example.fill({ Article: "PEN" });
    await example.press("Order");
    await example.root.locator(".outcome", { hasText: '"line"' }).waitFor();
    assert.deepEqual(JSON.parse(await example.outcome()), { line: { sku: "PEN" } });
  });

  await runner.test("reference: names are found, methods among them, and lead to their place", "api.html", async (_lab, page) => {
    const listed = () => page.locator(".names li:visible").allTextContents();
    assert.ok((await listed()).includes("bindForm"));
    assert.equal((await listed()).some((name) => name.includes(".")), false);
    await page.getByLabel("Find a name").fill("validateLen");
    assert.deepEqual(await listed(), ["Recorder.validateLength"]);
    await page.getByRole("link", { name: "Recorder.validateLength" }).click();
    await page.waitForURL(/api-ectomorph\.html#Recorder\.validateLength$/);
    assert.equal(await page.locator("[id='Recorder.validateLength']").count(), 1);
  });

  await runner.test("links: every link of the site leads somewhere", "index.html", async (_lab, page) => {
    const queue = ["index.html"];
    const seen = new Map();
    const wanted = [];
    for (const path of queue) {
      const text = readFileSync(new URL(`dist/${path}`, site), "utf8");
      seen.set(path, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)));
      for (const [, href] of text.matchAll(/ href="([^"]+)"/g)) {
        const url = new URL(href.replaceAll("&amp;", "&"), `${runner.url}/${path}`);
        if (url.origin !== runner.url) continue;
        const target = url.pathname.slice(1) || "index.html";
        wanted.push({ from: path, target, hash: decodeURIComponent(url.hash.slice(1)) });
        if (target.endsWith(".html") && !queue.includes(target) && existsSync(new URL(`dist/${target}`, site))) queue.push(target);
      }
    }
    const dead = wanted.filter(({ target, hash }) => !existsSync(new URL(`dist/${target}`, site)) || (hash !== "" && !seen.get(target)?.has(hash)));
    // What scripts make of a page has its ids later.
    assert.deepEqual(dead, []);
    for (const path of ["forms.html", "recipes.html", "switching.html", "api.html", "api-repo.html"]) assert.ok(queue.includes(path), `no link leads to ${path}`);
    assert.equal((await page.request.get(`${runner.url}/forms.html`)).status(), 200);
  });
}
