// The document of rules, in Node and in the artifact that pages get.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as browser from "../dist/browser/index.js";
import * as node from "../dist/node/index.js";

await browser.ready();

for (const [artifact, { load, schema, t, traverseErrors }] of Object.entries({ node, browser })) {
  test(`rules written by the ${artifact} artifact are read again and mean the same`, () => {
    const User = schema("users", { name: t.string(), age: t.integer(), starts_on: t.date() });
    const rules = User.changeset((c) =>
      c
        .cast("name", "age", "starts_on")
        .validateRequired("name")
        .validateNumber("age", { greaterThan: 17 })
        .when((o) => o.name.eq("Noah"), (c) => c.validateRequired("starts_on")),
    );
    const { document } = rules;
    assert.equal(document.version, 1);
    const sent = JSON.parse(JSON.stringify(document));
    for (const reader of [load, node.load, browser.load]) {
      const errors = node.traverseErrors(node.load(sent)({}, { name: "Noah", age: "3" }));
      assert.deepEqual(errors, { age: ["must be greater than 17"], starts_on: ["can't be blank"] });
      assert.deepEqual(reader(sent).document.steps.length, sent.steps.length);
    }
    assert.deepEqual(traverseErrors(load(sent)({}, { age: "3" })), {
      name: ["can't be blank"],
      age: ["must be greater than 17"],
    });
  });
}
