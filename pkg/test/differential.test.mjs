// The small engine against the whole one: random documents, data and params, and the same changesets from both.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "../dist/node/conformance.js";

const { Changeset, EctomorphError, Planned, Tagged, TAG, applyChanges, load, recall, setState, sourceOf, theWhole, traverseErrors } = library;

const DOCUMENTS = Number(process.env.DOCUMENTS ?? 250);
const INPUTS = 10;

/** Numbers that look random and are the same in every run. */
function random(seed) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  const pick = (list) => list[below(list.length)];
  const some = (list) => list.filter(() => next() < 0.6);
  return { next, below, pick, some, chance: (odds) => next() < odds };
}

const SCALARS = [
  "id", "binary_id", "integer", "float", "boolean", "string", "string", "string", "binary", "map", "decimal", "date", "time",
  "time_usec", "naive_datetime", "naive_datetime_usec", "utc_datetime", "utc_datetime_usec", "uuid", "any",
  { enum: ["draft", "paid", "sent"] }, { enum: [["low", 1], ["mid", 5]] },
];
const TYPES = [
  ...SCALARS, { array: "string" }, { array: "integer" }, { map: "integer" }, { array: { enum: ["a", "b"] } },
  { map: { array: "decimal" } },
];
const TEXTS = [
  "", " ", "\t\n x", "a", "ab", "abc", "Ada Lovelace", "ada@example.com", "a@b", "é", "👩‍👩‍👧", "\ud800", "x\udc00y", "\u3000", "\r\n",
  "1", "0", "-7", "+5", "007", "42", "18", "1.5", "1e3", ".5", "1e400", "99999999999999999999", "9007199254740993", "0x10",
  "true", "false", "yes", "draft", "paid", "low", "5", "2024-01-31", "2024-02-30", "10:20", "10:20:30", "10:20:30.123",
  "2024-01-31T10:20", "2024-01-31 10:20:30Z", "2024-01-31T10:20:30.5+02:00", "-0001-01-01T00:00:00Z",
  "601d74e4-a8d3-4b6e-8365-eddb4c893327", "601D74E4-A8D3-4B6E-8365-EDDB4C893327", "0123456789abcdef", "x".repeat(65),
  "é".repeat(70), "AB-1", "ab 7", "__proto__",
];
const LITERALS = [null, true, 0, 1, 5, -3, 1.5, "", "a", "draft", { $float: "1.0" }, { $decimal: "1.50" }, { $date: "2024-01-31" }, ["a"], { a: 1 }];
const PATTERNS = ["@", "^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$", "^[a-z0-9_]+$", "^[A-Z]{2}-\\d+$", "^(?:ab|c)*$", "^.{1,3}$", "a|b", "^\\w+\\s?\\S$", "^$"];
const NUMBERS = ["less_than", "greater_than", "less_than_or_equal_to", "greater_than_or_equal_to", "equal_to", "not_equal_to"];

function schemaOf(r, depth, embedded) {
  const schema = embedded ? { embedded: true, name: "Item" } : { source: "things", name: "Thing" };
  const names = ["name", "email", "age", "tags", "at"].slice(0, 2 + r.below(4));
  schema.fields = Object.fromEntries(names.map((name) => [name, r.pick(TYPES)]));
  const fitting = names.filter((name) => schema.fields[name] === "string");
  if (r.chance(0.3)) schema.defaults = Object.fromEntries(r.some(fitting).map((name) => [name, r.pick(["dflt", "a", ""])]));
  if (r.chance(0.2)) schema.primary_key = r.pick([false, { name: "key", type: "integer" }, [names[0]]]);
  if (depth > 0) {
    for (const [kind, name] of [["embeds_many", "lines"], ["embeds_one", "address"], ["has_many", "comments"]]) {
      if (!r.chance(0.5)) continue;
      const related = schemaOf(r, depth - 1, kind !== "has_many");
      related.changeset = stepsOf(r, related);
      schema[kind] = { [name]: { schema: related, ...(kind === "has_many" ? { foreign_key: "thing_id" } : {}) } };
    }
  }
  return schema;
}

function stepsOf(r, schema) {
  const names = Object.keys(schema.fields);
  const keyed = schema.primary_key?.name === "key" ? [...names, "key"] : names;
  const steps = [["cast", r.some(keyed), castOptions(r, schema)]];
  for (const [kind, step] of [["embeds_many", "cast_embed"], ["embeds_one", "cast_embed"], ["has_many", "cast_assoc"]]) {
    for (const name of Object.keys(schema[kind] ?? {})) {
      const options = r.chance(0.4) ? { required: true } : {};
      if (kind !== "embeds_one" && r.chance(0.4)) Object.assign(options, { sort_param: `${name}_sort`, drop_param: `${name}_drop` });
      steps.push([step, name, options]);
    }
  }
  for (let count = r.below(6); count > 0; count--) steps.push(ruleOf(r, schema, r.pick(names)));
  return r.chance(0.2) ? steps.reverse() : steps;
}

function castOptions(r, schema) {
  const options = {};
  if (r.chance(0.15)) options.empty_values = r.pick([[], ["", "a"], [null, ""], [[], ""]]);
  if (r.chance(0.15)) options.trim_values = r.pick(["none", "both"]);
  if (r.chance(0.15)) options.force_changes = true;
  if (r.chance(0.15)) options.message = { [Object.keys(schema.fields)[0]]: "is odd" };
  return options;
}

/** What a type may be for a rule not to be refused. */
const FITTING = {
  2: /string|binary|uuid|array|map"/, 3: /string|binary|uuid|array/, 4: /^"(string|uuid|binary_id)"$/, 5: /^"(id|integer|float|decimal)"$/,
};

function ruleOf(r, schema, name) {
  const type = schema.fields[name];
  const rule = r.below(12);
  if (FITTING[rule]?.test(JSON.stringify(type)) === false) return ["validate_required", [name]];
  const options = r.chance(0.2) ? { message: r.pick(["is wrong", ["is %{what}", { what: "wrong", count: 3 }]]) } : {};
  switch (rule) {
    case 0:
    case 1:
      return ["validate_required", r.some(Object.keys(schema.fields)), options];
    case 2:
    case 3:
      return ["validate_length", name, { [r.pick(["min", "max", "is"])]: r.below(6), ...(r.chance(0.3) ? { count: r.pick(["bytes", "codepoints"]) } : {}), ...options }];
    case 4:
      return ["validate_format", name, { $regex: r.pick(PATTERNS), ...(r.chance(0.2) ? { flags: r.pick(["i", "s"]) } : {}) }, options];
    case 5:
      return ["validate_number", name, [[r.pick(NUMBERS), r.pick([0, 1, 5, 1.5, { $decimal: "1.50" }, { $float: "2.0" }])], [r.pick(NUMBERS), 18]]];
    case 6:
      return [r.pick(["validate_inclusion", "validate_exclusion"]), name, r.chance(0.3) ? { $range: [0, 18] } : r.some(LITERALS), options];
    case 7:
      return typeof type === "object" && "array" in type ? ["validate_subset", name, r.some(["a", "b", 1, "draft"])] : ["validate_acceptance", r.pick([name, "terms"]), options];
    case 8:
      return ["validate_confirmation", name, r.chance(0.5) ? { ...options, required: true } : options];
    case 9:
      return ["validate_change", name, { errors: [[name, "is bad", { a: 1 }], ["other", "too"]], ...(r.chance(0.5) ? { when_equals: r.pick(LITERALS) } : {}) }];
    case 10:
      return r.pick([["add_error", name, "added", { at: { $date: "2024-01-31" } }], ["force_change", name, "a"], ["put_change", name, null], ["delete_change", name]]);
    default:
      return ["cast", r.some(Object.keys(schema.fields)), castOptions(r, schema)];
  }
}

function valueOf(r, depth = 2) {
  const kind = r.below(14);
  if (kind < 8) return r.pick(TEXTS);
  if (kind === 8) return r.pick([0, 1, -1, 18, 1.5, -0, 2 ** 31, 2 ** 53 - 1, 2 ** 60, 1e300, NaN, 10n, 2n ** 70n]);
  if (kind === 9) return r.pick([true, false, null, undefined, () => 1, new Date(0), new Uint8Array([1, 2]), new Uint8Array([97])]);
  if (kind === 10) return r.pick([new Tagged(TAG.decimal, "1.50"), new Tagged(TAG.f64, 2), new Tagged(TAG.date, "2024-01-31")]);
  if (depth === 0) return "";
  if (kind === 11) return Array.from({ length: r.below(4) }, () => valueOf(r, depth - 1));
  if (kind === 12) return { year: r.pick(["2024", 2024, ""]), month: "1", day: "31", hour: "10", minute: 20 };
  return Object.fromEntries(["a", "0", "name"].map((key) => [key, valueOf(r, depth - 1)]));
}

function paramsOf(r, schema) {
  const params = {};
  for (const name of [...Object.keys(schema.fields), "key", "terms", "extra"]) {
    if (r.chance(0.8)) params[name] = valueOf(r);
    if (r.chance(0.3)) params[`${name}_confirmation`] = r.chance(0.6) ? params[name] : valueOf(r);
  }
  for (const kind of ["embeds_many", "embeds_one", "has_many"]) {
    for (const [name, { schema: related }] of Object.entries(schema[kind] ?? {})) {
      const child = () => (r.chance(0.9) ? paramsOf(r, related) : valueOf(r));
      const children = r.pick([
        () => child(), () => [child(), child()], () => ({ 1: child(), 0: child(), x: child(), "-2": child() }), () => [], () => valueOf(r),
      ])();
      if (r.chance(0.8)) params[name] = children;
      if (r.chance(0.4)) params[`${name}_sort`] = r.pick([["1", "new", "0"], ["x"], "0", [], {}]);
      if (r.chance(0.4)) params[`${name}_drop`] = r.pick([["0"], ["1", "1"], "x", []]);
    }
  }
  return r.chance(0.5) ? params : Object.fromEntries(Object.entries(params).sort(() => r.next() - 0.5));
}

function dataOf(r, schema) {
  const data = {};
  for (const name of Object.keys(schema.fields)) {
    if (r.chance(0.6)) data[name] = r.pick(["a", "dflt", "42", 42, 1.5, true, null, "2024-01-31", "1.5", ""]);
  }
  if (schema.embeds_many && r.chance(0.5)) data.lines = [];
  if (schema.has_many && r.chance(0.5)) data.comments = [];
  if (r.chance(0.3)) setState(data, "loaded");
  return data;
}

/** All that a changeset shows, with what is ordered in its order. */
function shown(changeset) {
  const { valid, action, errors } = changeset;
  const changes = Object.entries(changeset.changes).map(([field, change]) => [field, shownChange(change)]);
  return { valid, action, force: sourceOf(changeset).result.force, errors, texts: traverseErrors(changeset), changes };
}

function shownChange(change) {
  if (change instanceof Changeset) return { ...shown(change), data: change.data };
  return Array.isArray(change) ? change.map(shownChange) : change;
}

function attempt(make) {
  try {
    return make();
  } catch (error) {
    assert.ok(error instanceof EctomorphError, error);
    return { thrown: error.message };
  }
}

test("the small engine and the whole one make the same changesets", (t) => {
  const count = { documents: 0, planned: 0, changesets: 0 };
  for (let seed = 1; seed <= DOCUMENTS; seed++) {
    const r = random(seed * 7919);
    const schema = schemaOf(r, r.pick([0, 1, 2]), false);
    const document = { version: 1, schema, steps: stepsOf(r, schema) };
    let rules;
    try {
      rules = load(document);
    } catch {
      continue;
    }
    count.documents++;
    const core = rules["~core"];
    if (core.plan === undefined) continue;
    count.planned++;
    // What is planned must be accepted by the whole engine, too.
    theWhole("a test").compile(core);
    for (let input = 0; input < INPUTS; input++) {
      const params = r.chance(0.05) ? null : paramsOf(r, schema);
      const isBlank = r.chance(0.7);
      const data = isBlank ? rules.schema.build() : dataOf(r, schema);
      const context = () => `seed ${seed}.${input}: ${JSON.stringify(document)}`;
      const fast = attempt(() => {
        const source = core.apply(data, isBlank, params);
        if (source instanceof Planned) count.changesets++;
        return shownAs(new Changeset(source));
      });
      const whole = attempt(() => shownAs(new Changeset(theWhole("a test").recipe(core, data, isBlank, params))));
      assert.deepStrictEqual(fast, whole, context());
      const again = attempt(() => shownAs(new Changeset(core.apply(data, isBlank, params)), (source) => source.recipe("a test")));
      assert.deepStrictEqual(again, whole, context());
    }
  }
  t.diagnostic(`${count.planned} of ${count.documents} documents have plans; ${count.changesets} changesets compared`);
  assert.ok(count.changesets > 1000);
});

/** Params that many records have in common but for their very values, at the edges of what a look tells apart. */
const LIKENESSES = {
  string: [
    "Ada", "Grace", "Hedy L", "Ümit", "Łódź", "Дмитрий", "山田太郎", "e\u0301a", "\u0301abc", "a\u200db", "👩‍👩‍👧", "ab\ud800", "\u00a0x", " x", "\u0085", "",
    "a", "ab", "a b", "a\r\nb", "ada@example.com", "ada@example", "@", "ab_1", "AB-1", "AB-22", "ab 7", "x".repeat(64), "x".repeat(65), "é".repeat(66),
    "draft", "paid", "dflt", "A\u00adB", "\u007f", "\u02b0a", "\u0483b", "a\u0483",
  ],
  integer: ["0", "1", "5", "17", "18", "19", "+7", "-3", "-0", "007", "999999999", "1000000000", "99999999999999999999", "1.0", "many", "5x", "x5", "_", "+", "", " 5", 0, -0, 18, 2 ** 31, 1.5],
  float: ["0", "-0", "-0.0", "1", "1.5", "+2.50", "18.0", "1.", ".5", "1..2", "1e3", "0.1234567", "123456.789", "1234567.891", "abc", "1,5", "NaN", "Infinity", "", 0, -0, 18, 1.5, 1e300],
  decimal: ["0", "1", "1.50", "01.5", "-1", "+1", "17.999", "18", "18.0", "18.000000", "18.0000001", "1e3", "NaN", "abc", "", 5],
  boolean: ["true", "false", "1", "0", "yes", "TRUE", "", " true", true, false, 1, 0],
  date: ["2024-01-31", "2024-02-28", "2024-02-29", "2023-02-29", "2024-04-31", "2024-13-01", "2024-00-10", "0000-01-01", "2024-01-31T00:00:00", "soon", ""],
};
LIKENESSES.status = [...LIKENESSES.string, "sent", "Draft"];
const LOOKED_AT = { ...Object.fromEntries(Object.keys(LIKENESSES).map((kind) => [kind, kind])), status: { enum: ["draft", "paid", "sent"] } };
const HELD = { string: "dflt", integer: 18, float: { $float: "1.5" }, decimal: { $decimal: "18" }, boolean: false, date: { $date: "2024-02-28" }, status: "paid" };

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

/** Applies rules to params after params, and holds each changeset against the whole engine's. How many were recalled. */
function heldAgainst(document, inputs, context) {
  const rules = load(document);
  const core = rules["~core"];
  if (core.plan === undefined) return 0;
  let level;
  let recalled = 0;
  inputs.forEach((params, at) => {
    const data = rules.schema.build();
    if (level?.answers !== undefined && recall(level, params) !== undefined) recalled++;
    const fast = attempt(() => {
      const source = core.apply(data, true, params);
      level = source.result.level;
      return shownAs(new Changeset(source));
    });
    const whole = attempt(() => shownAs(new Changeset(theWhole("a test").recipe(core, data, true, params))));
    assert.deepStrictEqual(fast, whole, `${context}.${at}: ${JSON.stringify(document)} ${JSON.stringify(params.field)}`);
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
      const schema = { schemaless: true, name: "form", fields: { field: LOOKED_AT[kind] } };
      // Which of them comes first is the one that the engine is asked about.
      for (let order = 0; order < 4; order++) {
        const values = shuffled(r, [...LIKENESSES[kind], ...LIKENESSES[kind], null, undefined]);
        const inputs = values.map((field) => (rule === "validate_confirmation" ? { field, field_confirmation: r.pick([field, field, "Ada", undefined]) } : { field }));
        recalled += heldAgainst({ version: 1, schema, steps: [["cast", ["field"]], step] }, inputs, kind);
      }
    }
  }
  t.diagnostic(`${recalled} changesets were recalled`);
  assert.ok(recalled > 5000);
});

test("what the small engine said of the same facts it says again, as the whole one does", (t) => {
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
  t.diagnostic(`${recalled} changesets were recalled`);
  assert.ok(recalled > DOCUMENTS);
});

/** What a changeset shows, or what its recipe does. */
function shownAs(changeset, other) {
  if (other === undefined) return { ...shown(changeset), applied: applyChanges(changeset) };
  const recipe = new Changeset(other(sourceOf(changeset)));
  return { ...shown(recipe), applied: applyChanges(recipe) };
}
