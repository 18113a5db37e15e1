// One row goes a short way where it can. What comes of it must be what a request gives: a repo that logs makes requests of all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { belongsTo, hasMany, putChange, schema, t } from "ectomorph";
import { from, migration, openRepo } from "ectomorph/repo";

const Comment = schema("comments", { body: t.string(), post_id: t.id() });
const Post = schema("posts", {
  title: t.string(),
  views: t.integer().default(7),
  rating: t.float(),
  price: t.decimal(),
  shown: t.boolean().default(true),
  published_on: t.date(),
  sent_at: t.utcDatetime(),
  slug: t.string(),
  comments: hasMany(Comment, { foreignKey: "post_id" }),
});
const Tag = schema("tags", { name: t.string() }, { timestamps: true });
const Account = schema("accounts", { name: t.string(), lock_version: t.integer().default(1) });
const Letter = schema("letters", { text: t.string(), post: belongsTo(Post) });

const posting = Post.changeset((c) =>
  c.cast("id", "title", "views", "rating", "price", "shown", "published_on", "sent_at", "slug").validateRequired("title")
    .uniqueConstraint("slug").checkConstraint("views", { name: "views_are_counted" }));
const tagging = Tag.changeset((c) => c.cast("name", "inserted_at"));
const renaming = Account.changeset((c) => c.cast("name").optimisticLock("lock_version"));

const migrations = [
  migration(1, "create_posts", (m) =>
    m.create("posts", (t) =>
      t.add("title", "string", { null: false }).add("views", "integer", { default: 3 }).add("rating", "float").add("price", "decimal")
        .add("shown", "boolean").add("published_on", "date").add("sent_at", "utc_datetime").add("slug", "string", { default: null }))
      .createIndex("posts", ["slug"], { unique: true })
      .createConstraint("posts", "views_are_counted", { check: [">=", ["field", "views"], 0] })
      .create("comments", (t) => t.add("body", "string").add("post_id", "bigint"))
      .create("tags", (t) => t.add("name", "string").timestamps())
      .create("accounts", (t) => t.add("name", "string").add("lock_version", "integer"))
      .create("letters", (t) => t.add("text", "string").add("post_id", "bigint"))),
  migration(2, "index_views", (m) => m.createIndex("posts", ["views"])),
];

const open = (more = {}) =>
  openRepo({ name: "direct", storage: "memory", schemas: [Post, Comment, Tag, Account, Letter], migrations, ...more });

/** Does the same in both ways, and gives what came of it, which must be the same. */
async function bothWays(work) {
  const outcomes = [];
  for (const more of [{}, { log: () => {} }]) {
    const repo = await open(more);
    const told = [];
    const tell = async (what) => {
      const value = await Promise.resolve(what).catch((error) => ({ error: error.kind ?? error.name, message: error.message }));
      told.push(value?.ok === false ? { ok: false, errors: value.changeset.errors } : value);
      return value;
    };
    await work(repo, tell);
    told.push(await repo.all(from(Post).orderBy("id")), await repo.all(from(Account).orderBy("id")));
    outcomes.push(told);
    await repo.close();
  }
  assert.deepStrictEqual(outcomes[0], outcomes[1]);
  return outcomes[0];
}

const PARAMS = [
  { title: "Plain" },
  { title: "All", views: 1, rating: 1.5, price: "12.50", shown: false, published_on: "2024-02-29", sent_at: "2024-02-29T10:20:30Z", slug: "all" },
  { title: "Text", views: "12", rating: "3", price: "1e3", shown: "0", sent_at: "2024-02-29 10:20:30+02:00" },
  { title: "Nulls", views: null, rating: null, shown: null, slug: "" },
  { title: "Żółw 🐢", slug: "\ud800 alone" },
  { title: "Floats", rating: -0, price: "-0.00" },
  { title: "Large", views: "9007199254740993" },
  { title: "Long".repeat(10_000) },
  { title: "Long ü".repeat(1_000) },
  { id: -5, title: "Below" },
  { id: 500, title: "Far" },
  { id: "9007199254740993", title: "Beyond" },
];

test("what is inserted comes back as a request gives it", async () => {
  const told = await bothWays(async (repo, tell) => {
    for (const params of PARAMS) await tell(repo.insert(posting(Post.build(), params)));
    await tell(repo.insert(posting(Post.build({ views: 4, slug: "own" }), { title: "Built" })));
    for (const id of [1, 2, 3, 5, 500, -5, 4000, "2", "9007199254740993", 9007199254740993n]) await tell(repo.get(Post, id));
    await tell(repo.get(Post, 1.5));
    await tell(repo.get(Post, null));
  });
  assert.deepEqual(told[0].value, {
    id: 1, title: "Plain", views: 7, rating: null, price: null, shown: true, published_on: null, sent_at: null, slug: null,
  });
  assert.equal(told[3].value.views, null);
});

test("what is refused is told as a request tells it, and takes no number twice", async () => {
  const told = await bothWays(async (repo, tell) => {
    await tell(repo.insert(posting(Post.build(), { title: "One", slug: "same" })));
    await tell(repo.insert(posting(Post.build(), { title: "Two", slug: "same" })));
    await tell(repo.insert(posting(Post.build(), { title: "Three", views: -1 })));
    await tell(repo.insert(posting(Post.build(), { slug: "untitled" })));
    await tell(repo.insert(posting(Post.build(), { id: 1, title: "Again" })));
    await tell(repo.insert(posting(Post.build(), { title: "Four" })));
    await tell(repo.update(posting(await repo.get(Post, 1), { views: -1 })));
    await tell(repo.update(posting(await repo.get(Post, 4), { slug: "same" })));
    await tell(repo.update(posting(Post.loaded({ id: 77, title: "Gone" }), { title: "Away" })));
    await tell(repo.update(posting(Post.loaded({ title: "Keyless" }), { title: "Away" })));
  });
  assert.deepEqual(told[1].errors.map(({ field }) => field), ["slug"]);
  assert.equal(told[5].value.id, 4);
  assert.equal(told[8].error, "stale");
});

test("what is updated comes back as a request gives it", async () => {
  await bothWays(async (repo, tell) => {
    for (const params of PARAMS) await tell(repo.insert(posting(Post.build(), params)));
    for (const post of await repo.all(from(Post).orderBy("id"))) {
      await tell(repo.update(posting(post, {})));
      await tell(repo.update(posting(post, { views: 40, rating: "2.5", slug: null })));
      await tell(repo.update(posting(post, { title: "Other", published_on: "2024-01-31" })));
      await tell(repo.update(putChange(posting(post, { views: 41 }), "title", "Put")));
    }
    await tell(repo.update(posting(Post.loaded({ id: 1 }), { shown: false })));
    await tell(repo.update(posting(Post.loaded({ id: 1, published_on: "2023-02-31" }), { shown: true })));
    await tell(repo.update(posting(Post.loaded({ id: 1, sent_at: "2023-02-01 10:20:30" }), { shown: false })));
    await tell(repo.update(posting({ ...(await repo.get(Post, 1)), comments: [] }, { views: 50 })));
    await tell(repo.update(posting(Post.build({ id: 2 }), { id: 200, title: "Moved" })));
    await tell(repo.get(Post, 2));
    await tell(repo.get(Post, 200));
  });
});

test("a row that is locked by its version goes no short way", async () => {
  const told = await bothWays(async (repo, tell) => {
    const { value } = await tell(repo.insert(Account.change(Account.build({ name: "Ada" }))));
    await tell(repo.update(renaming(value, { name: "Grace" })));
    await tell(repo.update(renaming(value, { name: "Late" })));
  });
  assert.equal(told[1].value.lock_version, 2);
  assert.equal(told[2].error, "stale");
});

test("times are generated, given where they are given, and read back", async () => {
  const repo = await open();
  const { value: tag } = await repo.insert(tagging(Tag.build(), { name: "rust" }));
  assert.match(tag.inserted_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.equal(tag.updated_at, tag.inserted_at);
  assert.deepEqual(await repo.get(Tag, 1), tag);
  const { value: old } = await repo.insert(tagging(Tag.build(), { name: "ecto", inserted_at: "2014-05-01T00:00:00" }));
  assert.equal(old.inserted_at, "2014-05-01T00:00:00");
  assert.ok(old.updated_at >= tag.updated_at);
  const { value: renamed } = await repo.update(tagging(old, { name: "phoenix" }));
  assert.deepEqual(Object.keys(renamed), Object.keys(old));
  assert.deepEqual({ ...renamed, updated_at: null }, { ...old, name: "phoenix", updated_at: null });
  assert.ok(renamed.updated_at >= old.updated_at);
  assert.deepEqual(await repo.get(Tag, 2), renamed);
  await repo.close();
});

test("a short way is found anew when definitions change, and waits for transactions", async () => {
  await bothWays(async (repo, tell) => {
    await tell(repo.insert(posting(Post.build(), { title: "Before", slug: "a" })));
    await repo.rollbackMigrations();
    await tell(repo.insert(posting(Post.build(), { title: "Between", slug: "b" })));
    await tell(repo.get(Post, 2));
    await repo.migrate();
    await tell(repo.update(posting(await repo.get(Post, 1), { views: 9 })));
    const rolledBack = repo.transaction(async (inner) => {
      await inner.insert(posting(Post.build(), { title: "Inside" }));
      await tell(inner.get(Post, 3));
      inner.rollback("no");
    });
    const [, seen] = await Promise.all([rolledBack, repo.get(Post, 3)]);
    await tell(seen);
    await repo.rollbackMigrations("all");
    await tell(repo.get(Post, 1));
    await tell(repo.insert(posting(Post.build(), { title: "Nowhere" })));
    await repo.migrate();
  });
});

test("what was written the short way outlives its repo, and a closed repo refuses it", async () => {
  const repo = await open();
  await repo.insert(posting(Post.build(), { title: "Kept" }));
  await repo.update(posting(await repo.get(Post, 1), { views: 8 }));
  const bytes = await repo.export();
  await repo.close();
  await assert.rejects(repo.get(Post, 1), { message: /closed/ });
  await assert.rejects(repo.insert(posting(Post.build(), { title: "Late" })), { message: /closed/ });
  const again = await open();
  await again.import(bytes);
  assert.equal((await again.get(Post, 1)).views, 8);
  await again.close();
});
