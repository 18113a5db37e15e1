import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as browser from "../dist/browser/index.js";
import * as node from "../dist/node/index.js";
import { refusals } from "./patterns.mjs";

await browser.ready();
const refused = JSON.parse(readFileSync(new URL("../../tests/patterns/refused.json", import.meta.url), "utf8"));

for (const [artifact, library] of Object.entries({ node, browser })) {
  test(`the ${artifact} artifact refuses what the native engine refuses, by name`, () => {
    assert.ok(refused.length > 50);
    assert.deepEqual(refusals(library, refused), []);
  });
}
