// What is remembered of the small engine's answers against the whole engine: params that a look does not tell apart must
// be the same to every rule.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "../dist/node/conformance.js";
import { castOptions, NUMBERS, PATTERNS, random, ruleOf } from "./random-rules.mjs";
import { attempt, shownAs } from "./shown.mjs";

const { applyChanges, Changeset, interpolate, load, recall, straight, theWhole } = library;

const DOCUMENTS = Number(process.env.DOCUMENTS ?? 250);
const INPUTS = 10;

/** Params that many records have in common but for their very values, at the edges of what a look tells apart. */
const LIKENESSES = {
  string: [
    "Ada", "Grace", "Hedy L", "Ümit", "Łódź", "Дмитрий", "山田太郎", "e\u0301a", "\u0301abc", "a\u200db", "👩‍👩‍👧", "ab\ud800", "\u00a0x", " x", "\u0085", "",
    "a", "ab", "a b", "a\r\nb", "ada@example.com", "ada@example", "@", "ab_1", "AB-1", "AB-22", "ab 7", "x".repeat(64), "x".repeat(65), "é".repeat(66),
    "draft", "paid", "dflt", "A\u00adB", "\u007f", "\u02b0a", "\u0483b", "a\u0483",
  ],
  integer: ["0", "1", "5", "17", "18", "19", "+7", "-3", "-0", "007", "999999999", "1000000000", "99999999999999999999", "1.0", "many", "5x", "x5", "_", "+", "", " 5", 0, -0, 18, 2 ** 31, 1.5],
  float: ["0", "-0", "-0.0", "1", "1.5", "+2.50", "18.0", "1.", ".5", "1..2", "1e3", "0.1234567", "123456.789", "1234567.891", "abc", "1,5", "NaN", "Infinity", "", 0, -0, 18, 1.5, -0.25, 2 ** 31, 2 ** 53, 1e300],
  decimal: ["0", "1", "1.50", "01.5", "-1", "+1", "17.999", "18", "18.0", "18.000000", "18.0000001", "1e3", "NaN", "abc", "", 5],
  boolean: ["true", "false", "1", "0", "yes", "TRUE", "", " true", true, false, 1, 0],
  naive: [
    "2024-01-31T10:20:30", "2024-02-28T10:20:30", "2024-02-28T23:59:59", "2024-02-28T24:00:00", "2024-02-28 10:20:30", "2024-02-28T10:20:30Z",
    "2024-02-28T10:20", "2024-02-28T10:20:30.5", "0000-01-01T00:00:00", "2024-02-28", "soon", "",
  ],
  utc: [
    "2024-01-31T10:20:30Z", "2024-02-28T10:20:30Z", "2024-02-28T23:59:60Z", "2024-02-28 10:20:30Z", "2024-02-28T10:20:30", "2024-02-28T10:20:30z",
    "2024-02-28T10:20:30+01:00", "9999-12-28T23:59:59Z", "soon", "",
  ],
  date: ["2024-01-31", "2024-02-28", "2024-02-29", "2023-02-29", "2024-04-31", "2024-13-01", "2024-00-10", "0000-01-01", "2024-01-31T00:00:00", "soon", ""],
};
LIKENESSES.status = [...LIKENESSES.string, "sent", "Draft"];
const LOOKED_AT = { ...Object.fromEntries(Object.keys(LIKENESSES).map((kind) => [kind, kind])), status: { enum: ["draft", "paid", "sent"] }, naive: "naive_datetime", utc: "utc_datetime" };
const HELD = { string: "dflt", integer: 18, float: { $float: "1.5" }, decimal: { $decimal: "18" }, boolean: false, date: { $date: "2024-02-28" }, status: "paid", naive: { $naive_datetime: "2024-02-28T10:20:30" }, utc: { $utc_datetime: "2024-02-28T10:20:30Z" } };

function likeSchema(r, depth) {
  const schema = depth === 1 ? { source: "things", name: "Thing" } : { embedded: true, name: "Item", primary_key: false };
  const kinds = Array.from({ length: 1 + r.below(4) }, () => r.pick(Object.keys(LIKENESSES)));
  schema.fields = Object.fromEntries(kinds.map((kind, index) => [`${kind}_${index}`, LOOKED_AT[kind]]));
  schema.defaults = Object.fromEntries(kinds.flatMap((kind, index) => (r.chance(0.15) ? [[`${kind}_${index}`, HELD[kind]]] : [])));
  if (depth > 0 && r.chance(0.5)) {
    const related = likeSchema(r, depth - 1);
    related.changeset = likeSteps(r, related);
    schema[r.pick(["embeds_many", "embeds_one"])] = { inside: { schema: related } };
  }
  return schema;
}

function likeSteps(r, schema) {
  const names = Object.keys(schema.fields);
  const steps = [["cast", names, r.chance(0.1) ? castOptions(r, schema) : {}]];
  if (schema.embeds_many ?? schema.embeds_one) steps.push(["cast_embed", "inside", r.chance(0.5) ? { required: true } : {}]);
  for (let count = r.below(6); count > 0; count--) {
    const name = r.pick(names);
    steps.push(r.chance(0.1) ? ruleOf(r, schema, name) : likeRule(r, name));
  }
  if (r.chance(0.5)) steps.push(["validate_required", r.some(names)]);
  return steps;
}

/** A rule that a look at a param tells whether it holds. */
function likeRule(r, name) {
  const kind = name.replace(/_\d$/, "");
  if (kind === "boolean") return ["validate_acceptance", r.pick([name, "terms"])];
  if (/integer|float|decimal/.test(kind) && r.chance(0.7)) {
    return ["validate_number", name, [[r.pick(NUMBERS), r.pick([0, 1, 18, kind === "decimal" ? 5 : 1.5])], [r.pick(NUMBERS), 18]]];
  }
  if (kind === "integer") return [r.pick(["validate_inclusion", "validate_exclusion"]), name, r.some([0, 1, 17, 18, 7])];
  if (kind !== "string" || r.chance(0.2)) return ["validate_confirmation", name, r.chance(0.5) ? { required: true } : {}];
  return r.pick([
    ["validate_length", name, Object.fromEntries(r.some([["min", r.below(5)], ["max", 3 + r.below(70)], ["is", r.pick([2, 3, 64])]]))],
    ["validate_format", name, { $regex: r.pick(PATTERNS.filter((pattern) => !pattern.includes("|"))) }],
    [r.pick(["validate_inclusion", "validate_exclusion"]), name, r.some(["draft", "paid", "Ada", "Ümit", "ab"])],
  ]);
}

/** Of each document's fields a few of these, so that facts come again. */
const pools = new WeakMap();

function poolsOf(r, schema) {
  if (!pools.has(schema)) {
    const few = (name) => Array.from({ length: 5 }, () => r.pick(LIKENESSES[name.replace(/_\d$/, "")]));
    pools.set(schema, Object.fromEntries(Object.keys(schema.fields).map((name) => [name, few(name)])));
  }
  return pools.get(schema);
}

function likeParams(r, schema) {
  const params = {};
  for (const [name, pool] of Object.entries(poolsOf(r, schema))) {
    if (r.chance(0.95)) params[name] = r.pick(pool);
    if (r.chance(0.02)) params[name] = r.pick([null, [], {}, 10n, undefined]);
    if (r.chance(0.3)) params[`${name}_confirmation`] = r.chance(0.6) ? params[name] : r.pick(pool);
  }
  if (r.chance(0.2)) params.terms = r.pick(LIKENESSES.boolean);
  const related = (schema.embeds_many ?? schema.embeds_one)?.inside.schema;
  if (related !== undefined && r.chance(0.95)) {
    const child = () => likeParams(r, related);
    params.inside = schema.embeds_one ? child() : Array.from({ length: r.below(4) }, child);
    if (r.chance(0.05)) params.inside = r.pick([null, "x", { 0: child() }, [child(), 1], new (class extends Object {})()]);
  }
  return params;
}

/** How many went straight from params to what Standard Schema gives. */
let straights = 0;

/** What Standard Schema should give for a changeset. */
function validated(changeset) {
  if (changeset.valid) return { value: applyChanges(changeset) };
  const issues = issuesOf(changeset, []);
  return { issues: issues.length > 0 ? issues : [{ message: "is invalid", path: [] }] };
}

function issuesOf({ errors, changes }, path) {
  const issues = errors.map(({ field, message, metadata }) => ({ message: interpolate(message, metadata), path: [...path, field] })).reverse();
  for (const [field, change] of Object.entries(changes)) {
    if (change instanceof Changeset) issues.push(...(change.valid ? [] : issuesOf(change, [...path, field])));
    else if (Array.isArray(change) && change.some((child) => child instanceof Changeset)) {
      change.forEach((child, at) => issues.push(...(child.valid ? [] : issuesOf(child, [...path, field, at]))));
    }
  }
  return issues;
}

/** Applies rules to params after params, and holds each changeset, and the face for Standard Schema, against the whole engine's. How many were recalled. */
function heldAgainst(document, inputs, context, records = [undefined]) {
  const rules = load(document);
  const core = rules["~core"];
  if (core.plan === undefined) return 0;
  let level;
  let recalled = 0;
  inputs.forEach((params, at) => {
    const record = records[at % records.length];
    const [data, isBlank] = record === undefined ? [rules.schema.build(), true] : [record, false];
    const held = record && level?.slots.map(({ name }) => record[name]);
    if (level?.answers !== undefined && (isBlank || level.besideData) && recall(level, params, held) !== undefined) recalled++;
    const fast = attempt(() => {
      const source = core.apply(data, isBlank, params);
      level = source.result.level;
      return shownAs(new Changeset(source));
    });
    const made = () => new Changeset(theWhole("a test").recipe(core, data, isBlank, params));
    const whole = attempt(() => shownAs(made()));
    const where = `${context}.${at}: ${JSON.stringify(document)} ${JSON.stringify(params.field)}`;
    assert.deepStrictEqual(fast, whole, where);
    if (!isBlank || whole.thrown !== undefined) return;
    const known = straight(core.plan.root, params);
    const expected = validated(made());
    for (const given of [known, known && straight(core.plan.root, params), rules["~standard"].validate(params)]) {
      if (given === undefined) continue;
      assert.deepStrictEqual(given, expected, where);
      // Their keys have an order.
      assert.equal(JSON.stringify(given), JSON.stringify(expected), where);
    }
    if (known !== undefined) straights++;
  });
  return recalled;
}

/** Rules of which a look at one param tells whether they hold. */
const LONE_RULES = {
  string: [
    ["validate_length", { min: 2 }], ["validate_length", { max: 2 }], ["validate_length", { max: 64 }], ["validate_length", { is: 3 }],
    ["validate_length", { min: 2, max: 3 }], ["validate_length", { min: 3, count: "codepoints" }], ["validate_length", { max: 3, count: "bytes" }],
    ...PATTERNS.map((pattern) => ["validate_format", { $regex: pattern }]),
    ["validate_inclusion", ["draft", "Ada", "Ümit"]], ["validate_exclusion", ["draft", "Ada", "Ümit"]], ["validate_inclusion", ["a", 1, null]],
    ["validate_change", { errors: [["field", "is odd"]] }], ["validate_change", { errors: [["field", "is odd"]], when_equals: "Ada" }],
  ],
  integer: [...NUMBERS.map((kind) => ["validate_number", { [kind]: 18 }]), ["validate_inclusion", [0, 18, 7]], ["validate_exclusion", [0, 18, 7]], ["validate_inclusion", { $range: [0, 18] }]],
  float: NUMBERS.flatMap((kind) => [["validate_number", { [kind]: 18 }], ["validate_number", { [kind]: 1.5 }], ["validate_number", { [kind]: { $decimal: "1.50" } }]]),
  decimal: NUMBERS.flatMap((kind) => [["validate_number", { [kind]: 18 }], ["validate_number", { [kind]: { $decimal: "1.50" } }]]),
  boolean: [["validate_acceptance", {}]],
  date: [["validate_inclusion", [{ $date: "2024-01-31" }]]],
  status: [["validate_inclusion", ["draft", "sent"]]],
};

function shuffled(r, list) {
  const rest = [...list];
  return list.map(() => rest.splice(r.below(rest.length), 1)[0]);
}

test("params that a look does not tell apart are the same to every rule", (t) => {
  const r = random(42);
  let recalled = 0;
  for (const [kind, rules] of Object.entries(LONE_RULES)) {
    for (const [rule, argument] of [["validate_required"], ["validate_confirmation", {}], ...rules]) {
      const step = rule === "validate_required" ? [rule, ["field"]] : [rule, "field", argument];
      const fields = { field: LOOKED_AT[kind] };
      // Which of them comes first is the one that the engine is asked about.
      for (let order = 0; order < 4; order++) {
        const schema = order % 2 === 0 ? { schemaless: true, name: "form", fields } : { source: "forms", name: "Form", fields };
        const values = shuffled(r, [...LIKENESSES[kind], ...LIKENESSES[kind], null, undefined]);
        const inputs = values.map((field) => (rule === "validate_confirmation" ? { field, field_confirmation: r.pick([field, field, "Ada", undefined]) } : { field }));
        recalled += heldAgainst({ version: 1, schema, steps: [["cast", ["field"]], step] }, inputs, kind);
      }
    }
  }
  t.diagnostic(`${recalled} changesets were recalled, ${straights} went straight`);
  assert.ok(recalled > 5000 && straights > 2000);
});

test("texts that are no value of their type are told apart where the engine reads them as the same", () => {
  for (const kind of ["integer", "float", "boolean"]) {
    const schema = { schemaless: true, name: "form", fields: { field: kind } };
    const steps = [["cast", ["field"]], ["validate_confirmation", "field", {}]];
    const inputs = [["abc", "abd"], ["abc", "abd"], ["a\ud800", "a\ufffd"], ["a\ud800", "b"]].map(([field, field_confirmation]) => ({ field, field_confirmation }));
    assert.equal(heldAgainst({ version: 1, schema, steps }, inputs, kind), 1);
  }
});

test("what the small engine said of the same facts it says again, as the whole one does", (t) => {
  const before = straights;
  let recalled = 0;
  for (let seed = 1; seed <= DOCUMENTS; seed++) {
    const r = random(seed * 104729);
    const schema = likeSchema(r, 1);
    const document = { version: 1, schema, steps: likeSteps(r, schema) };
    try {
      load(document)["~core"].plan;
    } catch {
      continue;
    }
    recalled += heldAgainst(document, Array.from({ length: INPUTS * 2 }, () => likeParams(r, schema)), `seed ${seed}`);
  }
  t.diagnostic(`${recalled} changesets were recalled, ${straights - before} went straight`);
  assert.ok(recalled > DOCUMENTS && straights - before > DOCUMENTS / 2);
});

/** Records of all kinds of fields, and rules that ask what they hold. */
const HOLDING = {
  source: "things", name: "Thing",
  fields: { ...LOOKED_AT, note: "string" },
  defaults: { note: "new" },
};
const RECORDS = [
  undefined,
  {},
  { id: 7, string: "Ada", integer: 18, float: 1.5, decimal: "18.0", boolean: true, date: "2024-02-28", status: "paid", naive: "2024-02-28T10:20:30", utc: "2024-02-28T10:20:30Z", note: "" },
  { string: "ab", integer: 0, float: 18, boolean: false, status: null, note: null },
  { string: "", float: 0, date: null, note: "Grace" },
];
const ALL = Object.keys(HOLDING.fields);
const ASKING = [
  [["cast", ALL]],
  [["cast", ALL], ["validate_required", ["string", "integer", "note", "status"]]],
  [["cast", ALL, { empty_values: ["", "Ada", "Grace"] }], ["validate_required", ["string", "note"]]],
  [["cast", ALL, { force_changes: true }]],
  [["cast", ["string", "note"]], ["put_change", "integer", 18]],
  [["cast", ["string"]], ["cast", ["note", "float"]], ["validate_required", ["float"]]],
  [["cast", ALL], ["validate_length", "string", { min: 3 }], ["validate_number", "float", { less_than: 2 }], ["validate_change", "note", { errors: [["note", "is odd"]] }]],
  [["cast", ALL], ["validate_confirmation", "string", { required: true }], ["validate_acceptance", "boolean", {}]],
];

test("what a record holds is told apart where rules ask for it", (t) => {
  const r = random(7);
  let recalled = 0;
  for (const steps of ASKING) {
    const inputs = Array.from({ length: 1500 }, () => {
      const chosen = ALL.filter(() => r.chance(0.3));
      return Object.fromEntries(chosen.map((field) => [field, r.chance(0.05) ? null : r.pick(LIKENESSES[field] ?? LIKENESSES.string)]));
    });
    recalled += heldAgainst({ version: 1, schema: HOLDING, steps }, inputs, "held", RECORDS);
  }
  t.diagnostic(`${recalled} changesets were recalled`);
  assert.ok(recalled > 1000);
});
