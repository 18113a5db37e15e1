import assert from "node:assert/strict";
import { test } from "node:test";
import { applyAction, EctomorphError, load, putChange, traverseErrors } from "ectomorph";

// What no rules can be made of, and what is no params: an error that names it, and an engine that goes on.

const DOCUMENT = {
  version: 1,
  schema: { source: "users", fields: { name: "string", age: "integer", avatar: "any", extra: "map", photo: "binary", at: "utc_datetime", rate: "float" } },
  steps: [["cast", ["name", "age", "avatar", "extra", "photo", "at", "rate"]], ["validate_required", ["name"]]],
};
const rules = load(DOCUMENT);
const blank = rules.schema.build();

/** Both engines still check a good user and a bad one. */
function goesOn() {
  assert.deepEqual(rules(blank, { name: "Ada", age: "36" }).changes, { name: "Ada", age: 36 });
  assert.deepEqual(traverseErrors(rules(blank, { age: "x" })), { age: ["is invalid"], name: ["can't be blank"] });
  const whole = load({ ...DOCUMENT, steps: [...DOCUMENT.steps, ["update_change", "name", "trim"]] });
  assert.deepEqual(whole(blank, { name: " Ada " }).changes, { name: "Ada" });
}

const withSteps = (...steps) => ({ ...DOCUMENT, steps: [...DOCUMENT.steps, ...steps] });
const withSchema = (schema) => ({ ...DOCUMENT, schema: { ...DOCUMENT.schema, ...schema } });
const circular = { name: "A", embedded: true, fields: {}, embeds_one: {} };
circular.embeds_one.self = { schema: circular };
const around = [];
around.push("when", ["is_nil", "name"], [around]);
let deep = ["cast", ["name"]];
for (let depth = 0; depth < 10_000; depth++) deep = ["when", true, [deep]];

const NEITHER = /^load takes a rules document, or documents by name/;

for (const [what, document, message] of [
  ["nothing", undefined, NEITHER],
  ["null", null, NEITHER],
  ["a text", '{"version": 1}', NEITHER],
  ["a number", 5, NEITHER],
  ["a list", [DOCUMENT], NEITHER],
  ["bytes", new Uint8Array(100), NEITHER],
  ["an empty object", {}, NEITHER],
  ["an answer that was not read", new Response("{}"), NEITHER],
  ["documents of which one is none", { user: DOCUMENT, post: null }, /must have `version` 1, not undefined/],
  ["a newer version", { ...DOCUMENT, version: 2 }, "a rules document must have `version` 1, not 2; update ectomorph, or write the document anew"],
  ["a version in words", { ...DOCUMENT, version: "1" }, /must have `version` 1, not "1"/],
  ["no schema", { version: 1, schema: null, steps: [] }, /schema/],
  ["no steps", { version: 1, schema: DOCUMENT.schema }, /steps/],
  ["steps that are a text", { ...DOCUMENT, steps: "cast" }, "steps: steps must be a list, got a string"],
  ["an unknown step", withSteps(["validate_fromat", "name", "@"]), /unknown step `validate_fromat`/],
  ["an unknown option", withSteps(["validate_length", "name", { mni: 1 }]), /mni/],
  ["an unknown field", withSteps(["validate_required", ["nmae"]]), /nmae/],
  ["an unknown type", withSchema({ fields: { name: "sting" } }), /the type "sting" is unknown; did you mean "string"\?/],
  ["an unknown validator", withSteps(["validate_change", "name", "known_sku"]), /validator `known_sku` is not registered here; register it/],
  ["a validator that every object has", withSteps(["validate_change", "name", "toString"]), /validator `toString` is not registered here/],
  ["a pattern with look-ahead", withSteps(["validate_format", "name", "(?=a)b"]), /look-ahead `\(\?=` at character 0: a pattern can't look around; split it/],
  ["a pattern with look-behind", withSteps(["validate_format", "name", "(?<!a)b"]), /look-behind/],
  ["a pattern with a reference", withSteps(["validate_format", "name", "(a)\\1"]), /reference/],
  ["a pattern that is garbage", withSteps(["validate_format", "name", "\0\ud800[\x01"]), /unclosed class/],
  ["a schema that holds itself", { ...DOCUMENT, schema: circular }, /nested deeper than 127, or contains itself/],
  ["a step that holds itself", withSteps(around), /nested deeper than 127, or contains itself/],
  ["steps 10,000 deep", withSteps(deep), /nested deeper than 127/],
  ["a pattern of 100 MB", withSteps(["validate_format", "name", "x".repeat(1e8)]), /a pattern has 4096 bytes at most/],
  ["a step of 100 MB", withSteps(["x".repeat(1e8)]), /^steps: step 2: unknown step `x+\.\.\.$/],
  ["a key `__proto__` of a schema", JSON.parse(JSON.stringify(DOCUMENT).replace('"source"', '"__proto__": {"polluted": 1}, "source"')), /unknown key of a schema `__proto__`/],
  ["an option `__proto__`", { ...DOCUMENT, steps: JSON.parse('[["validate_length", "name", {"__proto__": {"polluted": 1}, "min": 1}]]') }, /__proto__/],
  ["a symbol", withSteps(Symbol("cast")), /a step must be a list that starts with its name/],
]) {
  test(`as a document, ${what} is refused`, () => {
    assert.throws(() => load(document), (error) => {
      assert.ok(error instanceof EctomorphError && error.cause === undefined, String(error.stack).slice(0, 1_000));
      assert.ok(error.message.length < 5_000);
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
    assert.equal({}.polluted, undefined);
    goesOn();
  });
}

test("a schema that leads back to itself by name is a schema", () => {
  const schema = { name: "A", source: "a", fields: { name: "string" }, has_many: { others: { schema: "A", foreign_key: "a_id" } } };
  const circle = load({ version: 1, schema, steps: [["cast", ["name"]]] });
  assert.deepEqual(circle(circle.schema.build(), { name: "x", others: [{ others: [] }] }).changes, { name: "x" });
  goesOn();
});

test("numbers beyond 64 bits in a document are decimals", () => {
  const bounded = load(withSteps(["validate_number", "age", [["less_than", 10n ** 30n]]], ["update_change", "name", "trim"]));
  assert.equal(bounded(blank, { name: "Ada", age: "5" }).valid, true);
  goesOn();
});

for (const [what, params, kind] of [
  ["null", null, "null"],
  ["a list", [1], "a list"],
  ["a number", 5, "a number"],
  ["a large number", 10n, "a bigint"],
  ["a symbol", Symbol("x"), "a symbol"],
  ["a function", () => 1, "a function"],
  ["bytes", new Uint8Array(100), "a Uint8Array"],
  ["100 MB", new Uint8Array(1e8), "a Uint8Array"],
  ["a buffer", new ArrayBuffer(8), "a ArrayBuffer"],
  ["a file", new File(["x"], "x.txt"), "a File"],
  ["a Map", new Map([["name", "Ada"]]), "a Map"],
  ["a promise", Promise.resolve({ name: "Ada" }), "a Promise"],
  ["a Date", new Date(NaN), "a Date"],
]) {
  test(`as params, ${what} is refused`, () => {
    const message = `params must be an object or a form, not ${kind}; give INVALID for a body that is neither`;
    assert.throws(() => rules(blank, params), { name: "EctomorphError", message });
    goesOn();
  });
}

test("text that is no form is refused where it can't be read, and else has no known fields", () => {
  assert.throws(() => rules(blank, "%ff%fe=1"), { name: "EctomorphError", message: /the text is not UTF-8/ });
  assert.throws(() => rules(blank, `name=${"x".repeat(1e8)}`), { name: "EctomorphError", message: /longer than the limit of 8000000/ });
  assert.deepEqual(traverseErrors(rules(blank, "\0\x01%%%=&&[[]=\x7f")), { name: ["can't be blank"] });
  goesOn();
});

test("files of a form go through untouched to a field that takes anything, and are errors elsewhere", () => {
  const form = new FormData();
  const file = new File(["abc"], "a.txt", { type: "text/plain" });
  for (const name of ["avatar", "age", "other"]) form.append(name, file);
  form.append("name", "Ada");
  const changeset = rules(blank, form);
  assert.equal(changeset.changes.avatar, file);
  assert.deepEqual(traverseErrors(changeset), { age: ["is invalid"] });
  form.delete("age");
  const { value } = applyAction(rules(blank, form), "insert");
  assert.equal(value.avatar, file);
  goesOn();
});

test("100 MB in one value are a value", () => {
  assert.equal(rules(blank, { name: "x".repeat(1e8) }).changes.name.length, 1e8);
  assert.equal(rules(blank, { name: "Ada", photo: new Uint8Array(1e8) }).valid, true);
  goesOn();
});

test("proxies are objects, and what their traps throw comes out", () => {
  assert.deepEqual(rules(blank, new Proxy({ name: "Ada" }, {})).changes, { name: "Ada" });
  const throwing = () => {
    throw new TypeError("a trap");
  };
  const hostile = new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getOwnPropertyDescriptor: throwing });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const params of [hostile, revoked, { extra: hostile }, { extra: revoked }, { avatar: hostile }]) {
    assert.throws(() => rules(blank, params), TypeError);
    goesOn();
  }
});

test("values that no field can have are errors of their field, or are as if they were not sent", () => {
  const errors = (params) => traverseErrors(rules(blank, { name: "Ada", ...params }));
  for (const age of [1e400, NaN, 2 ** 53, 10n ** 40n, "9".repeat(1_000_000), "\ud800", {}, [], true]) {
    assert.deepEqual(errors({ age }), { age: ["is invalid"] });
  }
  const whole = load(withSteps(["update_change", "name", "trim"]));
  for (const rules of [load(DOCUMENT), whole]) {
    for (const [field, value] of [["age", 10n ** 40n], ["age", -(10n ** 34n)], ["at", new Date(8.64e15)], ["at", new Date(-1e15)]]) {
      assert.deepEqual(traverseErrors(rules(blank, { name: "Ada", [field]: value })), { [field]: ["is invalid"] });
    }
  }
  const bounded = [["validate_number", "rate", [["greater_than", 0]]]];
  for (const rules of [load(withSteps(...bounded)), load(withSteps(...bounded, ["update_change", "name", "trim"]))]) {
    for (const rate of [NaN, Infinity, -Infinity, "NaN", "Infinity", "1e400"]) {
      assert.deepEqual(traverseErrors(rules(blank, { name: "Ada", rate })), { rate: ["is invalid"] });
    }
    assert.deepEqual(traverseErrors(rules(blank, { name: "Ada", rate: 5e-324 })), {});
    assert.throws(() => putChange(rules(blank, { name: "Ada" }), "rate", NaN), { name: "EctomorphError", message: "NaN is no number that rules can hold" });
  }
  for (const age of [undefined, Symbol("x"), () => 1]) assert.deepEqual(errors({ age }), {});
  assert.throws(() => errors({ at: new Date(NaN) }), { name: "EctomorphError", message: /a Date is invalid/ });
  goesOn();
});
