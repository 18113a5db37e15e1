import assert from "node:assert/strict";
import { test } from "node:test";
import { embedsMany, interpolate, schema, setTranslate, t } from "ectomorph";
import { bindForm, form } from "ectomorph/form";

const Comment = schema.embedded({ body: t.string() }, { name: "Comment", primaryKey: false });
const Post = schema("posts", {
  title: t.string(),
  likes: t.integer(),
  status: t.enum("draft", "published").default("draft"),
  comments: embedsMany(Comment, { onReplace: "delete" }),
}, { name: "Post" });
const draft = Post.changeset((c) =>
  c.cast("title", "likes", "status").validateRequired("title").validateNumber("likes", { greaterThan: 0 })
    .castEmbed("comments", {
      with: (comment) => comment.cast("body").validateLength("body", { min: 2 }), sortParam: "order", dropParam: "gone",
    }));

test("a form has what each input needs", () => {
  const { id, name, method, valid, fields } = form(draft(Post.build(), { title: "Hello", likes: "0" }), { action: "validate" });
  assert.deepEqual({ id, name, method, valid }, { id: "post", name: "post", method: "post", valid: false });
  assert.deepEqual(fields.title, {
    id: "post_title", name: "post[title]", type: "text", value: "Hello", used: true, errors: [], attributes: { required: true },
  });
  assert.deepEqual(fields.likes, {
    id: "post_likes", name: "post[likes]", type: "number", value: "0", used: true,
    errors: [{
      message: "must be greater than 0", template: "must be greater than %{number}",
      metadata: { validation: "number", kind: "greater_than", number: 0 },
    }],
    attributes: { min: 1, step: 1 },
  });
  assert.deepEqual(fields.status.options, ["draft", "published"]);
  assert.equal(fields.status.value, "draft");
});

test("errors are shown once there is an action", () => {
  const changeset = draft(Post.build(), {});
  assert.deepEqual(form(changeset).fields.title.errors, []);
  assert.equal(form(changeset, { action: "insert" }).fields.title.errors.length, 1);
});

test("names, ids and input types can be chosen", () => {
  const { id, name, fields } = form(draft(Post.build(), {}), { as: "entry", id: "first", types: { title: "search" } });
  assert.deepEqual([id, name, fields.title.id, fields.title.name], ["first", "entry", "first_title", "entry[title]"]);
  assert.equal(fields.title.type, "search");
});

test("children have forms of their own, in the order asked for", () => {
  const params = { comments: { 0: { body: "a" }, 1: { body: "Well done" } }, order: ["1", "0"] };
  const { comments } = form(draft(Post.build(), params), { action: "validate" }).nested;
  assert.deepEqual([comments.many, comments.sort, comments.drop], [true, "post[order][]", "post[gone][]"]);
  assert.deepEqual(comments.forms.map(({ name, fields }) => [name, fields.body.value, fields.body.errors.length]), [
    ["post[comments][0]", "Well done", 0],
    ["post[comments][1]", "a", 1],
  ]);
});

test("messages are in the language of the page", () => {
  setTranslate((message, bindings) => interpolate({ "must be greater than %{number}": "muss größer als %{number} sein" }[message] ?? message, bindings));
  try {
    const { likes } = form(draft(Post.build(), { title: "Hello", likes: "0" }), { action: "validate" }).fields;
    assert.equal(likes.errors[0].message, "muss größer als 0 sein");
  } finally {
    setTranslate(null);
  }
});

test("an option that is not known is a mistake", () => {
  assert.throws(() => form(draft(Post.build(), {}), { types: 3 }), /the option `types` of a form must be a map/);
});

test("a form that is not in the page is named, where a program looked for it", () => {
  assert.throws(() => bindForm(null, schema("posts", { title: t.string() }).changeset((c) => c.cast("title"))), /bindForm was given null for a form/);
});
