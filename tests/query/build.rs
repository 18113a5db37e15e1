//! The builder composes as Ecto does.

use crate::schemas::schema;
use ectomorph::query::{
    Clause, Direction, JoinKind, Query, Source, at, bound, field, fragment, from, map, named, pin, subquery,
    take_struct, values,
};
use ectomorph::types::Type;
use ectomorph::value::Value;

fn users() -> Query {
    from(schema("User"))
}

#[test]
fn what_is_excluded_is_as_if_it_had_not_been_said() {
    let full = users()
        .join(JoinKind::Left, Source::assoc(0, "posts").named("posts"), None)
        .join(JoinKind::Inner, "tags", None)
        .where_(field("id").eq(1))
        .group_by(field("id"))
        .having(field("id").gt(1))
        .distinct()
        .limit(1)
        .with_ties(true)
        .offset(2)
        .preload("posts")
        .lock("FOR UPDATE")
        .order_by(Direction::Asc, field("id"))
        .union(users())
        .with_cte("c", users())
        .window("w", Default::default())
        .set("name", "x")
        .select(field("id"));
    let all = [
        Clause::JoinKind(JoinKind::Left),
        Clause::Join,
        Clause::Where,
        Clause::OrderBy,
        Clause::GroupBy,
        Clause::Having,
        Clause::Distinct,
        Clause::Select,
        Clause::Combinations,
        Clause::WithCtes,
        Clause::Limit,
        Clause::Offset,
        Clause::Lock,
        Clause::Preload,
        Clause::Update,
        Clause::Windows,
    ];
    assert_eq!(full.clone().exclude(Clause::JoinKind(JoinKind::Left)).join_count(), 1);
    assert!(!full.clone().exclude(Clause::Join).has_named_binding("posts"));
    assert_eq!(all.into_iter().fold(full, Query::exclude), users());
}

#[test]
fn first_and_last_go_by_the_order_or_the_key() {
    let text = |query: Query| query.to_text();
    assert_eq!(text(users().first()), "from u0 in User,\n  order_by: [asc: u0.id],\n  limit: 1");
    assert_eq!(text(users().last()), "from u0 in User,\n  order_by: [desc: u0.id],\n  limit: 1");
    assert_eq!(
        text(users().last_by(field("name"))),
        "from u0 in User,\n  order_by: [desc: u0.name],\n  limit: 1"
    );
    let ordered = users()
        .order_by(Direction::AscNullsFirst, field("age"))
        .prepend_order_by(Direction::Desc, field("active"));
    assert_eq!(
        text(ordered.reverse_order()),
        "from u0 in User,\n  order_by: [asc: u0.active, desc_nulls_last: u0.age]"
    );
}

#[test]
fn select_merge_says_beforehand_what_it_can() {
    let select = |query: Query| query.to_text().split("select: ").nth(1).unwrap().to_owned();
    let name = || map([("name", field("name"))]);
    assert_eq!(select(users().select_merge(name())), "merge(u0, %{name: u0.name})");
    assert_eq!(
        select(users().select(map([("id", field("id")), ("name", "old".into())])).select_merge(name())),
        "%{id: u0.id, name: u0.name}"
    );
    // A param that is set anew would change the number of those before it, so both stay.
    assert_eq!(
        select(users().select(map([("name", pin("old"))])).select_merge(name())),
        "merge(%{name: ^\"old\"}, %{name: u0.name})"
    );
    assert_eq!(
        select(users().select(take_struct(0, ["id"])).select_merge(take_struct(0, ["age"]))),
        "struct(u0, [:id, :age])"
    );
    let error = ectomorph::query::plan(
        &users().select(field("id")).select_merge(bound(0)),
        ectomorph::query::Operation::All,
        crate::schemas::schemas(),
    );
    assert_eq!(
        error.unwrap_err().message(),
        "cannot select_merge u0 into u0.id, those select expressions are incompatible"
    );
}

#[test]
fn a_named_source_is_joined_once() {
    let joined = |query: Query| query.with_named_binding("user", |query| query.left_join_assoc("user"));
    let query = joined(joined(from(schema("Post")))).where_(named("user").field("id").eq(4));
    assert_eq!(
        query.to_text(),
        "from p0 in Post,\n  left_join: u1 in assoc(p0, :user),\n  as: :user,\n  where: as(:user).id == 4"
    );
}

#[test]
fn sources_of_every_kind_are_printed() {
    let inner = users().where_(field("active"));
    for (query, text) in [
        (from(subquery(inner.clone())), "from u0 in subquery(from u0 in User,\n  where: u0.active)"),
        (from(inner), "from u0 in User,\n  where: u0.active"),
        (from(("archive", schema("Tag"))), "from t0 in {\"archive\", Tag}"),
        (from(values([("n", Type::Integer)], [[Value::from(1)]])), "from v0 in values (n)"),
        (
            from(fragment("select generate_series(1, ?) as n", [pin(4)])),
            "from f0 in fragment(\"select generate_series(1, ?) as n\", ^4)",
        ),
        (
            users().from_prefix("blog").join(JoinKind::Cross, "tags", None).where_(at(1).field("id").eq(1)),
            "from u0 in User,\n  prefix: \"blog\",\n  cross_join: t1 in \"tags\",\n  on: true,\n  where: t1.id == 1",
        ),
    ] {
        assert_eq!(query.to_text(), text);
    }
}

#[test]
fn a_query_is_printed_in_one_line_with_its_ctes() {
    let query = from("active").select(field("id")).with_cte("active", users().where_(field("active")));
    assert_eq!(
        query.inspect(),
        "#Ecto.Query<from a0 in \"active\", select: a0.id>\n\
         |> with_cte(\"active\", materialized: nil, as: #Ecto.Query<from u0 in User, where: u0.active>)"
    );
    assert_eq!(query.recursive_ctes(true).to_string().lines().nth(1), Some("|> recursive_ctes(true)"));
}
