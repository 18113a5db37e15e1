//! Writes of many rows, and databases that are opened anew.

use crate::{broken, create, numbers, put, rows};
use ectomorph::store::journal::Files;
use ectomorph::store::{Database, Durability, RowId, StoreError, TableId};
use ectomorph::value::Value;

/// A thousand rows: a number, its tens.
fn thousand(database: &mut Database) -> TableId {
    let mut definition = numbers("things", &["tens"]);
    definition.columns[1].nullable = false;
    let table = create(database, definition);
    for id in 1..=1_000 {
        put(database, table, &[Some(id), Some(id / 10)]).unwrap();
    }
    table
}

fn every_third(database: &Database, table: TableId) -> Vec<RowId> {
    database.table(table).unwrap().rows().ids().step_by(3).collect()
}

fn set(
    database: &mut Database,
    table: TableId,
    ids: &[RowId],
    values: Vec<Value>,
) -> Result<usize, StoreError> {
    database.statement(|statement| statement.update_many(table, ids, &[1], values))
}

#[test]
fn many_rows_are_changed_as_one_by_one_and_changed_back() {
    let mut database = Database::new();
    let table = thousand(&mut database);
    let before = rows(&database, table);
    let ids = every_third(&database, table);
    let values = || (0..ids.len() as i64).map(Value::from).collect();
    database.begin().unwrap();
    assert_eq!(set(&mut database, table, &ids, values()), Ok(334));
    let mut expected = before.clone();
    expected.iter_mut().step_by(3).zip(0..).for_each(|(row, value)| row[1] = Some(value));
    assert_eq!(rows(&database, table), expected);
    // What comes behind them, and goes again, is nothing to what they were.
    for id in 1_001..=1_100 {
        put(&mut database, table, &[Some(id), Some(-id)]).unwrap();
    }
    let gone = database.statement(|statement| statement.delete_many(table, &ids));
    assert_eq!((gone, database.table(table).unwrap().len()), (Ok(334), 766));
    database.rollback().unwrap();
    assert_eq!(rows(&database, table), before);
    for (id, row) in database.table(table).unwrap().rows() {
        assert_eq!(database.table(table).unwrap().get(&row[..1]).map(|(found, _)| found), Some(id));
    }
}

#[test]
fn one_null_among_many_undoes_them_all() {
    let mut database = Database::new();
    let table = thousand(&mut database);
    let before = rows(&database, table);
    let ids = every_third(&database, table);
    let mut values: Vec<Value> = ids.iter().map(|_| 7.into()).collect();
    values[300] = Value::Null;
    let refused = set(&mut database, table, &ids, values);
    assert_eq!(broken(refused), ("not_null_violation", "tens".into()));
    assert_eq!(rows(&database, table), before);
}

#[test]
fn what_is_opened_knows_its_keys_when_it_is_first_asked_or_written_to() {
    let folder = std::env::temp_dir().join(format!("ectomorph-many-{}", std::process::id()));
    let open = || Database::open(Files::open(&folder).unwrap(), Durability::Relaxed).unwrap();
    let mut database = open();
    let table = thousand(&mut database);
    let before = rows(&database, table);
    database.snapshot().unwrap();
    database.close().unwrap();
    let mut first_written = open();
    assert_eq!(broken(put(&mut first_written, table, &[Some(7), Some(0)])).1, "things_pkey");
    first_written.close().unwrap();
    let first_asked = open();
    let found = first_asked.table(table).unwrap().get(&[500.into()]).unwrap().1;
    assert_eq!(*found, [Value::from(500), 50.into()]);
    assert_eq!(rows(&first_asked, table), before);
    first_asked.close().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}
