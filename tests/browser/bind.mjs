// bindForm on forms that the demo has none of: with data, with one child, with boxes.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const FORM = `
  <form id="post" action="/nowhere">
    <label>Title <input name="post[title]"></label>
    <label>Status <select name="post[status]"></select></label>
    <input type="hidden" name="post[pinned]" value="false">
    <label><input type="checkbox" name="post[pinned]" value="true"> Pinned</label>
    <label>Street <input name="post[address][street]"></label>
    <div data-many="comments">
      <div data-items></div>
      <template><p><label>Body <input data-name="body"></label><button type="button" data-remove>Remove</button></p></template>
      <button type="button" data-add>Add</button>
    </div>
    <button>Send</button>
  </form>`;

/** Runs in the page: a schema, rules and a binding, as globals. */
const SETUP = `
  import { schema, t, embedsMany, embedsOne, ready, traverseErrors } from "ectomorph";
  import { bindForm } from "ectomorph/form";
  await ready();
  const Comment = schema.embedded({ body: t.string() });
  const Address = schema.embedded({ street: t.string() }, { primaryKey: false });
  const Post = schema("posts", {
    title: t.string(), status: t.enum("draft", "published").default("draft"), pinned: t.boolean(), secret: t.string(),
    address: embedsOne(Address, { onReplace: "update" }), comments: embedsMany(Comment, { onReplace: "delete" }),
  }, { name: "Post" });
  const rules = Post.changeset((c) =>
    c.cast("title", "status", "pinned").validateRequired("title")
      .castEmbed("address", { with: (a) => a.cast("street").validateLength("street", { min: 3 }) })
      .castEmbed("comments", {
        with: (a) => a.cast("body").validateRequired("body"), sortParam: "comments_sort", dropParam: "comments_drop",
      }));
  const strict = Post.changeset((c) => c.cast("title").validateRequired("secret"));
  const data = Post.loaded({
    id: 7, title: "Engines", status: "published", pinned: true, address: { street: "Elm" },
    comments: [{ id: "0194e9a0-0000-7000-8000-000000000001", body: "Bravo" }, { id: "0194e9a0-0000-7000-8000-000000000002", body: "Encore" }],
  });
  Object.assign(window, { bindForm, Post, rules, strict, data, traverseErrors, form: document.querySelector("form") });
  window.isReady = true;
`;

async function script() {
  const www = new URL("../../www/package.json", import.meta.url);
  const { build } = createRequire(www)("esbuild");
  const resolveDir = fileURLToPath(new URL(".", www));
  const built = await build({
    stdin: { contents: SETUP, resolveDir }, bundle: true, write: false, format: "esm", target: "es2022", conditions: ["browser"], logLevel: "silent",
  });
  return built.outputFiles[0].text;
}

export default async function tests(runner) {
  const body = await script();
  const test = (name, run) =>
    runner.test(`bind: ${name}`, "index.html", async (lab, page) => {
      await page.route("**/bind.js", (route) => route.fulfill({ body, contentType: "text/javascript" }));
      await page.evaluate((form) => {
        document.querySelector("main").innerHTML = form;
        document.head.append(Object.assign(document.createElement("script"), { type: "module", src: "/bind.js" }));
      }, FORM);
      await page.waitForFunction(() => window.isReady === true);
      await run(lab, page);
    });

  await test("a message that appears does not move a button away from under the press", async (_lab, page) => {
    await page.evaluate(() => void bindForm(form, rules, { data }));
    await page.locator("[name='post[title]']").fill("");
    await page.getByRole("button", { name: "Add" }).click();
    assert.equal(await page.locator("[data-item]").count(), 3);
    await page.waitForFunction(() => document.querySelector("[name='post[title]']").getAttribute("aria-invalid") === "true");
  });

  await test("data fill the form, and nothing has changed", async (lab, page) => {
    const found = await page.evaluate(() => {
      window.binding = window.bindForm(window.form, window.rules, { data: window.data, label: (choice) => choice.toUpperCase() });
      const values = [...new FormData(window.form)].filter(([name]) => !/_(sort|drop)\]/.test(name));
      const { changeset } = window.binding;
      return { values, changes: Object.keys(changeset.changes), valid: changeset.valid };
    });
    assert.deepEqual(found, {
      values: [
        ["post[title]", "Engines"], ["post[status]", "published"], ["post[pinned]", "false"], ["post[pinned]", "true"],
        ["post[address][street]", "Elm"],
        ["post[comments][0][id]", "0194e9a0-0000-7000-8000-000000000001"], ["post[comments][0][body]", "Bravo"],
        ["post[comments][1][id]", "0194e9a0-0000-7000-8000-000000000002"], ["post[comments][1][body]", "Encore"],
      ],
      changes: [],
      valid: true,
    });
    const choices = await lab.input("post[status]").locator("option").allTextContents();
    assert.deepEqual(choices, ["DRAFT", "PUBLISHED"]);
  });

  await test("a child of the data that is removed is deleted", async (_lab, page) => {
    await page.evaluate(() => (window.binding = window.bindForm(window.form, window.rules, { data: window.data })));
    await page.locator("[data-remove]").first().click();
    await page.getByRole("button", { name: "Add" }).click();
    await page.locator("[data-items] > p").last().locator("input:not([type=hidden])").fill("New");
    const changes = await page.evaluate(() =>
      window.binding.changeset.changes.comments.map(({ action, changes, data }) => [action, changes.body ?? data.body]));
    assert.deepEqual(changes, [["replace", "Bravo"], ["update", "Encore"], ["insert", "New"]]);
  });

  await test("a new child brings nothing back that was cleared", async (lab, page) => {
    await page.evaluate(() => (window.binding = window.bindForm(window.form, window.rules, { data: window.data })));
    await lab.fill({ "post[title]": "" });
    await lab.input("post[status]").selectOption("draft");
    await lab.input("post[pinned]").uncheck();
    await page.getByRole("button", { name: "Add" }).click();
    assert.equal(await page.locator("[data-items] > p").count(), 3);
    const { title, status, pinned } = await page.evaluate(() => window.binding.changeset.params);
    assert.deepEqual({ title, status, pinned }, { title: "", status: "draft", pinned: "false" });
    assert.deepEqual(await lab.errors("post[title]"), ["can't be blank"]);
  });

  await test("the one child of a relation is checked, too", async (lab, page) => {
    await page.evaluate(() => (window.binding = window.bindForm(window.form, window.rules)));
    await lab.fill({ "post[address][street]": "E" });
    assert.deepEqual(await lab.allErrors(), ["should be at least 3 character(s)"]);
    assert.equal(await lab.input("post[address][street]").getAttribute("aria-invalid"), "true");
  });

  await test("a box without its tick is false", async (lab, page) => {
    await page.evaluate(() => (window.binding = window.bindForm(window.form, window.rules, { data: window.data })));
    await lab.input("post[pinned]").uncheck();
    assert.equal(await page.evaluate(() => window.binding.changeset.changes.pinned), false);
  });

  await test("an error without an input is said above the form", async (lab, page) => {
    await page.evaluate(() => (window.binding = window.bindForm(window.form, window.strict)));
    await lab.fill({ "post[title]": "Engines" });
    assert.deepEqual(await lab.allErrors(), []);
    await page.getByRole("button", { name: "Send" }).click();
    assert.deepEqual(await page.locator("#post_errors").textContent(), "secret can't be blank");
  });

  await test("what a server said of children stays while an input without a name is typed into", async (lab, page) => {
    await page.evaluate(() => {
      const binding = window.bindForm(window.form, window.rules, { data: window.data });
      binding.showErrors({ comments: ["are too few"] });
      const other = window.form.appendChild(document.createElement("div"));
      other.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
    assert.deepEqual(await lab.allErrors(), ["are too few"]);
  });

  await test("answers in several forms are put where they belong", async (lab, page) => {
    await page.evaluate(() => {
      window.binding = window.bindForm(window.form, window.rules, { data: window.data });
      window.binding.showErrors({
        title: ["is taken"], nowhere: [{ message: "is odd" }], address: { street: ["is closed"] },
        comments: [{}, { body: [{ message: "is rude" }, { message: "is long" }] }],
      });
    });
    const messages = await page.locator("form .error:visible").allTextContents();
    assert.deepEqual(messages, ["nowhere is odd", "is taken", "is closed", "is rude\nis long"]);
    assert.deepEqual(await lab.errors("post[comments][1][body]"), ["is rude", "is long"]);
    await lab.input("post[comments][1][body]").fill("Encore!");
    assert.deepEqual(await lab.errors("post[comments][1][body]"), []);
    assert.deepEqual(await lab.errors("post[title]"), ["is taken"]);
  });

  await test("what is sent is what onSubmit is given, and a second press waits for the first", async (lab, page) => {
    await page.evaluate(() => {
      window.sent = [];
      const onSubmit = async (changeset, { body, params }) => {
        window.sent.push([changeset.valid, body.get("post[title]"), params.post.title]);
        await new Promise((done) => (window.done = done));
        return { errors: { title: ["is taken"] } };
      };
      window.binding = window.bindForm(window.form, window.rules, { onSubmit });
    });
    await lab.fill({ "post[title]": "Engines" });
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    assert.equal(await page.locator("form").getAttribute("aria-busy"), "true");
    await page.evaluate(() => window.done());
    await page.waitForFunction(() => !document.querySelector("form").hasAttribute("aria-busy"));
    assert.deepEqual(await page.evaluate(() => window.sent), [[true, "Engines", "Engines"]]);
    assert.deepEqual(await lab.errors("post[title]"), ["is taken"]);
  });

  await test("a check is asked once of a value, called off when it changes, and holds the form back", async (lab, page) => {
    await page.evaluate(() => {
      window.asked = [];
      window.sent = 0;
      const title = (value, { signal }) => new Promise((answer, failed) => {
        window.asked.push(value);
        signal.addEventListener("abort", () => failed(signal.reason));
        if (value !== "Slow") setTimeout(() => answer(value === "Taken" ? "is taken" : null), 5);
      });
      window.binding = window.bindForm(window.form, window.rules, { checks: { title }, onSubmit: () => void window.sent++ });
    });
    await lab.fill({ "post[title]": "" });
    await lab.fill({ "post[title]": "Slow" });
    await lab.fill({ "post[title]": "Taken" });
    await page.getByText("is taken").waitFor();
    assert.deepEqual(await lab.errors("post[title]"), ["is taken"]);
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("is taken").waitFor();
    await page.waitForFunction(() => !document.querySelector("form").hasAttribute("aria-busy"));
    assert.deepEqual(await page.evaluate(() => [window.asked, window.sent]), [["Slow", "Taken", "Taken"], 0]);
    await lab.input("post[title]").fill("Free");
    assert.deepEqual(await lab.errors("post[title]"), []);
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForFunction(() => window.sent === 1);
    await page.waitForFunction(() => !document.querySelector("form").hasAttribute("aria-busy"));
    assert.equal(await page.evaluate(() => window.binding.changeset.valid), true);
  });

  await test("without onSubmit, the browser sends a form whose checks have nothing against it", async (lab, page) => {
    const sent = [];
    await page.route("**/nowhere*", (route) => {
      sent.push(new URL(route.request().url()).searchParams.get("post[title]"));
      return route.fulfill({ body: "<p>Sent</p>", contentType: "text/html" });
    });
    await page.evaluate(() => {
      const title = async (value) => (value === "Taken" ? ["is taken"] : []);
      window.binding = window.bindForm(window.form, window.rules, { checks: { title } });
    });
    await lab.fill({ "post[title]": "Taken" });
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("is taken").waitFor();
    assert.deepEqual(sent, []);
    await lab.fill({ "post[title]": "Free" });
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("Sent").waitFor();
    assert.deepEqual(sent, ["Free"]);
  });

  await test("a form that was let go of is left alone", async (lab, page) => {
    await page.evaluate(() => {
      window.binding = window.bindForm(window.form, window.rules);
      window.binding.release();
    });
    await lab.fill({ "post[title]": "" , "post[address][street]": "E" });
    assert.deepEqual(await lab.allErrors(), []);
  });
}
