import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "node:test";
import {
  EctomorphError, addError, applyAction, applyChanges, change, changed, deleteChange, extend, fetchChange, fetchField,
  fieldMissing, forceChange, getAssoc, getChange, getEmbed, getField, merge, putAssoc, putChange, putEmbed, schemaless,
  setAction, t, traverseErrors, traverseValidations, updateChange,
} from "ectomorph";
import { Comment, Post, Section, draft } from "./domain.mjs";

const plainErrors = (changeset) => changeset.errors.map(({ field, message }) => [field, message]);

test("params are cast to the types of their fields", () => {
  const params = {
    title: "Hello", views: "9007199254740993", price: "1.50", rating: "4", published_on: "2024-01-31", tags: ["a"],
    extra: { deep: [1, null] },
  };
  const changeset = draft(Post.build(), params);
  assert.equal(changeset.valid, true);
  assert.deepEqual(changeset.changes, {
    title: "Hello", views: 9007199254740993n, price: "1.50", rating: 4, published_on: "2024-01-31", tags: ["a"],
    extra: { deep: [1, null] },
  });
});

test("all errors come at once, in Ecto's order, with metadata", () => {
  const changeset = draft(Post.build(), { views: "many", sections: [{ words: "0" }, { heading: "One" }] });
  assert.equal(changeset.valid, false);
  assert.deepEqual(changeset.errors, [
    { field: "title", message: "can't be blank", metadata: { validation: "required" } },
    { field: "views", message: "is invalid", metadata: { validation: "cast", type: "integer" } },
  ]);
  assert.deepEqual(traverseErrors(changeset), {
    title: ["can't be blank"],
    views: ["is invalid"],
    sections: [{ heading: ["can't be blank"], words: ["must be greater than 0"] }, {}],
  });
});

test("a value that equals the data is no change", () => {
  const post = Post.loaded({ id: 1, title: "Hello", views: 5, price: "1.50" });
  const changeset = draft(post, { title: "Hello", views: "5", price: "1.5" });
  assert.deepEqual(changeset.changes, {});
  assert.equal(changeset.data, post);
});

test("a changeset says what it is made of", () => {
  const changeset = draft(Post.build(), { title: "Hello", unknown: 1 });
  assert.deepEqual(changeset.params, { title: "Hello", unknown: 1 });
  assert.equal(changeset.action, null);
  assert.deepEqual(changeset.required, ["title"]);
  assert.deepEqual(changeset.validations, [{ field: "title", name: "length", argument: { min: 2, max: 20 } }]);
  const unique = extend(changeset, (c) => c.uniqueConstraint("title", { name: "posts_title" }).optimisticLock("views"));
  assert.deepEqual(unique.constraints, [
    {
      type: "unique", constraint: "posts_title", match: "exact", field: "title", error_message: "has already been taken",
      error_type: "unique",
    },
  ]);
  assert.deepEqual(unique.filters, { views: 0 });
});

test("a changeset can't be changed", () => {
  const changeset = draft(Post.build(), { title: "" });
  assert.throws(() => (changeset.valid = true), TypeError);
  assert.throws(() => (changeset.changes.title = "x"), TypeError);
  assert.throws(() => changeset.errors.push(1), TypeError);
  assert.throws(() => (changeset.errors[0].message = "x"), TypeError);
});

test("params and data that change afterwards change no changeset", () => {
  const params = { title: "Hello", tags: ["a"] };
  const data = { ...Post.build(), body: "old" };
  const changeset = draft(data, params);
  params.title = "Bye";
  params.tags.push("b");
  data.body = "new";
  assert.deepEqual(changeset.changes, { title: "Hello", tags: ["a"] });
  const again = putChange(changeset, "views", 1);
  assert.deepEqual(again.changes, { title: "Hello", views: 1, tags: ["a"] });
  assert.equal(applyChanges(again).body, "old");
});

test("toJSON holds children, and redacted values are not printed", () => {
  const changeset = draft(Post.build(), { title: "Hello", secret: "s3cret", sections: [{}] });
  const { changes, valid } = JSON.parse(JSON.stringify(changeset));
  assert.equal(valid, false);
  assert.equal(changes.sections[0].valid, false);
  assert.deepEqual(changes.sections[0].errors, [
    { field: "heading", message: "can't be blank", metadata: { validation: "required" } },
  ]);
  assert.match(inspect(changeset), /secret: \*\*redacted\*\*/);
  assert.doesNotMatch(inspect(changeset), /s3cret/);
});

test("changes are put, forced, updated and taken back", () => {
  const changeset = draft(Post.loaded({ id: 1, views: 5 }), { title: "Hello" });
  assert.deepEqual(putChange(changeset, "views", 6).changes, { title: "Hello", views: 6 });
  assert.deepEqual(putChange(changeset, "views", 5).changes, { title: "Hello" });
  assert.deepEqual(forceChange(changeset, "views", 5).changes, { title: "Hello", views: 5 });
  assert.deepEqual(deleteChange(changeset, "title").changes, {});
  assert.deepEqual(updateChange(changeset, "title", (title) => title.toUpperCase()).changes, { title: "HELLO" });
  assert.equal(updateChange(changeset, "body", () => assert.fail("there is no change")), changeset);
  const values = { price: "2.50", published_on: "2024-01-31", updated_at: new Date(0), rating: 3, extra: { $date: 1 } };
  assert.deepEqual(change(changeset, values).changes, {
    title: "Hello", price: "2.50", published_on: "2024-01-31", updated_at: "1970-01-01T00:00:00Z", rating: 3,
    extra: { $date: 1 },
  });
});

test("fields are read from changes and data", () => {
  const changeset = draft(Post.build({ body: "old" }), { title: "Hello", sections: [{ heading: "One" }] });
  assert.equal(getField(changeset, "title"), "Hello");
  assert.equal(getField(changeset, "body"), "old");
  assert.equal(getField(changeset, "views"), 0);
  assert.deepEqual(getField(changeset, "sections"), [{ id: null, heading: "One", words: null }]);
  assert.deepEqual(fetchField(changeset, "title"), { from: "changes", value: "Hello" });
  assert.deepEqual(fetchField(changeset, "body"), { from: "data", value: "old" });
  assert.equal(fetchField(changeset, "nmae"), undefined);
  assert.equal(getChange(changeset, "body"), null);
  assert.equal(getChange(changeset, "body", "none"), "none");
  assert.deepEqual(fetchChange(changeset, "title"), { value: "Hello" });
  assert.equal(fetchChange(changeset, "body"), undefined);
  assert.equal(changed(changeset, "title"), true);
  assert.equal(changed(changeset, "title", { to: "Bye" }), false);
  assert.equal(changed(changeset, "title", { from: null, to: "Hello" }), true);
  assert.equal(fieldMissing(changeset, "price"), true);
});

test("an action gives a record, or the changeset that says why not", () => {
  const good = applyAction(draft(Post.build(), { title: "Hello" }), "insert");
  assert.equal(good.ok, true);
  assert.deepEqual(good.value, { ...Post.build(), title: "Hello" });
  const bad = applyAction(draft(Post.build(), {}), "insert");
  assert.equal(bad.ok, false);
  assert.equal(bad.changeset.action, "insert");
  assert.deepEqual(plainErrors(bad.changeset), [["title", "can't be blank"]]);
  assert.equal(setAction(bad.changeset, null).action, null);
});

test("errors are added, and merged changesets have those of both", () => {
  const one = addError(draft(Post.build(), { title: "Hello" }), "title", "is %{what}", { what: "taken" });
  assert.deepEqual(traverseErrors(one), { title: ["is taken"] });
  const two = draft(Post.build(), { title: "Bye", views: "x" });
  const both = merge(one, two);
  assert.deepEqual(both.changes, { title: "Bye" });
  assert.deepEqual(traverseErrors(both), { views: ["is invalid"], title: ["is taken"] });
  assert.throws(() => merge(one, draft(Post.build({ title: "other" }), {})), /two changesets of the same record/);
});

test("children are kept by their key, replaced, and put", () => {
  const sections = [{ id: "a", heading: "A", words: 1 }, { id: "b", heading: "B", words: 2 }];
  const post = { ...Post.build(), title: "Hello", sections };
  const changeset = draft(post, { sections: { 0: { id: "b", words: "3" }, 1: { heading: "C" } } });
  const summary = changeset.changes.sections.map(({ action, changes, data }) => [action, data.heading, { ...changes }]);
  assert.deepEqual(summary, [["replace", "A", {}], ["update", "B", { words: 3 }], ["insert", null, { heading: "C" }]]);
  assert.equal(changeset.changes.sections[1].data, sections[1]);
  const [, second] = changeset.changes.sections;
  const shorter = putEmbed(changeset, "sections", [putChange(second, "words", 9), { heading: "D" }]);
  assert.deepEqual(applyChanges(shorter).sections, [
    { id: "b", heading: "B", words: 9 },
    { id: null, heading: "D", words: null },
  ]);
  assert.deepEqual(getEmbed(draft(post, {}), "sections").map((child) => child.data), sections);
});

test("a child is a changeset like any other", () => {
  const [child] = draft(Post.build(), { sections: [{ words: "-1" }] }).changes.sections;
  assert.equal(child.valid, false);
  const mended = putChange(child, "heading", "One");
  assert.deepEqual(mended.changes, { words: -1, heading: "One" });
  assert.equal(mended.action, "insert");
  assert.deepEqual(plainErrors(mended), plainErrors(child));
  assert.deepEqual(child.required, ["heading"]);
  assert.deepEqual(child.validations, [{ field: "words", name: "number", argument: [["greater_than", 0]] }]);
  const author = draft(Post.build(), { author: {} }).changes.author;
  assert.deepEqual([author.required, author.validations], [["name"], []]);
  assert.deepEqual(applyChanges(mended), { id: null, heading: "One", words: -1 });
});

test("associations that were not loaded are not there", () => {
  const changeset = draft(Post.loaded({ id: 1 }), { title: "Hello" });
  assert.equal("comments" in applyChanges(changeset), false);
  assert.throws(() => putAssoc(changeset, "comments", []), EctomorphError);
  const comment = Comment.loaded({ id: 7, body: "first" });
  const loaded = Post.change({ ...Post.build(), comments: [comment] });
  assert.deepEqual(getAssoc(putAssoc(loaded, "comments", [comment, { body: "second" }]), "comments").length, 2);
  const grown = putAssoc(loaded, "comments", [comment, Comment.change(Comment.build(), { body: "second" })]);
  assert.deepEqual(applyChanges(grown).comments.map(({ id, body }) => [id, body]), [[7, "first"], [null, "second"]]);
});

test("rules of children are seen through their parent", () => {
  const validations = traverseValidations(draft(Post.build(), { sections: [{ heading: "A" }] }));
  assert.deepEqual(validations, {
    title: [["length", { min: 2, max: 20 }]],
    sections: [{ words: [["number", [["greater_than", 0]]]] }],
  });
});

test("types without a record validate plain data", () => {
  const search = schemaless({ q: t.string(), page: t.integer() }).changeset((c) => c.cast("q", "page").validateRequired("q"));
  const changeset = search({ page: 1 }, "q=ecto&page=2");
  assert.deepEqual(applyChanges(changeset), { q: "ecto", page: 2 });
});

test("what is wrong with a program is an exception that says so", () => {
  assert.throws(() => draft(Post.build(), null), { name: "EctomorphError", message: /params must be an object or a form, not null/ });
  assert.throws(() => draft(Post.build(), []), /not a list/);
  assert.throws(() => draft({ nmae: 1 }, {}), /nmae/);
  for (const data of [5, null, [], new Date()]) assert.throws(() => draft(data, {}), /data must be an object/);
  assert.throws(() => draft(draft(Post.build(), {}), {}), /give a changeset more rules with extend/);
  assert.throws(() => putChange(draft(Post.build(), {}), "nmae", 1), /nmae/);
  const misspelt = Section.changeset((c) => c.cast("headnig"));
  assert.throws(() => misspelt(Section.build(), {}), /headnig/);
});
