import assert from "node:assert/strict";
import { test } from "node:test";
import { EctomorphError } from "ectomorph";
import { asc, desc, fragment, migration, references } from "ectomorph/repo";

const raises = (make, message) => assert.throws(make, (error) => error instanceof EctomorphError && message.test(error.message), `${message}`);
/** The commands of a change. */
const commands = (change) => migration(1, "change", change).document.change;

test("a migration is a document that Rust reads", () => {
  const users = migration(20170523151118, "create_users", (m) =>
    m.create("users", (t) => t.add("name", "string").add("email", "string").timestamps()).createIndex("users", ["email"], { unique: true }),
  );
  assert.deepEqual(JSON.parse(JSON.stringify(users)), {
    version: 1,
    migration: 20170523151118,
    name: "create_users",
    change: [
      {
        command: "create",
        table: { name: "users", primary_key: true },
        columns: [
          { op: "add", name: "id", type: "bigserial", opts: { primary_key: true } },
          { op: "add", name: "name", type: "string", opts: {} },
          { op: "add", name: "email", type: "string", opts: {} },
          { op: "add", name: "inserted_at", type: "naive_datetime", opts: { null: false } },
          { op: "add", name: "updated_at", type: "naive_datetime", opts: { null: false } },
        ],
      },
      { command: "create", index: { table: "users", columns: ["email"], name: "users_email_index", unique: true } },
    ],
  });
  assert.deepEqual([users.version, users.name], [20170523151118, "create_users"]);
});

test("up and down are recorded each by itself", () => {
  const { document } = migration(
    2,
    "shout",
    { up: (m) => m.execute("UPDATE users SET name = upper(name)"), down: () => {} },
    { disableDdlTransaction: true },
  );
  assert.deepEqual(document, {
    version: 1,
    migration: 2,
    name: "shout",
    up: [{ command: "execute", up: "UPDATE users SET name = upper(name)" }],
    down: [],
    disable_ddl_transaction: true,
  });
  assert.equal("down" in migration(3, "up_only", { up: (m) => m.flush() }).document, false);
});

test("a key of a table may have another name, type and options", () => {
  const [create] = commands((m) => m.create("t", undefined, { primaryKey: { name: "key", type: "identity", startValue: 100 } }));
  assert.deepEqual(create.table, { name: "t", primary_key: { name: "key", type: "identity", start_value: 100 } });
  assert.deepEqual(create.columns, [{ op: "add", name: "key", type: "identity", opts: { primary_key: true, start_value: 100 } }]);
});

test("references say all that a foreign key is", () => {
  const [create] = commands((m) =>
    m.create("posts", (t) =>
      t.add("author", references("users", { column: "key", type: "uuid", name: "by", prefix: "app", onDelete: { default: ["author"] } })),
    ),
  );
  assert.deepEqual(create.columns[1], {
    op: "add",
    name: "author",
    type: {
      references: {
        table: "users",
        column: "key",
        type: "uuid",
        name: "by",
        prefix: "app",
        on_delete: { default: ["author"] },
        on_update: "nothing",
        validate: true,
      },
    },
    opts: {},
  });
});

test("columns of indexes may have a direction or be SQL", () => {
  const [index] = commands((m) => m.createIndex("posts", [desc("inserted_at"), asc("id"), fragment`lower(title)`, "a || b"], { nullsDistinct: false }));
  assert.deepEqual(index.index, {
    table: "posts",
    columns: [{ desc: "inserted_at" }, { asc: "id" }, { expression: "lower(title)" }, "a || b"],
    name: "posts_inserted_at_id_lower_title_a____b_index",
    nulls_distinct: false,
  });
});

test("every option of a column and of a table gets its name in documents", () => {
  const check = { name: "positive", expr: "a > 0" };
  const all = {
    default: 1, null: true, size: 2, precision: 3, scale: 4, comment: "c", collation: "C", after: "b", generated: "g", startValue: 5,
    increment: 6, fields: "f", check,
  };
  const [alter] = commands((m) => m.alter("t", (t) => t.addIfNotExists("a", "integer", all).timestamps({ precision: 3, updatedAt: false }), { prefix: "app" }));
  assert.deepEqual(alter, {
    command: "alter",
    table: { name: "t", primary_key: true, prefix: "app" },
    columns: [
      {
        op: "add_if_not_exists",
        name: "a",
        type: "integer",
        opts: {
          default: 1, null: true, size: 2, precision: 3, scale: 4, comment: "c", collation: "C", after: "b", generated: "g",
          start_value: 5, increment: 6, fields: "f", check,
        },
      },
      { op: "add", name: "inserted_at", type: "naive_datetime", opts: { null: false, precision: 3 } },
    ],
  });
  const [create] = commands((m) => m.create("t", undefined, { engine: "MEMORY", comment: "c", options: "o", modifiers: "TEMPORARY", prefix: "p" }));
  assert.deepEqual(create.table, {
    name: "t", primary_key: true, prefix: "p", comment: "c", engine: "MEMORY", options: "o", modifiers: "TEMPORARY",
  });
});

test("defaults are values or SQL, and values are in the notation of documents", () => {
  const value = (given) => commands((m) => m.alter("t", (t) => t.add("a", "map", { default: given })))[0].columns[0].opts.default;
  assert.deepEqual(value(fragment`now()`), { fragment: "now()" });
  assert.deepEqual(value({ theme: "dark" }), { theme: "dark" });
  assert.equal(value(null), null);
  assert.deepEqual(value(12345678901234567890n), { $integer: "12345678901234567890" });
  raises(() => value(fragment`now() + ${1}`), /plain SQL/);
});

test("mistakes are found when the migration is written", () => {
  raises(() => migration(1.5, "half", () => {}), /1.5 is no version/);
  raises(() => migration(1, "", () => {}), /needs a name/);
  raises(() => migration(1, "nothing"), /`nothing` needs what it does/);
  raises(() => migration(1, "nothing", { down: () => {} }), /needs what it does/);
  raises(() => commands((m) => m.createConstraint("t", "c", {})), /needs a check or an exclude/);
  raises(() => commands((m) => m.createConstraint("t", "c", { check: "a", exclude: "b" })), /needs a check or an exclude/);
  raises(() => commands((m) => m.createIndex("t", [])), /at least one column/);
  raises(() => commands((m) => m.create("t", (t) => t.add("a", {}))), /the type of a column/);
});
