// The form that is described without the whole engine is the one it describes: of the changeset of every vector that
// may have one.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import * as library from "../dist/node/conformance.js";
import { makeRunner } from "./vectors.mjs";

const { ask, htmlPattern, load, ownForm, pageRegExp, sourceOf } = library;
const { changeset } = makeRunner(library);
const home = new URL("../../tests/conformance/changeset/", import.meta.url);

/** Without patterns, which are kept by the name of their input: one may be left out, or be written in other words. */
function without(form, patterns) {
  return JSON.parse(JSON.stringify(form, function (key, value) {
    if (key === "attributes" && value.pattern !== undefined) patterns.set(this.name, value.pattern);
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
        const [ours, theirs] = [new Map(), new Map()];
        assert.deepEqual(without(own, ours), without(engine, theirs), vector.id);
        for (const [name, pattern] of ours) assert.deepEqual(taken(pattern), taken(theirs.get(name)), `${vector.id}: ${pattern}`);
        forms++;
        patterns += ours.size;
      }
    }
  }
  assert.ok(forms > 4000, `${forms} forms`);
  assert.ok(nested > 1, `${nested} with children`);
  assert.ok(patterns > 20, `${patterns} patterns`);
});

test("patterns of attributes take what the rules take, or are left out", () => {
  const patterns = [
    "@", "^[^@\\s]+@[^@\\s]+$", "^[A-Z]{2}-\\d+$", "^\\w{2,}.x?$", "a{3,3}b{0,}c{0,1}", "[a\\-z]", "\\.[x]", "\\D+?", "a|b", "^(?:ab|c)x$", "x$", "[&]", "",
    "a*", "^$", "\\$", "[^\\w!]", "^.$",
  ];
  for (const pattern of patterns) {
    for (const flags of ["", "i", "s"]) {
      const own = pageRegExp({ $regex: pattern, flags });
      assert.deepEqual(TEXTS.filter((text) => own.test(text)), TEXTS.filter((text) => new RegExp(pattern, `${flags}u`).test(text)), pattern);
      assert.deepEqual(taken(htmlPattern(own, true)), TEXTS.filter((text) => own.test(text)), pattern);
      assert.deepEqual(taken(htmlPattern(own, false)), TEXTS.filter((text) => text.trim() === "" || own.test(text)), pattern);
      // The engine's say the same, where there are some.
      const rules = load({ version: 1, schema: { source: "a", fields: { name: "string" } }, steps: [["cast", ["name"]], ["validate_format", "name", { $regex: pattern, flags }]] });
      const theirs = ask(rules({}, {}), ["form", {}]).fields.name.attributes.pattern;
      if (theirs !== undefined) assert.deepEqual(taken(htmlPattern(own, false)), taken(theirs), pattern);
    }
  }
  for (const pattern of ["\\ba", "é", "[[:alpha:]]", "\\p{L}", "^(a*)*$", "^(a+)+$", "^a*b*c*d*$"]) {
    assert.equal(pageRegExp(pattern), undefined, pattern);
  }
});

/** What is tried. */
const TEXTS = [
  "", " ", "\n", "a", "A", "b", "ab", "abab", "cc", "abc", "aaab", "aaabc", "x", "ax", "xa", "@", "a@b", "a@b c", " a@b", "AB-12", "ab-1", "AB-", "ab.x", "ab\nx",
  "a-z", "-", ".x", "1", "12", "é", "🦀", "&", "$", "!", "_", "a\nb",
];

/** The texts that an input with the attribute takes. */
function taken(pattern) {
  return pattern === undefined ? undefined : TEXTS.filter((text) => new RegExp(`^(?:${pattern})$`, "v").test(text));
}
