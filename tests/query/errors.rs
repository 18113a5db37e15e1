//! What is wrong with a query is told by name.

use crate::blog::{Post, User};
use crate::schemas::{schema, schemas};
use ectomorph::query::{
    Clause, JoinKind, Operation, Query, QueryErrorKind, Source, at, bound, count, field, from, map, named,
    pin, pin_list, plan, selected_as, subquery, sum, tuple,
};
use ectomorph::value::Value;

fn refused(query: &Query, operation: Operation) -> (QueryErrorKind, String) {
    let error = plan(query, operation, schemas()).unwrap_err();
    (error.kind(), error.message().to_owned())
}

fn message(query: &Query) -> String {
    let error = plan(query, Operation::All, schemas()).unwrap_err();
    assert_eq!(error.kind(), QueryErrorKind::Query, "{error}");
    error.message().to_owned()
}

#[test]
fn a_comparison_with_null_is_refused() {
    for nil in [Value::Null.into(), pin(Value::Null)] {
        let query = from(schema("User")).where_(field("age").eq(nil));
        let (kind, message) = refused(&query, Operation::All);
        assert_eq!(kind, QueryErrorKind::Argument);
        assert_eq!(
            message,
            "comparing `u0.age` with `nil` is forbidden as it is unsafe. If you want to check if a value is nil, use \
             is_nil/1 instead"
        );
    }
    let (kind, message) = refused(&from(schema("User")).where_all([("age", Value::Null)]), Operation::All);
    assert_eq!(kind, QueryErrorKind::Argument);
    assert!(message.starts_with("nil given for `age`"), "{message}");
}

#[test]
fn a_name_is_given_once() {
    let query =
        from(schema("User")).as_("x").join(JoinKind::Inner, Source::assoc(0, "posts").named("x"), None);
    assert_eq!(refused(&query, Operation::All), (QueryErrorKind::Build, "alias `:x` already exists".into()));
    let twice = from(schema("User")).select(tuple([field("id").select_as("n"), field("age").select_as("n")]));
    assert_eq!(refused(&twice, Operation::All).0, QueryErrorKind::Build);
    let selected = from(schema("User")).select(field("id")).select(field("age"));
    assert_eq!(
        refused(&selected, Operation::All),
        (QueryErrorKind::Build, "only one select expression is allowed in query".into())
    );
}

#[test]
fn fields_sources_and_windows_must_be_there() {
    let users = || from(schema("User"));
    for (query, expected) in [
        (
            users().where_(field("nane").eq("x")),
            "field `nane` in `where` does not exist in schema User. Did you mean `name`?",
        ),
        (
            users().order_by(Default::default(), field("posts")),
            "field `posts` in `order_by` is an association in schema User",
        ),
        (
            from(schema("Post")).where_(field("user").eq(1)),
            "field `user` in `where` is an association in schema Post. Did you mean to use `user_id`?",
        ),
        (users().where_(named("author").field("id").eq(1)), "could not find named binding `as(:author)`"),
        (
            users().where_(at(1).field("id").eq(1)),
            "invalid query has specified more bindings than bindings available in `where` (look for \
             `unknown_binding!` in the printed query below)",
        ),
        (users().select(sum(field("age")).over("w")), "unknown window :w given to over/2"),
        (
            users().join(JoinKind::Inner, Source::assoc(0, "nope"), None),
            "could not find association `nope` on schema User",
        ),
        (
            from("users").join(JoinKind::Inner, Source::assoc(0, "posts"), None).select(field("id")),
            "cannot perform association join on \"users\" because it does not have a schema",
        ),
        (from("users"), "queries that do not have a schema need to explicitly pass a :select clause"),
        (
            users().where_(field("id").in_(subquery(from(schema("Post"))))),
            "subquery must return a single field in order to be used on the right-side of `in`",
        ),
        (
            users().select(field("id").filter(field("active"))),
            "filter(...) expects the first argument to be an aggregate expression, got: `filter(u0.id, u0.active)`",
        ),
        (
            users().join(JoinKind::Inner, users().limit(1), None),
            "invalid query was interpolated in a join: it may only have `where` conditions, which become conditions of \
             the join; wrap any other in `subquery`",
        ),
        (
            users().select(field("id")).preload("posts"),
            "the binding used in `from` must be selected in `select` when using `preload`",
        ),
    ] {
        assert_eq!(message(&query), expected);
    }
}

#[test]
fn a_virtual_field_has_no_column() {
    let query = Query::from::<User>().where_(field("password").eq("secret"));
    assert_eq!(message(&query), "field `password` in `where` is a virtual field in schema User");
}

#[test]
fn an_error_in_a_subquery_names_the_subquery() {
    let inner = from(schema("Post")).where_(field("nope").eq(1));
    let error = plan(&from(subquery(inner)), Operation::All, schemas()).unwrap_err();
    assert_eq!(error.kind(), QueryErrorKind::Subquery);
    assert_eq!(error.query(), Some("from p0 in Post,\n  where: p0.nope == 1,\n  select: p0"));
    let tuple_inside = from(schema("Post")).select(tuple([field("id")]));
    let error = plan(&from(subquery(tuple_inside)).select(bound(0)), Operation::All, schemas()).unwrap_err();
    assert_eq!(
        error.message(),
        "subquery/cte must select a source (t), a field (t.field) or a map, got: `{p0.id}`"
    );
}

#[test]
fn params_are_cast_and_dumped_by_the_type_of_the_field() {
    let query = Query::from::<User>()
        .where_(field("age").gt(pin("18")))
        .where_(field("status").eq(pin("active")))
        .where_(field("status").in_(pin_list(["pending", "active"])))
        .where_(pin("7").lt(field("id") + 1))
        .limit(pin("3"));
    let planned = plan(&query, Operation::All, schemas()).unwrap();
    assert_eq!(planned.params, [18.into(), 1.into(), [0, 1].into(), 7.into(), 3.into()]);
    let query = Query::from::<User>().where_(field("age").gt(pin("many")));
    let error = plan(&query, Operation::All, schemas()).unwrap_err();
    assert_eq!(error.kind(), QueryErrorKind::Cast);
    assert_eq!(error.message(), "value `\"many\"` in `where` cannot be cast to type :integer");
}

#[test]
fn writes_admit_conditions_alone() {
    let tags = || from(schema("Tag"));
    for (query, operation, expected) in [
        (tags(), Operation::UpdateAll, "`update_all` requires at least one field to be updated"),
        (
            tags().set("name", "a").set("name", "b"),
            Operation::UpdateAll,
            "duplicate field `name` for `update_all`",
        ),
        (
            tags().set("name", "a").limit(1),
            Operation::UpdateAll,
            "`update_all` allows only `with_cte`, `where` and `join` expressions; take the others away with `exclude`",
        ),
        (tags().set("name", "a"), Operation::DeleteAll, "`delete_all` does not allow `update` expressions"),
        (from(subquery(tags())), Operation::DeleteAll, "`delete_all` does not allow subqueries in `from`"),
    ] {
        assert_eq!(refused(&query, operation), (QueryErrorKind::Query, expected.into()));
    }
    let query = tags().set("name", 1);
    assert_eq!(refused(&query, Operation::UpdateAll).0, QueryErrorKind::Cast);
}

#[test]
fn the_order_of_what_has_no_key_must_be_said() {
    let (kind, message) = refused(&from("users").select(field("id")).last(), Operation::All);
    assert_eq!(kind, QueryErrorKind::Argument);
    assert!(message.ends_with("give it an `order_by`"), "{message}");
    let first = Query::from::<Post>().first().exclude(Clause::Limit);
    assert_eq!(first.to_text(), "from p0 in Post,\n  order_by: [asc: p0.id]");
}

#[test]
fn a_deep_query_ends_with_an_error() {
    let deep = (0..200)
        .fold(from(schema("Tag")).select(field("id")), |query, _| from(subquery(query)).select(field("id")));
    assert!(plan(&deep, Operation::All, schemas()).unwrap_err().message().ends_with("32 levels deep"));
    let long = (0..2000).fold(field("id"), |expr, _| expr + 1);
    let query = from(schema("Tag")).where_(long.gt(1));
    assert_eq!(message(&query), "an expression is nested more than 100 levels deep");
}

#[test]
fn names_of_selected_expressions_must_be_selected() {
    let query = from(schema("Post"))
        .select(map([("views", field("views").select_as("v")), ("n", count(field("id")))]))
        .group_by(selected_as("v"));
    assert!(plan(&query, Operation::All, schemas()).is_ok());
    let (kind, message) = refused(&query.group_by(selected_as("w")), Operation::All);
    assert_eq!(kind, QueryErrorKind::Argument);
    assert!(message.starts_with("invalid alias: `:w`"), "{message}");
}
