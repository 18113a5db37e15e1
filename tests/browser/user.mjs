// The user form.
import assert from "node:assert/strict";

const VALID = { "user[name]": "Grace", "user[email]": "grace@example.com", "user[bio]": "Compilers", "user[number_of_pets]": "2" };

export default async function tests(runner) {
  const test = (name, body) => runner.test(`user: ${name}`, "user.html", body);

  await test("inputs get what follows from the rules", async (lab) => {
    const attributes = (name) =>
      lab.input(name).evaluate((control) => [control.type, control.required, control.getAttribute("minlength"), control.step]);
    assert.deepEqual(await attributes("user[name]"), ["text", true, null, ""]);
    assert.deepEqual(await attributes("user[bio]"), ["textarea", true, "2", undefined]);
    assert.deepEqual(await attributes("user[number_of_pets]"), ["number", false, null, "1"]);
  });

  await test("an error shows when its field was used, and goes when it is mended", async (lab) => {
    assert.deepEqual(await lab.allErrors(), []);
    assert.equal(await lab.validity(), "invalid");
    await lab.input("user[email]").pressSequentially("grace");
    assert.deepEqual(await lab.errors("user[email]"), [], "while the first word is typed nobody complains");
    await lab.input("user[email]").blur();
    assert.deepEqual(await lab.errors("user[email]"), ["has invalid format"]);
    assert.deepEqual(await lab.allErrors(), ["has invalid format"], "fields that nobody was at are left alone");
    await lab.input("user[email]").pressSequentially("@");
    assert.deepEqual(await lab.errors("user[email]"), []);
    await lab.input("user[email]").fill("");
    assert.deepEqual(await lab.errors("user[email]"), ["can't be blank"]);
  });

  await test("the panel shows changes and errors while a person types", async (lab, page) => {
    await lab.fill({ "user[bio]": "C", "user[number_of_pets]": "3" });
    assert.deepEqual(await lab.changes(), { bio: "C", number_of_pets: 3 });
    const rows = await page.locator("#errors tr").evaluateAll((rows) =>
      rows.map((row) => [...row.children].slice(0, 2).map((cell) => cell.textContent)));
    assert.deepEqual(rows, [
      ["bio", "should be at least 2 character(s)"],
      ["name", "can't be blank"],
      ["email", "can't be blank"],
    ]);
    const metadata = await page.locator("#errors tr").first().locator("code").allTextContents();
    assert.deepEqual(metadata, ["count: 2", "validation: length", "kind: min", "type: string"]);
  });

  await test("an invalid form shows all errors, puts the focus on the first and is not sent", async (lab, page) => {
    let sent = 0;
    page.on("request", (request) => (sent += Number(request.method() === "POST")));
    await lab.fill({ "user[name]": "Grace" });
    await lab.submit();
    assert.deepEqual(await lab.errors("user[name]"), []);
    assert.deepEqual(await lab.errors("user[email]"), ["can't be blank"]);
    assert.deepEqual(await lab.errors("user[bio]"), ["can't be blank"]);
    assert.equal(await page.evaluate(() => document.activeElement.name), "user[email]");
    assert.equal(sent, 0);
  });

  await test("a valid form becomes a record", async (lab) => {
    await lab.fill(VALID);
    assert.equal(await lab.validity(), "valid");
    await lab.submit();
    const { status, body } = await lab.answer();
    const { id, ...record } = body;
    assert.equal(status, 201);
    assert.equal(typeof id, "number");
    assert.deepEqual(record, { name: "Grace", email: "grace@example.com", bio: "Compilers", number_of_pets: 2 });
  });

  await test("what only the server knows shows on the field until it changes", async (lab, page) => {
    await lab.fill({ ...VALID, "user[email]": "ada@example.com" });
    assert.equal(await lab.validity(), "valid");
    await lab.submit();
    assert.equal((await lab.answer()).status, 422);
    assert.deepEqual(await lab.errors("user[email]"), ["has already been taken"]);
    assert.equal(await page.evaluate(() => document.activeElement.name), "user[email]");
    assert.equal(await lab.input("user[bio]").inputValue(), "Compilers");
    await lab.fill({ "user[name]": "Ada" });
    assert.deepEqual(await lab.errors("user[email]"), ["has already been taken"], "another field says nothing of this one");
    await lab.input("user[email]").fill("ada.l@example.com");
    assert.deepEqual(await lab.errors("user[email]"), []);
    await lab.submit();
    assert.equal((await lab.answer()).body.email, "ada.l@example.com");
  });

  await test("the form obeys a rule that is edited", async (lab, page) => {
    await lab.fill(VALID);
    await lab.edit((text) => text.replace('"max": 140', '"max": 5'));
    assert.equal(await page.locator("#rules-state").textContent(), "edited here");
    assert.deepEqual(await lab.errors("user[bio]"), ["should be at most 5 character(s)"]);
    assert.equal(await lab.input("user[bio]").inputValue(), "Compilers");
    await lab.edit((text) => text.replace('"name", "email", "bio"]],\n    ["validate_length"', '"email"]],\n    ["validate_length"'));
    assert.equal(await lab.input("user[name]").evaluate((control) => control.required), false);
    await page.locator("#restore").click();
    assert.deepEqual(await lab.errors("user[bio]"), []);
    assert.equal(await lab.input("user[name]").evaluate((control) => control.required), true);
    assert.equal(await page.locator("#rules-state").textContent(), "from the server");
  });

  await test("rules that are not understood are refused by name, and the last ones stay", async (lab, page) => {
    const problem = () => page.locator("#rules-problem").textContent();
    await lab.fill(VALID);
    await lab.edit((text) => text.replace('"max": 140', '"max": 5'));
    await lab.edit((text) => text.replace("validate_format", "validate_fromat"));
    assert.match(await problem(), /validate_fromat/);
    assert.match(await problem(), /validate_format/);
    await lab.edit((text) => `${text},`);
    assert.match(await problem(), /^not JSON/);
    assert.equal(await page.locator("#document").getAttribute("aria-invalid"), "true");
    await lab.fill({ "user[bio]": "Linkers" });
    assert.deepEqual(await lab.errors("user[bio]"), ["should be at most 5 character(s)"]);
    await page.locator("#restore").click();
    assert.equal(await problem(), "");
    assert.deepEqual(await lab.errors("user[bio]"), []);
  });

  await test("the server keeps to its own rules", async (lab) => {
    await lab.edit((text) => text.replace('"min": 2, "max": 140', '"max": 140'));
    await lab.fill({ ...VALID, "user[email]": "other@example.com", "user[bio]": "C" });
    assert.equal(await lab.validity(), "valid");
    await lab.submit();
    assert.equal((await lab.answer()).status, 422);
    assert.deepEqual(await lab.errors("user[bio]"), ["should be at least 2 character(s)"]);
  });

  await test("what the browser can't read as a number is not taken for nothing", async (lab, page) => {
    let sent = 0;
    page.on("request", (request) => (sent += Number(request.method() === "POST")));
    await lab.fill({ ...VALID, "user[email]": "read@example.com", "user[number_of_pets]": "" });
    await lab.input("user[number_of_pets]").pressSequentially("2e");
    await lab.submit();
    assert.deepEqual(await lab.errors("user[number_of_pets]"), ["is invalid"]);
    assert.equal(sent, 0);
    await lab.input("user[number_of_pets]").fill("2");
    await lab.submit();
    assert.equal((await lab.answer()).body.number_of_pets, 2);
  });

  await test("a cleared form starts over", async (lab, page) => {
    await lab.submit();
    assert.equal((await lab.allErrors()).length, 3);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.waitForFunction(() => document.querySelector("form [aria-invalid]") === null);
    assert.deepEqual(await lab.allErrors(), []);
    assert.deepEqual(await lab.changes(), {});
  });
}
