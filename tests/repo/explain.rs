//! Queries on the store, told as the steps that run them.

use super::blog::Still;
use ectomorph::adapters::glue::Glue;
use ectomorph::query;
use ectomorph::query::{Operation, Query, Schemas, plan};
use ectomorph::store::{Column, Database, Ddl, Definition, Fold, Index, Kind};
use std::sync::Arc;

fn glue() -> Glue {
    let number = |name: &str| Column::new(name.to_owned(), Kind::Integer(64));
    let text = |name: &str| Column::new(name.to_owned(), Kind::Text(None));
    let users = Definition::new("users")
        .column(number("id").sequence())
        .column(text("email"))
        .column(number("age"))
        .primary_key(["id"])
        .index(Index::new("users_email_index", ["email"]).unique())
        .column(Column::folded(Fold::Lower, "email"))
        .index(Index::new("users_lower_email_index", ["lower(email)"]))
        .index(Index::new("users_age_index", ["age"]));
    let posts = Definition::new("posts")
        .column(number("id").sequence())
        .column(number("user_id"))
        .column(text("title"))
        .primary_key(["id"])
        .index(Index::new("posts_user_id_index", ["user_id"]));
    let mut database = Database::new();
    for table in [users, posts] {
        database.define(Ddl::CreateTable(table)).expect("a table");
    }
    Glue::new(database, Arc::new(Still::default()))
}

fn told(query: Query, operation: Operation) -> String {
    let planned = plan(&query, operation, &Schemas::new()).expect("a plan");
    glue().explain(&planned.plan).expect("steps")
}

fn read(query: Query) -> String {
    told(query, Operation::All)
}

#[test]
fn an_index_is_named_with_what_it_finds_and_other_conditions_filter() {
    assert_eq!(
        read(query!(from u in "users", where: u.email == ^"ada@example.com" and u.id > 1, select: u.age)),
        "rows of users by users_email_index (u0.email = $1) as u0, filter u0.email = $1 and u0.id > 1"
    );
    assert_eq!(
        read(query!(from u in "users", where: u.age >= 18 and u.age < 30, select: u.email)),
        "rows of users by users_age_index (u0.age >= 18, u0.age < 30) as u0, filter u0.age >= 18 and u0.age < 30"
    );
    assert_eq!(
        read(query!(from u in "users", where: u.id in [1, 2], select: u.email)),
        "rows of users by its primary key (u0.id in [1, 2]) as u0, filter u0.id in (1, 2)"
    );
    assert_eq!(
        read(query!(from p in "posts", where: ilike(p.title, ^"%a%"), select: p.id)),
        "scan of all 0 rows of posts as p0, filter p0.title ilike $1"
    );
}

#[test]
fn an_index_of_an_expression_finds_what_the_expression_equals() {
    let steps = read(
        query!(from u in "users", where: fragment("lower(?)", u.email) == ^"ada@example.com", select: u.age),
    );
    assert!(
        steps.starts_with("rows of users by users_lower_email_index (u0.lower(email) = $1) as u0"),
        "{steps}"
    );
    let steps =
        read(query!(from u in "users", where: fragment("upper(?)", u.email) == ^"ADA", select: u.age));
    assert!(steps.starts_with("scan of all 0 rows of users"), "{steps}");
}

#[test]
fn an_order_comes_of_an_index_or_is_sorted() {
    assert_eq!(
        read(query!(from u in "users", order_by: [desc: u.age], limit: 3, select: u.id)),
        "limit 3\n  rows of users in the order of users_age_index, backwards as u0"
    );
    assert_eq!(
        read(query!(from p in "posts", order_by: p.title, limit: 3, offset: 6, select: p.id)),
        "limit 3 offset 6\n  sort by p0.title\n    scan of all 0 rows of posts as p0"
    );
}

#[test]
fn joins_groups_and_subqueries_stand_above_what_gives_them_rows() {
    assert_eq!(
        read(query!(
            from u in "users",
            left_join: p in "posts",
            on: p.user_id == u.id,
            group_by: u.email,
            having: count(p.id) > 1,
            order_by: [desc: count(p.id)],
            select: {u.email, count(p.id)}
        )),
        "sort by an aggregate desc
  group by u0.email having an aggregate > 1
    left join by index if few rows are on the left, else by hash, on u0.id = p1.user_id
      scan of all 0 rows of users as u0
      rows of posts by posts_user_id_index (p1.user_id = u0.id) as p1"
    );
    let theirs = query!(from p in "posts", where: p.title == "a", select: p.user_id);
    assert_eq!(
        read(query!(from u in "users", where: u.id in subquery(^theirs), select: u.email)),
        "scan of all 0 rows of users as u0, filter u0.id in (subquery)
  subquery, run once
    scan of all 0 rows of posts as p0, filter p0.title = \"a\""
    );
}

#[test]
fn a_bulk_write_is_what_it_does_to_the_rows_it_finds() {
    assert_eq!(
        told(query!(from u in "users", where: u.age < 18), Operation::DeleteAll),
        "delete the rows of\n  rows of users by users_age_index (u0.age < 18) as u0, filter u0.age < 18"
    );
}

#[test]
fn a_table_that_is_not_there_is_an_error() {
    let planned = plan(&query!(from g in "ghosts", select: g.id), Operation::All, &Schemas::new());
    let refused = glue().explain(&planned.expect("a plan").plan).expect_err("no steps");
    assert!(refused.to_string().contains("relation \"ghosts\" does not exist"), "{refused}");
}
