// The notes: a database of the browser, behind forms.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { NotebookPage } from "./notebook.mjs";

const GARDEN = { title: "The garden", body: "Beans, 100% organic", tags: ["outside", "food"], comments: ["Water them", "Mind the frost"] };

export default async function tests(runner) {
  const test = (name, body, options) =>
    runner.test(`notes: ${name}`, "notes.html", (_lab, page) => body(new NotebookPage(page), page), options);

  await test("the page says where the notes are", async (notes, page) => {
    assert.match(await page.locator("#place").textContent(), /^Your notes are in this browser's private files \(OPFS\)\./);
    assert.equal(await notes.total(), "No notes yet. Write the first one.");
  });

  await test("a note is written with its comments and tags, and is there after a reload", async (notes, page) => {
    await notes.write(GARDEN);
    await notes.says("Saved “The garden”.");
    await notes.reload();
    await notes.shows(["The garden"]);
    assert.equal(await page.locator(".note .excerpt").textContent(), "Beans, 100% organic");
    assert.deepEqual(await page.locator(".note .chip").allTextContents(), ["food", "outside"]);
    await notes.open("The garden");
    assert.deepEqual(await notes.values("comments"), ["Water them", "Mind the frost"]);
    assert.deepEqual(await notes.values("tags"), ["food", "outside"]);
  });

  await runner.test("notes: IndexedDB keeps them as well", "notes.html?storage=indexeddb", async (_lab, page) => {
    const notes = new NotebookPage(page);
    assert.match(await page.locator("#place").textContent(), /^Your notes are in this browser's IndexedDB\./);
    await notes.write(GARDEN);
    await notes.write({ title: "Second", tags: ["food"] });
    await notes.reload();
    await notes.shows(["Second", "The garden"]);
    assert.deepEqual(await notes.tags(), { food: 2, outside: 1 });
    await notes.open("The garden");
    assert.deepEqual(await notes.values("comments"), GARDEN.comments);
  });

  await test("what is wrong is said at its place while a person types, and nothing is written", async (notes, page) => {
    await notes.begin({ title: "x".repeat(81), tags: ["!"], comments: [""] });
    await notes.button("Save").click();
    assert.deepEqual(await notes.errors(page.locator("#post_title")), ["should be at most 80 character(s)"]);
    assert.deepEqual(await notes.errors(notes.item("tags", 0).locator("[data-name]")), ["is made of letters, digits, spaces, - and _"]);
    assert.deepEqual(await notes.errors(notes.item("comments", 0).locator("[data-name]")), ["can't be blank"]);
    assert.equal(await page.evaluate(() => document.activeElement.id), "post_title");
    await notes.item("comments", 0).locator("[data-name]").pressSequentially("a");
    assert.deepEqual(await notes.errors(notes.item("comments", 0).locator("[data-name]")), []);
    await notes.button("Cancel").click();
    await notes.reload();
    assert.deepEqual(await notes.titles(), []);
  });

  await test("an edit adds, changes and removes children", async (notes, page) => {
    await notes.write(GARDEN);
    await notes.open("The garden");
    await notes.item("comments", 0).locator("[data-name]").fill("Water them twice");
    await notes.item("comments", 1).locator("[data-remove]").click();
    await notes.button("Add a comment").click();
    await page.keyboard.type("Pick them");
    await notes.item("tags", 0).locator("[data-remove]").click();
    await notes.save();
    await notes.says("Changed “The garden”.");
    await notes.open("The garden");
    assert.deepEqual(await notes.values("comments"), ["Water them twice", "Pick them"]);
    assert.deepEqual(await notes.values("tags"), ["outside"]);
    await notes.button("Cancel").click();
    assert.deepEqual(await notes.tags(), { food: 0, outside: 1 });
  });

  await test("a title that is taken is an error of its field, and goes when it changes", async (notes, page) => {
    await notes.write(GARDEN);
    await notes.begin({ title: "The garden", tags: ["new"] });
    await notes.button("Save").click();
    const title = page.locator("#post_title");
    await page.waitForFunction(() => document.querySelector("#post_title").getAttribute("aria-invalid") === "true");
    assert.deepEqual(await notes.errors(title), ["has already been taken"]);
    assert.equal(await page.evaluate(() => document.activeElement.id), "post_title");
    assert.deepEqual(await notes.values("tags"), ["new"], "what was typed stays");
    await title.fill("Another garden");
    assert.deepEqual(await notes.errors(title), []);
    await notes.save();
    await notes.shows(["Another garden", "The garden"]);
  });

  await test("what was refused left no tag behind", async (notes, page) => {
    await notes.write({ title: "One" });
    await notes.begin({ title: "One", tags: ["orphan"] });
    await notes.button("Save").click();
    await page.waitForFunction(() => document.querySelector("#post_title").getAttribute("aria-invalid") === "true");
    await notes.button("Cancel").click();
    await notes.reload();
    assert.deepEqual(await notes.tags(), {});
  });

  await test("a note is deleted with its comments after a second press", async (notes, page) => {
    await notes.write(GARDEN);
    await notes.write({ title: "Kept" });
    await notes.open("The garden");
    await notes.button("Delete").click();
    await notes.button("Delete it for good?").click();
    await notes.says("Deleted “The garden”.");
    await notes.shows(["Kept"]);
    assert.deepEqual(await notes.tags(), { food: 0, outside: 0 });
    await notes.reload();
    await notes.shows(["Kept"]);
    await page.locator("#q").fill("frost");
    await notes.shows([]);
  });

  await test("search looks into titles, texts and comments, and signs of patterns are text", async (notes, page) => {
    await notes.write(GARDEN);
    await notes.write({ title: "Bicycle", body: "Oil the chain", comments: ["100 km"] });
    await notes.shows(["Bicycle", "The garden"]);
    for (const [text, found] of [["FROST", ["The garden"]], ["chain", ["Bicycle"]], ["100", ["Bicycle", "The garden"]],
      ["100%", ["The garden"]], ["_", []], ["", ["Bicycle", "The garden"]]]) {
      await page.locator("#q").fill(text);
      await notes.shows(found);
    }
    await page.locator("#q").fill("nothing of this");
    await notes.shows([]);
    assert.equal(await notes.total(), "No note is like that.");
  });

  await test("tags are counted, and one of them is looked for", async (notes, page) => {
    await notes.write(GARDEN);
    await notes.write({ title: "Picnic", tags: ["food"] });
    await page.waitForFunction(() => document.querySelectorAll("#tags a").length === 3);
    assert.deepEqual(await notes.tags(), { food: 2, outside: 1 });
    await page.locator("#tags a", { hasText: "outside" }).click();
    await notes.shows(["The garden"]);
    assert.equal(await page.locator("#list-title").textContent(), "Notes about outside");
    await page.waitForFunction(() => document.activeElement.id === "list-title");
    await notes.reload();
    await notes.shows(["The garden"]);
    await page.goBack();
    await notes.shows(["Picnic", "The garden"]);
  });

  await test("a tag is renamed unless the name is taken, and deleted from its notes", async (notes, page) => {
    await notes.write(GARDEN);
    await notes.button("Edit tags").click();
    const food = page.getByLabel("Name of the tag food");
    await food.fill("outside");
    await food.press("Enter");
    await page.waitForFunction(() => document.querySelector("#tag-editor [aria-invalid=true]") !== null);
    assert.deepEqual(await notes.errors(food), ["has already been taken"]);
    await food.fill("kitchen");
    await food.press("Enter");
    await notes.says("The tag is called kitchen now.");
    assert.deepEqual(await notes.tags(), { kitchen: 1, outside: 1 });
    await page.locator(".tag-form", { has: page.getByLabel("Name of the tag outside") }).getByRole("button", { name: "Delete" }).click();
    await notes.says("The tag outside is gone");
    assert.deepEqual(await notes.tags(), { kitchen: 1 });
    await page.keyboard.press("Escape");
    await notes.open("The garden");
    assert.deepEqual(await notes.values("tags"), ["kitchen"]);
  });

  await test("pages are turned, and sorted notes stay sorted over them", async (notes, page) => {
    await notes.developer("Add 40 examples");
    await notes.says("40 examples were added.");
    assert.equal(await notes.total(), "40 notes");
    const [newest] = await notes.titles();
    await page.locator("#sort").selectOption("title");
    // It is the first page before and after.
    await page.waitForFunction((title) => !document.querySelector(".note")?.textContent.includes(title), newest);
    const all = [];
    for (let number = 1; number <= 7; number++) {
      await page.waitForFunction((text) => document.querySelector("#page").textContent === text, `Page ${number} of 7`);
      all.push(...(await notes.titles()));
      if (number < 7) await notes.button("Next →").click();
    }
    assert.equal(all.length, 40);
    assert.deepEqual(all, [...all].sort());
    assert.equal(await notes.button("Next →").isDisabled(), true);
    assert.equal(await page.evaluate(() => document.activeElement.id), "list-title");
    await notes.reload();
    assert.equal(await page.locator("#page").textContent(), "Page 7 of 7");
    await page.locator("#sort").selectOption("discussed");
    await page.waitForFunction(() => document.querySelector("#page").textContent === "Page 1 of 7");
    const counts = await page.locator(".note .about").allTextContents();
    assert.ok(counts.every((text) => /3 comments/.test(text)), counts.join("; "));
  });

  await test("two versions of migrations: what is written in one is there in the other", async (notes, page) => {
    await notes.write(GARDEN);
    const status = () => page.locator("#migrations tr").evaluateAll((rows) => rows.map((row) => row.textContent));
    assert.deepEqual(await status(), ["create_notesup", "add_pinned_to_postsup"]);
    const turned = page.waitForEvent("load");
    await notes.developer("Roll back to version 1");
    await turned;
    await notes.ready();
    await page.waitForFunction(() => document.querySelector("#version").textContent === "1");
    assert.deepEqual(await status(), ["create_notesup"]);
    await notes.shows(["The garden"]);
    assert.equal(await page.locator(".note .icon").count(), 0);
    await notes.write({ title: "Written in version 1", tags: ["outside"] });
    await notes.shows(["Written in version 1", "The garden"]);
    await notes.reload();
    const again = page.waitForEvent("load");
    await notes.developer("Go to version 2");
    await again;
    await notes.ready();
    await page.waitForFunction(() => document.querySelector("#version").textContent === "2");
    assert.deepEqual(await status(), ["create_notesup", "add_pinned_to_postsup"]);
    await notes.shows(["Written in version 1", "The garden"]);
    await page.getByRole("button", { name: "Pin The garden" }).click();
    await notes.shows(["The garden", "Written in version 1"]);
    assert.equal(await page.getByRole("button", { name: "Pin The garden" }).getAttribute("aria-pressed"), "true");
    await notes.reload();
    await notes.shows(["The garden", "Written in version 1"]);
    await notes.open("The garden");
    assert.deepEqual(await notes.values("comments"), GARDEN.comments);
    assert.equal(await page.locator("#post_pinned").isChecked(), true);
  });

  await test("all notes go into a file, and come out of it in another browser", async (notes, page) => {
    await notes.write(GARDEN);
    const [download] = await Promise.all([page.waitForEvent("download"), notes.button("Export a file").click()]);
    assert.match(download.suggestedFilename(), /^notes-\d{4}-\d\d-\d\d\.ectomorph$/);
    const bytes = readFileSync(await download.path());
    const other = await page.context().browser().newContext();
    try {
      const elsewhere = await other.newPage();
      await elsewhere.goto(page.url());
      const there = new NotebookPage(elsewhere);
      await there.ready();
      await there.write({ title: "To be replaced" });
      const give = (buffer) => elsewhere.locator("#import-file").setInputFiles({ name: "notes.ectomorph", mimeType: "application/octet-stream", buffer });
      await give(bytes.subarray(0, bytes.length - 7));
      await elsewhere.waitForFunction(() => document.querySelector("#message.alarm") !== null);
      await there.shows(["To be replaced"]);
      await give(bytes);
      await there.says("The notes are those of notes.ectomorph now.");
      await there.shows(["The garden"]);
      await there.reload();
      await there.open("The garden");
      assert.deepEqual(await there.values("comments"), GARDEN.comments);
      assert.deepEqual(await there.values("tags"), ["food", "outside"]);
    } finally {
      await other.close();
    }
  });

  await test("where there is no more room, that is said, and nothing is lost", async (notes, page) => {
    await notes.write(GARDEN);
    // The files of the site count, too.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const devtools = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    const { usage } = await devtools.send("Storage.getUsageAndQuota", { origin });
    await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 1_000_000 });
    await notes.reload();
    const body = "All of this must stay. ".repeat(8000);
    await notes.begin({ title: "Too much", body, tags: ["large"] });
    // The browser gives room by large blocks.
    for (let tries = 0; tries < 40; tries++) {
      await notes.button("Save").click();
      const outcome = await page.waitForFunction(() =>
        document.querySelector("#note [data-refused]:not([hidden])")?.textContent ?? (document.querySelector("#note") === null && "saved"));
      const said = await outcome.jsonValue();
      if (said !== "saved") {
        assert.match(said, /^This browser has no more room for the notes\. Nothing was changed/);
        break;
      }
      await notes.begin({ title: `Too much ${tries}`, body, tags: ["large"] });
      assert.ok(tries < 39, "the quota was never met");
    }
    const title = await page.locator("#post_title").inputValue();
    assert.equal(await page.locator("#post_body").inputValue(), body);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#note [data-refused]").textContent(), "What you wrote is not saved. Press Escape once more to throw it away.");
    await page.keyboard.press("Escape");
    await notes.shows((await notes.titles()).filter((shown) => shown !== title));
    await devtools.send("Storage.overrideQuotaForOrigin", { origin });
    await notes.write({ title: "There is room again" });
    await notes.reload();
    const titles = await notes.titles();
    assert.equal(titles[0], "There is room again");
    assert.equal(titles.includes(title), false);
    await page.locator("#q").fill("garden");
    await notes.shows(["The garden"]);
  }, { tolerate: true });

  await test("a second tab is told that the notes are open in the first", async (_notes, page) => {
    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.locator("#fatal").waitFor();
    assert.match(await second.locator("#fatal").textContent(), /^The notes could not be opened: .*is open already, in another tab/);
  });

  await test("everything can be done by keyboard", async (notes, page) => {
    await notes.button("New note").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "post_title");
    await page.keyboard.type("By hand");
    await page.locator("#note [data-many=tags] [data-add]").focus();
    await page.keyboard.press("Space");
    await page.keyboard.type("keys");
    await page.keyboard.press("Enter");
    await notes.shows(["By hand"]);
    await notes.button("By hand").focus();
    await page.keyboard.press("Enter");
    await page.locator("#note").waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "By hand");
  });
}
