import assert from "node:assert/strict";
import { test } from "node:test";
import { EctomorphError, t } from "ectomorph";
import {
  ago, and, assoc, count, cte, desc, exists, field, fragment, from, fromNow, identifier, list, map, or, parentAs, pin, splice, subquery,
  sum, table, type, values,
} from "ectomorph/repo";
import { Address, Category, Comment, Post, User } from "./query/domain.mjs";

const raises = (make, message) => assert.throws(make, (error) => error instanceof EctomorphError && message.test(error.message), `${message}`);

test("a query is a document of a tree and of params with their fields' types", () => {
  const query = from(User).where((u) => u.balance.gt("1.50").and(u.birthday.lt(new Date("1980-01-01T00:00:00Z")))).limit(10);
  assert.deepEqual(query.document, {
    query: {
      from: { as: "b0", source: "users", schema: "User" },
      where: [["and", [">", ["field", "b0", "balance"], { param: 0 }], ["<", ["field", "b0", "birthday"], { param: 1 }]]],
      limit: { param: 2 },
    },
    params: [
      { value: { $decimal: "1.50" }, type: { field: ["b0", "balance"] } },
      { value: { $date: "1980-01-01" }, type: { field: ["b0", "birthday"] } },
      { value: 10, type: "integer" },
    ],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(query)), query.document);
});

test("every method gives a new query and leaves the old one as it was", () => {
  const users = from(User);
  const before = JSON.stringify(users);
  const adults = users.where((u) => u.age.gte(18));
  adults.orderBy("name").select((u) => u.id).preload("posts").limit(1);
  assert.equal(JSON.stringify(users), before);
  assert.deepEqual(Object.keys(adults.document.query), ["from", "where"]);
});

test("a value that is changed later does not change the query", () => {
  const ids = [1, 2];
  const query = from(User).where((u) => u.id.in(ids)).where((u) => u.settings.eq({ theme: "dark" }));
  ids.push(3);
  assert.deepEqual(query.document.params.map(({ value }) => value), [[1, 2], { theme: "dark" }]);
});

test("text of users never becomes part of the tree", () => {
  const evil = "'; DROP TABLE users; --";
  const query = from(User)
    .where({ name: evil })
    .where((u) => fragment`lower(${u.name}) = ${evil}`.or(u.name.like(evil)).or(u.name.in([evil])))
    .select((u) => ({ name: u.name, evil }))
    .update({ set: { name: evil } });
  assert.doesNotMatch(JSON.stringify(query.document.query), /DROP/);
  assert.equal(query.document.params.length, 6);
});

test("params are numbered in the order of the planner, whatever the order of the calls", () => {
  const query = from(Post)
    .limit(6)
    .unionAll(from(Post).where((p) => p.views.eq(5)))
    .having((p) => count(p.id).gt(4))
    .where((p) => p.views.gt(3))
    .join(from(User).where((u) => u.age.gt(1)), "u", (_, { u }) => u.id.gt(2))
    .select(() => 0);
  assert.deepEqual(query.document.params.map(({ value }) => value), [0, 1, 2, 3, 4, 5, 6]);
});

test("a row of an outer query may be used in an inner one", () => {
  const query = from(User).where((u) => exists(from(Post).where((p) => p.user_id.eq(u.id).and(u.age.gt(30)))));
  const { from: outer, where } = query.document.query;
  assert.deepEqual(outer, { as: "outer0", named: true, source: "users", schema: "User" });
  assert.deepEqual(where[0][1][1].where, [
    ["and", ["==", ["field", "b0", "user_id"], ["parent_field", "outer0", "id"]], [">", ["parent_field", "outer0", "age"], { param: 0 }]],
  ]);
  // The field is not one of the inner query: its type stands for itself.
  assert.deepEqual(query.document.params, [{ value: 30, type: "integer" }]);
});

test("a query inside itself knows its rows apart", () => {
  const users = from(User).as("u");
  const managers = users.where(({ u }) => exists(users.where(({ u: report }) => report.manager_id.eq(u.id))));
  assert.deepEqual(managers.document.query.where[0][1][1].where, [["==", ["field", "u", "manager_id"], ["parent_field", "u", "id"]]]);
});

test("rows of queries further out are known by name, their own or one that is made", () => {
  const nested = (users) =>
    users.where((first) => {
      const { u } = first;
      return exists(from(Post).where((p) => exists(from(Comment).where((c) => c.post_id.eq(p.id).and(c.user_id.eq(u.id))))));
    });
  const inmost = ({ document }) => document.query.where[0][1][1].where[0][1][1].where[0];
  const [, post, user] = inmost(nested(from(User).as("u")));
  assert.deepEqual(post, ["==", ["field", "b0", "post_id"], ["parent_field", "outer1", "id"]]);
  assert.deepEqual(user, ["==", ["field", "b0", "user_id"], ["parent_field", "u", "id"]]);
  const unnamed = from(User).where((user) => exists(from(Post).where((p) => exists(from(Comment).where((c) => c.user_id.eq(user.id).and(c.post_id.eq(p.id)))))));
  assert.deepEqual(inmost(unnamed), [
    "and",
    ["==", ["field", "b0", "user_id"], ["parent_field", "outer0", "id"]],
    ["==", ["field", "b0", "post_id"], ["parent_field", "outer1", "id"]],
  ]);
  const twice = from(User).as("u").where(({ u }) => exists(from(Post).as("u").where(() => exists(from(Comment).where((c) => c.user_id.eq(u.id))))));
  raises(() => twice.document, /`u` names rows of two queries/);
});

test("a row can't be used outside of its callback", () => {
  let leaked;
  from(User).where((u) => (leaked = u.id).gt(1));
  raises(() => from(Post).where((p) => p.user_id.eq(leaked)).document, /another query/);
});

test("a misspelt field is named, with those that there are", () => {
  raises(() => from(Category).where((k) => k.nmae.eq("x")), /`nmae` is no field of Category; it has id, name, parent_id/);
  raises(() => from(Category).where({ nmae: "x" }), /nmae/);
  raises(() => from(Category).orderBy("nmae"), /nmae/);
  raises(() => from(Category).groupBy(["nmae"]), /nmae/);
  raises(() => from(Category).select(["nmae"]), /nmae/);
  raises(() => from(Category).select((k) => map(k, ["nmae"])), /nmae/);
  raises(() => from(Category).update({ set: { nmae: "x" } }), /nmae/);
  raises(() => from(subquery(from(Category).select((k) => ({ id: k.id })))).where((x) => x.name.eq("x")), /name/);
  assert.deepEqual(from(Category).where((k) => field(k, "nmae").isNil()).document.query.where, [["is_nil", ["field", "b0", "nmae"]]]);
});

test("a comparison with null is a mistake", () => {
  raises(() => from(User).where((u) => u.age.eq(null)), /isNil/);
  raises(() => from(User).where((u) => u.age.eq(undefined)), /isNil/);
  raises(() => from(User).where({ age: null }), /isNil/);
  assert.deepEqual(from(User).update({ set: { age: null } }).document.params, [{ value: null, type: { field: ["b0", "age"] } }]);
});

test("mistakes are found when the query is built", () => {
  raises(() => from(Address), /no table/);
  raises(() => from(42), /rows come from/);
  raises(() => from(User).where((u) => u.age.gt(1) && "yes"), /condition/);
  raises(() => from(User).as("u").join("posts", "u"), /`u` already/);
  raises(() => from(User).join(Post), /needs a name/);
  raises(() => from(User).update({ add: { age: 1 } }), /not add/);
  raises(() => from("users").first(), /primary key/);
  raises(() => from(User).orderBy(1), /order/);
  raises(() => from(User).where((u) => u.id.in(1)), /array/);
  raises(() => values([], { a: t.integer() }), /at least one row/);
  raises(() => values([{ a: 1, b: 2 }], { a: t.integer() }), /`b`/);
  raises(() => from(User).select(() => () => 1), /select/);
  raises(() => from(User).preload(1), /associations/);
  raises(() => from(User).where((u) => u.age > 18), /u.age.gt/);
  raises(() => from(User).select((u) => `${u.name}`), /templates/);
  raises(() => from(User).select((u) => ({ ...u })), /no keys to copy/);
});

test("ago is taken when the document is written", async () => {
  const recent = from(User).where((u) => u.last_seen_at.gt(ago(1, "hour")).and(u.last_seen_at.lt(fromNow(2, "day"))));
  const time = () => Date.parse(recent.document.params[0].value.$utc_datetime_usec);
  const first = time();
  await new Promise((done) => setTimeout(done, 5));
  assert.ok(time() > first);
  assert.deepEqual(recent.document.params.map(({ value }) => typeof value === "number" && value), [false, -1, false, 2]);
});

test("many conditions are written as a tree of little depth", () => {
  const depth = (node) => (Array.isArray(node) ? 1 + Math.max(0, ...node.map(depth)) : 0);
  const query = from(User).where((u) => or(...Array.from({ length: 5000 }, (_, id) => u.id.eq(id))));
  assert.ok(depth(query.document.query.where[0]) < 20);
  assert.deepEqual(query.document.params.map(({ value }) => value), Array.from({ length: 5000 }, (_, id) => id));
  assert.deepEqual(from(User).where(() => and()).document.query.where, [true]);
  assert.deepEqual(from(User).where(() => or()).document.query.where, [false]);
});

test("a value on the left takes its type from the right", () => {
  const { params } = from(User).where((u) => pin("admin").in(u.roles).and(pin(3).lt(u.age))).document;
  assert.deepEqual(params, [
    { value: "admin", type: { out: { field: ["b0", "roles"] } } },
    { value: 3, type: { field: ["b0", "age"] } },
  ]);
});

test("calculations and casts say the type of their params", () => {
  const { params } = from(User)
    .where((u) => u.age.add(1).gt(5).and(u.score.multiply(0.5).lt(2)).and(sum(u.age).gt(7)))
    .where((u) => u.age.eq(type("7", t.integer())).and(u.age.eq(type("8", u.age))))
    .document;
  assert.deepEqual(params, [
    { value: 1, type: "integer" },
    { value: 5 },
    { value: 0.5, type: "float" },
    { value: { $float: "2.0" } },
    { value: 7 },
    { value: "7", type: "integer" },
    { value: "8", type: { field: ["b0", "age"] } },
  ]);
});

test("a fragment takes terms, rows, lists, names and values", () => {
  const query = from(User).select((u) => fragment`f(${u}, ${u.id}, ${splice([1, 2])}, ${identifier("c")}, ${"x"}, ${null})`);
  assert.deepEqual(query.document.query.select, [
    "fragment", { raw: "f(" }, ["binding", "b0"], { raw: ", " }, ["field", "b0", "id"], { raw: ", " }, ["splice", { param: 0 }],
    { raw: ", " }, ["identifier", "c"], { raw: ", " }, { param: 1 }, { raw: ", " }, { param: 2 }, { raw: ")" },
  ]);
  assert.deepEqual(query.document.params, [{ value: [1, 2], type: { splice: "any" } }, { value: "x" }, { value: null }]);
});

test("updates write values by the types of their fields", () => {
  const { query, params } = from(User).update((u) => ({ set: { name: "Ada", age: u.id }, inc: { lock_version: 1 }, push: { roles: "new" } })).document;
  assert.deepEqual(query.update, [
    { set: [["name", { param: 0 }], ["age", ["field", "b0", "id"]]], inc: [["lock_version", { param: 1 }]], push: [["roles", { param: 2 }]] },
  ]);
  assert.deepEqual(params, [
    { value: "Ada", type: { field: ["b0", "name"] } },
    { value: 1, type: { field: ["b0", "lock_version"] } },
    { value: "new", type: { out: { field: ["b0", "roles"] } } },
  ]);
});

test("joins keep their names, and parts can be excluded by kind", () => {
  const query = from(User).join("posts", "p").leftJoin((_, { p }) => assoc(p, "comments"), "c").prefix("app").distinct().withTies();
  assert.deepEqual(query.document.query.join, [
    { as: "p", named: true, qual: "inner", assoc: ["b0", "posts"] },
    { as: "c", named: true, qual: "left", assoc: ["p", "comments"] },
  ]);
  assert.deepEqual(query.exclude("leftJoin").document.query.join.map(({ as }) => as), ["p"]);
  assert.ok(query.hasNamedBinding("c") && !query.exclude("join").hasNamedBinding("c"));
  assert.deepEqual([query.document.query.prefix, query.document.query.with_ties, query.document.query.distinct], ["app", true, true]);
});

test("preloads may be queries with params of their own, nested, or out of joins", () => {
  const posts = from(Post).where((p) => p.views.gt(10)).orderBy(desc("views"));
  const { query, params } = from(User).where({ name: "Ada" }).preload({ posts: [posts, "comments"] }, "profile").document;
  assert.deepEqual(query.preload, [
    {
      posts: {
        query: {
          from: { as: "b0", source: "posts", schema: "Post" },
          where: [[">", ["field", "b0", "views"], { param: 1 }]],
          order_by: [["desc", ["field", "b0", "views"]]],
        },
        preload: ["comments"],
      },
    },
    "profile",
  ]);
  assert.deepEqual(params.map(({ value }) => value), ["Ada", 10]);
});

test("a common table expression is a source whose fields are known", () => {
  const counts = cte("counts", from(Post).groupBy("user_id").select((p) => ({ user_id: p.user_id, n: count() })), { operation: "all" });
  const query = from(User).withCte(counts).join(counts, "c", (u, { c }) => c.user_id.eq(u.id)).where((_, { c }) => c.n.gt(2));
  assert.deepEqual(query.document.query.join[0].source, "counts");
  assert.deepEqual(query.document.params, [{ value: 2, type: { field: ["c", "n"] } }]);
  raises(() => query.where((_, { c }) => c.m.gt(1)), /`m` is no field of counts/);
});

test("selects may be lists, and parents may be named from afar", () => {
  const theirs = from(Post).where((p) => p.user_id.eq(parentAs("u")["id"])).select((p) => count(p.id));
  const query = from(User).as("u").select(({ u }) => [list([u.id, 2]), subquery(theirs)]);
  assert.deepEqual(query.document.query.select[1], ["list", ["field", "u", "id"], { param: 0 }]);
  assert.deepEqual(from(table("tags")).select((t) => [t["name"]]).document.query.select, ["tuple", ["field", "b0", "name"]]);
});
