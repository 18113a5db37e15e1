import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  applyAction, applyChanges, EctomorphError, embedsMany, extend, getEmbed, load, putChange, schema, t, traverseErrors,
} from "ectomorph";
import { attach } from "ectomorph/attach";
import { castAll, castCsv } from "ectomorph/batch";
import { toJsonSchema } from "ectomorph/json-schema";

// Two modules that `cargo xtask wasm` builds as `wasm-pack build --target web` does: the rules of the demo, and rules that no
// document can hold.
const demo = "../../examples/shared-rules/rules/pkg/rules";
const closures = "../../tests/exported/pkg/exported";

/** A module with its wasm, or without. */
async function moduleOf(name, isLoaded = true) {
  const module = await import(`${name}.js`);
  if (isLoaded) await module.default({ module_or_path: readFileSync(fileURLToPath(new URL(`${name}_bg.wasm`, import.meta.url))) });
  return module;
}

const wasm = await moduleOf(demo);
const attached = attach(wasm);
const { user, order } = attached;
const { post, tag, panicking } = attach(await moduleOf(closures));

test("a module that is not loaded, or exports nothing, is refused by what to do", async () => {
  const fresh = await import(`${demo}.js?again`);
  assert.throws(() => attach(fresh), { name: "EctomorphError", message: "the module has no wasm yet; await its init() first" });
  for (const other of [undefined, null, {}, { default() {} }, 5]) {
    assert.throws(() => attach(other), { name: "EctomorphError", message: /^attach takes the module of a crate with `ectomorph::export!`/ });
  }
});

test("a module of another version is refused, and both versions are named", () => {
  const other = { ...wasm, ectomorph_version: () => "0.0.9", ectomorph_call: () => 0 };
  const { version } = JSON.parse(readFileSync(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8"));
  assert.throws(() => attach(other), {
    name: "EctomorphError",
    message: `the module was built with ectomorph 0.0.9 for Rust, and this is ectomorph ${version} for JavaScript; use one version in Cargo.toml and package.json`,
  });
  assert.equal(wasm.ectomorph_version(), version);
});

test("a module is attached once", () => {
  assert.equal(attach(wasm), attach({ ...wasm }));
  assert.deepEqual(Object.keys(attach(wasm)), ["user", "signup", "order"]);
});

const ORDER = {
  number: "A-7",
  starts_on: "2024-01-31",
  ends_on: "2024-01-30",
  lines: [{ sku: "PEN", qty: "2", price: "1.50" }, { sku: "CAR", qty: "0" }],
};

test("rows go through rules with closures, as objects and as CSV", () => {
  const { values, errors } = castCsv(post, "title,slug\nHello,A-b\nSHOUT,x\n");
  assert.deepEqual(values, castAll(post, [{ title: "Hello", slug: "A-b" }]).values);
  assert.deepEqual(errors.map(({ line, column, message }) => [line, column, message]), [[3, "title", "is shouting"]]);
  assert.deepEqual(castCsv(tag, "name,other\nhello,x\n").ignored, ["other"]);
});

test("rules of a module do what those of its document do, validators in Rust included", () => {
  const known = (_field, sku) => (["PEN", "INK", "PAD"].includes(sku) ? [] : ["is not an article we have"]);
  const loaded = load({ user: user.document, signup: attached.signup.document, order: order.document }, { validators: { known_sku: known } });
  const params = {
    user: [{}, { name: "Ada", email: "ada", bio: "x" }, { name: "Ada", email: "ada@example.com", bio: "Engines", number_of_pets: "2" }],
    signup: [{ email: "a b@c", username: "1a", password: "short", password_confirmation: "other", age: "17", country: "xx" }],
    order: [{}, ORDER, { number: "1", lines: { 0: { sku: "INK", qty: 1 } } }, { number: "1", lines: [], lines_drop: ["0"] }, { lines: "none" }],
  };
  for (const [name, all] of Object.entries(params)) {
    for (const given of all) {
      const ours = attached[name](attached[name].schema.build(), given);
      const theirs = loaded[name](loaded[name].schema.build(), given);
      assert.equal(ours.valid, theirs.valid);
      assert.deepEqual(traverseErrors(ours), traverseErrors(theirs));
      assert.deepEqual(applyChanges(ours), applyChanges(theirs));
      assert.deepEqual(ours.validations, theirs.validations);
      assert.deepEqual(ours.constraints, theirs.constraints);
      assert.deepEqual(ours.required, theirs.required);
    }
  }
  assert.deepEqual(traverseErrors(order(order.schema.build(), ORDER)), {
    ends_on: ["must not be before the start"],
    lines: [{}, { qty: ["must be greater than 0"], sku: ["is not an article we have"] }],
  });
});

test("functions go on with its changesets and with those of children, in its own engine", () => {
  const changeset = order(order.schema.build(), ORDER);
  const [line] = changeset.changes.lines;
  assert.deepEqual(putChange(line, "qty", 5).changes, { sku: "PEN", qty: 5, price: "1.50" });
  assert.deepEqual(applyAction(line, "insert"), { ok: true, value: { sku: "PEN", qty: 2, price: "1.50" } });
  const mended = extend(putChange(changeset, "ends_on", "2024-02-01"), (c) =>
    c.validateChange("number", (_field, number) => (number === "A-7" ? ["is mine"] : [])),
  );
  assert.deepEqual(traverseErrors(mended).number, ["is mine"]);
  assert.equal(getEmbed(changeset, "lines").length, 2);
  assert.match(String(changeset), /^#Changeset<action: nil, changes: \{number: "A-7"/);
  assert.equal(toJsonSchema(order).properties.number.type, "string");
  assert.equal(order["~standard"].validate({}).issues.length > 0, true);
});

test("closures, custom types and patterns run, though no document can hold them", () => {
  const made = post(post.schema.build(), {
    title: "  on   engines ", slug: "On-Engines", status: "published", comments: [{ body: "fine" }, { body: "no!" }, {}],
  });
  assert.deepEqual([made.changes.title, made.changes.slug, made.changes.status], ["on engines", "on-engines", "published"]);
  assert.deepEqual(traverseErrors(made), { comments: [{}, { body: ["must stay calm"] }, { body: ["can't be blank"] }] });
  const wrong = post(post.schema.build(), { title: "LOUD", slug: "a b", status: "gone" });
  assert.deepEqual(traverseErrors(wrong), { title: ["is shouting"], slug: ["is invalid"], status: ["is invalid"] });
  assert.deepEqual(wrong.errors.find(({ field }) => field === "title").metadata, { volume: "shouting", validation: "quiet" });
  assert.deepEqual(traverseErrors(post(post.schema.build(), { title: "123" })), { title: ["is shouting", "has invalid format"] });
  assert.deepEqual(putChange(made.changes.comments[0], "body", "new").changes, { body: "new" });
  assert.deepEqual(Object.keys(post.schema.build()), ["id", "title", "slug", "status", "comments"]);
});

test("what no document can hold is named when a document is asked for", () => {
  const refusal = { name: "EctomorphError", message: /Comment: the validator on `body` is a closure, which no document can hold/ };
  assert.throws(() => post.document, refusal);
  assert.throws(() => toJsonSchema(post), refusal);
  assert.equal(tag.document.steps.length, 2);
  assert.throws(() => load(tag.document), /validator `not_hello` is not registered/);
  const Post = schema.embedded({ tags: embedsMany(schema.embedded({ name: t.string() })) });
  // Whoever puts them inside of rules in TypeScript is told at once what to do, and can.
  assert.throws(() => Post.changeset((c) => c.cast().castEmbed("tags", { with: tag })), {
    name: "EctomorphError",
    message: "`tag` has the validator `not_hello`, which is in its module alone, so rules in TypeScript can't hold `tag`: " +
      "write the rules around it in Rust, too, or give them load(tag.document, { validators: { not_hello: .. } })",
  });
  const again = load(tag.document, { validators: { not_hello: (_field, name) => (name === "hello" ? "is taken" : null) } });
  const rules = Post.changeset((c) => c.cast().castEmbed("tags", { with: again }));
  assert.deepEqual(traverseErrors(rules(Post.build(), { tags: [{ name: "hello" }, { name: "x" }] })), { tags: [{ name: ["is taken"] }, {}] });
  assert.equal(tag(tag.schema.build(), { name: "hello" }).valid, false);
});

test("bad params do it no harm", () => {
  const circle = {};
  circle.number = circle;
  for (const params of [circle, { number: new Date(NaN) }, { lines: Array.from({ length: 100_001 }, () => ({})) }]) {
    assert.throws(() => order(order.schema.build(), params), EctomorphError);
  }
  assert.throws(() => user(user.schema.build(), 5), EctomorphError);
  assert.equal(user(user.schema.build(), { name: "\ud800", email: "@", bio: "x".repeat(100_000) }).valid, false);
  assert.equal(user(user.schema.build(), { name: "Ada", email: "a@b", bio: "Engines" }).valid, true);
});

test("a function that panics is named, stops its module for good, and no other", () => {
  assert.equal(panicking(panicking.schema.build(), { title: "abx" }).valid, false);
  const refusal = {
    name: "EctomorphError",
    message:
      /^a function of these rules failed, and stopped their wasm until the page is loaded anew: panicked at .*lib\.rs:\d+:\d+: index out of bounds: the len is 2 but the index is 2$/,
  };
  assert.throws(() => panicking(panicking.schema.build(), { title: "ab" }), refusal);
  assert.throws(() => panicking(panicking.schema.build(), { title: "abc" }), refusal);
  assert.throws(() => post(post.schema.build(), { title: "fine" }).valid, refusal);
  assert.equal(user(user.schema.build(), { name: "Ada", email: "a@b", bio: "Engines" }).valid, true);
});
