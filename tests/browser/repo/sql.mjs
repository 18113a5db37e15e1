// Raw SQL in a page: there when it is asked for, and downloaded by nobody else.
import assert from "node:assert/strict";

const DOMAIN = "/tests/browser/repo/domain.mjs";

/** Asks a new database for its users in SQL; what it answers, and the wasm that was loaded for it. */
async function asked(page, options) {
  const loaded = [];
  page.on("request", (request) => {
    const file = new URL(request.url()).pathname.split("/").at(-1);
    if (file.endsWith(".wasm")) loaded.push(file);
  });
  const answer = await page.evaluate(async ([domain, options]) => {
    const { open, refusal, User } = await import(domain);
    const { repo } = await open({ storage: "memory", ...options });
    await repo.insertAll(User, [{ name: "Jane", email: "jane@example.com" }, { name: "John", email: "john@example.com" }]);
    const read = await refusal(repo.query("SELECT name FROM users WHERE email = $1", ["john@example.com"]));
    const taken = await refusal(repo.query("INSERT INTO users (id, name, email) VALUES (7, 'Joe', 'jane@example.com')"));
    await repo.close();
    return { read, taken: taken.kind };
  }, [DOMAIN, options]);
  return { ...answer, loaded };
}

export default async function tests(runner) {
  await runner.test("sql: a page that asks for it queries by text, under the same constraints", "", async (_lab, page) => {
    assert.deepEqual(await asked(page, { sql: true }), {
      read: { value: { count: 1, rows: [["John"]] } },
      taken: "constraint",
      loaded: ["repo-sql.wasm"],
    });
  });

  await runner.test("sql: a page that validates, with all of its engine, loads nothing of the repo", "", async (_lab, page) => {
    const loaded = [];
    page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    const errors = await page.evaluate(async () => {
      const { ready, schema, t } = await import("/pkg/dist/browser/index.js");
      await ready();
      const User = schema("users", { name: t.string() });
      const rules = User.changeset((c) => c.cast("name").validateRequired("name"));
      return rules(User.build(), { name: "" }).errors.map(({ field, message }) => [field, message]);
    });
    assert.deepEqual(errors, [["name", "can't be blank"]]);
    assert.ok(loaded.includes("/pkg/dist/browser/index.js"));
    assert.deepEqual(loaded.filter((path) => /repo|\.wasm$/.test(path)), []);
  });

  await runner.test("sql: a page that does not ask downloads none of it, and is told the option", "", async (_lab, page) => {
    const { read, taken, loaded } = await asked(page, {});
    assert.deepEqual([taken, loaded], ["unsupported", ["repo.wasm"]]);
    assert.match(read.message, /raw SQL without `sql: true` in openRepo/);
  });
}
