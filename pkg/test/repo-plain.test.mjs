// Where a database is in this thread, a look at plain params may stand for the small engine's answer: it must be the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { schema, t, traverseErrors } from "ectomorph";
import { openRepo } from "ectomorph/repo";

const Post = schema("posts", {
  title: t.string(),
  slug: t.string().default("new"),
  views: t.integer().default(7),
  rating: t.float(),
  price: t.decimal(),
  shown: t.boolean().default(true),
  published_on: t.date(),
  sent_at: t.utcDatetime(),
  edited_at: t.naiveDatetimeUsec(),
  mood: t.enum(["glad", "sad"]),
});

const all = ["id", "title", "slug", "views", "rating", "price", "shown", "published_on", "sent_at", "edited_at", "mood"];
const rules = [
  (c) => c.cast(...all),
  (c) => c.cast(...all).validateRequired("title", "views", "mood"),
  (c) => c.cast(...all).validateLength("title", { min: 2, max: 9 }).validateFormat("slug", /^[a-z]+$/).validateInclusion("mood", ["sad"]),
  (c) => c.cast(...all).validateNumber("views", { greaterThan: 6 }).validateInclusion("rating", [1, 2]).validateExclusion("title", ["no"]),
  (c) => c.cast(...all, { forceChanges: true }),
  (c) => c.cast(...all, { emptyValues: ["", "none", 7] }),
  (c) => c.cast("title", "views").cast("title", "rating"),
  (c) => c.cast("title", "views").validateChange("views", () => []).validateRequired("rating"),
  (c) => c.cast("title").putChange("views", 9),
  (c) => c.cast("title").validateConfirmation("title", { required: true }),
].map((steps) => Post.changeset(steps));

const values = [
  undefined, null, "", " ", " a", "a", "ab", "no", "none", "new", "glad", "sad", "é", "\ud800", "\ufffd", "x".repeat(80), "7", 7, 1, 0, -0, 1.5, -0.5, NaN, Infinity,
  2 ** 31, 2 ** 53, 1e300, 12n, true, false, "true", "2024-02-28", "2024-02-31", "2024-02-28T10:20:30Z", "2024-02-28 10:20:30Z", "2024-02-28T10:20:30.123456",
  "2024-02-28T10:20:30.1", "12.50", [], {}, new Date(0),
];
const records = [
  Post.build(),
  Post.build({ title: "ab", views: 1 }),
  Post.loaded({ id: 1, title: "", slug: "no", views: null, rating: 1, shown: false, sent_at: "2024-02-28 10:20:30Z", mood: "sad" }),
  Post.loaded({ id: 7, title: "\ud800", rating: -0, published_on: "2024-02-28", edited_at: "2024-02-28T10:20:30.123456", views: "7" }),
];

/** Values that fit, most of which are changes. */
const fitting = {
  id: [1, 2, 7], title: ["ab", "a b", "é"], slug: ["new", "slug"], views: [1, 7, 8], rating: [1, 1.5, 0], price: [undefined, undefined, "1.50"], shown: [true, false],
  published_on: ["2024-02-28", "2024-02-29"], sent_at: ["2024-02-28T10:20:30Z"], edited_at: ["2024-02-28T10:20:30.123456"], mood: ["glad", "sad"],
};

/** Params with one key, and some with several, of values that vary. */
function* params() {
  for (const key of all) for (const value of values) yield { [key]: value };
  let state = 1;
  const random = (below) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below;
  for (let turn = 0; turn < 400; turn++) {
    const among = (key) => (turn % 2 === 0 ? fitting[key] : values);
    yield Object.fromEntries(all.filter(() => random(3) > 0).map((key) => [key, among(key)[random(among(key).length)]]));
  }
  yield undefined;
}

function outcomes() {
  const told = [];
  for (const rule of rules) {
    for (const record of records) {
      for (const given of params()) {
        const changeset = rule(record, given && { ...given, title_confirmation: given.title });
        const { valid, action, changes, params: read } = changeset;
        told.push({ valid, action, changes: Object.entries(changes), read, errors: traverseErrors(changeset) });
      }
    }
  }
  return told;
}

test("a look at plain params says what the small engine says", async () => {
  const expected = outcomes();
  const repo = await openRepo({ name: "plain", storage: "memory", schemas: [Post] });
  try {
    const seen = outcomes();
    for (const [index, outcome] of seen.entries()) assert.deepStrictEqual(outcome, expected[index]);
    assert.ok(expected.some(({ valid, changes }) => valid && changes.length > 4));
  } finally {
    await repo.close();
  }
});
