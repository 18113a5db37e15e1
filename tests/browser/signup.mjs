// The sign-up form.
import assert from "node:assert/strict";

const VALID = {
  "signup[email]": "grace@example.com",
  "signup[username]": "grace",
  "signup[password]": "correct horse",
  "signup[password_confirmation]": "correct horse",
  "signup[age]": "36",
};

export default async function tests(runner) {
  const test = (name, body) => runner.test(`sign-up: ${name}`, "signup.html", body);

  const fillAll = async (lab, values = {}) => {
    await lab.fill({ ...VALID, ...values });
    await lab.input("signup[country]").selectOption("gb");
    await lab.input("signup[terms]").check();
  };

  await test("the choices come from the rules", async (lab) => {
    const choices = await lab.input("signup[country]").locator("option").evaluateAll((all) => all.map((one) => [one.value, one.text]));
    assert.deepEqual(choices[0], ["", "Choose…"]);
    assert.deepEqual(choices.find(([code]) => code === "ch"), ["ch", "Switzerland"]);
    assert.equal(choices.length, 22);
    await lab.input("signup[country]").selectOption("ch");
    await lab.edit((text) => text.replace('"at", "be", ', ""));
    assert.equal(await lab.input("signup[country]").locator("option").count(), 20);
    assert.equal(await lab.input("signup[country]").inputValue(), "ch");
  });

  await test("each field says what is wrong with it", async (lab) => {
    await fillAll(lab, {
      "signup[email]": "a b@c",
      "signup[username]": "1a",
      "signup[password]": "short",
      "signup[password_confirmation]": "shirt",
      "signup[age]": "17",
    });
    await lab.input("signup[terms]").uncheck();
    assert.deepEqual(await lab.errors("signup[email]"), ["has invalid format"]);
    assert.deepEqual(await lab.errors("signup[username]"), [
      "must start with a letter and have only letters, digits and _",
      "should be at least 3 character(s)",
    ]);
    assert.deepEqual(await lab.errors("signup[password]"), ["should be at least 8 character(s)"]);
    assert.deepEqual(await lab.errors("signup[password_confirmation]"), ["does not match the password"]);
    assert.deepEqual(await lab.errors("signup[age]"), ["must be greater than or equal to 18"]);
    assert.deepEqual(await lab.errors("signup[terms]"), ["must be accepted"]);
    assert.deepEqual(await lab.errors("signup[country]"), []);
  });

  await test("a confirmation follows its password", async (lab) => {
    await lab.fill({ "signup[password]": "correct horse", "signup[password_confirmation]": "correct horse" });
    assert.deepEqual(await lab.errors("signup[password_confirmation]"), []);
    await lab.input("signup[password]").fill("correct horses");
    assert.deepEqual(await lab.errors("signup[password_confirmation]"), ["does not match the password"]);
  });

  await test("a valid form is sent as JSON, and the password is shown nowhere", async (lab, page) => {
    await fillAll(lab);
    assert.equal((await page.locator(".panel").textContent()).includes("correct horse"), false);
    const [request] = await Promise.all([page.waitForRequest((one) => one.method() === "POST"), lab.submit()]);
    assert.equal(request.headers()["content-type"], "application/json");
    const { status, body } = await lab.answer();
    const { id: _, ...account } = body;
    assert.equal(status, 201);
    assert.deepEqual(account, { email: "grace@example.com", username: "grace", age: 36, country: "gb" });
  });

  await test("the server objects to two fields at once", async (lab) => {
    await fillAll(lab, { "signup[email]": "ada@example.com", "signup[username]": "ada" });
    await lab.submit();
    await lab.answer();
    assert.deepEqual(await lab.errors("signup[email]"), ["has already been taken"]);
    assert.deepEqual(await lab.errors("signup[username]"), ["has already been taken"]);
    await lab.input("signup[email]").fill("ada.k@example.com");
    assert.deepEqual(await lab.errors("signup[email]"), []);
    assert.deepEqual(await lab.errors("signup[username]"), ["has already been taken"]);
  });

  await test("messages change their language where they stand", async (lab, page) => {
    await lab.submit();
    assert.deepEqual(await lab.errors("signup[email]"), ["can't be blank"]);
    await page.getByLabel("Messages in").selectOption("de");
    await page.waitForFunction(() => document.body.textContent.includes("muss ausgefüllt werden"));
    assert.deepEqual(await lab.errors("signup[email]"), ["muss ausgefüllt werden"]);
    await lab.fill({ "signup[password]": "a" });
    assert.deepEqual(await lab.errors("signup[password]"), ["muss mindestens 8 Zeichen lang sein"]);
    await page.getByLabel("Messages in").selectOption("");
    assert.deepEqual(await lab.errors("signup[email]"), ["can't be blank"]);
  });
}
