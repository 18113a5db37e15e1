import assert from "node:assert/strict";
import { test } from "node:test";
import { EctomorphError, embedsMany, load, schema, t, traverseErrors } from "ectomorph";
import { Post, draft } from "./domain.mjs";

/** A small generator with a seed, so that a failure can be run again. */
function random(seed) {
  let state = Math.imul(seed, 2654435761) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return { below: (count) => Math.floor(next() * count), pick: (list) => list[Math.floor(next() * list.length)] };
}

const NAMES = [
  "title", "body", "views", "price", "published_on", "status", "tags", "extra", "sections", "sections_sort", "author",
  "heading", "words", "id", "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__", "0",
  "-1", "", "\0", "\ud800", "$date", "$invalid", "$struct", "$existing", "$map", "comments", "secret2", "inserted_at",
];
const TEXTS = [
  "", " ", "\0", "\ud800", "\udfff\ud800", "\ufeff", "1", "-1", "1e400", "1e-400", "9".repeat(400), "NaN", "Infinity",
  "0x10", "2024-02-30", "2024-01-31", "+1", "1_000", "é", "𝒳".repeat(50), "x".repeat(10_000), "draft", "true", "%{count}",
  "'; --", "<b>", "\u202e",
];

function value(source, depth) {
  switch (source.below(depth > 4 ? 6 : 10)) {
    case 0:
    case 1:
      return source.pick(TEXTS);
    case 2:
      return source.pick([0, -0, 1, -1, 1e400, -1e400, NaN, 1e308, 5e-324, 2 ** 53, 2 ** 63, 2 ** 64, 0.1]);
    case 3:
      return source.pick([null, undefined, true, false]);
    case 4:
      return source.pick([10n ** 30n, -(2n ** 63n), Symbol("s"), () => 1, new Date(0), new Uint8Array([255]), /x/]);
    case 5:
      return source.pick([Object.create(null), Object.create({ title: "inherited" }), new Map([["title", 1]]), new Set()]);
    case 6:
    case 7:
      return Array.from({ length: source.below(4) }, () => value(source, depth + 1));
    default:
      return record(source, depth + 1);
  }
}

function record(source, depth) {
  const made = {};
  for (let count = source.below(depth === 0 ? 32 : 6); count > 0; count--) {
    const key = source.pick(NAMES);
    Object.defineProperty(made, key, { value: value(source, depth), enumerable: true, configurable: true, writable: true });
  }
  return made;
}

const PERMITTED = new Set([
  "title", "body", "views", "price", "rating", "published_on", "status", "tags", "extra", "attachment", "secret",
  "sections", "author",
]);

test("hostile params neither pollute nor crash, and what is not permitted never reaches changes", () => {
  const seed = 20_240_131;
  const before = Reflect.ownKeys(Object.prototype).length;
  let changes = 0;
  let refused = 0;
  for (let round = 0; round < 20_000; round++) {
    const params = record(random(seed + round), 0);
    try {
      const changeset = draft(Post.build(), params);
      for (const field of Object.keys(changeset.changes)) {
        changes++;
        assert.ok(PERMITTED.has(field), field);
      }
      for (const section of changeset.changes.sections ?? []) {
        for (const field of Object.keys(section.changes)) assert.ok(["heading", "words"].includes(field), field);
      }
      traverseErrors(changeset);
      JSON.stringify(changeset.errors);
    } catch (error) {
      // The one way to refuse: a value with no place in any rules, such as a Date that is none.
      refused++;
      assert.ok(error instanceof EctomorphError && error.cause === undefined, `seed ${seed + round}: ${error.stack}`);
    }
  }
  assert.ok(changes > 10_000 && refused < 1_000, `the params reach the rules: ${changes} changes, ${refused} refused`);
  assert.equal(Reflect.ownKeys(Object.prototype).length, before);
  assert.equal({}.title, undefined);
});

test("a key __proto__ of a body is a key like any other", () => {
  const params = JSON.parse('{"__proto__": {"title": "evil", "admin": true}, "extra": {"__proto__": {"admin": true}}}');
  const changeset = draft(Post.build(), params);
  assert.equal(changeset.changes.title, undefined);
  assert.deepEqual(Object.keys(changeset.changes.extra), ["__proto__"]);
  assert.equal(changeset.changes.extra.admin, undefined);
  assert.equal({}.admin, undefined);
  const form = draft(Post.build(), "__proto__[title]=evil&constructor[prototype][admin]=1&title=Hello");
  assert.equal(form.changes.title, "Hello");
  assert.equal({}.admin, undefined);
});

test("fields may have the names of an object's own", () => {
  const odd = load({
    version: 1,
    schema: JSON.parse('{"source": "odd", "fields": {"__proto__": "string", "constructor": "string", "toString": "string"}}'),
    steps: [["cast", ["__proto__", "constructor", "toString"]], ["validate_required", ["__proto__", "toString"]]],
  });
  const empty = odd(odd.schema.build(), {});
  assert.deepEqual(empty.errors.map(({ field }) => field).sort(), ["__proto__", "toString"]);
  assert.deepEqual(Object.keys(traverseErrors(empty)).sort(), ["__proto__", "toString"]);
  const full = odd(odd.schema.build(), JSON.parse('{"__proto__": "a", "constructor": "b", "toString": "c"}'));
  assert.deepEqual(Object.entries(full.changes).sort(), [["__proto__", "a"], ["constructor", "b"], ["toString", "c"]]);
  assert.equal(Object.getPrototypeOf(full.changes), Object.prototype);
});

test("a million keys that no rule reads cost nothing", () => {
  const params = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`key${index}`, index]));
  params.title = "Hello";
  assert.deepEqual(draft(Post.build(), params).changes, { title: "Hello" });
  params.extra = params;
  assert.throws(() => draft(Post.build(), params), /more than 100000 keys/);
});

test("depth, circles and numbers out of range are refused or errors, and the next form is fine", () => {
  let deep = "x";
  for (let depth = 0; depth < 10_000; depth++) deep = [deep];
  const circle = {};
  circle.circle = circle;
  for (const extra of [{ deep }, circle]) assert.throws(() => draft(Post.build(), { extra }), EctomorphError);
  const inRange = draft(Post.build(), { title: "Hello", views: 1e400, rating: "1e400", price: "1e400" });
  assert.deepEqual(Object.keys(traverseErrors(inRange)).sort(), ["rating", "views"]);
  let nested = { heading: "x" };
  for (let depth = 0; depth < 120; depth++) nested = { extra: [nested] };
  assert.equal(draft(Post.build(), { title: "Hello", sections: [nested] }).valid, false);
  assert.deepEqual(draft(Post.build(), { title: "Hello" }).changes, { title: "Hello" });
});

test("a getter that throws, or comes back, breaks nothing but its own call", () => {
  const throwing = { get title() { throw new RangeError("no title"); } };
  assert.throws(() => draft(Post.build(), throwing), { name: "RangeError", message: "no title" });
  let inner;
  const coming = {
    get title() {
      inner = draft(Post.build(), { title: "Inner", views: "1" });
      return "Outer";
    },
    body: "text",
  };
  assert.deepEqual(draft(Post.build(), coming).changes, { title: "Outer", body: "text" });
  assert.deepEqual(inner.changes, { title: "Inner", views: 1 });
});

test("strings with NUL and lone surrogates are text", () => {
  const changeset = draft(Post.build(), { title: "a\0b", body: "x\ud800y".repeat(30), secret: "\udc00" });
  assert.equal(changeset.valid, true);
  assert.equal(changeset.changes.title, "a\0b");
  assert.equal(changeset.changes.body, "x\ufffdy".repeat(30));
  assert.equal(changeset.changes.secret, "\ufffd");
});

test("many children are one call, and too many an error that says so", () => {
  const Row = schema.embedded({ n: t.integer() });
  const rules = schema("tables", { rows: embedsMany(Row) }).changeset((c) =>
    c.cast().castEmbed("rows", { with: (c) => c.cast("n").validateNumber("n", { lessThan: 10_000 }) }),
  );
  const rows = Array.from({ length: 10_000 }, (_, n) => ({ n: String(n) }));
  const changeset = rules(rules.schema.build(), { rows });
  assert.equal(changeset.valid, true);
  assert.equal(changeset.changes.rows[9_999].changes.n, 9_999);
  assert.throws(() => rules(rules.schema.build(), { rows: Array.from({ length: 100_001 }, () => ({ n: 1 })) }), /more than 100000/);
});
