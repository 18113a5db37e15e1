// A repo in Node: opened, migrated, written to and read from through the package.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { belongsTo, extend, getField, hasMany, putChange, schema, t } from "ectomorph";
import { count, from, ilike, migration, multi, openRepo, placeholder, references, RepoError } from "ectomorph/repo";

setFlagsFromString("--expose-gc");
/** Collects what nobody holds. */
const collect = runInNewContext("gc");

const Comment = schema("comments", { body: t.string(), post_id: t.id() });
const Post = schema("posts", {
  title: t.string(),
  views: t.integer().default(0),
  price: t.decimal(),
  published_on: t.date(),
  user_id: t.id(),
  comments: hasMany(Comment, { foreignKey: "post_id", onReplace: "delete" }),
}, { timestamps: true });
const User = schema("users", {
  name: t.string(),
  email: t.string(),
  posts: hasMany(Post, { foreignKey: "user_id" }),
});
const Letter = schema("letters", { text: t.string(), user: belongsTo(User) });

const registration = User.changeset((c) =>
  c.cast("name", "email").validateRequired("name").validateLength("name", { max: 20 }).uniqueConstraint("email"));
const posting = Post.changeset((c) =>
  c.cast("title", "views", "price", "published_on", "user_id").validateRequired("title").foreignKeyConstraint("user_id")
    .castAssoc("comments", { with: (c) => c.cast("body").validateRequired("body") }));

const migrations = [
  migration(1, "create_users", (m) =>
    m.create("users", (t) => t.add("name", "string").add("email", "string")).createIndex("users", ["email"], { unique: true })),
  migration(2, "create_posts", (m) =>
    m.create("posts", (t) =>
      t.add("title", "string").add("views", "integer", { default: 0 }).add("price", "decimal").add("published_on", "date")
        .add("user_id", "bigint").timestamps())
      .create("comments", (t) => t.add("body", "string").add("post_id", "bigint"))
      .create("letters", (t) => t.add("text", "string").add("user_id", "bigint"))),
];

const options = { name: "test", schemas: [User, Post, Comment, Letter], migrations, storage: "memory" };
const open = (more = {}) => openRepo({ ...options, ...more });

async function withUsers() {
  const repo = await open();
  for (const [name, email] of [["Ada", "ada@example.com"], ["Grace", "grace@example.com"], ["Alan", "alan@elsewhere.org"]]) {
    const inserted = await repo.insert(registration(User.build(), { name, email }));
    assert.equal(inserted.ok, true);
  }
  return repo;
}

test("what is inserted is there", async () => {
  const repo = await open();
  const inserted = await repo.insert(registration(User.build(), { name: "Ada", email: "ada@example.com" }));
  assert.deepEqual(inserted, { ok: true, value: { id: 1, name: "Ada", email: "ada@example.com" } });
  assert.deepEqual(await repo.all(from(User).select((u) => u.email)), ["ada@example.com"]);
  assert.deepEqual(await repo.all(User), [inserted.value]);
  assert.deepEqual(await repo.get(User, 1), inserted.value);
  assert.equal(await repo.get(User, 2), null);
  await repo.close();
});

test("an invalid changeset comes back, and nothing is written", async () => {
  const repo = await open();
  const { ok, changeset } = await repo.insert(registration(User.build(), { email: "ada@example.com" }));
  assert.equal(ok, false);
  assert.deepEqual(changeset.errors, [{ field: "name", message: "can't be blank", metadata: { validation: "required" } }]);
  assert.equal(changeset.action, "insert");
  assert.equal(await repo.aggregate(User, "count"), 0);
});

test("a violated constraint is an error of its field", async () => {
  const repo = await withUsers();
  const { ok, changeset } = await repo.insert(registration(User.build(), { name: "Eve", email: "ada@example.com" }));
  assert.equal(ok, false);
  assert.equal(changeset.valid, false);
  assert.deepEqual(changeset.changes, { name: "Eve", email: "ada@example.com" });
  assert.deepEqual(changeset.errors, [
    { field: "email", message: "has already been taken", metadata: { constraint: "unique", constraint_name: "users_email_index" } },
  ]);
  assert.deepEqual(changeset.constraints.map(({ constraint }) => constraint), ["users_email_index"]);
  assert.match(changeset.toString(), /has already been taken/);
});

test("a constraint that no changeset declares is an error", async () => {
  const repo = await withUsers();
  const careless = User.changeset((c) => c.cast("email"));
  await assert.rejects(repo.insert(careless(User.build(), { email: "ada@example.com" })), (error) => {
    assert.ok(error instanceof RepoError);
    assert.deepEqual([error.kind, error.exception, error.details.constraint], ["constraint", "Ecto.ConstraintError", "users_email_index"]);
    return true;
  });
});

test("a record is updated by what changed, and deleted", async () => {
  const repo = await withUsers();
  const ada = await repo.getBy(User, { name: "Ada" });
  const updated = await repo.update(registration(ada, { name: "Ada L." }));
  assert.deepEqual(updated.value, { ...ada, name: "Ada L." });
  assert.deepEqual(await repo.reload(ada), { ...ada, name: "Ada L." });
  assert.equal((await repo.delete(ada)).ok, true);
  assert.equal(await repo.reload(ada), null);
  await assert.rejects(repo.delete(ada), (error) => error.kind === "stale");
});

test("a field without value stays so where new records have a default", async () => {
  const repo = await open();
  const { value: post } = await repo.insert(posting(Post.build(), { title: "Hello" }));
  await repo.updateAll(Post, { set: { views: null } });
  const updated = await repo.update(posting(await repo.get(Post, post.id), { title: "Hello!" }));
  assert.equal(updated.value.views, null);
  assert.equal(updated.value.title, "Hello!");
  const { value: again } = await repo.update(posting(updated.value, { views: 3, price: "1.50" }));
  assert.deepEqual(await repo.get(Post, post.id), again);
});

test("a record that is frozen is known as one of the database", async () => {
  const repo = await withUsers();
  const frozen = Object.freeze(await repo.get(User, 1));
  assert.equal((await repo.update(registration(frozen, { name: "Lovelace" }))).ok, true);
  const written = User.loaded(Object.freeze({ id: 2, name: "Grace", email: "grace@example.com" }));
  assert.equal((await repo.delete(Object.freeze(written))).ok, true);
  assert.deepEqual(await repo.all(from(User).select((u) => u.name).orderBy("id")), ["Lovelace", "Alan"]);
});

test("requests that are made at once get their own answers", async () => {
  const repo = await withUsers();
  const answers = await Promise.all([
    repo.get(User, 1), repo.insert(registration(User.build(), { name: "Ada", email: "ada@example.com" })), repo.get(User, 2),
    repo.insert(registration(User.build(), { email: "x".repeat(5_000) })), repo.aggregate(User, "count"), repo.get(User, 9),
  ]);
  assert.deepEqual([answers[0].name, answers[2].name, answers[4], answers[5]], ["Ada", "Grace", 3, null]);
  assert.deepEqual(answers[1].changeset.errors.map(({ field }) => field), ["email"]);
  assert.deepEqual(answers[3].changeset.errors.map(({ field }) => field), ["name"]);
  assert.equal(answers[3].changeset.changes.email, "x".repeat(5_000));
});

test("values come back as they are in JavaScript", async () => {
  const repo = await open();
  const { value } = await repo.insert(posting(Post.build(), { title: "T", price: "1.50", published_on: "2024-01-31" }));
  const { inserted_at, updated_at, ...rest } = value;
  assert.deepEqual(rest, { id: 1, title: "T", views: 0, price: "1.50", published_on: "2024-01-31", user_id: null });
  assert.match(inserted_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.equal(inserted_at, updated_at);
  assert.deepEqual(await repo.get(Post, 1), value);
});

test("rows have all that JSON has no words for in its place", async () => {
  const Odd = schema("odds", {
    large: t.integer(), ratio: t.float(), bytes: t.binary(), tags: t.array(t.string()), extra: t.map(), text: t.string(),
    extras: hasMany(Comment, { foreignKey: "post_id" }),
  });
  const create = migration(1, "create_odds", (m) =>
    m.create("odds", (t) => t.add("large", "bigint").add("ratio", "float").add("bytes", "binary").add("tags", { array: "string" })
      .add("extra", "map").add("text", "text")));
  const repo = await openRepo({ name: "odd", schemas: [Odd, Comment], migrations: [create], storage: "memory" });
  const rows = [
    { large: 2n ** 60n, ratio: 0.1 + 0.2, bytes: new Uint8Array([0, 255]), tags: ["a", '"'], extra: { a: [1, null] }, text: 'a "b" \\ \n \u0001 naïve 🦀' },
    { large: -1, ratio: -0.5, bytes: null, tags: [], extra: null, text: "\ufeffmarked" },
    { large: null, ratio: 12.25, bytes: null, tags: null, extra: {}, text: "" },
  ];
  await repo.insertAll(Odd, rows);
  const read = await repo.all(from(Odd).orderBy("id"));
  assert.deepStrictEqual(read.map((row) => ({ ...row })), rows.map((row, index) => ({ id: index + 1, ...row })));
  assert.deepEqual(Object.keys(read[0]), ["id", "large", "ratio", "bytes", "tags", "extra", "text"]);
  const selected = await repo.all(from(Odd).orderBy("id").select((o) => ({ ["__proto__"]: o.large, text: o.text, tags: o.tags })));
  assert.deepStrictEqual(selected.map((row) => [Object.getOwnPropertyDescriptor(row, "__proto__")?.value, row.text, row.tags]),
    rows.map(({ large, text, tags }) => [large, text, tags]));
  // They are records of the database: an update knows their key.
  const updated = await repo.update(Odd.change(read[1], { text: "changed" }));
  assert.deepEqual(updated, { ok: true, value: { ...read[1], text: "changed" } });
  assert.deepEqual(await repo.all(from(Odd).where({ id: 99 })), []);
});

test("children are written with their parent, and preloaded", async () => {
  const repo = await withUsers();
  const { value: post } = await repo.insert(
    posting(Post.build(), { title: "T", user_id: 1, comments: [{ body: "one" }, { body: "two" }] }),
  );
  assert.deepEqual(post.comments, [{ id: 1, body: "one", post_id: 1 }, { id: 2, body: "two", post_id: 1 }]);
  const bare = await repo.get(Post, 1);
  assert.equal("comments" in bare, false);
  assert.deepEqual((await repo.preload(bare, "comments")).comments, post.comments);
  const [ada] = await repo.all(from(User).where({ name: "Ada" }).preload({ posts: "comments" }));
  assert.deepEqual(ada.posts[0].comments, post.comments);
  const updated = await repo.update(posting(ada.posts[0], { comments: [{ id: 2, body: "two!" }] }));
  assert.deepEqual(updated.value.comments, [{ id: 2, body: "two!", post_id: 1 }]);
  assert.deepEqual(await repo.all(from(Comment).select((c) => c.body)), ["two!"]);
});

test("an error of a child is in the child's changeset", async () => {
  const repo = await open();
  const { changeset } = await repo.insert(posting(Post.build(), { title: "T", comments: [{ body: "one" }, {}] }));
  assert.deepEqual(changeset.changes.comments.map(({ errors }) => errors.length), [0, 1]);
});

test("queries of all kinds give what they select", async () => {
  const repo = await withUsers();
  assert.equal(await repo.one(from(User).where((u) => ilike(u.email, "%EXAMPLE%")).select((u) => count(u.id))), 2);
  assert.deepEqual(await repo.all(from(User).orderBy("name").select((u) => ({ name: u.name, id: u.id })).limit(2)), [
    { name: "Ada", id: 1 }, { name: "Alan", id: 3 },
  ]);
  assert.deepEqual(await repo.all(from(User).orderBy("id").select((u) => [u.id, u.name]).offset(2)), [[3, "Alan"]]);
  assert.equal(await repo.exists(from(User).where({ name: "Nobody" })), false);
  assert.equal(await repo.aggregate(User, "max", "id"), 3);
  assert.deepEqual(await repo.getBy(User, { email: "grace@example.com" }), { id: 2, name: "Grace", email: "grace@example.com" });
  assert.deepEqual((await repo.allBy(User, { name: "Alan" })).map(({ id }) => id), [3]);
  const names = [];
  for await (const user of repo.stream(from(User).orderBy("id"))) names.push(user.name);
  assert.deepEqual(names, ["Ada", "Grace", "Alan"]);
});

test("errors of queries keep their kind and name the query", async () => {
  const repo = await withUsers();
  await assert.rejects(repo.one(User), (error) => error.kind === "multiple_results" && /from u0 in/.test(error.message));
  await assert.rejects(repo.oneOrThrow(from(User).where({ name: "X" })), (error) => error.kind === "no_results");
  await assert.rejects(repo.getOrThrow(User, 99), (error) => error.kind === "no_results");
  await assert.rejects(repo.get(User, "x"), (error) => error.kind === "query" && error.exception === "Ecto.Query.CastError");
});

test("many rows are inserted, updated and deleted at once", async () => {
  const repo = await open();
  const now = "2024-01-31T10:00:00";
  const rows = ["one", "two", "three"].map((title, views) => ({
    title, views, price: "0.10", inserted_at: placeholder("now"), updated_at: now,
  }));
  assert.deepEqual(await repo.insertAll(Post, rows, { placeholders: { now } }), { count: 3, rows: null });
  assert.deepEqual(await repo.updateAll(from(Post).where((p) => p.views.gt(0)), { inc: { views: 10 } }), { count: 2, rows: null });
  assert.deepEqual(await repo.all(from(Post).orderBy("id").select((p) => p.views)), [0, 11, 12]);
  const deleted = await repo.deleteAll(from(Post).where({ title: "two" }).select((p) => p.id));
  assert.deepEqual(deleted, { count: 1, rows: [2] });
  assert.deepEqual(await repo.insertAll("comments", [{ body: "x" }], { returning: ["id"] }), { count: 1, rows: [{ id: 1 }] });
});

test("an upsert replaces what it is told to", async () => {
  const repo = await withUsers();
  const changeset = registration(User.build(), { name: "Countess", email: "ada@example.com" });
  const upserted = await repo.insert(changeset, { onConflict: { set: { name: "Lovelace" } }, conflictTarget: "email", returning: true });
  assert.deepEqual(upserted.value, { id: 1, name: "Lovelace", email: "ada@example.com" });
  assert.equal((await repo.insert(changeset, { onConflict: "nothing" })).ok, true);
  assert.equal(await repo.aggregate(User, "count"), 3);
});

test("a query is told as Ecto prints it, with how it is run", async () => {
  const repo = await withUsers();
  const told = await repo.explain(from(User).where((u) => u.email.eq("ada@example.com")).select((u) => u.name));
  assert.deepEqual(told, {
    query: 'from u0 in users,\n  where: u0.email == ^"ada@example.com",\n  select: u0.name',
    plan: "rows of users by users_email_index (u0.email = $1) as u0, filter u0.email = $1",
  });
  const deleted = await repo.explain(from(User).where((u) => u.name.eq("Ada")), "deleteAll");
  assert.equal(deleted.plan, "delete the rows of\n  scan of all 3 rows of users as u0, filter u0.name = $1");
  await assert.rejects(repo.explain(from("nowhere").select((n) => n.id)), (error) => /nowhere/.test(error.message));
});

test("a transaction happens as a whole or not at all", async () => {
  const repo = await withUsers();
  const kept = await repo.transaction(async (repo) => (await repo.deleteAll(from(User).where({ name: "Ada" }))).count);
  assert.deepEqual(kept, { ok: true, value: 1 });
  const undone = await repo.transaction(async (repo) => {
    await repo.deleteAll(User);
    repo.rollback("no");
  });
  assert.deepEqual(undone, { ok: false, reason: "no" });
  await assert.rejects(repo.transaction(async (repo) => {
    await repo.deleteAll(User);
    throw new Error("stop");
  }), /stop/);
  assert.equal(await repo.aggregate(User, "count"), 2);
});

test("others wait for the end of a transaction", async () => {
  const repo = await withUsers();
  const order = [];
  const long = repo.transaction(async (inner) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await inner.deleteAll(User);
    order.push("inside");
  });
  const counted = repo.aggregate(User, "count").then((count) => order.push(`outside ${count}`));
  await Promise.all([long, counted]);
  assert.deepEqual(order, ["inside", "outside 0"]);
});

test("an inner transaction that is rolled back takes the outer one with it", async () => {
  const repo = await withUsers();
  await assert.rejects(repo.transaction(async (repo) => {
    await repo.deleteAll(User);
    assert.deepEqual(await repo.transaction((repo) => repo.rollback("inner")), { ok: false, reason: "inner" });
  }), (error) => error.kind === "rolled_back");
  assert.equal(await repo.aggregate(User, "count"), 3);
});

test("a statement that fails aborts its transaction, unless it runs in a savepoint", async () => {
  const repo = await withUsers();
  const twice = () => registration(User.build(), { name: "Eve", email: "ada@example.com" });
  const inserted = await repo.transaction(async (repo) => {
    assert.equal((await repo.insert(twice(), { savepoint: true })).ok, false);
    return repo.insert(registration(User.build(), { name: "Eve", email: "eve@example.com" }));
  });
  assert.equal(inserted.value.ok, true);
  await assert.rejects(repo.transaction(async (repo) => {
    await repo.insert(twice());
    await assert.rejects(repo.all(User), (error) => error.kind === "aborted" && error.details.code === "25P02");
  }), (error) => error.kind === "rolled_back");
});

test("a multi gives all results, or the step that failed", async () => {
  const repo = await open();
  const signup = (email) => multi()
    .insert("user", registration(User.build(), { name: "Ada", email }))
    .insert("post", ({ user }) => posting(Post.build(), { title: `Hello ${user.name}`, user_id: user.id }))
    .run("note", (_, { post }) => ({ ok: true, value: post.title }));
  const done = await repo.transaction(signup("ada@example.com"));
  assert.deepEqual([done.ok, done.value.user.id, done.value.post.user_id, done.value.note], [true, 1, 1, "Hello Ada"]);
  const failed = await repo.transaction(signup("ada@example.com"));
  assert.deepEqual([failed.ok, failed.failed, failed.reason.errors[0].field], [false, "user", "email"]);
  assert.equal(await repo.aggregate(Post, "count"), 1);
});

test("migrations are rolled back and told about", async () => {
  const repo = await open();
  assert.deepEqual(await repo.migrations(), [
    { version: 1, name: "create_users", up: true }, { version: 2, name: "create_posts", up: true },
  ]);
  assert.deepEqual(await repo.rollbackMigrations(), [2]);
  await assert.rejects(repo.all(Post), RepoError);
  assert.deepEqual(await repo.migrate(), [2]);
});

test("a database in files outlives its repo, and belongs to one at a time", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "ectomorph-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const events = [];
  const first = await open({ name: folder, storage: "file", onEvent: (event) => events.push(event) });
  await first.insert(registration(User.build(), { name: "Ada", email: "ada@example.com" }));
  await assert.rejects(open({ name: folder, storage: "file" }), (error) => error.kind === "in_use" && /is open already/.test(error.message));
  await first.close();
  await assert.rejects(first.all(User), (error) => error.kind === "closed");
  const second = await open({ name: folder, storage: "file" });
  assert.deepEqual(await second.all(from(User).select((u) => u.name)), ["Ada"]);
  await second.close();
  assert.deepEqual(events, [{ type: "storage", storage: "file", reason: "as asked for" }, { type: "migrated", versions: [1, 2] }]);
});

test("a database is exported and imported as one file", async () => {
  const from1 = await withUsers();
  const file = await from1.export();
  const into = await open();
  await into.import(file);
  assert.equal(await into.aggregate(User, "count"), 3);
  await assert.rejects(into.import(file.slice(0, -9)), RepoError);
  assert.equal(await into.aggregate(User, "count"), 3);
});

test("a storage that fails is an error of the commit, and nothing is changed", async () => {
  let isFull = false;
  const areas = Array.from({ length: 5 }, () => Buffer.alloc(0));
  const storage = {
    name: "test",
    read: (area) => areas[area],
    write(area, at, bytes) {
      if (isFull) throw Object.assign(new Error("no more room"), { code: "ENOSPC" });
      areas[area] = Buffer.concat([areas[area].subarray(0, at), bytes, areas[area].subarray(at + bytes.length)]);
    },
    truncate: (area, length) => void (areas[area] = areas[area].subarray(0, length)),
    flush() {},
    close() {},
  };
  const repo = await open({ storage });
  isFull = true;
  await assert.rejects(repo.insert(registration(User.build(), { name: "Ada" })), (error) =>
    error.kind === "environment" && /no more room/.test(error.message));
  isFull = false;
  assert.equal(await repo.aggregate(User, "count"), 0);
  assert.equal((await repo.insert(registration(User.build(), { name: "Ada" }))).ok, true);
});

test("rules of the user's own run when a changeset is written", async () => {
  const repo = await open();
  const rules = User.changeset((c) =>
    c.cast("name").validateChange("name", (_, name) => (name === "bad" ? "is bad" : null)));
  assert.equal((await repo.insert(rules(User.build(), { name: "bad" }))).ok, false);
  assert.equal((await repo.insert(rules(User.build(), { name: "good" }))).value.name, "good");
});

test("SQL sees the same tables, constraints and transactions", async () => {
  const repo = await withUsers();
  const { rows } = await repo.query("SELECT name FROM users WHERE id > $1 ORDER BY id", [1]);
  assert.deepEqual(rows, [["Grace"], ["Alan"]]);
  await assert.rejects(repo.query("INSERT INTO users (name, email) VALUES ('Eve', 'ada@example.com')"), (error) =>
    error.kind === "constraint" && error.details.constraint === "users_email_index");
  await repo.transaction(async (repo) => {
    await repo.query("DELETE FROM users WHERE id = 1");
    repo.rollback();
  });
  assert.equal(await repo.aggregate(User, "count"), 3);
});

test("a stream that nobody can read on is ended, and with it what it keeps of the table", async () => {
  const asked = [];
  const repo = await open({ log: ({ op }) => asked.push(op) });
  await repo.insertAll(Post, Array.from({ length: 10 }, (_, at) => ({ title: `post ${at}`, inserted_at: "2024-01-01T00:00:00", updated_at: "2024-01-01T00:00:00" })));
  const kept = repo.stream(Post, { maxRows: 2 });
  assert.equal((await kept.next()).value.title, "post 0");
  await (async () => {
    const lost = repo.stream(Post, { maxRows: 3 });
    await lost.next();
  })();
  asked.length = 0;
  for (const end = Date.now() + 5000; !asked.includes("stream_end") && Date.now() < end; await new Promise((done) => setTimeout(done, 5))) collect();
  assert.deepEqual(asked, ["stream_end"]);
  assert.equal((await kept.next()).value.title, "post 1");
  await kept.return();
  assert.deepEqual(asked, ["stream_end", "stream_end"]);
  await repo.close();
});

test("a stream whose transaction was over before it could be ended is ended when it is lost", async () => {
  const asked = [];
  const repo = await open({ log: ({ op }) => asked.push(op) });
  await repo.insertAll(Post, Array.from({ length: 10 }, (_, at) => ({ title: `post ${at}`, inserted_at: "2024-01-01T00:00:00", updated_at: "2024-01-01T00:00:00" })));
  await (async () => {
    let lost;
    await repo.transaction(async (repo) => {
      lost = repo.stream(Post, { maxRows: 3 });
      await lost.next();
    });
    await assert.rejects(lost.return(), (error) => error.kind === "over");
  })();
  asked.length = 0;
  for (const end = Date.now() + 5000; !asked.includes("stream_end") && Date.now() < end; await new Promise((done) => setTimeout(done, 5))) collect();
  assert.deepEqual(asked, ["stream_end"]);
  await repo.close();
});

test("a stream makes its results in portions, of what was there when it began", async () => {
  const repo = await open();
  await repo.insertAll(Post, Array.from({ length: 10 }, (_, at) => ({ title: `post ${at}`, inserted_at: "2024-01-01T00:00:00", updated_at: "2024-01-01T00:00:00" })));
  const asked = [];
  const logged = await open({ log: ({ op }) => asked.push(op) });
  await logged.import(await repo.export());
  asked.length = 0;
  const titles = [];
  for await (const post of logged.stream(from(Post).orderBy("id"), { maxRows: 4 })) {
    titles.push(post.title);
    if (titles.length === 1) await logged.deleteAll(Post);
  }
  assert.deepEqual(titles, Array.from({ length: 10 }, (_, at) => `post ${at}`));
  assert.deepEqual(asked, ["stream", "stream_next", "delete_all", "stream_next", "stream_next", "stream_next"]);
  asked.length = 0;
  for await (const { title } of repo.stream(Post, { maxRows: 3 })) if (title === "post 1") break;
  await logged.transaction(async (logged) => {
    for await (const _ of logged.stream(Post)) assert.fail("they are deleted");
  });
  assert.deepEqual(asked, ["begin", "stream", "stream_next", "commit"]);
  await assert.rejects(async () => { for await (const _ of repo.stream("nowhere")) assert.fail(); }, RepoError);
  await repo.close();
  await logged.close();
});

test("every read and write takes a prefix, raw SQL too", async () => {
  const inApp = [
    ...migrations,
    migration(3, "app", (m) => m.create("users", (t) => t.add("name", "string").add("email", "string"), { prefix: "app" })),
  ];
  const repo = await open({ migrations: inApp });
  const app = { prefix: "app" };
  const inserted = await repo.insert(registration(User.build(), { name: "Eve" }), app);
  assert.equal(inserted.ok, true);
  assert.deepEqual([await repo.aggregate(User, "count"), await repo.aggregate(User, "count", app), await repo.aggregate(User, "max", "id", app)], [0, 1, 1]);
  assert.deepEqual(await repo.all(User, app), [inserted.value]);
  assert.deepEqual(await repo.one(from(User).prefix("app")), inserted.value);
  for (const found of [
    await repo.get(User, 1, app), await repo.getOrThrow(User, 1, app), await repo.getBy(User, { name: "Eve" }, app),
    await repo.getByOrThrow(User, { name: "Eve" }, app), await repo.one(User, app), await repo.oneOrThrow(User, app), (await repo.allBy(User, { name: "Eve" }, app))[0],
  ]) assert.deepEqual(found, inserted.value);
  assert.deepEqual([await repo.exists(User), await repo.exists(User, app), await repo.get(User, 1)], [false, true, null]);
  for await (const found of repo.stream(User, app)) assert.deepEqual(found, inserted.value);
  assert.deepEqual((await repo.query("SELECT u.name FROM app.users u WHERE u.id = $1", [1])).rows, [["Eve"]]);
  assert.deepEqual((await repo.updateAll(User, { set: { name: "Mia" } }, app)).count, 1);
  assert.deepEqual([await repo.reload(inserted.value), (await repo.reload(inserted.value, app)).name], [null, "Mia"]);
  assert.deepEqual((await repo.deleteAll(User, app)).count, 1);
  await repo.close();
});

test("unsafeValidateUnique asks beforehand, and its error stays", async () => {
  const repo = await withUsers();
  const taken = { field: "email", message: "has already been taken", metadata: { validation: "unsafe_unique", fields: ["email"] } };
  const changeset = registration(User.build(), { name: "Eve", email: "ada@example.com" });
  const checked = await repo.unsafeValidateUnique(changeset, "email");
  assert.deepEqual([checked.valid, checked.errors], [false, [taken]]);
  assert.deepEqual(putChange(checked, "name", "Mia").errors, [taken]);
  const named = await repo.unsafeValidateUnique(changeset, ["email"], { message: "is known", errorKey: "name" });
  assert.deepEqual(named.errors.map(({ field, message }) => [field, message]), [["name", "is known"]]);
  assert.equal(await repo.unsafeValidateUnique(changeset, "email", { query: from(User).where((u) => u.name.ne("Ada")) }), changeset);
  const [ada] = await repo.all(from(User).where({ name: "Ada" }));
  for (const fine of [
    registration(User.build(), { name: "Eve", email: "eve@example.com" }), registration(User.build(), { name: "Eve" }),
    User.change(ada, { email: "ada@example.com" }), checked,
  ]) assert.equal(await repo.unsafeValidateUnique(fine, "email"), fine);
  await assert.rejects(repo.unsafeValidateUnique(changeset, "emial"), /unknown field `emial`/);
  await repo.close();
});

test("what prepareChanges says happens in the transaction of the write, before it", async () => {
  const repo = await open();
  const seen = [];
  const counting = User.changeset((c) => c.cast("name", "email").validateRequired("name").uniqueConstraint("email")
    .prepareChanges(async (changeset, repo) => {
      assert.equal(repo.inTransaction, true);
      seen.push(getField(changeset, "name"));
      await repo.insertAll(Comment, [{ body: `about ${getField(changeset, "name")}` }]);
      return putChange(changeset, "name", `${getField(changeset, "name")}!`);
    })
    .prepareChanges((changeset) => putChange(changeset, "name", `${getField(changeset, "name")}?`)));
  const inserted = await repo.insert(counting(User.build(), { name: "Ada", email: "ada@example.com" }));
  assert.deepEqual(inserted, { ok: true, value: { id: 1, name: "Ada!?", email: "ada@example.com" } });
  const refused = await repo.insert(counting(User.build(), { name: "Eve", email: "ada@example.com" }));
  assert.deepEqual([refused.ok, refused.changeset.errors.map(({ field }) => field)], [false, ["email"]]);
  assert.equal((await repo.insert(counting(User.build(), {}))).ok, false);
  assert.deepEqual(seen, ["Ada", "Eve"]);
  assert.deepEqual(await repo.all(from(Comment).select((c) => c.body)), ["about Ada"]);
  await repo.transaction(async (repo) => {
    await repo.insert(counting(User.build(), { name: "Max" }));
    repo.rollback();
  });
  assert.equal(await repo.aggregate(Comment, "count"), 1);
  assert.throws(() => counting.document, /no document can hold what prepareChanges says/);
  assert.throws(() => extend(User.change(User.build()), (c) => c.prepareChanges((c) => c)), /rules of a whole changeset/);
  assert.throws(() => User.changeset((c) => c.castAssoc("posts", { with: (p) => p.prepareChanges((c) => c) })), /rules of a whole changeset/);
  await repo.close();
});

test("ids of sixteen bytes are text, whatever migration and schema call them", async () => {
  const Key = (type) => schema("keys", { word: t.string(), other: type === "uuid" ? t.binaryId() : t.uuid() }, {
    primaryKey: { name: "id", type: type === "uuid" ? t.uuid() : t.binaryId(), autogenerate: true },
  });
  const made = (key, other) => migration(1, "keys", (m) =>
    m.create("keys", (t) => t.add("word", "string").add("other", other), { primaryKey: { type: key } })
      .create("holders", (t) => t.add("key_id", references("keys", { type: key }))).createUniqueIndex("keys", ["other"]));
  for (const [field, key, other] of [["uuid", "uuid", "binary_id"], ["binary_id", "uuid", "uuid"], ["binary_id", "binary_id", "uuid"], ["uuid", "binary_id", "binary_id"]]) {
    const Keys = Key(field);
    const Holder = schema("holders", { key_id: field === "uuid" ? t.uuid() : t.binaryId() });
    const repo = await openRepo({ name: "keys", storage: "memory", schemas: [Keys, Holder], migrations: [made(key, other)] });
    const rules = Keys.changeset((c) => c.cast("word", "other").uniqueConstraint("other"));
    const given = "601d74e4-a8d3-4b6e-8365-eddb4c893327";
    const inserted = await repo.insert(rules(Keys.build(), { word: "one", other: field === "uuid" ? given : given.toUpperCase() }));
    assert.equal(inserted.ok, true);
    assert.match(inserted.value.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(inserted.value.other, given);
    assert.deepEqual(await repo.get(Keys, inserted.value.id), inserted.value);
    assert.deepEqual(await repo.all(from(Keys).where({ other: given })), [inserted.value]);
    assert.deepEqual(await repo.all(from(Keys).where((k) => k.id.eq(inserted.value.id)).select((k) => k.other)), [given]);
    assert.equal((await repo.insert(rules(Keys.build(), { other: given }))).ok, false);
    assert.equal((await repo.insertAll(Holder, [{ key_id: inserted.value.id }])).count, 1);
    await assert.rejects(repo.insertAll(Holder, [{ key_id: given }]), { kind: "constraint" });
    await repo.close();
  }
});
