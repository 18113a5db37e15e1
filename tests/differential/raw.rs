//! SQL as text, on the same tables, under the same constraints and transactions.

use crate::host::{database, fill, open};
use ectomorph::adapter::{Adapter, AdapterError, ViolationKind, now};
use ectomorph::adapters::glue::{Executor, Glue};
use ectomorph::store::{Column, Ddl, Definition, Fold, Index, Kind, TableName};
use ectomorph::value::Value;

fn users() -> Glue {
    let mut database = database();
    fill(&mut database, "users", &[vec![1.into(), 30.into(), "Ada".into(), Value::Null]]);
    fill(&mut database, "posts", &[vec![1.into(), 1.into(), 7.into(), "On engines".into()]]);
    open(database, Executor::GlueSql)
}

fn run(glue: &Glue, sql: &str, params: &[Value]) -> Result<(usize, Vec<Vec<Value>>), AdapterError> {
    now(glue.query(sql, params)).unwrap().map(|answer| (answer.count, answer.rows))
}

#[test]
fn it_reads_and_writes_the_same_tables() {
    let glue = users();
    assert_eq!(run(&glue, "INSERT INTO users (id, name, age) VALUES (2, 'Bob', 20)", &[]).unwrap().0, 1);
    assert_eq!(run(&glue, "UPDATE users SET age = age + 1 WHERE id = $1", &[2.into()]).unwrap().0, 1);
    let sql =
        "SELECT u.name, u.age, p.title FROM users u LEFT JOIN posts p ON p.user_id = u.id ORDER BY u.id";
    let expected = vec![
        vec![Value::from("Ada"), Value::from(30), Value::from("On engines")],
        vec![Value::from("Bob"), Value::from(21), Value::Null],
    ];
    assert_eq!(run(&glue, sql, &[]).unwrap().1, expected);
    assert_eq!(run(&glue, "DELETE FROM users WHERE name = $1", &["Bob".into()]).unwrap().0, 1);
}

#[test]
fn what_only_an_index_is_of_is_not_seen_and_yet_it_is_kept() {
    let glue = users();
    let before = run(&glue, "SELECT * FROM users", &[]).unwrap().1;
    glue.with_database(|database| {
        let table = || TableName::from("users");
        let index = Index::new("users_lower_name_index", ["lower(name)"]).unique();
        database
            .define(Ddl::AddColumn { table: table(), column: Column::folded(Fold::Lower, "name") })
            .unwrap();
        database.define(Ddl::CreateIndex { table: table(), index }).unwrap();
    });
    assert_eq!(run(&glue, "SELECT * FROM users", &[]).unwrap().1, before);
    let refused = run(&glue, "INSERT INTO users (id, name) VALUES (2, 'ADA')", &[]).unwrap_err();
    let AdapterError::Constraint(violations) = &refused else { panic!("{refused}") };
    assert_eq!(
        (violations[0].kind, violations[0].name.as_str()),
        (ViolationKind::Unique, "users_lower_name_index")
    );
    run(&glue, "UPDATE users SET name = 'Bob' WHERE id = 1", &[]).unwrap();
    run(&glue, "INSERT INTO users (id, name) VALUES (2, 'ADA')", &[]).unwrap();
}

#[test]
fn the_key_comes_from_the_sequence_when_it_is_left_out() {
    let glue = users();
    glue.with_database(|database| {
        let users = database.table_id(&"users".into()).unwrap();
        database.statement(|statement| statement.set_sequence(users, 0, 100)).unwrap();
    });
    run(&glue, "INSERT INTO users (name) VALUES ('Eve')", &[]).unwrap();
    let rows = run(&glue, "SELECT id FROM users WHERE name = 'Eve'", &[]).unwrap().1;
    assert_eq!(rows, [[Value::from(100)]]);
}

#[test]
fn constraints_hold_and_a_broken_one_undoes_the_statement() {
    let glue = users();
    for (sql, kind, name) in [
        ("INSERT INTO users (id, name) VALUES (5, 'x'), (5, 'y')", ViolationKind::Unique, "users_pkey"),
        ("INSERT INTO posts (id, user_id) VALUES (2, 99)", ViolationKind::ForeignKey, "posts_user_id_fkey"),
        ("DELETE FROM users WHERE id = 1", ViolationKind::ForeignKey, "posts_user_id_fkey"),
        ("UPDATE posts SET user_id = 98", ViolationKind::ForeignKey, "posts_user_id_fkey"),
    ] {
        let error = run(&glue, sql, &[]).unwrap_err();
        let AdapterError::Constraint(violations) = error else { panic!("{sql}: {error:?}") };
        assert_eq!((violations[0].kind, violations[0].name.as_str()), (kind, name), "{sql}");
    }
    assert_eq!(run(&glue, "SELECT COUNT(*) FROM users", &[]).unwrap().1, [[Value::from(1)]]);
}

#[test]
fn transactions_and_changes_of_tables_are_refused_by_name() {
    let glue = users();
    for (sql, feature) in [
        ("BEGIN", "transactions in raw SQL: use those of the repo"),
        ("DROP TABLE users", "changes of tables in raw SQL: use migrations"),
        ("CREATE TABLE t (a INT)", "changes of tables in raw SQL: use migrations"),
        ("SELECT 1; SELECT 2", "several statements in one text of raw SQL"),
    ] {
        assert_eq!(run(&glue, sql, &[]).unwrap_err(), AdapterError::unsupported(feature), "{sql}");
    }
    assert_eq!(glue.name(), "glue");
}

#[test]
fn a_table_in_a_prefix_is_named_with_it() {
    let glue = users();
    glue.with_database(|database| {
        let table = Definition::new(TableName::within(Some("app"), "users"))
            .column(Column::new("id", Kind::Integer(64)).sequence())
            .column(Column::new("name", Kind::Text(None)));
        database.define(Ddl::CreateTable(table)).unwrap();
    });
    assert_eq!(run(&glue, "INSERT INTO app.users (name) VALUES ('Eve'), ('Max')", &[]).unwrap().0, 2);
    assert_eq!(run(&glue, "UPDATE app.users SET name = 'Mia' WHERE id = 2", &[]).unwrap().0, 1);
    let sql = "SELECT a.name, b.name FROM app.users a JOIN users b ON b.id = a.id";
    assert_eq!(run(&glue, sql, &[]).unwrap().1, [[Value::from("Eve"), "Ada".into()]]);
    let sql = "SELECT app.users.name FROM app.users WHERE app.users.id > $1";
    assert_eq!(run(&glue, sql, &[1.into()]).unwrap().1, [[Value::from("Mia")]]);
    assert_eq!(run(&glue, "DELETE FROM app.users", &[]).unwrap().0, 2);
    assert_eq!(run(&glue, "SELECT name FROM users", &[]).unwrap().1, [[Value::from("Ada")]]);
    // An alias goes before a prefix where no table is meant.
    let sql = "SELECT app.age FROM users app";
    assert_eq!(run(&glue, sql, &[]).unwrap().1, [[Value::from(30)]]);
}

#[test]
fn what_is_not_there_has_the_code_of_postgresql() {
    let glue = users();
    for (sql, expected) in [
        ("SELECT nope", "42703"),
        ("SELECT u.nope FROM users u", "42703"),
        ("UPDATE users SET nope = 1", "42703"),
        ("SELECT * FROM nope", "42P01"),
        ("INSERT INTO nope (id) VALUES (1)", "42P01"),
        ("SELEKT 1", "42601"),
    ] {
        let error = run(&glue, sql, &[]).unwrap_err();
        let AdapterError::Query { code, .. } = &error else { panic!("{sql}: {error:?}") };
        assert_eq!(code.as_deref(), Some(expected), "{sql}: {error}");
    }
}
