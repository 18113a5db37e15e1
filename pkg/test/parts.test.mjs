// A page has the small engine in two parts. What needs the second is known beforehand: without it, the first is asked
// for nothing that it lacks.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const runner = fileURLToPath(new URL("conformance.mjs", import.meta.url));

/** How many changesets the small engine made, and how many vectors failed. */
async function vectors(page) {
  const { stdout } = await promisify(execFile)(process.execPath, [runner, "--page", page]);
  const [, planned] = /made (\d+) of/.exec(stdout);
  return { planned: Number(planned), failed: Number(/(\d+) failed/.exec(stdout)[1]) };
}

test("every vector holds with both parts and with the first alone, which makes fewer of the changesets", async () => {
  const both = await vectors("both");
  const first = await vectors("first");
  assert.deepEqual([both.failed, first.failed], [0, 0]);
  assert.ok(first.planned > 500 && first.planned < both.planned, `${first.planned} of ${both.planned}`);
});

test("what no type of the first part accepts is refused there as it is by the whole engine", async () => {
  const library = await import("../dist/browser/conformance.js");
  library.giveFurther(() => undefined);
  await library.ready();
  const { t } = library;
  const Account = library.schema("accounts", {
    name: t.string(), age: t.integer(), score: t.float(), admin: t.boolean(), role: t.enum("guest", "owner"), key: t.binary(), owner: t.binaryId(),
  });
  const rules = Account.changeset((c) =>
    c
      .cast("name", "age", "score", "admin", "role", "key", "owner", { emptyValues: ["", "none"] })
      .validateConfirmation("name", { required: true })
      .validateAcceptance("admin")
      .validateLength("name", { max: 3 })
      .validateNumber("age", { greaterThan: 3, lessThan: 2n ** 60n })
      .validateNumber("score", { lessThan: 4.5, greaterThan: -2 }),
  );
  const [day, other] = [new Date(0), new Date(1)];
  const values = [day, other, 2n ** 70n, -(2n ** 70n), 2n ** 62n, 2.5, 1e300, "none", "\ud800", [], [day], ["a", ["b"]], {}, { a: day }, new Uint8Array([255, 97, 204, 129]), true, null, "owner"];
  let planned = 0;
  for (const value of values) {
    for (const confirmed of [value, day, "a"]) {
      const params = Object.fromEntries(["name", "age", "score", "admin", "role", "key", "owner"].map((field) => [field, value]));
      const changeset = rules(Account.build(), { ...params, name_confirmation: confirmed });
      const source = library.sourceOf(changeset);
      if (source instanceof library.Planned) planned++;
      const whole = source.recipe("the test").result;
      assert.deepEqual(changeset.errors, whole.errors);
      assert.deepEqual(source.result.changes.map(([field, change]) => [field.name, change]), whole.changes.map(([field, change]) => [field.name, change]));
    }
  }
  assert.equal(planned, values.length * 3);
});

test("rules that need the second part wait for the whole engine where it is not there", async () => {
  const { schema, sourceOf, Planned, t } = await import("../dist/browser/conformance.js");
  for (const [field, further] of [[t.string(), false], [t.decimal(), true], [t.array(t.string()), true], [t.enum("a"), false], [t.uuid(), true]]) {
    const rules = schema("posts", { field }).changeset((c) => c.cast("field"));
    assert.equal(sourceOf(rules({}, { field: "a" })) instanceof Planned, !further);
  }
});
