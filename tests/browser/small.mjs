// A page with the small engine alone: its form works before, and without, the whole one, under the policy of the demo.
import assert from "node:assert/strict";
import { basename } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const FORM = `
  <form id="order" action="/nowhere">
    <label>Number <input name="order[number]"></label>
    <label>Placed on <input name="order[placed_on]"></label>
    <label>Discount <input name="order[discount]"></label>
    <div data-many="lines">
      <div data-items></div>
      <template><p><label>SKU <input data-name="sku"></label><label>Quantity <input data-name="qty"></label></p></template>
      <button type="button" data-add>Add</button>
    </div>
    <button>Send</button>
  </form>`;

/** Runs in the page. */
const SETUP = `
  import { applyAction, change, embedsMany, getField, load, ready, schema, t, traverseErrors } from "ectomorph";
  import { bindForm } from "ectomorph/form";
  const Line = schema.embedded({ sku: t.string(), qty: t.integer() }, { primaryKey: false });
  const Order = schema("orders", {
    number: t.string(), placed_on: t.date(), discount: t.decimal(), lines: embedsMany(Line, { onReplace: "delete" }),
  }, { name: "Order" });
  const rules = Order.changeset((c) =>
    c.cast("number", "placed_on", "discount").validateRequired("number", "placed_on")
      .validateLength("number", { min: 3 }).validateFormat("number", /^[A-Z]-[0-9]+$/)
      .validateNumber("discount", { greaterThanOrEqualTo: "0", lessThan: "0.5" })
      .castEmbed("lines", {
        required: true, sortParam: "lines_sort",
        with: (l) => l.cast("sku", "qty").validateRequired("sku").validateNumber("qty", { greaterThan: 0 }),
      })
      .uniqueConstraint("number"));
  Object.assign(window, { applyAction, bindForm, change, getField, load, Order, ready, rules, traverseErrors, form: document.querySelector("form") });
  window.isReady = true;
`;

/** The scripts of the page, by name. */
async function scripts() {
  const www = new URL("../../www/package.json", import.meta.url);
  const { build } = createRequire(www)("esbuild");
  const resolveDir = fileURLToPath(new URL(".", www));
  const { outputFiles } = await build({
    stdin: { contents: SETUP, resolveDir }, bundle: true, splitting: true, write: false, outdir: "/small", format: "esm",
    target: "es2022", conditions: ["browser"], logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
}

export default async function tests(runner) {
  const files = await scripts();
  const test = (name, run) =>
    runner.test(`small: ${name}`, "index.html", async (lab, page) => {
      const asked = [];
      await page.route("**/small/*", (route) => {
        const file = basename(new URL(route.request().url()).pathname);
        asked.push(file);
        return route.fulfill({ body: files.get(file), contentType: "text/javascript" });
      });
      await page.evaluate((form) => {
        document.querySelector("main").innerHTML = form;
        document.head.append(Object.assign(document.createElement("script"), { type: "module", src: "/small/stdin.js" }));
      }, FORM);
      await page.waitForFunction(() => window.isReady === true);
      await run(lab, page, asked);
    });
  const isWhole = (file) => file.startsWith("inline-whole");

  await test("a form is checked and described, and nothing more is loaded", async (lab, page, asked) => {
    await page.evaluate(() => (window.binding = window.bindForm(window.form, window.rules)));
    const attributes = (name) =>
      lab.input(name).evaluate(({ attributes }) => Object.fromEntries([...attributes].map(({ name, value }) => [name, value])));
    assert.deepEqual(await attributes("order[number]"), {
      name: "order[number]", type: "text", required: "", minlength: "3", pattern: "[A-Z]\\x2d[0-9]+",
    });
    assert.deepEqual(await attributes("order[placed_on]"), { name: "order[placed_on]", type: "date", required: "" });
    assert.deepEqual(await attributes("order[discount]"), {
      name: "order[discount]", type: "number", min: "0", max: "0.5", step: "any",
    });
    await page.getByRole("button", { name: "Add" }).click();
    await lab.fill({ "order[number]": "x", "order[placed_on]": "2024-02-29", "order[discount]": "0.7", "order[lines][0][qty]": "0" });
    assert.deepEqual(await lab.errors("order[number]"), ["has invalid format", "should be at least 3 character(s)"]);
    assert.deepEqual(await lab.errors("order[discount]"), ["must be less than 0.5"]);
    assert.deepEqual(await lab.errors("order[lines][0][qty]"), ["must be greater than 0"]);
    await page.getByRole("button", { name: "Send" }).click();
    assert.deepEqual(await lab.errors("order[lines][0][sku]"), ["can't be blank"]);
    await lab.fill({
      "order[number]": "C-17", "order[discount]": "0.25", "order[lines][0][qty]": "2", "order[lines][0][sku]": "PEN",
    });
    const found = await page.evaluate(() => {
      const { changeset } = window.binding;
      const { ok, value } = window.applyAction(changeset, "insert");
      const { valid, required, constraints, validations } = changeset;
      return {
        valid, ok, value, required, constraint: constraints[0].constraint, rules: validations.map(({ name }) => name),
        discount: window.getField(changeset, "discount"), lines: window.getField(changeset, "lines"),
      };
    });
    const lines = [{ sku: "PEN", qty: 2 }];
    assert.deepEqual(found, {
      valid: true, ok: true, value: { id: null, number: "C-17", placed_on: "2024-02-29", discount: "0.25", lines },
      required: ["lines", "number", "placed_on"], constraint: "orders_number_index", rules: ["number", "format", "length"],
      discount: "0.25", lines,
    });
    assert.ok(!asked.some(isWhole), `loaded ${asked}`);
  });

  await test("what needs the whole engine says so, and works once it was waited for", async (_lab, page, asked) => {
    const attempt = () => {
      try {
        return window.change(window.rules(window.Order.build(), { number: "C-1" }), { number: "C-2" }).changes.number;
      } catch (error) {
        return `${error.name}: ${error.message}`;
      }
    };
    assert.equal(
      await page.evaluate(attempt),
      "EctomorphError: the whole engine is not there yet, and needed for change; await ready() first",
    );
    assert.ok(!asked.some(isWhole));
    await page.evaluate(() => Promise.all([window.ready(), window.ready()]));
    assert.equal(await page.evaluate(attempt), "C-2");
    assert.equal(asked.filter(isWhole).length, 1);
  });

  await test("documents are loaded, or left to the whole engine, which names what is wrong", async (_lab, page) => {
    const attempt = (steps) => {
      try {
        const document = { version: 1, schema: { source: "users", fields: { name: "string" } }, steps };
        return window.traverseErrors(window.load(document)({}, { name: "A" }));
      } catch (error) {
        return error.message;
      }
    };
    const steps = [["cast", ["name"]], ["validate_length", "name", { min: 2 }]];
    assert.deepEqual(await page.evaluate(attempt, steps), { name: ["should be at least 2 character(s)"] });
    const wrong = [["cast", ["name"]], ["validate_lenght", "name", { min: 2 }]];
    assert.match(await page.evaluate(attempt, wrong), /needed for the rules of `users`; await ready\(\) first/);
    await page.evaluate(() => window.ready());
    assert.match(await page.evaluate(attempt, wrong), /validate_lenght.*validate_length/);
    assert.deepEqual(await page.evaluate(attempt, steps), { name: ["should be at least 2 character(s)"] });
  });
}
