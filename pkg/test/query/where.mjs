// The queries of the groups where, expr, json, array and datetime.
import { t } from "ectomorph";
import {
  constant as c, count, dateAdd, datetimeAdd, dynamic, field, fragment, from, ilike, jsonExtractPath, like, list, not, splice,
  subquery, sum, type,
} from "ectomorph/repo";
import { LineItem, Order, Post, Product, Tag, User } from "./domain.mjs";

const user = (...conditions) =>
  conditions.reduce((query, condition) => query.where(condition), from(User)).orderBy("id").select((u) => u.id);
const tuple = (...names) => (row) => names.map((name) => row[name]);

export default {
  "where/eq_literal": () => from(User).where((u) => u.id.eq(c(3))).select((u) => u.name),
  "where/eq_param_cast": () => from(User).where((u) => u.id.eq("3")).select((u) => u.name),
  "where/eq_enum_param": () => user((u) => u.status.eq("banned")),
  "where/eq_enum_literal": () => user((u) => u.status.eq(c("banned"))),
  "where/gt_lt": () => user((u) => u.age.gt(c(25)).and(u.age.lte(c(40)))).select(tuple("id", "age")),
  "where/between_like": () => user((u) => u.age.gte(20).and(u.age.lte(30))).select(tuple("id", "age")),
  "where/not_bool_field": () => user((u) => not(u.active)),
  "where/keyword": () => user({ active: c(true), status: c("active") }),
  "where/keyword_interpolated": () => user({ active: true, name: "Ada Lovelace" }),
  "where/multiple_where_and": () => user((u) => u.active, (u) => u.age.gt(c(30))),
  "where/or_where": () => user((u) => u.id.eq(c(1))).orWhere((u) => u.id.eq(c(5))),
  "where/or_where_precedence": () =>
    user((u) => u.active, (u) => u.age.gt(c(40))).orWhere((u) => u.id.in([c(4), c(8)])).where((u) => u.id.lt(c(20))),
  "where/or_where_keyword": () => user((u) => u.id.eq(c(1))).orWhere({ active: c(true), age: c(19) }),
  "where/in_literal_list": () => user((u) => u.id.in([c(1), c(3), c(99)])),
  "where/in_param_list": () => user((u) => u.id.in([1, 3, 99])),
  "where/in_empty_param": () => from(User).where((u) => u.id.in([])).select((u) => u.id),
  "where/not_in_empty_param": () => user((u) => u.id.in([]).not()).limit(c(3)),
  "where/in_mixed_params": () => user((u) => u.id.in([c(1), 2, c(5)])),
  "where/not_in": () => user((u) => u.id.in([c(1), c(2), c(3)]).not().and(u.id.lt(c(7)))),
  "where/in_enum_params": () => user((u) => u.status.in(["pending", "banned"])).select(tuple("id", "status")),
  "where/in_strings": () => from(Tag).where((t) => t.name.in([c("rust"), c("Über-tag")])).orderBy("id").select((t) => t.id),
  "where/in_subquery": () =>
    user((u) => u.id.in(subquery(from(Post).where((p) => p.views.gt(c(80))).select((p) => p.user_id)))),
  "where/not_in_subquery_with_nulls": () => user((u) => not(u.id.in(subquery(from(Post).select((p) => p.user_id))))),
  "where/in_array_field": () => user((u) => c("admin").in(u.roles)),
  "where/like": () => user((u) => like(u.name, c("A%"))).select((u) => u.name),
  "where/ilike": () => user((u) => ilike(u.name, c("alan%"))).select((u) => u.name),
  "where/ilike_param": () => user((u) => ilike(u.email, "%@EXAMPLE.org")).select((u) => u.email),
  "where/ilike_unicode": () => user((u) => u.name.ilike(c("%Ó%"))).select((u) => u.name),
  "where/like_underscore_wildcard": () => user((u) => u.name.like(c("E_e"))).select((u) => u.name),
  "where/like_escaped_percent": () => user((u) => u.name.like(c("%\\%%"))).select((u) => u.name),
  "where/like_null": () => user((u) => u.bio.like(c("%rust%"))),
  "where/like_column_pattern": () => user((u) => like(u.email, fragment`concat('%', ${u.id}, '%')`)),
  "where/float_compare": () => user((u) => u.score.gte(c(60.5))).select(tuple("id", "score")),
  "where/date_compare": () => user((u) => u.birthday.lt("1980-01-01")).select(tuple("id", "birthday")),
  "where/utc_datetime_compare": () =>
    user((u) => u.last_seen_at.gt("2024-06-01T00:00:00Z")).select(tuple("id", "last_seen_at")),
  "where/time_compare": () =>
    from(Product).where((p) => p.available_from.gt("10:00:00")).orderBy("id").select(tuple("id", "available_from")),
  "where/uuid_eq": () => from(User).where((u) => u.uid.eq("f0000000-0000-4000-8000-000000000000")).select((u) => u.id),
  "where/string_compare_order": () => from(Tag).where((t) => t.name.lt(c("m"))).orderBy("id").select((t) => t.name),
  "where/column_to_column": () => user((u) => u.age.gt(u.id)).select(tuple("id", "age")),
  "where/true_literal": () => from(Tag).where(() => true).orderBy("id").select((t) => t.id).limit(c(2)),
  "where/false_literal": () => from(Tag).where(() => false).select((t) => t.id),
  "where/field_dynamic_name": () => user((u) => field(u, "active").eq(c(true)).and(u.id.lt(c(6)))),
  "where/string_with_quotes": () => user((u) => u.name.eq(c('Bob "Quote" Roe')).or(u.name.eq(c("Zoë O'Connor")))),
  "where/binding_last": () =>
    from(Post).join("user", "u").join("comments", "c")
      .where((_, { c: comment }) => comment.likes.gt(c(8)))
      .orderBy((_, { c }) => c.id)
      .select((p, { c }) => [p.id, c.id]),

  "expr/int_division": () => user((u) => u.id.lt(c(6))).select((u) => [u.id, u.age.divide(c(4))]),
  "expr/float_division": () => user((u) => u.id.lt(c(6))).select((u) => [u.id, u.score.divide(c(4))]),
  "expr/decimal_arith": () =>
    from(LineItem).where((l) => l.id.lt(c(6))).orderBy("id").select((l) => [
      l.quantity.multiply(l.unit_price),
      l.unit_price.add(l.unit_price),
      l.unit_price.subtract(c(1)),
    ]),
  "expr/arith_null": () => user((u) => u.id.in([c(7), c(8)])).select((u) => u.age.add(c(1))),
  "expr/param_arith": () => from(User).where((u) => u.id.add(1).eq(c(4))).select((u) => u.id),
  "expr/coalesce": () => user().select((u) => [u.id, u.age.coalesce(c(0))]).limit(c(9)),
  "expr/coalesce_in_where": () => user((u) => u.age.coalesce(c(0)).lt(c(20))),
  "expr/dynamic_and_loop": () => {
    const wanted = Object.entries({ name: "Ada Lovelace", active: true });
    const all = dynamic(User, (u) => wanted.reduce((and, [name, value]) => and.and(field(u, name).eq(value)), c(true)));
    return user(all);
  },
  "expr/dynamic_group_by_select": () => {
    const published = dynamic(Post, (p) => p.published);
    return from(Post).groupBy(published).orderBy(published).select((p) => [p.published, count(p.id)]);
  },
  "expr/dynamic_select_map": () => user().limit(c(3)).select((u) => ({ i: u.id, n: u.name })),
  "expr/dynamic_named": () => {
    const popular = dynamic({ posts: Post }, ({ posts }) => posts.views.gt(80));
    return from(User).join("posts", "posts").where((_, named) => popular(named)).orderBy((u, { posts }) => [u.id, posts.id])
      .select((u, { posts }) => [u.id, posts.id]);
  },
  "expr/dynamic_in_having": () => {
    const many = dynamic(Post, (p) => count(p.id).gt(2));
    return from(Post).groupBy("user_id").having(many).orderBy("user_id").select((p) => p.user_id);
  },
  "expr/dynamic_subquery": () => {
    const authors = from(Post).where((p) => p.views.gt(c(85))).select((p) => p.user_id);
    return user(dynamic(User, (u) => u.id.in(subquery(authors))));
  },
  "expr/fragment_lower": () => user((u) => fragment`lower(${u.name})`.eq(c("alan turing"))),
  "expr/fragment_param": () => from(User).where((u) => fragment`${u.name} || ${"!"}`.eq(c("Eve!"))).select((u) => u.id),
  "expr/fragment_select": () => user().select((u) => fragment`upper(${u.email})`).limit(c(3)),
  "expr/fragment_splice": () => user((u) => fragment`${u.id} in (${splice([1, 2, 3])})`),
  "expr/fragment_constant": () => from(Tag).orderBy("id").limit(fragment`${c(2)}`).select((t) => t.id),
  "expr/type_cast_param": () => from(User).where((u) => u.id.eq(type("3", t.integer()))).select((u) => u.id),
  "expr/type_cast_expr": () =>
    from(LineItem).where((l) => l.id.lte(c(3))).orderBy("id").select((l) => type(l.quantity, t.string())),
  "expr/type_load_decimal": () => from(Post).select((p) => type(sum(p.views), t.decimal())),
  "expr/type_fragment": () => from(Tag).where((t) => t.id.eq(c(1))).select(() => type(fragment`'2024-02-29'`, t.date())),
  "expr/type_array": () =>
    from(Tag).where((tag) => tag.id.in(type([1, 2], t.array(t.integer())))).orderBy("id").select((tag) => tag.id),

  "json/path_nested_select": () => user().select((u) => u.settings.at("page", "size")).limit(c(9)),
  "json/path_array_index": () => user().select((u) => u.settings.at("page", "sort", 0)).limit(c(3)),
  "json/path_missing_key": () => user().select((u) => u.settings.at("nope")).limit(c(2)),
  "json/json_extract_path_fn": () => user().select((u) => jsonExtractPath(u.settings, ["page", "size"])).limit(c(3)),
  "json/json_param_key": () => user((u) => u.id.lt(c(4))).select((u) => u.settings.at("theme")),
  "json/path_int_compare": () => from(Post).where((p) => p.meta.at("n").eq(c(7))).select((p) => p.id),
  "json/path_type_cast": () =>
    from(Post).where((p) => type(p.meta.at("n"), t.integer()).gt(c(55))).orderBy("id").select((p) => p.id),
  "json/embed_path_select": () => from(Order).orderBy("id").select((o) => [o.id, o.address.at("zip")]).limit(c(8)),
  "json/path_order": () =>
    from(Post).where((p) => p.meta.isNil().not()).orderBy((p) => [p.meta.at("lang"), p.id])
      .select((p) => [p.id, p.meta.at("lang")]).limit(c(8)),

  "array/array_literal_select": () =>
    from(Tag).where((t) => t.id.eq(c(1))).select((t) => [t.id, list([t.id, c(2), c(3)])]),
  "array/array_agg_fragment": () =>
    from(Post).where((p) => p.user_id.eq(c(3))).select((p) => fragment`array_agg(${p.id} order by ${p.id})`),
  "array/array_overlap": () => user((u) => fragment`${u.roles} && ${type(["editor", "guest"], t.array(t.string()))}`),
  "array/array_length": () => user().select((u) => fragment`cardinality(${u.roles})`).limit(c(5)),

  "datetime/datetime_add_param": () =>
    from(Order).where((o) => o.placed_at.lt(datetimeAdd("2024-01-20T00:00:00", c(5), "day"))).orderBy("id").select((o) => o.id),
  "datetime/datetime_add_field": () =>
    from(Order).where((o) => o.id.lt(c(5))).orderBy("id").select((o) => [
      o.placed_at,
      datetimeAdd(o.placed_at, c(1), "month"),
      datetimeAdd(o.placed_at, c(-2), "hour"),
    ]),
  "datetime/date_add_month_end": () =>
    from(Product).where((p) => p.id.lt(c(6))).orderBy("id").select((p) => [p.released_on, dateAdd(p.released_on, c(1), "month")]),
  "datetime/date_add_week_year": () =>
    from(Product).where((p) => p.id.lt(c(4))).orderBy("id").select((p) => [
      dateAdd(p.released_on, c(1), "week"),
      dateAdd(p.released_on, c(-1), "year"),
    ]),
  "datetime/add_param_count_unit": () =>
    from(Order).where((o) => o.id.lt(c(3))).orderBy("id").select((o) => datetimeAdd(o.placed_at, 3, "day")),
  "datetime/date_trunc_fragment": () => {
    const day = dynamic(Order, (o) => fragment`date_trunc('day', ${o.placed_at})`);
    return from(Order).groupBy(day).orderBy(day).select((o) => [day(o), count()]).limit(c(6));
  },
  "datetime/date_minus": () =>
    user((u) => u.birthday.gt(dateAdd("2000-01-31", c(-1), "month"))).select((u) => [u.id, u.birthday]),
};
