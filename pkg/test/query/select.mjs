// The queries of the groups select, aggregate, group, distinct, order, limit, named, compose, prefix, lock, window.
import { t } from "ectomorph";
import {
  avg, coalesce, constant as c, count, desc, ascNullsFirst, descNullsFirst, descNullsLast, exists, field, firstValue, fragment, from,
  isNil, lag, lastValue, lead, list, map, mapUpdate, max, merge, min, nthValue, ntile, over, parentAs, rowNumber, selectedAs,
  struct, subquery, sum, table, type,
} from "ectomorph/repo";
import { Category, LineItem, Order, Post, Product, Profile, Tag, User } from "./domain.mjs";

const tags = () => from(Tag).orderBy("id");
const users = () => from(User).orderBy("id");
const posts = () => from(Post).orderBy("id");
const tuple = (...names) => (row) => names.map((name) => row[name]);

export default {
  "select/all_struct": () => tags(),
  "select/schemaless_field": () => from("tags").orderBy("id").select((t) => t.name),
  "select/schemaless_map_take": () => from(table("tags")).orderBy("id").select((t) => map(t, ["id", "name"])),
  "select/schemaless_list_take": () => from("tags").orderBy("id").select(["id", "name"]).limit(c(3)),
  "select/field_fn": () => users().select((u) => field(u, "email")).limit(c(3)),
  "select/field_fn_dynamic": () => users().select((u) => u.email).limit(c(3)),
  "select/tuple_nested": () => users().select((u) => [u.id, [u.name, list([u.age, u.active])]]).limit(c(4)),
  "select/tuple_one_element": () => users().select((u) => [u.id]).limit(c(2)),
  "select/list": () => users().select((u) => list([u.id, u.email])).limit(c(5)),
  "select/map": () => users().select((u) => ({ id: u.id, name: u.name })).limit(c(5)),
  "select/map_keyed_by_field": () => tags().select((t) => new Map([[t.name, t.id]])),
  "select/map_literals": () =>
    tags().select((t) => ({ id: t.id, one: c(1), s: c("x"), n: null, b: c(true), f: c(1.5) })).limit(c(2)),
  "select/literal_only": () => from(Tag).select(() => c(1)),
  "select/param_typed_in_select": () => tags().select((tag) => [tag.id, type("7", t.integer())]).limit(c(2)),
  "select/struct_subset_list": () => users().select(["id", "name"]).limit(c(3)),
  "select/struct_subset_fn": () => users().select((u) => struct(u, ["id", "email", "age"])).limit(c(3)),
  "select/struct_and_field": () =>
    from(Post).join("user", "u").orderBy("id").select((p, { u }) => [p.title, map(u, ["id", "name"])]).limit(c(5)),
  "select/struct_take_nested_assoc": () =>
    from(Post).join("user", "u").preload((_, { u }) => ({ user: u })).orderBy("id")
      .select(["id", "title", "user_id", { user: ["id", "name"] }]).limit(c(3)),
  "select/struct_build": () =>
    from("posts").orderBy("id").select((p) => struct(Post, { id: p.id, title: p.title })).limit(c(3)),
  "select/struct_update": () =>
    posts().select((p) => mapUpdate(p, { title: p.slug, views: p.views.add(c(1)) })).limit(c(2)),
  "select/merge_into_struct": () => tags().select((t) => merge(t, { name: fragment`upper(${t.name})` })).limit(c(3)),
  "select/merge_maps": () => tags().select((t) => merge({ id: t.id, name: c("x") }, { name: t.name })).limit(c(3)),
  "select/select_merge_after_map": () =>
    tags().select((t) => ({ id: t.id })).selectMerge((t) => ({ name: t.name })).limit(c(3)),
  "select/select_merge_overwrites": () =>
    tags().select((t) => ({ id: t.id, name: c("old") })).selectMerge((t) => ({ name: t.name })).limit(c(3)),
  "select/select_merge_two_joins": () =>
    from(Post).leftJoin("user", "u").orderBy("id").select((p) => ({ post: p.title }))
      .selectMerge((_, { u }) => ({ author: u.name })).limit(c(12)),
  "select/left_join_nil_struct": () =>
    from(Post).leftJoin("user", "u").where((p) => p.id.in([c(10), c(11), c(12), c(22)])).orderBy("id")
      .select((p, { u }) => [p.id, u]),
  "select/left_join_nil_map_take": () =>
    from(Post).leftJoin("user", "u").where((p) => p.id.in([c(10), c(11), c(22)])).orderBy("id")
      .select((p, { u }) => [p.id, map(u, ["id", "name"])]),
  "select/computed": () =>
    users().select((u) => [u.id, u.age.add(c(1)), u.age.multiply(c(2)).subtract(u.id)]).limit(c(8)),
  "select/comparison_as_value": () =>
    users().select((u) => [u.id, u.age.gt(c(30)), isNil(u.age), u.active.and(u.age.gt(c(30)))]).limit(c(14)),
  "select/selected_as_group": () =>
    from(Post).select((p) => [selectedAs(p.views.divide(c(10)), "bucket"), count()])
      .groupBy(() => selectedAs("bucket")).orderBy(() => selectedAs("bucket")),
  "select/selected_as_in_subquery": () =>
    from(subquery(from(Post).select((p) => ({ v: selectedAs(p.views, "v"), id: p.id }))))
      .orderBy((x) => [x.v, x.id]).select((x) => [x.v, x.id]).limit(c(5)),
  "select/embed_field": () => from(Order).orderBy("id").select(tuple("id", "address")).limit(c(8)),
  "select/usec": () => posts().select(tuple("id", "published_at", "rating")).limit(c(6)),
  "select/virtual_merge_distinct_struct": () =>
    from(Tag).where((t) => t.id.eq(c(1))).select((t) => struct(t, ["id"])).selectMerge(() => ({ name: c("given") })),
  "select/full_user_struct": () => from(User).where((u) => u.id.in([c(1), c(2), c(9)])).orderBy("id"),
  "select/nested_map_with_param_key": () =>
    from(Tag).where((t) => t.id.eq(c(1))).select((t) => mapUpdate(t, { name: "forced" })),

  "aggregate/count_field_skips_null": () => from(User).select((u) => [count(u.id), count(u.age), count(u.bio)]),
  "aggregate/count_distinct": () => from(User).select((u) => [count(u.name, "distinct"), count(u.status, "distinct")]),
  "aggregate/sum_int": () => from(Post).select((p) => sum(p.views)),
  "aggregate/sum_decimal": () => from(Order).select((o) => sum(o.total)),
  "aggregate/avg_int": () => from(User).select((u) => avg(u.age)),
  "aggregate/avg_decimal": () => from(Order).select((o) => avg(o.total)),
  "aggregate/min_max": () =>
    from(User).select((u) => [min(u.age), max(u.age), min(u.birthday), max(u.inserted_at), min(u.balance)]),
  "aggregate/empty_set": () =>
    from(User).where((u) => u.id.lt(c(0))).select((u) => [count(u.id), sum(u.age), avg(u.age), max(u.age)]),
  "aggregate/sum_expr": () => from(LineItem).select((l) => sum(l.quantity.multiply(l.unit_price))),
  "aggregate/coalesce_sum": () => from(User).where((u) => u.id.lt(c(0))).select((u) => coalesce(sum(u.age), c(0))),

  "group/by_field": () => from(User).groupBy("status").orderBy("status").select((u) => [u.status, count(u.id)]),
  "group/by_null_key": () =>
    from(Post).groupBy("user_id").orderBy(ascNullsFirst("user_id")).select((p) => [p.user_id, count(p.id), sum(p.views)]),
  "group/by_atom_list": () => from(User).groupBy(["status"]).orderBy(["status"]).select((u) => [u.status, max(u.id)]),
  "group/having": () =>
    from(Post).groupBy("user_id").having((p) => count(p.id).gt(c(2))).orderBy("user_id").select((p) => [p.user_id, count(p.id)]),
  "group/or_having": () =>
    from(Post).groupBy("user_id").having((p) => count(p.id).gt(c(4))).orHaving((p) => sum(p.views).gt(c(200)))
      .orderBy("user_id").select((p) => p.user_id),
  "group/by_expression": () =>
    from(User).groupBy((u) => fragment`${u.id} % 3`).orderBy((u) => fragment`${u.id} % 3`)
      .select((u) => [fragment`${u.id} % 3`, count(u.id)]),
  "group/with_join": () =>
    from(User).leftJoin("posts", "p").groupBy("id").orderBy("id").select((u, { p }) => [u.id, count(p.id)]),
  "group/with_join_name": () =>
    from(Category).join(Product, "p", (c, { p }) => p.category_id.eq(c.id)).groupBy((c) => [c.id, c.name]).orderBy("id")
      .select((c, { p }) => ({ name: c.name, total: sum(p.stock), avg_price: avg(p.price) })),
  "group/by_null_bool": () =>
    from(User).groupBy((u) => isNil(u.age)).orderBy((u) => isNil(u.age)).select((u) => [isNil(u.age), count()]),

  "distinct/distinct_tuple": () => from(User).distinct().select(tuple("status", "active")).orderBy(["status", "active"]),
  "distinct/distinct_null": () =>
    from(Profile).distinct(true).select((p) => p.website.isNil()).orderBy((p) => p.website.isNil()),
  "distinct/distinct_on": () =>
    from(Post).distinct(["user_id"]).orderBy((p) => [p.user_id, desc(p.views), p.id]).select(tuple("user_id", "views", "id")),
  "distinct/distinct_on_two": () =>
    from(User).distinct((u) => [u.status, u.active]).orderBy("id").select(tuple("status", "active", "id")),
  "distinct/distinct_struct_join": () =>
    from(User).join("posts", "p").distinct((u) => u.id).orderBy("id").select((u) => u.id),

  "order/desc_nulls": () => from(User).orderBy([desc("age"), "id"]).select(tuple("id", "age")),
  "order/desc_nulls_last": () => from(User).orderBy([descNullsLast("age"), desc("id")]).select(tuple("id", "age")),
  "order/desc_nulls_first": () => from(User).orderBy((u) => [descNullsFirst(u.age), u.id]).select(tuple("id", "age")),
  "order/multi_clause_appends": () => from(User).orderBy("active").orderBy(desc("id")).select((u) => u.id),
  "order/prepend_order_by": () => users().select((u) => u.id).prependOrderBy(desc("active")),
  "order/interpolated": () => from(User).orderBy([desc("status"), "id"]).select(tuple("status", "id")),
  "order/strings_unicode": () => from(User).orderBy(["name", "id"]).select((u) => u.name),
  "order/expression": () => from(User).orderBy((u) => [fragment`length(${u.name})`, u.id]).select((u) => u.id),
  "order/ties_partial": () => from(User).orderBy("active").select(tuple("active", "id")),
  "order/no_order": () => from(User).select((u) => u.id),
  "order/by_joined": () =>
    from(Post).join("user").orderBy((p, { user }) => [desc(user.name), p.id]).select((p, { user }) => [user.name, p.id]).limit(c(12)),
  "order/by_decimal": () => from(Product).orderBy([desc("price"), "id"]).select(tuple("price", "id")).limit(c(12)),
  "order/reverse_order": () => from(User).orderBy(["status", desc("id")]).select((u) => u.id).reverseOrder(),
  "order/reverse_order_nulls": () => from(User).orderBy([ascNullsFirst("age"), "id"]).select(tuple("id", "age")).reverseOrder(),
  "order/reverse_order_no_order_uses_pk": () => from(Tag).select((t) => t.id).reverseOrder(),

  "limit/offset": () => users().limit(c(3)).offset(c(5)).select((u) => u.id),
  "limit/offset_only": () => users().offset(c(27)).select((u) => u.id),
  "limit/limit_zero": () => users().limit(c(0)).select((u) => u.id),
  "limit/last_limit_wins": () => users().limit(10).select((u) => u.id).limit(c(2)),
  "limit/limit_nil": () => tags().limit(null).select((t) => t.id),
  "limit/first": () => from(User).select(tuple("id", "name")).first(),
  "limit/first_by_field": () => from(User).select(tuple("id", "email")).first("email"),
  "limit/last": () => from(User).select(tuple("id", "name")).last(),
  "limit/last_by_field": () => from(User).where((u) => u.birthday.isNil().not()).select(tuple("id", "birthday")).last("birthday"),

  "lock/for_update": () => from(User).where((u) => u.id.eq(c(1))).lock("FOR UPDATE").select((u) => u.id),
  "lock/for_share_nowait": () => from(User).where((u) => u.id.eq(c(1))).lock("FOR SHARE NOWAIT").select((u) => u.id),
  "lock/fragment_of": () =>
    from(Post).join("user", "u").where((p) => p.id.eq(c(1))).lock((_, { u }) => fragment`FOR UPDATE OF ${u}`).select((p) => p.id),

  "prefix/query_prefix": () => tags().select((t) => t.id).limit(c(2)).prefix("public"),
  "prefix/from_prefix": () => from(Tag, { prefix: "public" }).orderBy("id").limit(c(1)),
  "prefix/missing_schema": () => from(Tag, { prefix: "nope" }).select((t) => t.id),

  "named/as_from": () => from(User).as("user").where(({ user }) => user.id.eq(c(2))).select(({ user }) => user.name),
  "named/as_join_later": () =>
    from(Post).join("user", "author").where((_, { author }) => author.active).orderBy("id")
      .select((p, { author }) => [p.id, author.id]).limit(c(5)),
  "named/has_named_binding": () => {
    const query = from(Post).join("user", "author");
    if (!query.hasNamedBinding("author")) return query;
    return query.where((_, { author }) => author.id.eq(c(3))).orderBy("id").select((p) => p.id);
  },
  "named/with_named_binding": () => {
    const add = (query) => query.leftJoin("user");
    return from(Post).withNamedBinding("user", add).withNamedBinding("user", add).where((_, { user }) => user.id.eq(c(4)))
      .orderBy("id").select((p) => p.id);
  },
  "named/parent_as_exists": () =>
    from(User).as("u")
      .where(({ u }) => exists(from(Post).where((p) => p.user_id.eq(u.id).and(p.views.gt(c(85)))).select(() => c(1))))
      .orderBy("id").select(({ u }) => u.id),
  "named/parent_as_scalar": () => {
    const posts = from(Post).where((p) => p.user_id.eq(parentAs("u", User).id)).select((p) => count(p.id));
    return from(User).as("u").orderBy("id").select(({ u }) => [u.id, subquery(posts)]).limit(c(7));
  },

  "compose/exclude_where": () =>
    from(User).where((u) => u.id.eq(1)).orderBy("id").select((u) => u.id).limit(c(3)).exclude("where"),
  "compose/exclude_order_limit": () =>
    from(User).where((u) => u.id.lt(c(4))).orderBy("id").select((u) => u.id).limit(1).exclude("orderBy", "limit"),
  "compose/exclude_select": () => from(Tag).where((t) => t.id.eq(c(1))).select((t) => t.name).exclude("select"),
  "compose/exclude_join": () => from(Tag).join("posts", "p").select((t) => t.id).exclude("join"),
  "compose/exclude_preload_distinct_group": () =>
    from(Post).distinct().preload("tags").groupBy("id").where((p) => p.id.eq(c(1))).select((p) => p.id)
      .exclude("preload", "distinct", "groupBy").select((p) => p.id),
  "compose/pipe": () =>
    from(User).where((u) => u.active).where({ status: c("active") }).orderBy(desc("id")).limit(c(3)).select((u) => u.id),
  "compose/refine_with_more_joins": () => {
    const query = from(Post).join("user", "u");
    return from(query).join("comments", "c").where((_, { u }) => u.id.lt(c(4))).orderBy((_, { c }) => c.id)
      .select((p, { u, c }) => [p.id, u.id, c.id]);
  },

  "window/row_number": () =>
    posts().select((p) => [p.id, over(rowNumber(), { partitionBy: p.user_id, orderBy: [desc(p.views), p.id] })]),
  "window/named_window": () =>
    posts().windows((p) => ({ w: { partitionBy: p.user_id, orderBy: p.id } }))
      .select((p) => [p.id, over(rowNumber(), "w"), over(sum(p.views), "w")]).limit(c(20)),
  "window/lag_lead": () =>
    from(Order).windows((o) => ({ w: { orderBy: o.id } })).orderBy("id").limit(c(6))
      .select((o) => [o.id, over(lag(o.status), "w"), over(lead(o.status, c(1), c("none")), "w")]),
  "window/first_last_nth": () =>
    tags().windows((t) => ({ w: { orderBy: t.id } }))
      .select((t) => [t.id, over(firstValue(t.name), "w"), over(lastValue(t.name), "w"), over(nthValue(t.name, c(3)), "w")]),
  "window/ntile": () => tags().select((t) => [t.id, over(ntile(c(4)), { orderBy: t.id })]),
  "window/sum_partition_no_order": () =>
    posts().where((p) => p.user_id.isNil().not()).select((p) => [p.id, over(sum(p.views), { partitionBy: p.user_id })]).limit(c(10)),
  "window/count_over_all": () => tags().select((t) => [t.id, over(count(t.id))]).limit(c(3)),
  "window/running_total_peers": () =>
    from(Product).where((p) => p.id.lte(c(12))).orderBy("id").select((p) => [p.id, p.stock, over(sum(p.stock), { orderBy: p.stock })]),
  "window/top_n_per_group": () => {
    const ranked = from(Post).where((p) => p.user_id.isNil().not()).select((p) => ({
      id: p.id,
      uid: p.user_id,
      rn: over(rowNumber(), { partitionBy: p.user_id, orderBy: [desc(p.views), p.id] }),
    }));
    return from(subquery(ranked)).where((x) => x.rn.lte(c(2))).orderBy(["uid", "rn"]).select(tuple("uid", "id", "rn"));
  },
};
