// The same form in React, Vue and Svelte: the same behaviour in each.
import assert from "node:assert/strict";

export default async function tests(runner) {
  for (const framework of ["react", "vue", "svelte"]) {
    const test = (name, body) =>
      runner.test(`frameworks: ${framework}: ${name}`, "frameworks.html", async (_lab, page) => {
        const form = page.locator(`#${framework} form`);
        await form.waitFor();
        await body(form, page);
      });
    const line = (form, index) => form.locator("li").nth(index);
    const errors = (scope, label) => scope.locator(".field", { has: scope.page().getByLabel(label, { exact: true }) }).locator(".error").allTextContents();
    const add = (form) => form.getByRole("button", { name: "Add a line" }).click();
    const fill = (scope, label, value) => scope.getByLabel(label, { exact: true }).fill(value);

    await test("a message comes when the input is left, or the form is sent", async (form) => {
      await fill(form, "Number", "A");
      await fill(form, "Number", "");
      assert.deepEqual(await errors(form, "Number"), []);
      await form.getByLabel("Number").blur();
      assert.deepEqual(await errors(form, "Number"), ["can't be blank"]);
      assert.equal(await form.getByLabel("Number").getAttribute("aria-invalid"), "true");
      const described = await form.getByLabel("Number").getAttribute("aria-describedby");
      assert.equal(await form.locator(`[id="${described}"]`).count(), 1);
      await fill(form, "Number", "A-2");
      assert.deepEqual(await errors(form, "Number"), []);
      assert.deepEqual(await errors(form, "Starts on"), []);
    });

    await test("dates depend on each other", async (form) => {
      await fill(form, "Starts on", "2024-05-01");
      await fill(form, "Ends on", "2024-04-30");
      await form.getByLabel("Ends on").blur();
      assert.deepEqual(await errors(form, "Ends on"), ["must not be before the start"]);
      await fill(form, "Starts on", "2024-04-30");
      assert.deepEqual(await errors(form, "Ends on"), []);
    });

    await test("lines keep what was typed, and the focus, when they are moved and removed", async (form, page) => {
      for (const [index, sku] of ["PEN", "INK", "PAD"].entries()) {
        await add(form);
        await fill(line(form, index), "Article", sku);
        await fill(line(form, index), "Quantity", "0");
      }
      await line(form, 2).getByLabel("Article").focus();
      assert.deepEqual(await errors(line(form, 0), "Quantity"), ["must be greater than 0"]);
      const typed = () => form.locator("li").evaluateAll((lines) => lines.map((one) => one.querySelector("input").value));
      await line(form, 2).getByRole("button", { name: "Move up" }).click();
      assert.deepEqual(await typed(), ["PEN", "PAD", "INK"]);
      await line(form, 0).getByRole("button", { name: "Remove" }).click();
      assert.deepEqual(await typed(), ["PAD", "INK"]);
      await line(form, 1).getByLabel("Article").focus();
      await page.keyboard.type("X");
      assert.deepEqual(await typed(), ["PAD", "INKX"]);
      await line(form, 0).getByLabel("Article").focus();
      assert.deepEqual(await errors(line(form, 1), "Article"), ["is not an article we have"]);
    });

    await test("what the server refuses lands on its field, until that changes", async (form) => {
      await fill(form, "Number", "A-1");
      await fill(form, "Starts on", "2024-05-01");
      await fill(form, "Ends on", "2024-05-02");
      await add(form);
      await fill(line(form, 0), "Article", "PEN");
      await fill(line(form, 0), "Quantity", "2");
      await fill(line(form, 0), "Price", "1.50");
      await form.getByRole("button", { name: "Place order" }).click();
      await form.getByText("has already been taken").waitFor();
      assert.equal(await form.getByLabel("Number").evaluate((input) => input === document.activeElement), true);
      await fill(form, "Number", `B-${Date.now() % 100000}${framework.length}`);
      assert.deepEqual(await errors(form, "Number"), []);
      await form.getByRole("button", { name: "Place order" }).click();
      await form.getByText("Placed").waitFor();
    });

    await test("an order without lines is told so when it is sent", async (form) => {
      await form.getByRole("button", { name: "Place order" }).click();
      await form.getByText("can't be blank").first().waitFor();
      await form.locator("input:focus").waitFor();
      assert.equal(await form.getByLabel("Number").evaluate((input) => input === document.activeElement), true);
      assert.equal(await form.getByRole("status").textContent(), "");
    });
  }
}
