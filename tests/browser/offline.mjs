// The notes without a network: the server is really gone.
import assert from "node:assert/strict";
import { serve } from "./lab.mjs";
import { NotebookPage } from "./notebook.mjs";

export default (program) => async (runner) => {
  await runner.test("offline: notes are read and written without a network", "index.html", async (_lab, page) => {
    const server = await serve(program);
    try {
      await page.goto(`${server.url}/notes.html`);
      const notes = new NotebookPage(page);
      await notes.ready();
      await notes.write({ title: "Written online" });
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.context().setOffline(true);
      server.stop();
      await notes.reload();
      await notes.shows(["Written online"]);
      assert.equal(await page.locator("#network").textContent(), "offline");
      assert.equal(await page.locator("body").evaluate((body) => getComputedStyle(body).marginTop), "0px", "the style sheet is there");
      await notes.write({ title: "Written offline", tags: ["away"] });
      await notes.reload();
      await notes.shows(["Written offline", "Written online"]);
      await page.getByRole("link", { name: "Queries" }).click();
      await page.waitForFunction(() => document.querySelector("#count")?.textContent === "1 result");
    } finally {
      server.stop();
    }
  }, { tolerate: true });
};
