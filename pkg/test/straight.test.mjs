// The way from params straight to a record or to issues, at its edges: what is not an object of the usual kind, what is
// inherited, what runs in between. What it says otherwise is held against the whole engine in recall.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "../dist/node/conformance.js";

const { embedsMany, embedsOne, schema, setTranslate, straight, t } = library;

const Comment = schema.embedded({ body: t.string(), votes: t.integer() }, { primaryKey: false });
const Author = schema.embedded({ name: t.string() }, { primaryKey: false });
const comment = (c) => c.cast("body", "votes").validateRequired("body").validateNumber("votes", { lessThan: 10 });
const Post = schema("posts", { title: t.string(), body: t.string(), comments: embedsMany(Comment) });

/** Rules that were asked about these params before, and their way straight. */
function taught(rules, ...inputs) {
  for (const params of inputs) rules["~standard"].validate(params);
  return (params) => straight(rules["~core"].plan.root, params);
}

const rules = Post.changeset((c) => c.cast("title", "body").validateRequired("title").castEmbed("comments", { with: comment }));
const valid = { title: "Hello", body: "World", comments: [{ body: "Nice", votes: "3" }, { body: "Thanks", votes: 4 }] };
const invalid = { title: "", body: "World", comments: [{ body: "Nice", votes: "3" }, { body: "", votes: "12" }] };

test("params like those that were seen go straight, whatever the order of their keys", () => {
  const go = taught(rules, valid, invalid);
  const value = { id: null, title: "Hi", body: "There", comments: [{ body: "One", votes: 1 }] };
  assert.deepStrictEqual(go({ title: "Hi", body: "There", comments: [{ body: "One", votes: "1" }] }), { value });
  assert.deepStrictEqual(go({ comments: [{ votes: 1, body: "One" }], more: 1, body: "There", title: "Hi" }), { value });
  assert.deepStrictEqual(go({ title: "", body: "There", comments: [{ body: "", votes: 99 }] }).issues, [
    { message: "can't be blank", path: ["title"] },
    { message: "can't be blank", path: ["comments", 0, "body"] },
    { message: "must be less than 10", path: ["comments", 0, "votes"] },
  ]);
});

test("records and issues are the caller's own", () => {
  const go = taught(rules, valid, invalid);
  const { value } = go(valid);
  value.comments[0].body = "changed";
  value.comments.push("more");
  assert.deepStrictEqual(go(valid).value.comments, [{ body: "Nice", votes: 3 }, { body: "Thanks", votes: 4 }]);
  const { issues } = go(invalid);
  issues.length = 0;
  assert.equal(go(invalid).issues.length, 3);
});

test("only plain objects go straight, and only what is their own", () => {
  const go = taught(rules, valid, invalid, { title: "Alone" });
  class Form {
    title = "Hello";
    body = "World";
    comments = valid.comments;
  }
  for (const params of [new Form(), Object.create(valid), Object.assign(Object.create(null), valid), null, undefined, "title=x", [], () => {}]) {
    assert.equal(go(params), undefined);
  }
  assert.equal(go({ ...valid, comments: [Object.create(valid.comments[0])] }), undefined);
  assert.equal(go({ ...valid, comments: { 0: valid.comments[0] } }), undefined);
  assert.deepStrictEqual(go({ title: "Alone" }), { value: { id: null, title: "Alone", body: null, comments: [] } });
  // What every object has is no param.
  const accepting = Post.changeset((c) => c.cast("title").validateAcceptance("valueOf"));
  assert.equal(accepting["~core"].plan === undefined, false);
  assert.deepStrictEqual(accepting["~standard"].validate({ title: "x" }).issues, [{ message: "must be accepted", path: ["valueOf"] }]);
  assert.equal(taught(accepting, { title: "x", valueOf: "1" })({ title: "x", valueOf: "1" }), undefined);
  const own = JSON.parse('{"title": "x", "__proto__": {"body": "y"}}');
  assert.deepStrictEqual(rules["~standard"].validate(own), { value: { id: null, title: "x", body: null, comments: [] } });
});

test("nothing goes straight while objects inherit more than they should", () => {
  const go = taught(rules, { title: "Alone" });
  Object.prototype.body = "polluted";
  try {
    assert.equal(go({ title: "Alone" }), undefined);
    assert.equal(rules["~standard"].validate({ title: "Alone" }).value.body, null);
  } finally {
    delete Object.prototype.body;
  }
});

test("a getter that validates, or throws, disturbs nothing", () => {
  const go = taught(rules, valid, invalid);
  let inside;
  const params = {
    title: "Outer",
    get body() {
      inside = rules["~standard"].validate(invalid);
      return "Outer body";
    },
    comments: [{ body: "Outer", votes: "1" }],
  };
  assert.deepStrictEqual(rules["~standard"].validate(params).value, { id: null, title: "Outer", body: "Outer body", comments: [{ body: "Outer", votes: 1 }] });
  assert.equal(inside.issues.length, 3);
  const late = { ...invalid, comments: [invalid.comments[1], { get body() { return rules["~standard"].validate(valid).value && ""; }, votes: "12" }] };
  const paths = (params) => rules["~standard"].validate(params).issues.map(({ path }) => path.join("."));
  assert.deepStrictEqual(paths(late), ["title", "comments.0.body", "comments.0.votes", "comments.1.body", "comments.1.votes"]);
  const throwing = { ...valid };
  Object.defineProperty(throwing, "comments", { enumerable: true, get: () => { throw new Error("no comments"); } });
  assert.throws(() => rules["~standard"].validate(throwing), /no comments/);
  assert.equal(go(invalid).issues.length, 3);
});

test("what is wrong with children is told in the language of the moment", () => {
  const translated = Post.changeset((c) => c.cast("title", "body").validateRequired("title").castEmbed("comments", { with: comment }));
  const messages = () => translated["~standard"].validate({ title: "", comments: [{ body: "" }] }).issues.map(({ message }) => message);
  setTranslate((message) => `German: ${message}`);
  try {
    for (const _ of [1, 2, 3]) assert.deepStrictEqual(messages(), ["German: can't be blank", "German: can't be blank"]);
  } finally {
    setTranslate(null);
  }
  for (const _ of [1, 2, 3]) assert.deepStrictEqual(messages(), ["can't be blank", "can't be blank"]);
});

test("issues of children of several relations are in the order of changes", () => {
  const Both = schema("both", { title: t.string(), author: embedsOne(Author), comments: embedsMany(Comment) });
  const both = Both.changeset((c) => c.cast("title").castEmbed("author", { with: (a) => a.cast("name").validateRequired("name") }).castEmbed("comments", { with: comment }));
  const bad = { comments: [{ body: "" }], author: { name: "" } };
  const paths = () => both["~standard"].validate(bad).issues.map(({ path }) => path.join("."));
  const first = paths();
  assert.deepStrictEqual(first, ["author.name", "comments.0.body"]);
  assert.deepStrictEqual(paths(), first);
  const good = { comments: [{ body: "Nice" }], author: { name: "Ada" } };
  assert.deepStrictEqual(taught(both, good)(good), { value: { id: null, title: null, author: { name: "Ada" }, comments: [{ body: "Nice", votes: null }] } });
});

test("issues may be more than a call takes arguments", () => {
  const names = Array.from({ length: 10 }, (_, at) => `field_${at}`);
  const Wide = schema.embedded(Object.fromEntries(names.map((name) => [name, t.string()])), { primaryKey: false });
  const List = schema.embedded({ name: t.string(), items: embedsMany(Wide) }, { primaryKey: false });
  const Sheet = schema("sheets", { name: t.string(), list: embedsOne(List) });
  const item = (c) => names.reduce((rules, name) => rules.validateLength(name, { min: 3 }).validateFormat(name, /^x/).validateInclusion(name, ["xxxx"]), c.cast(...names));
  const sheet = Sheet.changeset((c) => c.cast("name").castEmbed("list", { with: (list) => list.cast("name").castEmbed("items", { with: item }) }));
  const params = { list: { items: Array.from({ length: 5000 }, () => Object.fromEntries(names.map((name) => [name, "a"]))) } };
  for (const _ of [1, 2]) assert.equal(sheet["~standard"].validate(params).issues.length, 150_000);
});

test("records of more fields than the code has places for are whole", () => {
  const names = Array.from({ length: 20 }, (_, at) => `field_${at}`);
  const Wide = schema("wides", Object.fromEntries(names.map((name, at) => [name, at % 3 === 0 ? t.integer() : t.string()])));
  const wide = Wide.changeset((c) => c.cast(...names).validateRequired(...names.slice(0, 12)));
  const params = Object.fromEntries(names.map((name, at) => [name, at % 3 === 0 ? `${at}` : `text ${at}`]));
  const { field_19: _, ...fewer } = params;
  const go = taught(wide, params, fewer);
  const value = { id: null, ...Object.fromEntries(names.map((name, at) => [name, at % 3 === 0 ? at : `text ${at}`])) };
  assert.deepStrictEqual(go(params), { value });
  assert.deepStrictEqual(go(fewer), { value: { ...value, field_19: null } });
  assert.equal(JSON.stringify(go(params).value), JSON.stringify(value));
});
