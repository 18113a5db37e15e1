// JSON Schema of rules, held to what the rules do: on the params of the conformance vectors, and by example.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv7 from "ajv";
import Ajv4 from "ajv-draft-04";
import Ajv2020 from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { applyChanges, belongsTo, embedsMany, hasMany, load, schema, t } from "ectomorph";
import { toJsonSchema, withJsonSchema } from "ectomorph/json-schema";

// OpenAPI 3.0 has the words of draft 4, and `nullable`.
const AJV = { "draft-2020-12": Ajv2020.default ?? Ajv2020, "draft-07": Ajv7.default ?? Ajv7, "openapi-3.0": Ajv4.default ?? Ajv4 };
const TARGETS = Object.keys(AJV);
const ajvs = Object.fromEntries(
  TARGETS.map((target) => [target, (formats.default ?? formats)(new AJV[target]({ strict: false, logger: false, addUsedSchema: false }))]),
);

const checks = new Map();

/** What a value does not meet of a schema; null if it meets all. */
function faults(target, schema, value) {
  const key = target + JSON.stringify(schema);
  const check = checks.get(key) ?? ajvs[target].compile(schema);
  checks.set(key, check);
  return check(value) ? null : ajvs[target].errorsText(check.errors);
}

const dir = new URL("../../tests/conformance/changeset/", import.meta.url);
const vectors = readdirSync(dir)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, dir), "utf8")).cases)
  .filter(({ schema, steps, params, data, state }) => schema && steps && isPlain(params) && data === undefined && (state ?? "built") === "built");

/** Whether params are JSON and nothing else. */
function isPlain(params) {
  return typeof params === "object" && params !== null && !Array.isArray(params) && !/"\$\w+":/.test(JSON.stringify(params));
}

/** The rules of a vector, and what they make of its params; undefined where they can't run here. */
function made({ schema, steps, params }) {
  try {
    const rules = load({ version: 1, schema, steps });
    return { rules, changeset: rules(rules.schema.build(), params) };
  } catch {
    return undefined;
  }
}

/** A record as JSON, without what was not loaded. */
const asJson = (record) => JSON.parse(JSON.stringify(record, (_, value) => (typeof value === "bigint" ? Number(value) : value)));

for (const target of TARGETS) {
  test(`${target}: what rules accept, their schema that accepts all accepts`, () => {
    const count = { accepted: 0, refused: 0, refusedToo: 0 };
    const wrong = [];
    for (const vector of vectors) {
      const { rules, changeset } = made(vector) ?? {};
      if (changeset === undefined) continue;
      const fault = faults(target, toJsonSchema(rules, { target, accepts: "all" }), vector.params);
      if (!changeset.valid) {
        count.refused++;
        if (fault !== null) count.refusedToo++;
        continue;
      }
      count.accepted++;
      if (fault !== null) wrong.push(`${vector.id}: ${fault} ${JSON.stringify(vector.params)} ${JSON.stringify(vector.steps)}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(count.accepted > 900 && count.refusedToo > count.refused / 4, JSON.stringify(count));
  });

  test(`${target}: the records that come out are as their schema says`, () => {
    const wrong = [];
    let checked = 0;
    for (const vector of vectors) {
      const { rules, changeset } = made(vector) ?? {};
      if (changeset?.valid !== true) continue;
      let record;
      try {
        record = asJson(applyChanges(changeset));
      } catch {
        continue;
      }
      checked++;
      const fault = faults(target, toJsonSchema(rules, { target, io: "output" }), record);
      if (fault !== null) wrong.push(`${vector.id}: ${fault} ${JSON.stringify(record)} ${JSON.stringify(vector.steps)}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(checked > 900, String(checked));
  });
}

test("what rules made of params, a client may send as it came out", () => {
  const wrong = [];
  let checked = 0;
  for (const vector of vectors) {
    // Limits count code points here, graphemes there.
    if (vector.id.startsWith("validate_length/string")) continue;
    const { rules, changeset } = made(vector) ?? {};
    const casts = vector.steps.flatMap(([step, fields]) => (step === "cast" ? fields : []));
    if (changeset?.valid !== true || casts.length === 0 || vector.steps.some(([step]) => /acceptance|confirmation|^(put|cast)_|change/.test(step))) continue;
    const record = asJson(applyChanges(changeset));
    const params = Object.fromEntries(casts.filter((field) => record[field] !== undefined).map((field) => [field, record[field]]));
    checked++;
    const fault = faults("draft-2020-12", toJsonSchema(rules), params);
    if (fault !== null) wrong.push(`${vector.id}: ${fault} ${JSON.stringify(params)} ${JSON.stringify(vector.steps)}`);
  }
  assert.deepEqual(wrong, []);
  assert.ok(checked > 400, String(checked));
});

const Item = schema.embedded({ sku: t.string(), qty: t.integer() });
const User = schema("users", {
  name: t.string(), email: t.string(), age: t.integer(), born_on: t.date(), balance: t.decimal(),
  role: t.enum("admin", "user").default("user"), tags: t.array(t.string()), items: embedsMany(Item),
});
const registration = User.changeset((c) =>
  c
    .cast("name", "email", "age", "born_on", "balance", "role", "tags")
    .validateRequired("name", "email")
    .validateLength("name", { min: 2, max: 40 })
    .validateFormat("email", /^[^@]+@[^@]+$/)
    .validateNumber("age", { greaterThanOrEqualTo: 18, lessThan: 150 })
    .validateLength("tags", { max: 3 })
    .validateSubset("tags", ["a", "b"])
    .validateAcceptance("terms")
    .castEmbed("items", { with: (i) => i.cast("sku", "qty").validateRequired("sku") }),
);

test("a client is told types, bounds, choices, children, and what is required", () => {
  assert.deepEqual(toJsonSchema(registration), {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      name: { type: "string", minLength: 2, maxLength: 40 },
      email: { type: "string", pattern: "^[^@]+@[^@]+$", minLength: 1 },
      age: { type: ["integer", "null"], minimum: 18, exclusiveMaximum: 150 },
      born_on: { type: ["string", "null"], format: "date" },
      balance: { anyOf: [{ type: "number" }, { type: "string", pattern: "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$" }, { type: "null" }] },
      role: { anyOf: [{ type: "string", enum: ["admin", "user"] }, { type: "null" }], default: "user" },
      tags: { type: ["array", "null"], items: { enum: ["a", "b"] }, maxItems: 3 },
      items: {
        type: "array",
        items: {
          type: "object",
          properties: { sku: { type: "string", minLength: 1 }, qty: { type: ["integer", "null"] } },
          required: ["sku"],
        },
      },
      terms: { const: true },
    },
    required: ["name", "email", "terms"],
  });
});

test("OpenAPI 3.0 is told the same in its own words", () => {
  const { properties } = toJsonSchema(registration, { target: "openapi-3.0" });
  assert.deepEqual(properties.age, { type: "integer", nullable: true, minimum: 18, maximum: 150, exclusiveMaximum: true });
  assert.deepEqual(properties.terms, { enum: [true] });
  assert.deepEqual(properties.balance.anyOf.at(-1), { enum: [null] });
  assert.equal("$schema" in toJsonSchema(registration, { target: "openapi-3.0" }), false);
});

test("records that lead to themselves are written once, by name", () => {
  const Author = schema("authors", { name: t.string(), get posts() { return hasMany(Post, { foreignKey: "author_id" }); } });
  const Post = schema("posts", { title: t.string(), author: belongsTo(Author), get replies() { return hasMany(Post, { foreignKey: "post_id" }); } });
  const rules = Author.changeset((c) => c.cast("name").validateRequired("name").castAssoc("posts", { with: (p) => p.cast("title") }));
  const output = toJsonSchema(rules, { io: "output" });
  const record = applyChanges(rules(Author.build(), { name: "Ada", posts: [{ title: "a" }] }));
  assert.equal(faults("draft-2020-12", output, asJson(record)), null);
  assert.notEqual(faults("draft-2020-12", output, { ...asJson(record), posts: [{ title: 1 }] }), null);
  assert.equal(faults("draft-07", toJsonSchema(rules, { io: "output", target: "draft-07" }), asJson(record)), null);
  assert.throws(() => toJsonSchema(rules, { io: "output", target: "openapi-3.0" }), /the rules of `authors` lead to themselves.*use draft-2020-12/);
});

test("Standard JSON Schema stands beside Standard Schema, and says what it can't write", () => {
  const { "~standard": standard } = withJsonSchema(registration);
  assert.equal(standard.version, 1);
  assert.equal(standard.validate({ name: "x" }).issues.length > 0, true);
  assert.deepEqual(standard.jsonSchema.input({ target: "draft-07" }), toJsonSchema(registration, { target: "draft-07" }));
  assert.equal(faults("draft-07", standard.jsonSchema.output({ target: "draft-07" }), { ...User.build(), name: "Ada", email: "a@b" }), null);
  assert.throws(() => standard.jsonSchema.input({ target: "draft-04" }), {
    name: "EctomorphError",
    message: "JSON Schema has no target `draft-04`; there are draft-2020-12, draft-07, openapi-3.0",
  });
});
