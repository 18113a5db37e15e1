// The page of the notes, as a person goes about it.
import assert from "node:assert/strict";

export class NotebookPage {
  constructor(page) {
    this.page = page;
  }

  /** Waits until the notes are shown. */
  async ready() {
    await this.page.waitForFunction(() => document.querySelector("#notebook") && !document.querySelector("#notebook[aria-busy]"));
    assert.equal(await this.page.locator("#fatal").isVisible(), false, await this.page.locator("#fatal").textContent());
  }

  async reload() {
    await this.page.reload();
    await this.ready();
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** Opens a new note, and fills in what is given. */
  async begin({ title, body, tags = [], comments = [] }) {
    await this.button("New note").click();
    await this.page.locator("#post_title").fill(title);
    if (body !== undefined) await this.page.locator("#post_body").fill(body);
    for (const tag of tags) {
      await this.button("Add a tag").click();
      await this.page.keyboard.type(tag);
    }
    for (const comment of comments) {
      await this.button("Add a comment").click();
      await this.page.keyboard.type(comment);
    }
  }

  async write(note) {
    await this.begin(note);
    await this.save();
  }

  /** Saves the form that is open, which must succeed. */
  async save() {
    await this.button("Save").click();
    await this.page.locator("#editor").waitFor({ state: "hidden" });
  }

  async open(title) {
    await this.button(title).click();
    await this.page.locator("#note").waitFor();
  }

  item(list, index) {
    return this.page.locator(`#note [data-many=${list}] [data-item]`).nth(index);
  }

  async values(list) {
    return this.page.locator(`#note [data-many=${list}] [data-item] [data-name]`).evaluateAll((all) => all.map(({ value }) => value));
  }

  /** The messages of a field, which must be what describes it. */
  async errors(control) {
    return control.evaluate((control) =>
      (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean).map((id) => document.getElementById(id).textContent));
  }

  async titles() {
    return this.page.locator("#notes .title").allTextContents();
  }

  /** Waits for these titles, in this order. */
  async shows(titles) {
    const shown = (wanted) => [...document.querySelectorAll("#notes .title")].map(({ textContent }) => textContent).join("\n") === wanted;
    try {
      await this.page.waitForFunction(shown, titles.join("\n"));
    } catch {
      assert.deepEqual(await this.titles(), titles);
    }
  }

  /** Each tag with its count. */
  async tags() {
    const texts = await this.page.locator("#tags a[href*=tag]").evaluateAll((links) =>
      links.map((link) => [...link.querySelectorAll("span:not(.hidden)")].map(({ textContent }) => textContent)));
    return Object.fromEntries(texts.map(([name, count]) => [name, Number(count)]));
  }

  async says(text) {
    await this.page.waitForFunction((text) => document.querySelector("#message").textContent.includes(text), text);
  }

  total() {
    return this.page.locator("#total").textContent();
  }

  async developer(button) {
    if (!(await this.button(button).isVisible())) await this.page.locator("#developer summary").click();
    await this.button(button).click();
  }
}
