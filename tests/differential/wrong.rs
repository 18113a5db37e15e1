//! What GlueSQL alone gets silently wrong, and the adapter right.

use crate::host::{ask, database, fill, open};
use ectomorph::adapter::{
    Adapter, AdapterError, ConflictAction, ConflictTarget, Insert, InsertAll, OnConflict, Rows, SchemaMeta,
    Statement, Update, now,
};
use ectomorph::adapters::glue::{Executor, Glue};
use ectomorph::store::{Ddl, Index};
use ectomorph::value::{Decimal, Value};
use serde_json::{Value as Json, json};

/// Four users: ages 1, 2, 1 and unknown; names `xa`, unknown, `yb`, `xc`.
fn users() -> Glue {
    let mut database = database();
    let rows: [(i64, Option<i64>, Option<&str>); 4] =
        [(1, Some(1), Some("xa")), (2, Some(2), None), (3, Some(1), Some("yb")), (4, None, Some("xc"))];
    let rows: Vec<Vec<Value>> = rows
        .into_iter()
        .map(|(id, age, name)| vec![id.into(), age.into(), name.into(), Value::Null])
        .collect();
    fill(&mut database, "users", &rows);
    let index = Index::new("users_name_index", ["name"]).unique();
    database.define(Ddl::CreateIndex { table: "users".into(), index }).unwrap();
    open(database, Executor::GlueSql)
}

fn from(select: Json, rest: Json) -> Json {
    let mut query = json!({"from": {"as": "b0", "source": "users"}, "select": select});
    if let (Json::Object(query), Json::Object(rest)) = (&mut query, rest) {
        query.extend(rest);
    }
    query
}

fn rows(query: Json) -> Vec<Vec<Value>> {
    ask(&users(), &query).unwrap()
}

fn field(name: &str) -> Json {
    json!(["field", "b0", name])
}

fn integers(rows: &[&[i64]]) -> Vec<Vec<Value>> {
    rows.iter().map(|row| row.iter().map(|number| Value::from(*number)).collect()).collect()
}

fn by_id() -> Json {
    json!([["asc", ["field", "b0", "id"]]])
}

#[test]
fn an_aggregate_obeys_its_filter() {
    let counted = from(json!(["filter", ["count"], ["==", field("age"), 1]]), json!({}));
    assert_eq!(rows(counted), integers(&[&[2]]));
}

#[test]
fn an_aggregate_over_a_window_keeps_every_row() {
    let over = json!(["over", ["sum", field("id")], {"partition_by": [field("age")]}]);
    let query = from(json!(["tuple", field("id"), over]), json!({"order_by": by_id()}));
    assert_eq!(rows(query), integers(&[&[1, 4], &[2, 2], &[3, 4], &[4, 4]]));
}

#[test]
fn grouping_by_a_selected_expression_groups_by_it() {
    let select = json!(["tuple", ["select_as", field("age"), "a"], ["count"]]);
    let query = from(
        select,
        json!({"group_by": [["selected_as", "a"]], "order_by": [["asc", ["selected_as", "a"]]]}),
    );
    let expected = vec![
        vec![Value::from(1), Value::from(2)],
        vec![Value::from(2), Value::from(1)],
        vec![Value::Null, Value::from(1)],
    ];
    assert_eq!(rows(query), expected);
}

#[test]
fn unknown_or_true_is_true_and_unknown_and_false_is_false() {
    let or = json!(["or", ["==", field("age"), 5], ["==", field("id"), 4]]);
    let and = json!(["not", ["and", ["==", field("age"), 5], ["==", field("id"), 5]]]);
    assert_eq!(rows(from(field("id"), json!({"where": [or]}))), integers(&[&[4]]));
    assert_eq!(
        rows(from(field("id"), json!({"where": [and], "order_by": by_id()}))),
        integers(&[&[1], &[2], &[3], &[4]])
    );
}

#[test]
fn not_in_a_list_with_null_is_never_true() {
    let ages = json!({"from": {"as": "b0", "source": "users"}, "select": field("age")});
    let query = from(field("id"), json!({"where": [["not", ["in", field("id"), ["subquery", ages]]]]}));
    assert_eq!(rows(query), Vec::<Vec<Value>>::new());
}

#[test]
fn like_of_null_is_unknown_and_no_error() {
    let like = json!(["like", field("name"), "x%"]);
    assert_eq!(
        rows(from(field("id"), json!({"where": [like], "order_by": by_id()}))),
        integers(&[&[1], &[4]])
    );
    let not = json!(["not", ["like", field("name"), "x%"]]);
    assert_eq!(rows(from(field("id"), json!({"where": [not]}))), integers(&[&[3]]));
}

fn meta() -> SchemaMeta {
    SchemaMeta { source: "users".into(), prefix: None, schema: None }
}

fn cells(rows: &[(i64, &str)]) -> Rows {
    use ectomorph::adapter::Cell;
    Rows::Cells(
        rows.iter().map(|(id, name)| vec![Cell::Value((*id).into()), Cell::Value((*name).into())]).collect(),
    )
}

#[test]
fn a_key_twice_in_one_insert_breaks_it_and_nothing_is_written() {
    let glue = users();
    let insert = InsertAll {
        meta: &meta(),
        header: &["id".into(), "name".into()],
        rows: cells(&[(10, "a"), (10, "b")]),
        placeholders: Vec::new(),
        on_conflict: &OnConflict::default(),
        returning: &[],
    };
    let error = now(glue.run(Statement::InsertAll(insert))).unwrap().unwrap_err();
    let AdapterError::Constraint(violations) = error else { panic!("{error:?}") };
    assert_eq!(violations[0].name, "users_pkey");
    assert_eq!(ask(&glue, &from(json!(["count"]), json!({}))).unwrap(), integers(&[&[4]]));
}

#[test]
fn a_row_may_keep_its_unique_value() {
    let update = Update {
        meta: &meta(),
        fields: vec![("name".into(), "xa".into())],
        filters: vec![("id".into(), 1.into())],
        returning: &["name".into()],
    };
    let answer = now(users().run(Statement::Update(update))).unwrap().unwrap();
    assert_eq!(answer.rows, [[Value::from("xa")]]);
}

#[test]
fn a_column_that_is_not_grouped_is_refused() {
    let query = from(json!(["tuple", field("name"), ["count"]]), json!({"group_by": [field("age")]}));
    let error = ask(&users(), &query).unwrap_err();
    assert!(matches!(&error, AdapterError::Query { code: Some(code), .. } if *code == "42803"), "{error:?}");
}

#[test]
fn integers_divide_without_a_fraction_literals_too() {
    let query = from(
        json!(["tuple", field("id"), ["/", 7, 2], ["/", ["+", field("id"), 6], 2]]),
        json!({"limit": 1}),
    );
    assert_eq!(rows(query), integers(&[&[1, 3, 3]]));
}

#[test]
fn an_average_of_integers_is_a_decimal_with_sixteen_digits() {
    let mean = Decimal::parse("1.3333333333333333").unwrap();
    assert_eq!(rows(from(json!(["avg", field("age")]), json!({}))), [[Value::from(mean)]]);
}

#[test]
fn an_upsert_replaces_what_it_meets() {
    let glue = users();
    let on_conflict = OnConflict {
        action: ConflictAction::Replace(vec!["age".into()]),
        target: ConflictTarget::Columns(vec!["name".into()]),
    };
    let insert = Insert {
        meta: &meta(),
        fields: vec![("name".into(), "xa".into()), ("age".into(), 50.into())],
        on_conflict: &on_conflict,
        returning: &["id".into(), "age".into()],
    };
    let answer = now(glue.run(Statement::Insert(insert))).unwrap().unwrap();
    assert_eq!(answer.rows, integers(&[&[1, 50]]));
}

#[test]
fn what_nobody_can_do_here_is_refused_by_name_before_anything_runs() {
    for (fragment, feature) in [
        (json!(["fragment", {"raw": "pg_sleep(1)"}]), "function pg_sleep in a fragment"),
        (
            json!(["fragment", {"raw": "cast("}, field("name"), {"raw": " as tsvector)"}]),
            "type tsvector in a fragment",
        ),
        (json!(["fragment", {"raw": "sum("}, field("id"), {"raw": ") over ()"}]), "over in a fragment"),
    ] {
        let error = ask(&users(), &from(fragment, json!({}))).unwrap_err();
        assert_eq!(error, AdapterError::unsupported(feature));
    }
}
