import { type Infer, type Json, t } from "../src/index.js";
import {
  all, any, type AnyRow, asc, assoc, avg, type Bindings, coalesce, constant, count, cte, dateAdd, datetimeAdd, desc, dynamic, exists, field, filter, fragment, from,
  ilike, isNil, lag, like, map, mapUpdate, max, merge, not, over, type Query, type Queryable, rowNumber, selectedAs, struct, subquery, sum,
  table, type, values,
} from "../src/repo/index.js";
import { Comment, Company, Post, User } from "./query/domain.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_T extends true>(): void {}
/** What each result of a query is. */
type Each<Q> = Q extends Queryable<infer _X, infer T> ? T : never;
/** Whether each result of a query is just this. */
function gives<T>() {
  return <U>(_query: Queryable<AnyRow, U>, ..._same: Equal<U, T> extends true ? [] : [never, U]): void => {};
}

type UserRecord = Infer<typeof User>;
type PostRecord = Infer<typeof Post>;
type CommentRecord = Infer<typeof Comment>;

// What a query gives follows from its select.
gives<UserRecord>()(from(User));
gives<string | null>()(from(User).select((u) => u.email));
gives<number>()(from(User).select((u) => u.id));
gives<number>()(from(User).where((u) => ilike(u.email, "%1%")).select((u) => count(u.id)));
gives<[number, string | null]>()(from(User).select((u) => [u.id, u.name]));
gives<{ id: number; name: string | null }>()(from(User).select((u) => ({ id: u.id, name: u.name })));
gives<{ id: number; pair: [string | null, { age: number | null }] }>()(
  from(User).select((u) => ({ id: u.id, pair: [u.name, { age: u.age }] })),
);
gives<"draft" | "active" | null>()(from(User).select((u) => u.status));
gives<readonly string[] | null>()(from(User).select((u) => u.roles));
gives<{ zip: string | null } | null>()(from(User).select((u) => u.address));
gives<readonly { qty: number | null }[]>()(from(User).select((u) => u.lines));
gives<{ readonly [key: string]: Json } | null>()(from(User).select((u) => u.settings));
gives<[number, UserRecord]>()(from(User).select((u) => [u.id, u]));
gives<{ id: number | null; name: string | null }>()(from(User).select(["id", "name"]));
gives<{ id: number | null; name: string | null }>()(from(User).select((u) => map(u, ["id", "name"])));
gives<{ email: string | null }>()(from(User).select((u) => struct(u, ["email"])));
gives<PostRecord>()(from(table("posts")).select((p) => struct(Post, { id: p["id"] })));
gives<{ id: number; name: string | null }>()(from(User).select((u) => ({ id: u.id })).selectMerge((u) => ({ name: u.name })));
gives<{ id: number; name: "x" }>()(from(User).select((u) => merge({ id: u.id, name: u.name }, { name: "x" })));
gives<UserRecord>()(from(User).select((u) => u.id).exclude("select"));
gives<{ readonly [key: string]: number }>()(from(User).select((u) => new Map([[u.name, u.id]])));
gives<[1, "x", null, true]>()(from(User).select(() => [1, "x", null, true]));
holds<Equal<Each<ReturnType<typeof renamed>>["title"], string | null>>();
function renamed() {
  return from(Post).select((p) => mapUpdate(p, { title: p.title }));
}

// Functions and operators.
gives<[number | null, string | null, number | null, string | null]>()(
  from(User).select((u) => [sum(u.age), sum(u.balance), avg(u.score), avg(u.age)]),
);
gives<number | null>()(from(User).select((u) => max(u.age)));
gives<number>()(from(User).select((u) => coalesce(max(u.age), 0)));
gives<number>()(from(User).select((u) => filter(count(), u.age.gt(30))));
gives<number | null>()(from(User).select((u) => u.age.add(1).multiply(u.id)));
gives<string | null>()(from(User).select((u) => u.age.multiply(u.balance)));
gives<[boolean, boolean | null, boolean]>()(from(User).select((u) => [u.id.gt(1), u.age.gt(1), isNil(u.age)]));
gives<string | null>()(from(User).select((u) => type(u.age, t.string())));
gives<string>()(from(User).select(() => type("1.5", t.decimal())));
gives<string>()(from(User).select((u) => fragment<string>`upper(${u.email})`));
gives<string | null>()(from(Post).select((p) => datetimeAdd(p.published_at, 1, "month")));
gives<[number, number | null]>()(from(Post).select((p) => [over(rowNumber(), "w"), over(lag(p.views), { orderBy: p.id })]));
gives<number | null>()(from(User).select((u) => field(u, "age")));
gives<number | null>()(from(User).select((u) => [u.id, subquery(from(Post).select((p) => max(p.views)))]).select((u) => u.age));
gives<[number, number | null]>()(
  from(User).select((u) => [u.id, subquery(from(Post).where((p) => p.user_id.eq(u.id)).select((p) => count(p.id)))]),
);
gives<number | null>()(from(Post).select((p) => selectedAs(p.views, "v")));

// Joins: a row that may be missing makes its fields null.
gives<[number, number]>()(from(User).join("posts", "p").select((u, { p }) => [u.id, p.id]));
gives<[number, number | null, PostRecord | null]>()(from(User).leftJoin("posts", "p").select((u, { p }) => [u.id, p.id, p]));
gives<[number | null, number]>()(from(User).rightJoin("posts", "p").select((u, { p }) => [u.id, p.id]));
gives<[number | null, number | null]>()(from(User).fullJoin("posts", "p").select((u, { p }) => [u.id, p.id]));
gives<[number, string | null]>()(from(User).join("company").select((u, { company }) => [u.id, company.name]));
gives<number>()(from(User).join("posts", "p").join((_, { p }) => assoc(p, "comments"), "c").select((_, { c }) => c.id));
gives<number>()(from(User).join(Post, "p", (u, { p }) => p.user_id.eq(u.id)).select((_, { p }) => p.id));
gives<number>()(from(User).join(Post, "p", (u) => ({ user_id: u.id })).select((_, { p }) => p.id));
gives<number>()(from(User).as("u").join("posts", "p").where(({ u, p }) => p.views.gt(u.karma)).select(({ u }) => u.id));
gives<number>()(from(Post).join(from(User).where((u) => u.active), "u", (p, { u }) => u.id.eq(p.user_id)).select((_, { u }) => u.id));
gives<[number, number | null]>()(
  from(User)
    .leftLateralJoin((u) => subquery(from(Post).where((p) => p.user_id.eq(u.id)).select((p) => ({ n: count(p.id) }))), "x", () => true)
    .select((u, { x }) => [u.id, x.n]),
);

// Sources.
gives<{ id: number; double: number | null }>()(from(subquery(from(User).select((u) => ({ id: u.id, double: u.age.add(1) })))));
gives<number | null>()(from(subquery(from(User).select((u) => ({ double: u.age.add(1) })))).where((x) => x.double.gt(3)).select((x) => x.double));
gives<string | null>()(from(subquery(from(User))).select((u) => u.email));
gives<number | null>()(from(table("tree", { id: t.id(), depth: t.integer() })).select((x) => x.depth));
gives<number | null>()(from(values([{ a: 1, b: "x" }], { a: t.integer(), b: t.string() })).select((v) => v.a));
gives<PostRecord>()(from(["archive", Post]));
// biome-ignore lint/suspicious/noExplicitAny: nothing is known of such a table
gives<any>()(from("tags").select((tag) => tag["name"]));
const counts = cte("counts", from(Post).groupBy("user_id").select((p) => ({ user_id: p.user_id, n: count() })));
gives<[number, number]>()(
  from(User).withCte(counts).join(counts, "c", (u, { c }) => c.user_id.eq(u.id)).select((u, { c }) => [u.id, c.n]),
);

// Preloads: what was loaded is there.
type With<R, K extends PropertyKey, V> = { [P in keyof (Omit<R, K> & Record<K, V>)]: (Omit<R, K> & Record<K, V>)[P] };
gives<With<UserRecord, "posts", readonly PostRecord[]>>()(from(User).preload("posts"));
gives<With<UserRecord, "company", Infer<typeof Company> | null>>()(from(User).preload("company"));
gives<With<UserRecord, "posts", readonly With<PostRecord, "comments", readonly CommentRecord[]>[]>>()(
  from(User).preload({ posts: "comments" }),
);
holds<Equal<Each<typeof both>["posts"], readonly PostRecord[]>>();
holds<Equal<Each<typeof both>["company"], Infer<typeof Company> | null>>();
const both = from(User).preload("posts").preload(["company"]);
gives<With<UserRecord, "posts", readonly PostRecord[]>>()(from(User).preload({ posts: from(Post).orderBy("id") }));
gives<With<UserRecord, "posts", readonly PostRecord[]>>()(from(User).join("posts", "p").preload((_, { p }) => ({ posts: p })));
gives<[number, With<UserRecord, "posts", readonly PostRecord[]>]>()(from(User).preload("posts").select((u) => [u.id, u]));
gives<With<{ id: number | null }, "posts", readonly PostRecord[]>>()(from(User).select(["id"]).preload("posts"));
gives<With<{ id: number | null }, "posts", readonly PostRecord[]>>()(from(User).preload("posts").select(["id"]));
// @ts-expect-error there is no such association
from(User).preload("pots");
// @ts-expect-error nor is a field one
from(User).preload("name");
// @ts-expect-error posts have no such association
from(User).preload({ posts: "authors" });
// @ts-expect-error a comment is no post
from(User).join(Comment, "c", () => true).preload((_, { c }) => ({ posts: c }));

// A misspelt field is an error.
// @ts-expect-error there is no such field
from(User).where((u) => u.nmae.eq("Ada"));
// @ts-expect-error there is no such field
from(User).where({ nmae: "Ada" });
// @ts-expect-error there is no such field
from(User).orderBy("nmae");
// @ts-expect-error there is no such field
from(User).orderBy([desc("nmae"), "id"]);
from(User).as("u").orderBy(({ u }) => [desc(u.age), u.name]).orderBy(({ u }) => desc(u.id));
// @ts-expect-error there is no such field
from(User).groupBy("nmae");
// @ts-expect-error there is no such field
from(User).select(["id", "nmae"]);
// @ts-expect-error there is no such field
from(User).select((u) => map(u, ["nmae"]));
// @ts-expect-error there is no such field
from(User).select((u) => field(u, "nmae"));
// @ts-expect-error there is no such field
from(User).update({ set: { nmae: "Ada" } });
// @ts-expect-error an association is no column
from(User).where((u) => u.posts.isNil());
// @ts-expect-error there is no such association
from(User).join("pots", "p");
// @ts-expect-error there is no such association
from(User).join((u) => assoc(u, "pots"), "p");
// @ts-expect-error there is no such binding
from(User).join("posts", "p").where((_, { q }) => q.id.eq(1));
// @ts-expect-error the subquery selects no such field
from(subquery(from(User).select((u) => ({ id: u.id })))).where((x) => x.name.eq("Ada"));
// @ts-expect-error the subquery selects no such field
from(subquery(from(User).select(["id"]))).where((x) => x.name.eq("Ada"));
// @ts-expect-error there is no such part
from(User).exclude("wheres");
// @ts-expect-error when the first source has a name, callbacks get the names alone
from(User).as("u").where((u) => u.id.eq(1));

// An operand of another type is an error.
from(User).where((u) => u.age.gt(18).and(u.balance.lt("1.50")).and(u.balance.gte(2)).and(u.age.lt(u.balance)));
from(User).where((u) => u.birthday.gt("1980-01-01").or(u.birthday.lt(new Date())).or(u.birthday.eq(dateAdd("2024-01-31", 1, "month"))));
from(User).where((u) => u.id.in([1, 2]).or(u.id.in(subquery(from(Post).select((p) => p.user_id)))).or(constant("a").in(u.roles)));
from(User).where((u) => u.status.eq("draft").or(u.settings.at("page", 0).eq(7)).or(like(u.name, "A%")));
from(User).where((u) => u.age.gte(all(from(User).select((x) => x.age))).or(u.age.eq(any(from(User).select((x) => x.age)))));
from(User).where((u) => not(u.active).and(exists(from(Post).where((p) => p.user_id.eq(u.id)))));
from(User).where((u) => fragment`lower(${u.name})`.eq("ada").and(u.name.eq(fragment`current_user`)));
// @ts-expect-error text is no age
from(User).where((u) => u.age.gt("18"));
// @ts-expect-error a number is no name
from(User).where((u) => u.name.eq(5));
// @ts-expect-error a number is no name
from(User).where({ name: 5 });
// @ts-expect-error a name is no number
from(User).where((u) => u.age.eq(u.name));
// @ts-expect-error there is no such status
from(User).where((u) => u.status.eq("sent"));
// @ts-expect-error null is compared by isNil
from(User).where((u) => u.age.eq(null));
// @ts-expect-error numbers match no pattern
from(User).where((u) => ilike(u.age, "1%"));
// @ts-expect-error a date matches no pattern
from(User).where((u) => u.birthday.like("1980%"));
// @ts-expect-error a name can't be added to
from(User).select((u) => u.name.add(1));
// @ts-expect-error a name can't be added
from(User).select((u) => u.age.add(u.name));
// @ts-expect-error a name is no condition
from(User).where((u) => u.name);
// @ts-expect-error a name is no condition
from(User).where((u) => u.active.and(u.name));
// @ts-expect-error text is among no numbers
from(User).where((u) => u.id.in(["1"]));
// @ts-expect-error names are among no ids
from(User).where((u) => u.id.in(subquery(from(User).select((x) => x.name))));
// @ts-expect-error a name has no path
from(User).select((u) => u.name.at("page"));
// @ts-expect-error a name has no sum
from(User).select((u) => sum(u.name));
// @ts-expect-error a name is no time
from(User).select((u) => datetimeAdd(u.name, 1, "day"));
// @ts-expect-error there is no such unit
from(Post).select((p) => datetimeAdd(p.published_at, 1, "days"));
// @ts-expect-error a limit is a number
from(User).limit("3");

// Combinations have results of one type.
from(User).select((u) => u.name).union(from(Company).select((c) => c.name));
// @ts-expect-error names are no numbers
from(User).select((u) => u.id).union(from(Company).select((c) => c.name));

// Updates.
from(User).update({ set: { name: "Ada", bio: undefined } as { name: string }, inc: { age: 1 }, push: { roles: "admin" }, pull: { roles: "guest" } });
from(User).update((u) => ({ set: { name: fragment`upper(${u.name})`, age: u.age.add(1), email: null } }));
// @ts-expect-error a number is no name
from(User).update({ set: { name: 5 } });
// @ts-expect-error a name can't be counted up
from(User).update({ inc: { name: 1 } });
// @ts-expect-error a name is no list
from(User).update({ push: { name: "x" } });
// @ts-expect-error roles are text
from(User).update({ push: { roles: 1 } });

// Conditions apart from queries.
const popular = dynamic(Post, (p) => p.views.gt(80));
from(Post).where(popular).orderBy(asc("id"));
from(Post).where((p) => popular(p).or(p.published));
from(User).join("posts", "p").where((_, named) => dynamic({ p: Post }, ({ p }) => p.published)(named));
// @ts-expect-error that is no post
from(User).where(popular);

// Functions of queries keep their types.
function page<R extends AnyRow, B extends Bindings, As extends boolean, S, P>(query: Query<R, B, As, S, P>, number: number) {
  return query.limit(10).offset(10 * number);
}
gives<string | null>()(page(from(User).select((u) => u.name), 2));
function total(query: Queryable): Queryable<AnyRow, number> {
  return from(subquery(query)).select(() => count());
}
gives<number>()(total(from(User).where((u) => u.active)));
let search = from(Post);
search = search.where((p) => p.published).orderBy(desc("views"));
gives<PostRecord>()(search);
const numbers: Queryable<AnyRow, number | null> = from(User).select((u) => u.id);
void numbers;
