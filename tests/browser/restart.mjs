// What the server has created is in its database: another server on the same file knows it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "./lab.mjs";

const GRACE = { "user[name]": "Grace", "user[email]": "grace@example.com", "user[bio]": "Compilers" };

export default (program) => async (runner) => {
  await runner.test("restart: an email that another server has written is taken, and says so on its field", "index.html", async (lab, page) => {
    const folder = mkdtempSync(join(tmpdir(), "ectomorph-server-"));
    const database = `sqlite://${join(folder, "site.db")}`;
    const first = await serve(program, database);
    try {
      await page.goto(`${first.url}/user.html`);
      await lab.ready();
      await lab.fill(GRACE);
      await lab.submit();
      assert.equal((await lab.answer()).status, 201);
      first.stop();

      const second = await serve(program, database);
      try {
        await page.goto(`${second.url}/user.html`);
        await lab.ready();
        await lab.fill({ ...GRACE, "user[email]": "Grace@Example.com" });
        assert.equal(await lab.validity(), "valid");
        await lab.submit();
        const { status, body } = await lab.answer();
        assert.equal(status, 422);
        assert.deepEqual(Object.keys(body.errors), ["email"]);
        assert.deepEqual(body.errors.email[0].metadata, { constraint: "unique", constraint_name: "users_email_index" });
        assert.deepEqual(await lab.errors("user[email]"), ["has already been taken"]);
        assert.equal(await page.evaluate(() => document.activeElement.name), "user[email]");
        await lab.fill({ "user[email]": "hopper@example.com" });
        await lab.submit();
        assert.equal((await lab.answer()).status, 201);
      } finally {
        second.stop();
      }
    } finally {
      first.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
};
