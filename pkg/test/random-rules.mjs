// Random documents of rules, data and params, the same in every run.
import { Tagged, TAG, setState } from "../dist/node/conformance.js";

/** Numbers that look random and are the same in every run. */
export function random(seed) {
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
export const TEXTS = [
  "", " ", "\t\n x", "a", "ab", "abc", "Ada Lovelace", "ada@example.com", "a@b", "é", "👩‍👩‍👧", "\ud800", "x\udc00y", "\u3000", "\r\n",
  "1", "0", "-7", "+5", "007", "42", "18", "1.5", "1e3", ".5", "1e400", "99999999999999999999", "9007199254740993", "0x10",
  "true", "false", "yes", "draft", "paid", "low", "5", "2024-01-31", "2024-02-30", "10:20", "10:20:30", "10:20:30.123",
  "2024-01-31T10:20", "2024-01-31 10:20:30Z", "2024-01-31T10:20:30.5+02:00", "-0001-01-01T00:00:00Z",
  "601d74e4-a8d3-4b6e-8365-eddb4c893327", "601D74E4-A8D3-4B6E-8365-EDDB4C893327", "0123456789abcdef", "x".repeat(65),
  "é".repeat(70), "AB-1", "ab 7", "__proto__",
];
const LITERALS = [null, true, 0, 1, 5, -3, 1.5, "", "a", "draft", { $float: "1.0" }, { $decimal: "1.50" }, { $date: "2024-01-31" }, ["a"], { a: 1 }];
export const PATTERNS = ["@", "^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$", "^[a-z0-9_]+$", "^[A-Z]{2}-\\d+$", "^(?:ab|c)*$", "^.{1,3}$", "a|b", "^\\w+\\s?\\S$", "^$"];
export const NUMBERS = ["less_than", "greater_than", "less_than_or_equal_to", "greater_than_or_equal_to", "equal_to", "not_equal_to"];

export function schemaOf(r, depth, embedded) {
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

export function stepsOf(r, schema) {
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

export function castOptions(r, schema) {
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

export function ruleOf(r, schema, name) {
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

export function valueOf(r, depth = 2) {
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

export function paramsOf(r, schema) {
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

export function dataOf(r, schema) {
  const data = {};
  for (const name of Object.keys(schema.fields)) {
    if (r.chance(0.6)) data[name] = r.pick(["a", "dflt", "42", 42, 1.5, true, null, "2024-01-31", "1.5", ""]);
  }
  if (schema.embeds_many && r.chance(0.5)) data.lines = [];
  if (schema.has_many && r.chance(0.5)) data.comments = [];
  if (r.chance(0.3)) setState(data, "loaded");
  return data;
}
