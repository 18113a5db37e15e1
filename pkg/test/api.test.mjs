// The reference that the site has of the package: every export of every entry is in it, with what its doc comment says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { apiPages } from "../../www/api.mjs";
import { readApi } from "../api.mjs";

const api = readApi();
const pages = new Map(apiPages());

test("the reference has a page for each entry that has types", () => {
  const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const typed = Object.entries(exports).filter(([path, { types }]) => types !== undefined && !path.startsWith("./slim/"));
  assert.deepEqual(api.map(({ name }) => name), typed.map(([path]) => path.replace(/^\./, "ectomorph")));
  assert.equal(pages.size, typed.length + 1);
  for (const { name, docs } of api) assert.match(docs, /\.$/, `${name} does not say what it is`);
});

test("every export, and every method of one, has a doc comment", () => {
  const silent = api.flatMap(({ name: entry, exports }) => exports.flatMap(({ name, docs, members }) => [
    ...(docs.text === "" ? [`${entry}: ${name}`] : []),
    ...members.filter((member) => member.isMethod && member.docs.text === "").map((member) => `${entry}: ${name}.${member.name}`),
  ]));
  assert.deepEqual(silent, []);
});

test("every export has a place in the page of its entry, and those that something runs are listed", async () => {
  const index = pages.get("api.html");
  for (const { name: entry, exports } of api) {
    const page = pages.get(`api-${entry.replace("ectomorph/", "").replaceAll("/", "-")}.html`);
    for (const { name, home } of exports) {
      assert.ok(page.includes(` id="${name}"`), `${entry} has no ${name}`);
      if (home === entry) assert.ok(index.includes(`#${name}">${name}</a>`), `the list has no ${name}`);
    }
  }
  const names = new Set(api.find(({ name }) => name === "ectomorph").exports.map(({ name }) => name));
  assert.deepEqual(Object.keys(await import("ectomorph")).filter((name) => !names.has(name)), []);
});

test("what is private, or the package's own, is in no page", () => {
  const text = [...pages.values()].join("\n");
  assert.doesNotMatch(text, /~core|#private|private |@internal/);
});

test("signatures are those of the sources, overloads included", () => {
  const { exports } = api.find(({ name }) => name === "ectomorph");
  const found = (name) => exports.find((one) => one.name === name);
  assert.equal(found("traverseErrors").signatures.length, 2);
  assert.deepEqual(found("Changeset").members.find(({ name }) => name === "valid").signatures, ["valid: boolean"]);
  assert.deepEqual(found("setTranslate").signatures, ["function setTranslate(translate: Translate | null): void"]);
  assert.equal(found("t").members.find(({ name }) => name === "enum").signatures.length, 2);
  const length = found("Recorder").members.find(({ name }) => name === "validateLength");
  assert.deepEqual(length.signatures, ["validateLength(field: NameOfKind<F, Countable> | RelationName<F>, options: LengthOptions): this"]);
  assert.equal(length.docs.text, "Bounds of a length: graphemes of text, bytes of a binary, elements of a list or map.");
});
