// The queries of the groups join, subquery, combine, cte, preload, error, repo_read, and those of bulk operations.
import { t } from "ectomorph";
import {
  all, assoc, avg, constant as c, count, cte, desc, exists, field, fragment, from, isNil, max, min, selectedAs, subquery, sum, table,
  type, values,
} from "ectomorph/repo";
import { Category, Comment, LineItem, Order, Post, PostTag, Product, Tag, User } from "./domain.mjs";

const ids = (...rows) => rows.map(({ id }) => id);
const one = (schema, id) => from(schema).where((row) => row.id.eq(c(id)));

export default {
  "join/inner_on": () =>
    from(Post).join(User, "u", (p, { u }) => u.id.eq(p.user_id)).orderBy("id").select((p, { u }) => ids(p, u)),
  "join/inner_on_keyword": () =>
    from(Post).join(User, "u", (p) => ({ id: p.user_id })).orderBy("id").select((p, { u }) => ids(p, u)).limit(c(5)),
  "join/anti_join": () =>
    from(User).leftJoin(Post, "p", (u, { p }) => p.user_id.eq(u.id)).where((_, { p }) => isNil(p.id)).orderBy("id").select((u) => u.id),
  "join/full": () =>
    from(Post).fullJoin(User, "u", (p, { u }) => u.id.eq(p.user_id)).orderBy((p, { u }) => ids(u, p)).select((p, { u }) => ids(p, u)),
  "join/cross": () =>
    from(Tag).crossJoin(Category, "k").where((t, { k }) => t.id.lt(c(4)).and(k.id.lt(c(3)))).orderBy((t, { k }) => ids(t, k))
      .select((t, { k }) => ids(t, k)),
  "join/non_equi": () =>
    from(Category).as("a").join(Category, "b", ({ a, b }) => a.id.lt(b.id).and(b.id.lte(c(4))))
      .orderBy(({ a, b }) => ids(a, b)).select(({ a, b }) => ids(a, b)),
  "join/self_manager": () =>
    from(User).leftJoin(User, "m", (u, { m }) => u.manager_id.eq(m.id)).orderBy("id").select((u, { m }) => [u.name, m.name]),
  "join/three_tables": () =>
    from(LineItem).join(Order, "o", (l, { o }) => l.order_id.eq(o.id)).join(Product, "p", (l, { p }) => p.id.eq(l.product_id))
      .where((_, { o }) => o.status.eq(c("paid"))).orderBy("id").select((l, { o, p }) => [l.id, o.id, p.sku]),
  "join/assoc_has_many": () => from(User).join("posts", "p").orderBy((_, { p }) => p.id).select((u, { p }) => ids(u, p)),
  "join/assoc_has_many_filtered_where": () =>
    from(User).join("published_posts", "p").orderBy((_, { p }) => p.id).select((u, { p }) => ids(u, p)),
  "join/assoc_belongs_to": () =>
    from(Comment).join("user", "u").where((k) => k.id.lt(c(12))).orderBy("id").select((k, { u }) => [k.id, u.name]),
  "join/assoc_has_one": () => from(User).leftJoin("profile", "p").orderBy("id").select((u, { p }) => [u.id, p.website]),
  "join/assoc_through": () =>
    from(User).join("post_comments", "k").where((u) => u.id.lt(c(6))).orderBy((u, { k }) => ids(u, k)).select((u, { k }) => ids(u, k)),
  "join/assoc_through_left": () =>
    from(User).leftJoin("post_comments", "k").where((u) => u.id.lt(c(6))).orderBy((u, { k }) => ids(u, k)).select((u, { k }) => ids(u, k)),
  "join/assoc_through_belongs": () =>
    from(Order).join("products", "p").where((o) => o.id.lt(c(6))).orderBy((o, { p }) => ids(o, p)).select((o, { p }) => [o.id, p.sku]),
  "join/assoc_many_to_many_left": () =>
    from(Post).leftJoin("tags", "t").where((p) => p.id.gt(c(50))).orderBy((p, { t }) => ids(p, t)).select((p, { t }) => [p.id, t.name]),
  "join/assoc_on_extra": () =>
    from(Post).leftJoin("tags", "t", (_, { t }) => t.name.eq(c("rust"))).where((p) => p.id.lt(c(8)))
      .orderBy((p, { t }) => ids(p, t)).select((p, { t }) => [p.id, t.name]),
  "join/assoc_chain": () =>
    from(User).join("posts", "p").join((_, { p }) => assoc(p, "comments"), "k").join((_, { k }) => assoc(k, "user"), "x")
      .where((u, { x }) => x.id.ne(u.id).and(u.id.lt(c(5)))).orderBy((_, { k }) => k.id).select((u, { p, k, x }) => ids(u, p, k, x)),
  "join/ecto_assoc": () => from(Post).where((p) => p.user_id.in([3, 4])).orderBy("id").select((p) => [p.id, p.user_id]),
  "join/query_join": () =>
    from(User).join(from(Post).where((p) => p.views.gt(c(60))), "x", (u, { x }) => x.user_id.eq(u.id))
      .orderBy((u, { x }) => ids(u, x)).select((u, { x }) => ids(u, x)),
  "join/left_lateral": () =>
    from(User).as("u")
      .leftLateralJoin(
        ({ u }) => subquery(from(Post).where((p) => p.user_id.eq(u.id)).select((p) => ({ n: count(p.id) }))),
        "x",
        () => true,
      )
      .orderBy("id").select(({ u, x }) => [u.id, x.n]).limit(c(6)),
  "join/values_list": () =>
    from(User).join(values([{ id: 1, w: 10 }, { id: 3, w: 30 }], { id: t.integer(), w: t.integer() }), "v", (u, { v }) => v.id.eq(u.id))
      .orderBy("id").select((u, { v }) => [u.id, v.w]),
  "join/values_from": () =>
    from(values([{ a: 2, b: "x" }, { a: 1, b: null }], { a: t.integer(), b: t.string() })).orderBy("a").select((v) => [v.a, v.b]),
  "join/fragment_from": () =>
    from(fragment`select generate_series(1, ${4}) as n`).orderBy((g) => g.n).select((g) => g.n),

  "subquery/from_sub_struct": () =>
    from(subquery(from(User).where((u) => u.active).orderBy("id").limit(c(5)))).orderBy(desc("id")).select((u) => u.id),
  "subquery/from_sub_map": () =>
    from(subquery(from(User).select((u) => ({ id: u.id, double: u.age.multiply(c(2)) })))).where((x) => x.double.gt(c(80)))
      .orderBy("id").select((x) => [x.id, x.double]),
  "subquery/from_sub_aggregate": () =>
    from(subquery(from(Post).groupBy("user_id").select((p) => ({ n: count(p.id) })))).select((x) => [max(x.n), min(x.n), avg(x.n)]),
  "subquery/params_order": () =>
    from(User)
      .join(
        subquery(from(Post).where((p) => p.views.gt(50)).select((p) => ({ uid: p.user_id, v: p.views }))),
        "x",
        (u, { x }) => x.uid.eq(u.id).and(u.id.gt(2)),
      )
      .where((u) => u.active.eq(true)).orderBy((u, { x }) => [u.id, x.v]).select((u, { x }) => [u.id, x.v, "tail"]),
  "subquery/scalar_select": () =>
    from(Tag).orderBy("id").select((t) => [t.id, subquery(from(Post).select((p) => max(p.views)))]).limit(c(2)),
  "subquery/exists": () =>
    from(User).as("u")
      .where(({ u }) => exists(from(Order).where((o) => o.user_id.eq(u.id).and(o.status.eq(c("paid"))))))
      .orderBy("id").select(({ u }) => u.id),
  "subquery/not_exists": () =>
    from(User).where((u) => exists(from(Order).where((o) => o.user_id.eq(u.id))).not()).orderBy("id").select((u) => u.id),
  "subquery/all": () =>
    from(Product).where((p) => p.price.gte(all(from(Product).select((x) => x.price)))).orderBy("id").select((p) => p.id),
  "subquery/nested_two_levels": () => {
    const published = from(Post).where((p) => p.published).select((p) => ({ uid: p.user_id, v: p.views }));
    const sums = from(subquery(published)).groupBy("uid").select((x) => ({ uid: x.uid, s: sum(x.v) }));
    return from(subquery(sums)).where((y) => y.s.gt(c(100))).orderBy("uid").select((y) => [y.uid, y.s]);
  },
  "subquery/distinct_limit_inside": () =>
    from(subquery(from(Post).distinct(["user_id"]).orderBy(["user_id", "id"]).limit(c(5)))).join("user", "u").orderBy("id")
      .select((p, { u }) => ids(p, u)),
  "subquery/in_order_by": () =>
    from(User).as("u")
      .orderBy(({ u }) => [desc(subquery(from(Post).where((p) => p.user_id.eq(u.id)).select((p) => count(p.id)))), u.id])
      .select(({ u }) => u.id).limit(c(5)),
  "subquery/in_update_style_types": () => {
    const typed = from(User).where((u) => u.id.lt(c(4))).select((u) => ({ st: u.status, r: u.roles, d: u.birthday, b: u.balance }));
    return from(subquery(typed)).orderBy("b").select((x) => [x.st, x.r, x.d, x.b]);
  },

  "combine/union": () =>
    from(Tag).where((t) => t.id.lt(c(3))).select((t) => t.name).union(from(User).where((u) => u.id.lt(c(4))).select((u) => u.name)),
  "combine/union_order_limit": () =>
    from(Tag).select((t) => ({ n: t.name })).union(from(User).where((u) => u.id.lt(c(4))).select((u) => ({ n: u.name })))
      .orderBy(() => fragment`n`).limit(c(5)),
  "combine/except": () =>
    from(User).select((u) => u.id).except(from(Post).where((p) => p.user_id.isNil().not()).select((p) => p.user_id)),
  "combine/intersect": () => from(User).select((u) => u.id).intersect(from(Order).select((o) => o.user_id)),
  "combine/three_way": () => {
    const tag = (id) => one(Tag, id).select((t) => t.id);
    return tag(1).unionAll(tag(2)).unionAll(tag(3));
  },
  "combine/union_in_subquery": () => {
    const names = from(Tag).select((t) => ({ k: t.name })).unionAll(from(Category).select((k) => ({ k: k.name })));
    return from(subquery(names)).orderBy("k").select((x) => x.k);
  },
  "combine/union_params": () =>
    from(Tag).where((t) => t.id.eq(1)).select((t) => t.name).unionAll(from(User).where((u) => u.id.eq(5)).select((u) => u.name)),
  "combine/nested_parens": () =>
    one(Tag, 1).select((t) => t.id).unionAll(from(Tag).where((t) => t.id.lte(c(4))).select((t) => t.id).orderBy(desc("id")).limit(c(2))),
  "combine/union_structs": () => one(Tag, 1).union(one(Tag, 2)),

  "cte/simple": () => {
    const active = cte("active_users", from(User).where((u) => u.active).select((u) => ({ id: u.id, name: u.name })));
    return from(active).withCte(active).orderBy("id").select((x) => [x.id, x.name]).limit(c(4));
  },
  "cte/join_cte": () => {
    const counts = from(Post).groupBy("user_id").select((p) => ({ user_id: p.user_id, n: count(p.id) }));
    return from(User).withCte("counts", counts).join(table("counts"), "x", (u, { x }) => x.user_id.eq(u.id))
      .orderBy((u, { x }) => [desc(x.n), u.id]).select((u, { x }) => [u.id, x.n]).limit(c(6));
  },
  "cte/two_ctes": () => {
    const a = cte("a", from(User).where((u) => u.id.lt(c(5))).select((u) => ({ id: u.id })));
    const b = cte("b", from(a).where((x) => x.id.gt(c(2))).select((x) => ({ id: x.id })));
    return from(b).withCte(a).withCte(b).orderBy("id").select((y) => y.id);
  },
  "cte/recursive_tree": () => {
    const tree = table("tree", { id: t.id(), name: t.string(), depth: t.integer() });
    const roots = from(Category).where((k) => k.parent_id.isNil())
      .select((k) => ({ id: k.id, name: k.name, depth: type(0, t.integer()) }));
    const below = from(Category).join(tree, "t", (k, { t }) => t.id.eq(k.parent_id))
      .select((k, { t }) => ({ id: k.id, name: k.name, depth: t.depth.add(c(1)) }));
    return from(tree).orderBy(["depth", "id"]).select((t) => [t.depth, t.id, t.name]).recursiveCtes()
      .withCte("tree", roots.unionAll(below));
  },
  "cte/recursive_schema_source": () => {
    const below = from(Category).join(table("tree"), "t", (k, { t }) => t.id.eq(k.parent_id));
    return from(["tree", Category]).orderBy("id").recursiveCtes().withCte("tree", one(Category, 2).unionAll(below));
  },
  "cte/materialized": () =>
    from("m").select((x) => count(x.id)).withCte("m", from(Tag).select((t) => ({ id: t.id })), { materialized: true }),
  "cte/not_materialized": () => {
    const m = cte("m", from(Tag).select((t) => ({ id: t.id })), { materialized: false });
    return from(m).select((x) => count(x.id)).withCte(m);
  },
  "cte/cte_overrides_same_name": () =>
    from("c").select((x) => x.id).withCte("c", one(Tag, 1).select((t) => ({ id: t.id })))
      .withCte("c", one(Tag, 2).select((t) => ({ id: t.id }))),

  "preload/belongs_to": () => from(Comment).where((k) => k.id.lt(c(6))).orderBy("id").preload("user").select(["id", "user_id"]),
  "preload/has_one": () => from(User).where((u) => u.id.lt(c(5))).orderBy("id").preload(["profile"]).select(["id"]),
  "preload/many_to_many": () => from(Post).where((p) => p.id.lt(c(5))).orderBy("id").preload(["tags"]).select(["id"]),
  "preload/through": () => from(User).where((u) => u.id.lt(c(4))).orderBy("id").preload("post_comments").select(["id"]),
  "preload/through_belongs": () => from(Post).where((p) => p.id.lt(c(4))).orderBy("id").preload("commenters").select(["id"]),
  "preload/with_query_and_nested_tuple": () =>
    from(User).where((u) => u.id.in([c(3), c(5)])).orderBy("id").preload({ posts: [from(Post).orderBy("id"), ["tags"]] }).select(["id"]),
  "preload/query_limit_is_global": () =>
    from(User).where((u) => u.id.lt(c(8))).orderBy("id").preload({ posts: from(Post).orderBy("id").limit(c(3)) }).select(["id"]),
  "preload/in_join": () =>
    from(Post).join("comments", "k").where((p) => p.id.lt(c(5))).orderBy((p, { k }) => ids(p, k)).preload((_, { k }) => ({ comments: k })),
  "preload/in_left_join": () =>
    from(Post).leftJoin("tags", "t").where((p) => p.id.gt(c(53))).orderBy((p, { t }) => ids(p, t)).preload((_, { t }) => ({ tags: t })),
  "preload/in_join_nested": () =>
    from(User).join("posts", "p").join((_, { p }) => assoc(p, "comments"), "k").where((u) => u.id.in([c(3), c(4)]))
      .orderBy((u, { p, k }) => ids(u, p, k)).preload((_, { p, k }) => ({ posts: [p, { comments: k }] })),
  "preload/in_join_filtered": () =>
    from(User).join("posts", "p").where((u, { p }) => p.views.gt(c(50)).and(u.id.lt(c(8)))).orderBy((u, { p }) => ids(u, p))
      .preload((_, { p }) => ({ posts: p })),
  "preload/empty_parents": () => from(User).where((u) => u.id.lt(c(0))).preload("posts"),
  "preload/self_reference": () =>
    from(User).where((u) => u.id.in([c(2), c(3)])).orderBy("id").preload("manager", { reports: "reports" }).select(["id", "manager_id"]),
  "preload/assoc_with_where": () =>
    from(User).where((u) => u.id.in([c(3), c(4), c(5)])).orderBy("id").preload("published_posts").select(["id"]),
  "preload/multiple_clauses_merge": () => one(Post, 1).preload("tags").preload({ comments: "user" }).select(["id"]),

  "error/bad_cast": () => from(User).where((u) => u.age.gt("abc")),
  "error/bad_enum": () => from(User).where((u) => u.status.eq("unknown")),
  "error/unknown_field": () => from(User).where((u) => field(u, "nope").eq(c(1))),
  "error/unknown_assoc_join": () => from(User).join("nope", "p"),
  "error/unknown_preload": () => from(User).preload("nope"),
  "error/preload_without_root_select": () => from(User).select((u) => u.id).preload("posts"),
  "error/division_by_zero": () => one(User, 1).select((u) => u.id.divide(c(0))),
  "error/subquery_select_scalar": () => from(subquery(from(User).select((u) => u.id))).select((x) => x.id),
  "error/scalar_subquery_many_rows": () => from(Tag).where((t) => t.id.eq(subquery(from(Tag).select((x) => x.id)))).select((t) => t.id),
  "error/update_in_all": () => from(Tag).update({ set: { name: c("x") } }),
  "error/selected_as_missing": () => from(Tag).orderBy(() => selectedAs("nope")).select((t) => t.id),

  "repo_read/get_cast_string": () => from(Tag),
  "repo_read/get_from_query": () => from(Tag).where((t) => t.id.gt(c(5))),
  "repo_read/one_none": () => one(Tag, 0),
  "repo_read/one_multiple": () => from(Tag).where((t) => t.id.lt(c(4))),
  "repo_read/exists_true": () => one(Tag, 1),
  "repo_read/aggregate_sum": () => from(Post),
  "repo_read/aggregate_max": () => from(User).where((u) => u.active),
  "repo_read/aggregate_distinct_wraps": () => from(Post).distinct((p) => p.user_id).orderBy(["user_id", "id"]),
  "repo_read/aggregate_combination_wraps": () =>
    from(Tag).where((t) => t.id.lt(c(3))).unionAll(from(Tag).where((t) => t.id.lt(c(4)))),
  "repo_read/aggregate_drops_order": () => from(Post).orderBy("title").preload("tags"),
  "repo_read/aggregate_group_by_raises": () => from(Post).groupBy("user_id"),
  "repo_read/stream": () => from(Tag).orderBy("id").select((t) => t.id),

  "bulk/update_all_set": () => from(Tag).where((t) => t.id.lt(c(3))),
  "bulk/update_all_in_query": () =>
    one(Post, 1).update((p) => ({ set: { title: fragment`upper(${p.title})`, views: p.views.multiply(c(2)) } })),
  "bulk/update_all_select": () => one(Post, 1).select((p) => [p.id, p.views]),
  "bulk/delete_all_select": () => from(Comment).where((k) => k.id.lte(c(3))).select((k) => k.id),
  "bulk/delete_all_join": () => from(Comment).join("user", "u").where((_, { u }) => u.id.eq(c(3))),
  "bulk/delete_all_schema": () => from(PostTag),
  "insert_all/from_query": () => from(Category).where((k) => k.id.lt(c(3))).select((k) => ({ name: k.name })),
};
