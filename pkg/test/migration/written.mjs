// The migrations of the conformance vectors, written with the recorder: a change, or up and down.
import { fragment, references } from "ectomorph/repo";

const columns = (...list) => (t) => list.reduce((t, column) => t.add(...column), t);

export default {
  "alter/add_column": (m) => m.alter("users", (t) => t.add("nick", "string", { null: false, default: "x" })),
  "alter/add_reference": (m) => m.alter("users", (t) => t.add("boss_id", references("users", { onDelete: "nilify_all" }))),
  "alter/remove_reference_reversible": (m) => m.alter("users", (t) => t.remove("org_id", references("orgs"))),
  "alter/remove_if_exists_typed": (m) => m.alter("users", (t) => t.removeIfExists("age", "integer")),
  "alter/modify_irreversible": (m) => m.alter("users", (t) => t.modify("name", "text")),
  "alter/modify_from_type": (m) => m.alter("users", (t) => t.modify("name", "text", { from: "string" })),
  "alter/modify_null_only": (m) =>
    m.alter("users", (t) => t.modify("name", "string", { null: false, from: ["string", { null: true }] })),
  "alter/modify_to_reference": (m) => m.alter("users", (t) => t.modify("org_id", references("orgs"), { from: "bigint" })),
  "alter/modify_reference_on_delete": (m) =>
    m.alter("users", (t) => t.modify("org_id", references("orgs", { onDelete: "delete_all" }), { from: references("orgs") })),
  "alter/several_changes_reverse_order": (m) =>
    m.alter("users", (t) => t.add("a", "string").add("b", "string").modify("age", "bigint", { from: "integer" })),
  "alter/up_down": {
    up: (m) => m.alter("users", (t) => t.remove("age")),
    down: (m) => m.alter("users", (t) => t.add("age", "integer")),
  },

  "constraint/check": (m) => m.createConstraint("users", "age_positive", { check: "age > 0" }),
  "constraint/check_not_validated": (m) => m.createConstraint("users", "age_positive", { check: "age > 0", validate: false }),
  "constraint/exclude": (m) => m.createConstraint("users", "no_dup", { exclude: "btree (age WITH =)" }),

  "create_table/minimal": (m) => m.create("t", (t) => t.add("name", "string")),
  "create_table/empty_block": (m) => m.create("t"),
  "create_table/no_primary_key": (m) => m.create("t", (t) => t.add("a", "integer"), { primaryKey: false }),
  "create_table/custom_pk_name_type": (m) =>
    m.create("t", (t) => t.add("a", "integer"), { primaryKey: { name: "uuid", type: "uuid" } }),
  "create_table/composite_pk": (m) =>
    m.create("t", columns(["a", "integer", { primaryKey: true }], ["b", "integer", { primaryKey: true }]), { primaryKey: false }),
  "create_table/identity_pk": (m) => m.create("t", (t) => t.add("a", "integer"), { primaryKey: { type: "identity" } }),
  "create_table/comment": (m) =>
    m.create("t", (t) => t.add("a", "integer", { comment: "a column" }), { comment: "a 'quoted' table" }),
  "create_table/options": (m) => m.create("t", (t) => t.add("a", "integer"), { options: "WITH (fillfactor=70)" }),
  "create_table/modifiers": (m) => m.create("t", (t) => t.add("a", "integer"), { modifiers: "UNLOGGED" }),
  "create_table/if_not_exists": (m) => m.createIfNotExists("t", (t) => t.add("a", "integer")),
  "create_table/if_not_exists_already": (m) => m.createIfNotExists("users", (t) => t.add("a", "integer")),
  "create_table/already_exists_error": (m) => m.create("users", (t) => t.add("a", "integer")),

  "drop/table_irreversible": (m) => m.drop("users"),
  "drop/table_cascade": (m) => m.drop("users", { mode: "cascade" }),
  "drop/index_reversible": (m) => m.dropIndex("users", ["name"]),
  "drop/index_if_exists": (m) => m.dropIndexIfExists("users", ["name"]),
  "drop/constraint_irreversible": (m) => m.dropConstraint("users", "c"),
  "drop/constraint_if_exists": (m) => m.dropConstraintIfExists("users", "zz"),

  "execute/up_down_strings": (m) => m.execute("CREATE VIEW v AS SELECT 1 AS x", "DROP VIEW v"),
  "execute/sql_error": (m) => m.execute("SELECT nope", "SELECT 1"),
  "execute/flush": (m) => m.create("t", (t) => t.add("a", "integer")).flush(),

  "flow/several_commands_reverse": (m) =>
    m.create("a", (t) => t.add("x", "integer")).create("b", (t) => t.add("a_id", references("a")))
      .createIndex("b", ["a_id"]).createUniqueIndex("a", ["x"]),
  "flow/partial_failure_rolls_back": (m) => m.create("a", (t) => t.add("x", "integer")).execute("SELECT nope", ""),
  "flow/irreversible_mixed": (m) => m.create("a", (t) => t.add("x", "integer")).alter("users", (t) => t.remove("age")),
  "flow/rename_then_use": (m) => m.rename("users", "people").createIndex("people", ["name"]),

  "index/multi_column": (m) => m.createIndex("users", ["name", "email"]),
  "index/single_atom_column": (m) => m.createIndex("users", "name"),
  "index/unique": (m) => m.createUniqueIndex("users", ["email"]),
  "index/unique_option": (m) => m.createIndex("users", ["email"], { unique: true }),
  "index/where": (m) => m.createUniqueIndex("users", ["email"], { where: "age > 18", name: "adult_email" }),
  "index/using": (m) => m.createIndex("users", ["name"], { using: "hash" }),
  "index/include": (m) => m.createIndex("users", ["name"], { include: ["email"] }),
  "index/expression": (m) => m.createIndex("users", ["lower(email)"]),
  "index/expression_name": (m) => m.createUniqueIndex("users", ["lower(email)", "name"]),
  "index/concurrently": [
    (m) => m.createIndex("users", ["name"], { concurrently: true }),
    { disableDdlTransaction: true, disableMigrationLock: true },
  ],
  "index/concurrently_in_transaction_error": (m) => m.createIndex("users", ["name"], { concurrently: true }),
  "index/if_not_exists": (m) => m.createIndexIfNotExists("users", ["name"]),
  "index/comment": (m) => m.createIndex("users", ["name"], { comment: "why" }),
  "index/prefix": (m) => m.createIndex("t", ["a"], { prefix: "app" }),

  "options/null_false": (m) => m.create("t", columns(["a", "string", { null: false }], ["b", "string", { null: true }])),
  "options/defaults": (m) =>
    m.create("t", columns(
      ["a", "string", { default: "it's" }], ["b", "integer", { default: 3 }], ["c", "boolean", { default: false }],
      ["d", "float", { default: 1.5 }], ["e", "decimal", { default: 2 }], ["f", "string", { default: null }],
    )),
  "options/default_bad_value": (m) => m.create("t", (t) => t.add("a", "string", { default: [1, 2] })),
  "options/check_column": (m) =>
    m.create("t", (t) => t.add("price", "integer", { check: { name: "price_positive", expr: "price > 0" } })),
  "options/collation": (m) => m.create("t", (t) => t.add("a", "string", { collation: "C" })),
  "options/after_column": (m) => m.alter("users", (t) => t.add("nick", "string", { after: "name" })),

  "references/plain": (m) => m.create("t", (t) => t.add("user_id", references("users"))),
  "references/on_delete_all": (m) =>
    m.create("t", (t) =>
      t.add("a", references("users", { onDelete: "nothing" })).add("b", references("users", { onDelete: "delete_all" }))
        .add("c", references("users", { onDelete: "nilify_all" })).add("d", references("users", { onDelete: "restrict" }))),
  "references/on_delete_nilify_columns": (m) =>
    m.create("t", (t) => t.add("a", "integer").add("b", references("users", { onDelete: { nilify: ["b"] } }))),
  "references/on_update": (m) =>
    m.create("t", (t) =>
      t.add("a", references("users", { onUpdate: "update_all" })).add("b", references("users", { onUpdate: "nilify_all" }))
        .add("c", references("users", { onUpdate: "restrict" }))),
  "references/null_false_and_default": (m) => m.create("t", (t) => t.add("u", references("users"), { null: false, default: 1 })),
  "references/validate_false": (m) => m.alter("users", (t) => t.modify("org_id", references("orgs", { validate: false }))),
  "references/with_composite": (m) =>
    m.create("t", (t) => t.add("tenant", "bigint").add("p_id", references("p", { with: { tenant: "tenant" }, match: "full" }))),
  "references/missing_table_error": (m) => m.create("t", (t) => t.add("u", references("nope"))),

  "rename/column": (m) => m.renameColumn("users", "email", "mail"),
  "rename/index": (m) => m.renameIndex("users", ["name"], "new_i", { name: "old_i" }),

  "timestamps/default": (m) => m.create("t", (t) => t.timestamps()),
  "timestamps/usec": (m) => m.create("t", (t) => t.timestamps({ type: "utc_datetime_usec" })),
  "timestamps/renamed": (m) => m.create("t", (t) => t.timestamps({ insertedAt: "created_at", updatedAt: "changed_at" })),
  "timestamps/only_inserted": (m) => m.create("t", (t) => t.timestamps({ updatedAt: false })),
  "timestamps/null_default": (m) => m.create("t", (t) => t.timestamps({ null: true, default: fragment`now()` })),

  "types/strings": (m) =>
    m.create("t", columns(
      ["a", "string"], ["b", "string", { size: 40 }], ["c", "text"], ["d", "binary"], ["e", "char", { size: 3 }],
    )),
  "types/numbers": (m) =>
    m.create("t", columns(
      ["a", "integer"], ["b", "bigint"], ["c", "smallint"], ["d", "float"], ["e", "decimal"], ["f", "decimal", { precision: 10 }],
      ["g", "decimal", { precision: 10, scale: 2 }], ["h", "numeric", { precision: 5, scale: 1 }],
    )),
  "types/booleans_and_ids": (m) =>
    m.create("t", columns(["a", "boolean"], ["b", "id"], ["c", "binary_id"], ["d", "uuid"], ["e", "serial"], ["f", "bigserial"])),
  "types/maps_arrays": (m) =>
    m.create("t", columns(
      ["a", "map"], ["b", { map: "string" }], ["c", { array: "string" }], ["d", { array: "integer" }],
      ["e", { array: { array: "integer" } }], ["f", "json"], ["g", "jsonb"],
    )),
  "types/time_precision": (m) =>
    m.create("t", columns(["a", "utc_datetime_usec", { precision: 3 }], ["b", "time_usec", { precision: 2 }])),
  "types/enum_is_string": (m) => m.create("t", (t) => t.add("status", "string", { default: "new", null: false })),
};
