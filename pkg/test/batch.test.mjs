// Many rows at once: what becomes of each is what the rules make of it alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { castAll, castAllStream } from "../dist/node/batch/index.js";
import * as library from "../dist/node/conformance.js";
import { PATTERNS, TEXTS, paramsOf, random, schemaOf, stepsOf, valueOf } from "./random-rules.mjs";

const { Sight, applyChanges, columnsOf, embedsMany, load, schema, setTranslate, t, traverseErrors, translate } = library;

const DOCUMENTS = Number(process.env.DOCUMENTS ?? 250);

const Line = schema.embedded({ sku: t.string(), qty: t.integer() }, { primaryKey: false });
const line = Line.changeset((c) => c.cast("sku", "qty").validateRequired("sku").validateNumber("qty", { greaterThan: 0 }));
const Order = schema("orders", { number: t.string(), lines: embedsMany(Line) }, { primaryKey: false });
const placing = Order.changeset((c) => c.cast("number").validateRequired("number").castEmbed("lines", { with: line }));

const User = schema("users", { name: t.string(), age: t.integer(), role: t.string().default("guest") });
const registration = User.changeset((c) =>
  c.cast("name", "age", "role").validateRequired("name").validateLength("name", { max: 8 }).validateNumber("age", { greaterThan: 17 }));

/** What the rules make of a row alone: its record, or the errors with the way to each field. */
function alone(rules, params) {
  const changeset = rules(rules.schema.build(), params);
  if (changeset.valid) return { value: applyChanges(changeset) };
  const errors = [];
  const descend = (tree, place) => {
    for (const [field, found] of Object.entries(tree)) {
      if (!Array.isArray(found)) descend(found, `${place}${field}.`);
      else found.forEach((each, index) => (each instanceof Error ? errors.push([place + field, each.cause]) : descend(each, `${place}${field}.${index}.`)));
    }
  };
  descend(traverseErrors(changeset, (cause) => new Error("", { cause })), "");
  return { errors: errors.map(([field, error]) => ({ field, message: translate(error), metadata: error.metadata })) };
}

/** The same of a row of a batch; errors of different fields stand in the order of the changeset. */
const sorted = ({ value, errors }) => (errors === undefined ? { value } : { errors: [...errors].sort((a, b) => (a.field < b.field ? -1 : a.field > b.field ? 1 : 0)) });

function ofBatch(result) {
  return result.ok ? { value: result.value } : { errors: result.errors.map(({ field, message, metadata }) => ({ field, message, metadata })) };
}

/** Texts that fit a type, mostly. */
const FITTING = {
  string: ["abc", "Ada Lovelace", "ada@example.com", "a", "AB-1"], integer: ["1", "42", "18", 18], id: ["7", 42], float: ["1.5", "42", 1.5], boolean: ["true", "0", true],
  date: ["2024-01-31"], uuid: ["601d74e4-a8d3-4b6e-8365-eddb4c893327"], decimal: ["1.5"],
};

/** A row for such a document. */
function flatRow(r, fields) {
  const row = {};
  for (const [name, type] of Object.entries(fields)) {
    if (r.chance(0.05)) continue;
    const fitting = FITTING[type] ?? ["draft", "low"];
    row[name] = r.chance(0.75) ? r.pick(fitting) : r.chance(0.8) ? r.pick(TEXTS) : valueOf(r);
  }
  return row;
}

/** A document of rules that a look can tell something of, mostly. */
function flatOf(r) {
  const types = ["string", "string", "integer", "float", "boolean", "date", "uuid", "id", { enum: ["draft", "paid"] }, { enum: [["low", 1], ["mid", 5]] }, "decimal"];
  const fields = Object.fromEntries(["a", "b", "c", "d", "e"].slice(0, 1 + r.below(5)).map((name) => [name, r.pick(types)]));
  const names = Object.keys(fields);
  const steps = [["cast", names]];
  if (r.chance(0.6)) steps.push(["validate_required", r.some(names)]);
  for (const name of names) {
    const type = fields[name];
    if (type === "string" && r.chance(0.4)) steps.push(["validate_length", name, { min: r.below(4), max: 3 + r.below(70) }]);
    if (type === "string" && r.chance(0.4)) steps.push(["validate_format", name, { $regex: r.pick(PATTERNS) }]);
    if (type === "string" && r.chance(0.3)) steps.push([r.pick(["validate_inclusion", "validate_exclusion"]), name, r.some(["a", "abc", "é", "Ada Lovelace", ""])]);
    if (/integer|float|id$/.test(type) && type !== "uuid" && r.chance(0.5)) {
      steps.push(["validate_number", name, [[r.pick(["less_than", "greater_than_or_equal_to", "not_equal_to"]), r.pick([0, 18, 1.5])]]]);
    }
    if (type === "integer" && r.chance(0.3)) steps.push(["validate_inclusion", name, { $range: [0, 42] }]);
  }
  const document = { source: "things", fields, primary_key: false };
  const fitting = names.filter((name) => fields[name] === "string");
  if (r.chance(0.3)) document.defaults = Object.fromEntries(fitting.map((name) => [name, r.pick(["dflt", "", "abc"])]));
  return { version: 1, schema: document, steps };
}

test("a batch of random rows is what random rules make of each row alone", (t) => {
  const count = { documents: 0, rows: 0, valid: 0, seen: 0 };
  for (let seed = 1; seed <= DOCUMENTS; seed++) {
    const r = random(seed * 104729);
    const isFlat = seed % 2 === 0;
    const nested = schemaOf(r, r.pick([0, 1]), false);
    const document = isFlat ? flatOf(r) : { version: 1, schema: nested, steps: stepsOf(r, nested) };
    let rules;
    const rows = [];
    try {
      rules = load(document);
      for (let row = 0; row < 30; row++) {
        const params = isFlat ? flatRow(r, document.schema.fields) : paramsOf(r, document.schema);
        // What throws alone throws in a batch.
        rules(rules.schema.build(), params);
        rows.push(params);
      }
    } catch {
      continue;
    }
    count.documents++;
    const columns = columnsOf(rules);
    const sight = columns && new Sight(columns, 1);
    const batch = castAll(rules, rows);
    assert.equal(batch.rows, rows.length);
    for (const result of batch) {
      const params = rows[result.row];
      const expected = alone(rules, params);
      const context = `seed ${seed}.${result.row}: ${JSON.stringify(document)}`;
      assert.deepStrictEqual(sorted(ofBatch(result)), sorted(expected), context);
      count.rows++;
      if (result.ok) count.valid++;
      sight?.look([params], 0, 1);
      if (sight?.record(0) !== undefined) count.seen++;
    }
    assert.equal(batch.valid, batch.values.length === rows.length);
    // More than are looked at together, as a list and one by one.
    const many = Array.from({ length: 300 }, (_, index) => rows[(index * 7) % rows.length]);
    const whole = castAll(rules, many);
    assert.deepStrictEqual([...castAll(rules, many.values())], [...whole]);
    const results = [...batch];
    [...whole].forEach((result, index) => assert.deepStrictEqual(ofBatch(result), ofBatch(results[(index * 7) % rows.length])));
    batch.values.forEach((value, index) => assert.strictEqual(value, [...batch][batch.rowOf(index)].value));
  }
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.documents > DOCUMENTS / 2 && count.seen > count.documents && count.valid > count.seen && count.rows > count.valid);
});

test("errors are told by row and field, those of children with the way to them", () => {
  const batch = castAll(placing, [
    { number: "1", lines: [{ sku: "a", qty: "1" }] },
    { number: "", lines: [{ sku: "a", qty: "1" }, { sku: "", qty: "0" }] },
    null,
    { number: "2" },
  ]);
  assert.deepEqual(batch.values, [{ number: "1", lines: [{ sku: "a", qty: 1 }] }, { number: "2", lines: [] }]);
  assert.deepEqual([batch.rowOf(0), batch.rowOf(1)], [0, 3]);
  assert.deepEqual(batch.errors.map(({ row, field, message }) => [row, field, message]), [
    [1, "number", "can't be blank"],
    [1, "lines.1.qty", "must be greater than 0"],
    [1, "lines.1.sku", "can't be blank"],
    [2, null, "is not an object"],
  ]);
  assert.deepEqual(batch.errors[1].metadata, { validation: "number", kind: "greater_than", number: 0 });
  assert.deepEqual([batch.rows, batch.invalid, batch.valid, batch.truncated], [4, 2, false, false]);
});

test("rows with other keys, in another order, or made by classes are read all the same", () => {
  class Person {
    name = "Ada";
    age = 36;
  }
  const rows = [
    { age: 36, name: "Ada" }, { name: "Ada" }, { name: "Ada", other: 1, age: "36" }, new Person(), Object.assign(Object.create(null), { name: "Ada" }),
    { name: "Ada", role: "" }, { name: "Ada", role: null }, { role: "admin", age: null, name: "Ada" },
  ];
  assert.deepEqual(castAll(registration, [...rows, ...rows]).values, [...rows, ...rows].map((row) => alone(registration, row).value));
  assert.equal(castAll(registration, rows).values[6].role, null);
});

test("rows may have more columns than most, or an iterator's one object each time", () => {
  const names = Array.from({ length: 21 }, (_, place) => `f${place}`);
  const Wide = schema("wide", Object.fromEntries(names.map((name, place) => [name, place % 3 === 0 ? t.float() : place % 3 === 1 ? t.integer() : t.string()])), { primaryKey: false });
  const casting = Wide.changeset((c) => c.cast(...names).validateRequired("f18", "f19"));
  const rows = Array.from({ length: 200 }, (_, row) => Object.fromEntries(names.map((name, place) => [name, place % 5 === row % 5 && place < 18 ? "" : String(row + place)])));
  const batch = castAll(casting, rows);
  assert.deepEqual(batch.values, rows.map((row) => alone(casting, row).value));
  assert.equal(batch.values.length, 200);
  const one = {};
  assert.deepEqual(castAll(casting, (function* () { for (const row of rows) yield Object.assign(one, row); })()).values, batch.values);
  // A field of a name that objects inherit is none of theirs.
  const Named = schema("named", { constructor: t.string(), toString: t.string(), name: t.string() }, { primaryKey: false });
  const naming = Named.changeset((c) => c.cast("constructor", "toString", "name"));
  assert.deepEqual(castAll(naming, [{ name: "Ada" }, { constructor: "x", name: "Eve" }]).values.map((value) => [Object.hasOwn(value, "constructor") && value.constructor, value.name]), [[null, "Ada"], ["x", "Eve"]]);
});

test("an iterator is read as it goes, with progress, limits and an end", async () => {
  let made = 0;
  function* rows() {
    for (;;) yield { name: made++ % 3 === 0 ? "" : "Ada" };
  }
  const told = [];
  const batch = castAll(registration, rows(), { maxRows: 25, chunkRows: 10, maxErrors: 4, onProgress: (progress) => told.push(progress) });
  assert.deepEqual(told.map(({ rows, invalid }) => [rows, invalid]), [[10, 4], [20, 7], [25, 9]]);
  assert.deepEqual([batch.rows, batch.invalid, batch.values.length, batch.truncated, batch.valid], [25, 9, 16, true, false]);
  assert.deepEqual(batch.errors.map(({ row }) => row), [0, 3, 6, 9, null]);
  assert.deepEqual([...batch].filter(({ ok }) => !ok).map(({ errors }) => errors.length), [1, 1, 1, 1, 0, 0, 0, 0, 0]);
  assert.equal(batch.errors[4].message, "more than 25 rows; the others were not read");

  const streamed = [];
  for await (const { first, rows: count, errors } of castAllStream(registration, (async function* () { yield* Array.from({ length: 25 }, () => ({ name: "" })); })(), { chunkRows: 10 })) {
    streamed.push([first, count, errors.length, errors[0].row]);
  }
  assert.deepEqual(streamed, [[0, 10, 10, 0], [10, 10, 10, 10], [20, 5, 5, 20]]);

  const controller = new AbortController();
  const ending = castAllStream(registration, rows(), { chunkRows: 5, signal: controller.signal });
  await ending.next();
  controller.abort(new Error("enough"));
  await assert.rejects(ending.next(), /enough/);
  assert.throws(() => castAll(registration, rows(), { signal: controller.signal }), /enough/);
  assert.throws(() => castAll(registration, 5), /must be a list/);
  assert.throws(() => castAll(registration, [], { chunkRows: 0 }), /chunkRows must be a whole number above 0/);
});

test("messages are translated", () => {
  setTranslate((message, bindings) => `${message}|${bindings.validation}`);
  try {
    assert.equal(castAll(registration, [{}]).errors[0].message, "can't be blank|required");
  } finally {
    setTranslate(null);
  }
});
