// The order form with its lines.
import assert from "node:assert/strict";

export default async function tests(runner) {
  const test = (name, body) => runner.test(`order: ${name}`, "order.html", body);
  const add = (page) => page.getByRole("button", { name: "Add a line" }).click();
  const focused = (page) =>
    page.evaluate(() => {
      const { activeElement } = document;
      return activeElement.dataset.name ?? activeElement.getAttribute("aria-label") ?? activeElement.textContent;
    });
  const skus = async (lab) => (await lab.changes()).lines.map(({ sku }) => sku);
  const threeLines = async (lab, page) => {
    for (const [index, sku] of ["PEN", "INK", "PAD"].entries()) {
      await add(page);
      await lab.fillLine(index, { sku, qty: String(index + 1) });
    }
  };

  await test("an order needs lines, and says so where they would be", async (lab, page) => {
    await lab.fill({ "order[number]": "C-1" });
    await lab.submit();
    assert.deepEqual(await lab.allErrors(), ["can't be blank"]);
    const described = await page.locator("[data-many]").getAttribute("aria-describedby");
    assert.match(described, /\border_lines_errors\b/);
    assert.equal(await focused(page), "Add a line");
    await add(page);
    await lab.fillLine(0, { sku: "PEN", qty: "1" });
    assert.deepEqual(await lab.allErrors(), []);
  });

  await test("each line is checked by its own rules", async (lab, page) => {
    await add(page);
    assert.equal(await focused(page), "sku");
    await add(page);
    assert.deepEqual(await lab.allErrors(), []);
    await lab.fillLine(1, { sku: "CAR", qty: "0", price: "-1" });
    assert.deepEqual(await lab.lineErrors(1, "sku"), ["is not an article we have"]);
    assert.deepEqual(await lab.lineErrors(1, "qty"), ["must be greater than 0"]);
    assert.deepEqual(await lab.lineErrors(1, "price"), ["must be greater than or equal to 0"]);
    assert.deepEqual(await lab.lineErrors(0, "sku"), []);
    const quantity = lab.line(0).locator("[data-name=qty]");
    assert.deepEqual(await quantity.evaluate(({ type, min, step, required }) => [type, min, step, required]), ["number", "1", "1", true]);
  });

  await test("dates depend on each other", async (lab) => {
    await lab.fill({ "order[starts_on]": "2024-05-01", "order[ends_on]": "2024-04-30" });
    assert.deepEqual(await lab.errors("order[ends_on]"), ["must not be before the start"]);
    await lab.fill({ "order[starts_on]": "2024-04-30" });
    assert.deepEqual(await lab.errors("order[ends_on]"), []);
    await lab.fill({ "order[starts_on]": "" });
    assert.deepEqual(await lab.errors("order[ends_on]"), []);
  });

  await test("lines are moved with what is in them", async (lab, page) => {
    await threeLines(lab, page);
    assert.deepEqual(await skus(lab), ["PEN", "INK", "PAD"]);
    await lab.line(2).getByRole("button", { name: "Move up" }).click();
    assert.deepEqual(await skus(lab), ["PEN", "PAD", "INK"]);
    assert.equal(await focused(page), "Move up");
    await lab.line(1).getByRole("button", { name: "Move up" }).click();
    assert.deepEqual(await skus(lab), ["PAD", "PEN", "INK"]);
    assert.equal(await focused(page), "Move down", "the first line can't be moved up any more");
    assert.equal(await lab.line(0).getByRole("button", { name: "Move up" }).isDisabled(), true);
    assert.equal(await lab.line(2).getByRole("button", { name: "Move down" }).isDisabled(), true);
    assert.deepEqual((await lab.changes()).lines.map(({ qty }) => qty), [3, 1, 2]);
  });

  await test("errors move along with their lines", async (lab, page) => {
    await threeLines(lab, page);
    await lab.fillLine(0, { qty: "0" });
    await lab.line(0).getByRole("button", { name: "Move down" }).click();
    assert.deepEqual(await lab.lineErrors(0, "qty"), []);
    assert.deepEqual(await lab.lineErrors(1, "qty"), ["must be greater than 0"]);
  });

  await test("lines are removed, up to the last", async (lab, page) => {
    await threeLines(lab, page);
    await lab.line(1).getByRole("button", { name: "Remove" }).click();
    assert.deepEqual(await skus(lab), ["PEN", "PAD"]);
    assert.equal(await focused(page), "Remove");
    await add(page);
    await lab.fillLine(2, { sku: "INK", qty: "9" });
    assert.deepEqual(await skus(lab), ["PEN", "PAD", "INK"]);
    for (const _ of "abc") await lab.line(0).getByRole("button", { name: "Remove" }).click();
    assert.equal(await focused(page), "Add a line");
    assert.deepEqual(await lab.allErrors(), ["can't be blank"]);
  });

  await test("a valid order is created with its lines in order", async (lab, page) => {
    await lab.fill({ "order[number]": "C-2", "order[starts_on]": "2024-05-01", "order[ends_on]": "2024-05-02" });
    await threeLines(lab, page);
    await lab.fillLine(0, { price: "1.50" });
    await lab.line(0).getByRole("button", { name: "Move down" }).click();
    await lab.line(2).getByRole("button", { name: "Remove" }).click();
    assert.equal(await lab.validity(), "valid");
    await lab.submit();
    const { status, body } = await lab.answer();
    assert.equal(status, 201);
    assert.deepEqual(body.lines, [
      { sku: "INK", qty: 2, price: null },
      { sku: "PEN", qty: 1, price: "1.50" },
    ]);
  });

  await test("the server's objection to the number is shown, and the lines stay", async (lab, page) => {
    await lab.fill({ "order[number]": "a-1" });
    await threeLines(lab, page);
    await lab.submit();
    assert.equal((await lab.answer()).status, 422);
    assert.deepEqual(await lab.errors("order[number]"), ["has already been taken"]);
    assert.deepEqual(await skus(lab), ["PEN", "INK", "PAD"]);
  });

  await test("the server's objection to a line is shown in that line", async (lab, page) => {
    await lab.edit((text) => text.replace('["greater_than", 0]', '["greater_than", -1]'));
    await lab.fill({ "order[number]": "C-3" });
    await threeLines(lab, page);
    await lab.fillLine(1, { qty: "0" });
    await lab.line(1).getByRole("button", { name: "Move up" }).click();
    assert.equal(await lab.validity(), "valid", await page.locator("#rules-problem").textContent());
    await lab.submit();
    await lab.answer();
    assert.deepEqual(await lab.lineErrors(0, "qty"), ["must be greater than 0"]);
    assert.deepEqual(await lab.lineErrors(1, "qty"), []);
    await lab.line(0).getByRole("button", { name: "Move down" }).click();
    assert.deepEqual(await lab.lineErrors(1, "qty"), ["must be greater than 0"], "it stays with its line");
    await lab.fillLine(1, { qty: "4" });
    assert.deepEqual(await lab.allErrors(), []);
  });

  await test("a rule of a line can be edited", async (lab, page) => {
    await add(page);
    await lab.fillLine(0, { sku: "PEN", qty: "5" });
    await lab.edit((text) => text.replace('["greater_than", 0]', '["greater_than", 5]'));
    assert.deepEqual(await lab.lineErrors(0, "qty"), ["must be greater than 5"]);
    assert.equal(await lab.line(0).locator("[data-name=qty]").getAttribute("min"), "6");
  });
}
