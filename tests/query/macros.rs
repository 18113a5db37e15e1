//! `query!` says what the builder says.

use crate::blog::{Comment, Post, User};
use ectomorph::query;
use ectomorph::query::{
    AssocPreload, Direction, JoinKind, Key, Order, Preload, Query, SetOperation, Source, UpdateOp, Window,
    at, count, count_all, field, fragment, from, map, named, parent_as, pin, pin_list, row_number, subquery,
    sum, tuple, type_,
};
use ectomorph::types::Type;
use ectomorph::value::Value;

fn users() -> Query {
    Query::from::<User>()
}

#[test]
fn mistakes_are_compile_errors_that_name_the_field() {
    trybuild::TestCases::new().compile_fail("tests/query/ui/*.rs");
}

#[test]
fn conditions_have_the_strength_of_elixirs_operators() {
    let (min, name) = (18, String::from("Ada"));
    let written =
        query!(from u in User, where: u.age + 1 * 2 > ^min and not (u.name == ^name or u.id in [1, 2]));
    let built = users().where_(
        field("age")
            .add(ectomorph::query::Expr::from(1_i64).mul(2_i64))
            .gt(pin(18))
            .and(field("name").eq(pin("Ada")).or(field("id").in_([1_i64, 2])).not()),
    );
    assert_eq!(written, built);
    assert_eq!(
        written.to_text(),
        "from u0 in User,\n  where: u0.age + 1 * 2 > ^18 and not (u0.name == ^\"Ada\" or u0.id in [1, 2])"
    );
}

#[test]
fn names_are_those_of_the_schema() {
    let written = query!(from u in User, where: u.email == "a@b.c" and field(u, "inserted_at") > ^min_time());
    assert_eq!(
        written,
        users().where_(field("email").eq("a@b.c").and(field("inserted_at").gt(pin(min_time()))))
    );
}

fn min_time() -> Value {
    "2024-01-01T00:00:00".into()
}

#[test]
fn lists_from_outside_are_pinned_whole() {
    let ids = vec![1, 2];
    let written = query!(from u in User, where: u.id not in ^ids.clone(), where: "admin" in u.roles);
    let admin = ectomorph::query::Expr::from("admin").in_(field("roles"));
    assert_eq!(written, users().where_(field("id").in_(pin_list(ids)).not()).where_(admin));
}

#[test]
fn joins_name_their_sources_and_conditions() {
    let written = query!(
        from u in User,
        as: author,
        join: p: Post in assoc(u, posts),
        as: posts,
        on: p.views > 10,
        left_join: c in Comment,
        on: [post_id: p.id],
        join: t in "tags",
        on: true,
        cross_join: x: _ in ^query!(from p in Post, where: p.views == 0),
        where: as(author).id == p.user_id and c.body != x.title,
        select: {u.id, t.name}
    );
    let built = users()
        .as_("author")
        .join(
            JoinKind::Inner,
            Source::assoc(0, "posts").named("posts"),
            Some(at(1).field("views").gt(10_i64)),
        )
        .join(JoinKind::Left, Comment::source(), Some(at(2).field("post_id").eq(at(1).field("id"))))
        .join(JoinKind::Inner, "tags", Some(true.into()))
        .join(JoinKind::Cross, Query::from::<Post>().where_(field("views").eq(0_i64)), None)
        .where_(
            named("author")
                .field("id")
                .eq(at(1).field("user_id"))
                .and(at(2).field("body").ne(at(4).field("title"))),
        )
        .select(tuple([field("id"), at(3).field("name")]));
    assert_eq!(written, built);
}

impl Comment {
    fn source() -> std::sync::Arc<ectomorph::schema::Schema> {
        <Comment as ectomorph::schema::HasSchema>::schema()
    }
}

#[test]
fn groups_orders_and_windows_are_lists() {
    let written = query!(
        from p in Post,
        group_by: [p.user_id, p.title],
        having: count(p.id) > 2,
        windows: [w: [partition_by: p.user_id, order_by: [desc: p.views], frame: fragment("ROWS 2 PRECEDING")]],
        order_by: [desc_nulls_last: p.views, asc: p.id],
        limit: ^3,
        offset: 1,
        select: {over(sum(p.views), w), over(row_number(), order_by: p.id), filter(count(), p.views > 1)}
    );
    let window = Window {
        partition_by: vec![field("user_id")],
        order_by: vec![Order { direction: Direction::Desc, expr: field("views") }],
        frame: fragment("ROWS 2 PRECEDING", Vec::<ectomorph::query::Expr>::new()).pieces(),
    };
    let by_id = Window {
        order_by: vec![Order { direction: Direction::Asc, expr: field("id") }],
        ..Window::default()
    };
    let built = Query::from::<Post>()
        .group_by(field("user_id"))
        .group_by(field("title"))
        .having(count(field("id")).gt(2_i64))
        .window("w", window)
        .order_by(Direction::DescNullsLast, field("views"))
        .order_by(Direction::Asc, field("id"))
        .limit(pin(3_i64))
        .offset(1_i64)
        .select(tuple([
            sum(field("views")).over("w"),
            row_number().over_window(by_id),
            count_all().filter(field("views").gt(1_i64)),
        ]));
    assert_eq!(written, built);
}

#[test]
fn selects_are_fields_maps_records_and_updates() {
    assert_eq!(query!(from u in User, select: [id, email]), users().select_fields(["id", "email"]));
    assert_eq!(
        query!(from u in User, select: %{id: u.id, one: 1}, select_merge: %{name: u.name}),
        users()
            .select(map([("id", field("id")), ("one", 1_i64.into())]))
            .select_merge(map([("name", field("name"))]))
    );
    assert_eq!(
        query!(from u in User, select: %{u | age: ^7}).to_text(),
        "from u0 in User,\n  select: %{u0 | age: ^7}"
    );
    assert_eq!(
        query!(from u in "users", select: %User{email: u.e_mail}).to_text(),
        "from u0 in \"users\",\n  select: %User{email: u0.e_mail}"
    );
    assert_eq!(
        query!(from u in User, select: %{u.name => {struct(u, [id]), map(u, [age])}}).to_text(),
        "from u0 in User,\n  select: %{u0.name => {struct(u0, [:id]), map(u0, [:age])}}"
    );
    assert_eq!(
        query!(from u in User, select: u.settings["page"]["sort"][0]),
        users().select(ectomorph::query::json(
            field("settings"),
            [Key::Name("page".into()), Key::Name("sort".into()), Key::Index(0)]
        ))
    );
}

#[test]
fn subqueries_stand_as_sources_and_values() {
    let popular = query!(from p in Post, where: p.views > 80, select: p.user_id);
    let written =
        query!(from u in User, where: u.id in subquery(^popular.clone()), select: count(u.id, distinct));
    assert_eq!(
        written,
        users()
            .where_(field("id").in_(subquery(popular.clone())))
            .select(ectomorph::query::count_distinct(field("id")))
    );
    let exists = query!(from p in Post, where: p.user_id == parent_as(u).id);
    assert_eq!(exists, Query::from::<Post>().where_(field("user_id").eq(parent_as("u").field("id"))));
    assert_eq!(
        query!(from x in subquery(^popular.clone()), select: x.user_id),
        from(subquery(popular)).select(field("user_id"))
    );
}

#[test]
fn a_query_goes_on_with_the_sources_it_has() {
    let base = query!(from p in Post, join: u: User in assoc(p, user));
    let written =
        query!(from [p: Post, u: User] in ^base.clone(), where: u.age > p.views, union_all: ^base.clone());
    assert_eq!(
        written,
        base.clone().where_(at(1).field("age").gt(field("views"))).combine(SetOperation::UnionAll, base)
    );
}

#[test]
fn preloads_are_names_joins_and_queries() {
    let latest = query!(from c in Comment, order_by: [desc: c.id]);
    let written = query!(
        from u in User,
        join: p: Post in assoc(u, posts),
        join: c: Comment in assoc(p, comments),
        preload: [posts: {p, comments: c}],
        preload: [posts: [comments]]
    );
    let built = users()
        .join(JoinKind::Inner, Source::assoc(0, "posts"), None)
        .join(JoinKind::Inner, Source::assoc(1, "comments"), None)
        .preload_join(AssocPreload::new("posts", 1).preload(AssocPreload::new("comments", 2)))
        .preload(Preload::new("posts").preload("comments"));
    assert_eq!(written, built);
    assert_eq!(
        query!(from p in Post, preload: [user, comments: ^latest.clone()]),
        Query::from::<Post>().preload("user").preload(Preload::new("comments").query(latest))
    );
}

#[test]
fn updates_name_fields() {
    let title = "new";
    let written = query!(from p in Post, where: p.id == 1, update: [set: [title: ^title], inc: [views: 1]]);
    let built = Query::from::<Post>().where_(field("id").eq(1_i64)).set("title", "new").update(
        UpdateOp::Inc,
        "views",
        1_i64,
    );
    assert_eq!(written, built);
}

#[test]
fn an_expression_made_elsewhere_stands_in_its_place() {
    let mut filter = field("age").gt(pin(18));
    filter = filter.and(field("name").like("A%"));
    assert_eq!(
        query!(from u in User, where: ^filter.clone() and u.id > 1).to_text(),
        "from u0 in User,\n  where: u0.age > ^18 and like(u0.name, \"A%\") and u0.id > 1"
    );
    assert_eq!(
        query!(from u in User, where: u.age == type(^"3", integer), select: type(u.age, u.id)),
        users()
            .where_(field("age").eq(type_(pin("3"), Type::Integer)))
            .select(type_(field("age"), ectomorph::query::TypeSpec::Field(at(0), "id".into())))
    );
}
