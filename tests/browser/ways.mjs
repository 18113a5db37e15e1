// The same forms on rules that come another way: the server's Rust, compiled to WebAssembly.
import assert from "node:assert/strict";

/** Rules that are in the page, or on the way there. */
async function use(lab, page, way) {
  await page.locator("#way").selectOption(way);
  const state = way === "rust" ? "in WebAssembly" : "from the server";
  await page.waitForFunction((state) => document.getElementById("rules-state").textContent === state, state);
}

export default async function tests(runner) {
  const test = (name, path, body, options) => runner.test(`ways: ${name}`, path, body, options);

  for (const way of ["document", "rust"]) {
    await test(`an order is checked by rules as ${way}`, "order.html", async (lab, page) => {
      let modules = 0;
      page.on("request", (request) => (modules += Number(request.url().endsWith("/rules_bg.wasm"))));
      await use(lab, page, way);
      assert.equal(modules, way === "rust" ? 1 : 0);
      await lab.fill({ "order[number]": "A-1", "order[starts_on]": "2024-05-02", "order[ends_on]": "2024-05-01" });
      assert.deepEqual(await lab.errors("order[ends_on]"), ["must not be before the start"]);
      await page.getByRole("button", { name: "Add a line" }).click();
      await lab.fillLine(0, { sku: "CAR", qty: "0" });
      assert.deepEqual(await lab.lineErrors(0, "sku"), ["is not an article we have"], "the validator in Rust");
      assert.deepEqual(await lab.lineErrors(0, "qty"), ["must be greater than 0"]);
      assert.equal(await lab.line(0).locator("[data-name=qty]").getAttribute("min"), "1");
      await lab.fillLine(0, { sku: "INK", qty: "2", price: "1.50" });
      await lab.fill({ "order[ends_on]": "2024-05-03" });
      assert.equal(await lab.validity(), "valid");
      assert.deepEqual((await lab.changes()).lines, [{ sku: "INK", qty: 2, price: "1.50" }]);
      await lab.submit();
      assert.equal((await lab.answer()).status, 422);
      assert.deepEqual(await lab.errors("order[number]"), ["has already been taken"]);
    });

    await test(`a sign-up is checked by rules as ${way}`, "signup.html", async (lab, page) => {
      await use(lab, page, way);
      await lab.fill({ "signup[email]": "ada", "signup[username]": "1", "signup[age]": "17" });
      assert.deepEqual(await lab.errors("signup[email]"), ["has invalid format"]);
      assert.deepEqual(await lab.errors("signup[username]"), [
        "must start with a letter and have only letters, digits and _", "should be at least 3 character(s)",
      ]);
      assert.deepEqual(await lab.errors("signup[age]"), ["must be greater than or equal to 18"]);
      assert.equal(await lab.input("signup[age]").getAttribute("max"), "120");
      assert.equal(await lab.input("signup[password]").evaluate((control) => control.required), true);
      assert.equal(await lab.validity(), "invalid");
    });
  }

  await test("what was typed survives the change of the way", "user.html", async (lab, page) => {
    await lab.fill({ "user[name]": "Grace", "user[email]": "grace" });
    await use(lab, page, "rust");
    assert.deepEqual(await lab.errors("user[email]"), ["has invalid format"]);
    assert.deepEqual(await lab.changes(), { name: "Grace", email: "grace" });
    await use(lab, page, "document");
    assert.deepEqual(await lab.errors("user[email]"), ["has invalid format"]);
    await lab.edit((text) => text.replace('"max": 140', '"max": 5'));
    await lab.fill({ "user[bio]": "Compilers" });
    assert.deepEqual(await lab.errors("user[bio]"), ["should be at most 5 character(s)"]);
  });
}
