import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EctomorphError, decodeForm, INVALID } from "ectomorph";
import { Post, draft } from "./domain.mjs";

const recorded = JSON.parse(readFileSync(new URL("../../tests/params/plug/queries.json", import.meta.url), "utf8"));

test("names nest as Plug nests them", () => {
  assert.ok(recorded.length > 500);
  for (const [query, params] of recorded) {
    // Plug refuses a percent sign that is none; browsers and ectomorph take it as one.
    if (params !== null) assert.deepEqual(decodeForm(query), params, query);
  }
});

test("plain params do not make Node load all that belongs to forms", () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "FormData");
  const get = () => assert.fail("FormData was named");
  Object.defineProperty(globalThis, "FormData", { configurable: true, get });
  try {
    assert.equal(draft(Post.build(), { title: "Hello" }).changes.title, "Hello");
  } finally {
    Object.defineProperty(globalThis, "FormData", own);
  }
});

test("a form, its search params and its text are the same params", () => {
  const form = new FormData();
  form.append("title", "Hello & bye");
  form.append("tags[]", "a");
  form.append("tags[]", "b");
  form.append("sections[0][heading]", "é");
  const expected = { title: "Hello & bye", tags: ["a", "b"], sections: { 0: { heading: "é" } } };
  const search = new URLSearchParams([...form]);
  for (const params of [form, search, String(search)]) {
    assert.deepEqual(decodeForm(params), expected);
    const changeset = draft(Post.build(), params);
    assert.deepEqual(changeset.params, expected);
    assert.equal(changeset.changes.sections[0].changes.heading, "é");
  }
});

test("a file goes through as it is, and none can be forged", () => {
  const file = new File(["content"], "notes.txt");
  const form = new FormData();
  form.append("title", "Hello");
  form.append("attachment", file);
  const changeset = draft(Post.build(), form);
  assert.ok(changeset.changes.attachment instanceof File);
  assert.equal(changeset.changes.attachment.name, "notes.txt");
  const forged = draft(Post.build(), { attachment: { $file: 0 }, extra: { file } });
  assert.deepEqual(forged.changes.attachment, { $file: 0 });
  assert.equal(forged.changes.extra.file, file);
});

test("limits are errors that say which", () => {
  assert.throws(() => decodeForm("a=1&b=2&c=3", { entries: 2 }), /more keys and list elements than the limit of 2/);
  assert.throws(() => decodeForm(`a${"[b]".repeat(40)}=1`), /nested deeper than the limit of 32/);
  assert.throws(() => decodeForm("a=12345", { bytes: 3 }), /longer than the limit of 3/);
  assert.throws(() => decodeForm("a=%ff"), { name: "EctomorphError", message: /not UTF-8/ });
});

test("params that are invalid as a whole make an invalid changeset", () => {
  const changeset = draft(Post.build(), INVALID);
  assert.equal(changeset.valid, false);
  assert.deepEqual(changeset.changes, {});
  assert.equal(changeset.params, null);
  assert.ok(EctomorphError.prototype instanceof Error);
});
