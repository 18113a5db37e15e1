// The form that is described without the whole engine is the one it describes: of the changeset of every vector that
// may have one.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import * as library from "../dist/node/conformance.js";
import { makeRunner } from "./vectors.mjs";

const { ask, ownForm, pageRegExp, sourceOf } = library;
const { changeset } = makeRunner(library);
const home = new URL("../../tests/conformance/changeset/", import.meta.url);

/** With whether there is a pattern in place of the pattern: that may be left out, but not be another. */
function without(form, patterns) {
  return JSON.parse(JSON.stringify(form, (key, value) => {
    if (key === "pattern") patterns.push(value);
    return key === "pattern" ? undefined : typeof value === "bigint" ? `${value}n` : value;
  }));
}

test("forms", () => {
  let [forms, nested, patterns] = [0, 0, 0];
  for (const file of readdirSync(home).filter((name) => name.endsWith(".json"))) {
    for (const vector of JSON.parse(readFileSync(new URL(file, home), "utf8")).cases) {
      if (!("schema" in vector)) continue;
      // What steps put may be an integer in the place of a float, or the reverse, which JavaScript can't tell.
      if (vector.steps.some(([step]) => /^(put_change|force_change|change)$/.test(step))) continue;
      // Bounds beyond 64 bits are left out.
      if (/"\$integer":"-?\d{20}/.test(JSON.stringify(vector.steps))) continue;
      // Values with tags of their own are none that a program can give.
      if (/"\$/.test(JSON.stringify(vector.params ?? null)) || typeof vector.params === "string") continue;
      let made;
      try {
        made = changeset(vector);
      } catch (error) {
        if (error.name !== "EctomorphError") throw error;
        continue;
      }
      const source = sourceOf(made);
      if (source.inputs === undefined) continue;
      for (const options of [{ action: "validate" }, { as: "x", id: "y", types: { name: "textarea", title: "search" } }]) {
        const own = ownForm(source, options);
        if (own === undefined) continue;
        nested += Number(Object.keys(own.nested).length > 0);
        const { as, ...rest } = options;
        const engine = ask(made, ["form", as === undefined ? rest : { ...rest, name: as }]);
        const [ours, theirs] = [[], []];
        assert.deepEqual(without(own, ours), without(engine, theirs), vector.id);
        for (const pattern of ours) assert.ok(theirs.includes(pattern), `${vector.id}: ${pattern} is not ${theirs}`);
        forms++;
        patterns += ours.length;
      }
    }
  }
  assert.ok(forms > 4000, `${forms} forms`);
  assert.ok(nested > 1, `${nested} with children`);
  assert.ok(patterns > 20, `${patterns} patterns`);
});

test("patterns are translated as natively, or left out", () => {
  const translated = {
    "@": "@", "^[^@\\s]+@[^@\\s]+$": "^[^@\\x09-\\x0d ]+@[^@\\x09-\\x0d ]+$", "^[A-Z]{2}-\\d+$": "^[A-Z]{2}\\x2d[0-9]+$",
    "^\\w{2,}.x?$": "^[0-9A-Z_a-z]{2,}[^\\x0a]x?$", "a{3,3}b{0,}c{0,1}": "a{3}b*c?", "[a\\-z]": "[a\\x2dz]", "\\.[x]": "\\.x", "\\D+?": "[^0-9]+",
  };
  for (const [pattern, own] of Object.entries(translated)) assert.equal(pageRegExp({ $regex: pattern }), own, pattern);
  assert.equal(pageRegExp("a+"), "a+");
  const left = ["", "a*", "a|b", "(a)b", "a^", "$a", "\\ba", "é", "[[:alpha:]]", "[a--b]", "[a&&b]", "a**", "{2}", "(?i)a", "[z-a]", "[]", "\\p{L}", "a{2"];
  for (const pattern of left) assert.equal(pageRegExp({ $regex: pattern }), undefined, pattern);
  assert.equal(pageRegExp({ $regex: "a", flags: "i" }), undefined);
});
