// Schemas that refer to each other: their documents, their changesets, their records in a repo.
import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges, belongsTo, buildAssoc, hasMany, hasOne, load, schema, t, traverseErrors } from "ectomorph";
import { assoc, from, migration, openRepo, references } from "ectomorph/repo";

const User = schema("users", {
  name: t.string(),
  get posts() { return hasMany(Post, { foreignKey: "user_id", onReplace: "delete", defaults: { title: "untitled" } }); },
  comments: hasMany({ through: ["posts", "comments"] }),
}, { name: "User" });
const Post = schema("posts", {
  title: t.string(),
  user: belongsTo(User),
  get comments() { return hasMany(Comment, { foreignKey: "post_id" }); },
  get next() { return hasOne(Post, { foreignKey: "previous_id" }); },
  previous_id: t.id(),
}, { name: "Post" });
const Comment = schema("comments", { body: t.string(), post: belongsTo(Post), author: hasOne({ through: ["post", "user"] }) }, { name: "Comment" });

const registration = User.changeset((c) =>
  c.cast("name").validateRequired("name").castAssoc("posts", {
    with: (p) => p.cast("title").validateRequired("title").castAssoc("comments", { with: (c) => c.cast("body").validateLength("body", { min: 2 }) }),
  }));

const migrations = [migration(1, "create", (m) => m
  .create("users", (t) => t.add("name", "string"))
  .create("posts", (t) => t.add("title", "string").add("user_id", references("users")).add("previous_id", "bigint"))
  .create("comments", (t) => t.add("body", "string").add("post_id", references("posts"))))];
const open = () => openRepo({ name: "circle", schemas: [User, Post, Comment], migrations, storage: "memory" });

test("a document has each schema once, and its name where it comes again", () => {
  const { has_many: { posts: { schema: post } }, through } = User.document;
  assert.equal(post.belongs_to.user.schema, "User");
  assert.equal(post.has_one.next.schema, "Post");
  assert.equal(post.has_many.comments.schema.belongs_to.post.schema, "Post");
  assert.deepEqual(JSON.parse(JSON.stringify(through)), { comments: { path: ["posts", "comments"], cardinality: "many" } });
  assert.equal(Post.document.belongs_to.user.schema.has_many.posts.schema, "Post");
});

test("a description leads in the circle, also that of a document from elsewhere", () => {
  const { schema: loaded } = load(JSON.parse(JSON.stringify({ version: 1, schema: Post.document, steps: [["cast", ["title"]]] })));
  for (const { description } of [Post, loaded]) {
    const user = description.fields.find(({ name }) => name === "user").schema;
    assert.equal(user.name, "User");
    assert.equal(user.fields.find(({ name }) => name === "posts").schema, description);
    assert.equal(description.fields.find(({ name }) => name === "next").schema, description);
  }
  const { through, ...plain } = User.document;
  const whole = load(JSON.parse(JSON.stringify({ version: 1, schema: { ...plain, through }, steps: [] }))).schema.description;
  assert.equal(whole.fields.find(({ name }) => name === "posts").schema.fields.find(({ name }) => name === "user").schema, whole);
  assert.deepEqual(whole.fields.find(({ name }) => name === "comments").path, ["posts", "comments"]);
});

test("a name that stands for nothing is refused, and so are two schemas of one name", () => {
  const document = { version: 1, schema: { source: "posts", belongs_to: { user: { schema: "Usr" } } }, steps: [["cast", []]] };
  assert.throws(() => load(document)({}, {}), /no schema around it or before it is named `Usr`/);
  const Other = schema("labels", { get tag() { return belongsTo(Tag); } }, { name: "Tag" });
  const Tag = schema("tags", { get label() { return belongsTo(Other); } }, { name: "Tag" });
  assert.throws(() => Tag.document, /two schemas are named `Tag`; give one another name/);
  assert.throws(() => schema("x", { get y() { return t.string(); } }).document, /`y` is no field; write t.string\(\) or belongsTo\(User\)/);
});

test("children are cast, and their changesets answer, wherever they are in the circle", () => {
  const changeset = registration(User.build(), { name: "Ada", posts: [{ title: "One", comments: [{ body: "x" }] }, { title: "" }] });
  assert.equal(changeset.valid, false);
  const [one, two] = changeset.changes.posts;
  assert.deepEqual(traverseErrors(one), { comments: [{ body: ["should be at least 2 character(s)"] }] });
  assert.deepEqual(traverseErrors(two), { title: ["can't be blank"] });
  assert.deepEqual([applyChanges(one).title, applyChanges(one).comments[0].body], ["One", "x"]);
  const author = Post.changeset((c) => c.cast("title").castAssoc("user", { with: (u) => u.cast("name") }));
  const written = author(Post.build(), { title: "x", user: { name: "Ada" } });
  assert.equal(applyChanges(written.changes.user).name, "Ada");
});

test("buildAssoc knows the key of the owner and the defaults of the association", () => {
  assert.deepEqual(buildAssoc(User, { id: 7 }, "posts", {}), { id: null, title: "untitled", user_id: 7, previous_id: null });
  assert.deepEqual(buildAssoc(User, { id: 7 }, "posts", { title: "x", user_id: 8 }).user_id, 7);
  assert.deepEqual(buildAssoc(Post, { user_id: 7 }, "user", { name: "Ada" }), { id: null, name: "Ada" });
  assert.throws(() => buildAssoc(User, {}, "comments"), /no association of `User` that holds records of its own/);
});

test("a repo writes, joins and preloads in the circle", async () => {
  const repo = await open();
  const params = { name: "Ada", posts: [{ title: "One", comments: [{ body: "first" }, { body: "second" }] }, { title: "Two" }] };
  const inserted = await repo.insert(registration(User.build(), params));
  assert.equal(inserted.ok, true);
  assert.deepEqual(inserted.value.posts.map(({ user_id }) => user_id), [1, 1]);

  const [user] = await repo.all(from(User).preload({ posts: ["user", "comments"] }, "comments"));
  assert.deepEqual(user.posts.map(({ user }) => user.name), ["Ada", "Ada"]);
  assert.deepEqual(user.comments.map(({ body }) => body), ["first", "second"]);
  const [comment] = await repo.all(from(Comment).preload({ post: { user: "posts" } }, "author").limit(1));
  assert.deepEqual([comment.author.name, comment.post.user.posts.length], ["Ada", 2]);
  const again = await repo.preload(user.posts[1], { user: { posts: "comments" } }, "next");
  assert.deepEqual([again.user.posts.map(({ comments }) => comments.length), again.next], [[2, 0], null]);

  const rows = await repo.all(from(User).join("posts", "p").join((_, { p }) => assoc(p, "user"), "u").join("comments", "c")
    .where((_, { p }) => p.title.eq("One")).orderBy((_, { c }) => c.body).select((user, { p, u, c }) => [user.name, p.title, u.id, c.body]));
  assert.deepEqual(rows, [["Ada", "One", 1, "first"], ["Ada", "One", 1, "second"]]);

  const updated = await repo.update(registration(user, { posts: [{ id: 1, title: "One!" }] }));
  assert.equal(updated.ok, true);
  assert.deepEqual((await repo.all(from(Post).orderBy("id"))).map(({ title }) => title), ["One!"]);
  await repo.close();
});
