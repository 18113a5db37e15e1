import assert from "node:assert/strict";
import { test } from "node:test";
import { Reader, TAG, Tagged, Writer } from "../dist/node/conformance.js";

const roundTrip = (value) => new Reader(new Writer().value(value).keep()).value();

function bytesOf(writer) {
  const { bytes, start, end } = writer.keep();
  return [...bytes.subarray(start, end)];
}

test("every value comes back as it went", () => {
  const values = [
    null, true, false, 0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER, 0.1,
    -1.5, 1e300, Infinity, -Infinity, NaN, 2n ** 63n - 1n, -(2n ** 63n), "", "a", "é", "𝒳", "\0", "\ufeffx",
    "x".repeat(47), "x".repeat(48), "x".repeat(49), "é".repeat(48), "x".repeat(100_000), [], [1, ["a", null]], {},
    { a: 1, b: { c: [true] } }, new Uint8Array([0, 255]), { constructor: 1, toString: 2 },
  ];
  for (const value of values) assert.deepEqual(roundTrip(value), value);
});

test("a key __proto__ is a key", () => {
  const value = roundTrip(JSON.parse('{"__proto__": {"polluted": 1}, "a": 2}'));
  assert.deepEqual(Object.keys(value), ["__proto__", "a"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal({}.polluted, undefined);
});

test("what has no value is left out of maps, and null in lists", () => {
  assert.deepEqual(roundTrip({ a: undefined, b: () => 1, c: Symbol("c"), d: null }), { d: null });
  assert.deepEqual(roundTrip([undefined, () => 1, Symbol("c")]), [null, null, null]);
});

test("only own, enumerable properties are read", () => {
  const value = Object.create({ inherited: 1 }, { hidden: { value: 2 }, own: { value: 3, enumerable: true } });
  assert.deepEqual(roundTrip(value), { own: 3 });
  const shape = { names: ["inherited", "own"], children: [null, null], many: false };
  const bytes = bytesOf(new Writer().shaped(value, shape));
  assert.deepEqual(bytes.slice(0, 3), [TAG.shaped, TAG.missing, TAG.i32]);
});

test("integers beyond 64 bits are decimals, dates instants, lone surrogates replaced", () => {
  assert.equal(roundTrip(2n ** 63n), "9223372036854775808");
  assert.equal(bytesOf(new Writer().value(2n ** 63n))[0], TAG.decimal);
  assert.equal(roundTrip(new Date(0)), "1970-01-01T00:00:00.000Z");
  assert.equal(roundTrip("a\ud800b"), "a\ufffdb");
  assert.equal(roundTrip("\udfff".repeat(100)), "\ufffd".repeat(100));
  assert.throws(() => roundTrip(new Date(NaN)), /a Date is invalid/);
});

test("tagged values say what JavaScript can't", () => {
  const written = (value) => bytesOf(new Writer().value(value));
  assert.equal(written(new Tagged(TAG.f64, 1))[0], TAG.f64);
  assert.equal(written(new Tagged(TAG.decimal, "1.50"))[0], TAG.decimal);
  assert.deepEqual(roundTrip(new Tagged(0, { $date: "2024-01-31" })), { $date: "2024-01-31" });
});

test("in notation, keys that start with a dollar are wrapped", () => {
  const writer = new Writer();
  writer.notation = true;
  const packet = writer.value({ plain: { $date: 1 }, at: new Date(0) }).keep();
  assert.deepEqual(new Reader(packet).value(), { plain: { $map: { $date: 1 } }, at: "1970-01-01T00:00:00.000Z" });
});

test("what is too deep, too large or a circle is refused, and the writer still works", () => {
  const writer = new Writer();
  let deep = null;
  for (let depth = 0; depth < 10_000; depth++) deep = depth % 2 ? [deep] : { deep };
  const circle = { list: [] };
  circle.list.push(circle);
  for (const value of [deep, circle]) assert.throws(() => writer.reset().value(value), /nested deeper than 127, or contains itself/);
  assert.throws(() => writer.reset().value(Array.from({ length: 100_001 }, () => 1)), /more than 100000 keys and list elements/);
  assert.deepEqual(new Reader(writer.reset().value({ a: 1 }).keep()).value(), { a: 1 });
});
