// The description of a schema is what the whole engine makes of it, or none.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Core, belongsTo, describeSchema, embedsMany, hasMany, isSound, load, schema, t, theWhole } from "../dist/node/conformance.js";
import { Post } from "./domain.mjs";

const vectors = new URL("../../tests/conformance/changeset/", import.meta.url);

function ofEngine(document) {
  try {
    return theWhole("a test").compile(new Core(document, { steps: [], validators: [] }));
  } catch (error) {
    assert.equal(error.name, "EctomorphError", error.stack);
    return undefined;
  }
}

const plain = (value) => JSON.parse(JSON.stringify(value, (_, inside) => (typeof inside === "bigint" ? `${inside}n` : inside)));

/** Without what the engine keeps to itself. */
const without = ({ changeset: _, ...description }) => ({
  ...description,
  fields: description.fields.map((field) => (field.schema === undefined ? field : { ...field, schema: without(field.schema) })),
});

test("every schema of the vectors is described as the whole engine does", () => {
  const seen = new Map();
  for (const file of readdirSync(vectors).filter((name) => name.endsWith(".json"))) {
    for (const { schema } of JSON.parse(readFileSync(new URL(file, vectors), "utf8")).cases) {
      if (schema !== undefined) seen.set(JSON.stringify(schema), schema);
    }
  }
  let described = 0;
  for (const document of seen.values()) {
    if (!isSound(document)) continue;
    described++;
    assert.deepEqual(plain(without(describeSchema(document))), plain(ofEngine(document)), JSON.stringify(document));
  }
  assert.ok(seen.size > 100 && described > seen.size * 0.9, `${described} of ${seen.size}`);
});

test("so is every schema of the builder", () => {
  const Tag = schema("tags", { label: t.string().default("new"), weight: t.decimal().default("1.50") }, { timestamps: true });
  const Blog = schema("blogs", {
    title: t.string().redact(), started_on: t.date().default("2024-02-29"), at: t.utcDatetime().default("2024-02-29T10:00:00Z"),
    size: t.enum({ small: 1, large: 2 }), scores: t.map(t.array(t.float())), big: t.integer().default(2n ** 60n),
    owner: belongsTo(schema("users", { code: t.string().primaryKey() }, { prefix: "app" })),
    tags: hasMany(Tag, { foreignKey: "blog_id", onReplace: "nilify", defaults: { label: "x" }, preloadOrder: [["desc", "label"]] }),
    parts: embedsMany(schema.embedded({ at: t.time() }, { primaryKey: { name: "key", type: t.uuid() } })),
  }, { timestamps: { insertedAt: "made_at", updatedAt: false, type: t.utcDatetimeUsec() } });
  for (const { document } of [Post, Tag, Blog]) {
    assert.deepEqual(plain(without(describeSchema(document))), plain(ofEngine(document)));
  }
});

test("what the whole engine refuses is left to it", () => {
  const users = (more) => ({ source: "users", fields: { name: "string" }, ...more });
  const child = { embedded: true, name: "line", fields: { sku: "string" } };
  const refused = [
    null, [], {}, { fields: {} }, { source: 1 }, users({ fields: [] }), users({ colour: "red" }), users({ fields: { name: "strng" } }),
    users({ fields: { name: { list: "string" } } }), users({ fields: { name: { enum: [] } } }), users({ fields: { name: { enum: ["a", "a"] } } }),
    users({ fields: { name: { enum: [["a", 1], ["b", "2"]] } } }), users({ fields: { id: "id" } }), users({ fields: { "": "string" } }),
    users({ virtual: ["nobody"] }), users({ virtual: "name" }), users({ defaults: { nobody: 1 } }), users({ writable: { name: "sometimes" } }),
    users({ timestamps: { created_at: "x" } }), users({ timestamps: 1 }), users({ fields: { inserted_at: "date" }, timestamps: true }),
    users({ embeds_many: { name: { schema: child } } }), users({ embeds_many: { lines: { schema: child, on_replace: "update" } } }),
    users({ embeds_one: { line: { schema: child, on_replace: "nilify" } } }), users({ embeds_one: { line: {} } }),
    users({ embeds_one: { line: { schema: child, colour: 1 } } }), users({ has_many: { posts: { schema: users() } } }),
    users({ many_to_many: { posts: { schema: users() } } }), users({ embeds_one: { line: { schema: child, defaults: { colour: 1 } } } }),
    users({ embedded: "yes" }), users({ defaults: { name: { $date: "2024-02-30" } } }), users({ defaults: { name: { $when: "now" } } }),
  ];
  for (const document of refused) {
    assert.equal(ofEngine(document), undefined, `the engine takes ${JSON.stringify(document)}`);
    assert.equal(isSound(document), false, JSON.stringify(document));
  }
});

test("a schema that only the whole engine can describe is what it says", () => {
  const document = {
    source: "users", fields: { name: "string" }, through: { likes: { cardinality: "many", path: ["posts", "likes"] } },
    has_many: { posts: { schema: { source: "posts", fields: { title: "string", user_id: "id" } }, foreign_key: "user_id" } },
  };
  assert.equal(isSound(document), false);
  const { schema } = load({ version: 1, schema: document, steps: [["cast", ["name"]]] });
  assert.deepEqual(schema.description, ofEngine(document));
  assert.deepEqual(schema.change(schema.build(), { name: "Ada" }).changes, { name: "Ada" });
});

test("a mistake of the builder's user is the whole engine's to name", () => {
  const Part = schema.embedded({ name: t.string() });
  const Whole = schema("wholes", { parts: embedsMany(Part, { onReplace: "update" }) });
  assert.equal(describeSchema(Whole.document), undefined);
  assert.throws(() => Whole.changeset((c) => c.castEmbed("parts", { with: (p) => p.cast("name") }))(Whole.build(), {}), /does not admit on_replace `update`/);
});
