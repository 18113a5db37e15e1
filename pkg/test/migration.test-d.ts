import { desc, fragment, type Migration, migration, type MigrationDocument, references } from "../src/repo/index.js";

const users: Migration = migration(20170523151118, "create_users", (m) =>
  m.create("users", (t) => t.add("name", "string", { null: false }).add("tags", { array: "string" }).timestamps())
    .createIndex("users", ["email", "lower(name)", desc("inserted_at")], { unique: true, where: "active" })
    .createConstraint("users", "adult", { check: "age >= 18" })
    .rename("users", "people").renameColumn("people", "name", "full_name").renameIndex("people", ["email"], "emails")
    .dropIndexIfExists("people", "age").dropConstraint("people", "adult").drop("people", { mode: "cascade" })
    .execute("SELECT 1", "SELECT 2").flush(),
);
const document: MigrationDocument = users.document;
migration(1, "both", { up: (m) => m.drop("users"), down: (m) => m.create("users") }, { disableDdlTransaction: true });
migration(1, "changes", (m) =>
  m.alter("users", (t) =>
    t.add("org_id", references("orgs", { onDelete: { nilify: ["org_id"] } })).addIfNotExists("nick", "citext")
      .modify("name", "text", { from: ["string", { null: true }] }).remove("age").removeIfExists("bio", "string")
      .timestamps({ updatedAt: false, type: "utc_datetime_usec", default: fragment`now()` }),
  ),
);

// @ts-expect-error a version is a number
migration("1", "text", () => {});
// @ts-expect-error there is no such command
migration(1, "misspelt", (m) => m.creat("users"));
// @ts-expect-error a table that is created has nothing to modify
migration(1, "modify", (m) => m.create("users", (t) => t.modify("name", "text")));
// @ts-expect-error there is no such option
migration(1, "option", (m) => m.create("users", (t) => t.add("name", "string", { nullable: false })));
// @ts-expect-error whether it may be null is true or false
migration(1, "null", (m) => m.create("users", (t) => t.add("name", "string", { null: "no" })));
// @ts-expect-error a type is no number
migration(1, "type", (m) => m.create("users", (t) => t.add("name", 5)));
// @ts-expect-error there is no such action
migration(1, "action", (m) => m.create("posts", (t) => t.add("user_id", references("users", { onDelete: "cascade" }))));
// @ts-expect-error there is no such option of an index
migration(1, "index", (m) => m.createIndex("users", ["email"], { uniqe: true }));
// @ts-expect-error there is no such mode
migration(1, "mode", (m) => m.drop("users", { mode: "all" }));
// @ts-expect-error a migration does something
migration(1, "nothing");
// @ts-expect-error documents don't change
document.name = "other";
