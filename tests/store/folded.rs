//! Indexes of `lower(email)`: columns that follow others.

use crate::{broken, with};
use ectomorph::store::{
    Column, ColumnChange, Database, Ddl, Definition, Fold, Index, Kind, Range, RowId, TableId, TableName,
};
use ectomorph::value::Value;

fn users() -> (Database, TableId) {
    with(
        Definition::new("users")
            .column(Column::new("id", Kind::Integer(64)).sequence())
            .column(Column::new("email", Kind::Text(None)))
            .column(Column::folded(Fold::Lower, "email"))
            .primary_key(["id"])
            .index(Index::new("users_lower_email_index", ["lower(email)"]).unique()),
    )
}

fn put(database: &mut Database, users: TableId, email: Value) -> RowId {
    database.insert(users, &[1], vec![email]).unwrap()
}

/// The ids of users by the index, in its order.
fn found(database: &Database, email: &str) -> Vec<Value> {
    let users = database.table_named(&TableName::from("users")).unwrap();
    let index = users.index("users_lower_email_index").unwrap();
    users.scan(index, &Range::equal(&[email.into()])).map(|(_, row)| row[0].clone()).collect()
}

#[test]
fn a_folded_column_follows_inserts_updates_and_what_undoes_them() {
    let (mut database, users) = users();
    let jane = put(&mut database, users, "Jane@X".into());
    put(&mut database, users, Value::Null);
    put(&mut database, users, Value::Null);
    assert_eq!(
        broken(database.insert(users, &[1], vec!["JANE@x".into()])),
        ("unique_violation", "users_lower_email_index".into())
    );
    // What is written to it itself means nothing.
    database.update(users, jane, vec![(2, "other".into())]).unwrap();
    assert_eq!(found(&database, "jane@x"), [Value::from(1)]);
    database.begin().unwrap();
    database.update(users, jane, vec![(1, "ÄNNE@X".into())]).unwrap();
    assert_eq!(found(&database, "änne@x"), [Value::from(1)]);
    assert_eq!(found(&database, "jane@x"), []);
    database.rollback().unwrap();
    assert_eq!(found(&database, "jane@x"), [Value::from(1)]);
}

#[test]
fn a_folded_column_is_filled_renamed_and_dropped_with_what_it_belongs_to() {
    let table = || TableName::from("users");
    let (mut database, users) = with(Definition::new("users").column(Column::new("email", Kind::Text(None))));
    for email in ["A", "b"] {
        database.insert(users, &[0], vec![email.into()]).unwrap();
    }
    let index = Index::new("users_lower_email_index", ["lower(email)"]);
    for ddl in [
        Ddl::AddColumn { table: table(), column: Column::folded(Fold::Lower, "email") },
        Ddl::CreateIndex { table: table(), index },
        Ddl::RenameColumn { table: table(), column: "email".into(), to: "address".into() },
    ] {
        database.define(ddl).unwrap();
    }
    let names = |database: &Database| -> Vec<String> {
        database.table(users).unwrap().columns().iter().map(|column| column.name.to_string()).collect()
    };
    assert_eq!(names(&database), ["address", "lower(address)"]);
    database.insert(users, &[0], vec!["C".into()]).unwrap();
    for text in ["a", "b", "c"] {
        assert_eq!(found(&database, text), [Value::from(text.to_uppercase().replace('B', "b"))]);
    }
    database.define(Ddl::DropIndex { prefix: None, index: "users_lower_email_index".into() }).unwrap();
    assert_eq!(names(&database), ["address"]);
}

#[test]
fn an_index_of_two_folded_columns_goes_with_both() {
    let (mut database, users) = with(
        Definition::new("users")
            .column(Column::new("first", Kind::Text(None)))
            .column(Column::new("last", Kind::Text(None)))
            .column(Column::folded(Fold::Lower, "first"))
            .column(Column::folded(Fold::Upper, "last"))
            .index(Index::new("users_names_index", ["lower(first)", "upper(last)"])),
    );
    database.insert(users, &[0, 1], vec!["Ada".into(), "Lovelace".into()]).unwrap();
    database.define(Ddl::DropIndex { prefix: None, index: "users_names_index".into() }).unwrap();
    let table = database.table(users).unwrap();
    assert_eq!(table.columns().len(), 2);
    let rows: Vec<Vec<Value>> = table.unordered().map(|(_, row)| row.to_vec()).collect();
    assert_eq!(rows, [[Value::from("Ada"), Value::from("Lovelace")]]);
}

#[test]
fn a_folded_column_is_in_files_and_follows_there() {
    let (mut database, users) = users();
    put(&mut database, users, "Jane@X".into());
    let mut other = Database::new();
    other.import(&database.export()).unwrap();
    let users = other.table_id(&TableName::from("users")).unwrap();
    assert_eq!(found(&other, "jane@x"), [Value::from(1)]);
    put(&mut other, users, "JOE@X".into());
    assert_eq!(found(&other, "joe@x"), [Value::from(2)]);
}

#[test]
fn what_an_index_folds_stays_text() {
    let (mut database, users) = users();
    put(&mut database, users, "Jane@X".into());
    let change = |kind| Ddl::ModifyColumn {
        table: TableName::from("users"),
        column: "email".into(),
        change: ColumnChange { kind: Some((kind, None)), nullable: None, default: None },
    };
    let refused = database.define(change(Kind::Binary)).unwrap_err();
    let said = "an index has lower(email), so column \"email\" stays text; drop the index first";
    assert!(refused.to_string().contains(said), "{refused}");
    assert_eq!(found(&database, "jane@x"), [Value::from(1)]);
    database.define(change(Kind::Text(Some(80)))).unwrap();
    assert_eq!(found(&database, "jane@x"), [Value::from(1)]);
}

#[test]
fn who_drops_a_column_drops_what_follows_it() {
    let (mut database, users) = users();
    put(&mut database, users, "Jane@X".into());
    database.define(Ddl::DropColumn { table: TableName::from("users"), column: "email".into() }).unwrap();
    let table = database.table(users).unwrap();
    assert_eq!((table.columns().len(), table.index("users_lower_email_index")), (1, None));
}
