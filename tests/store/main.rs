//! The store as its users see it.

mod constraints;
mod definitions;
mod durability;
mod folded;
mod many;
mod random;
mod references;
mod scans;

use ectomorph::store::{Column, Database, Ddl, Definition, Kind, StoreError, TableId};
use ectomorph::value::Value;

/// A database with a table.
fn with(definition: Definition) -> (Database, TableId) {
    let mut database = Database::new();
    let table = create(&mut database, definition);
    (database, table)
}

fn create(database: &mut Database, definition: Definition) -> TableId {
    database.define(Ddl::CreateTable(definition)).unwrap().unwrap()
}

/// A table with a numbered id and integer columns.
fn numbers(name: &str, columns: &[&str]) -> Definition {
    let definition = Definition::new(name).column(Column::new("id", Kind::Integer(64)).sequence());
    columns
        .iter()
        .fold(definition, |definition, column| definition.column(Column::new(*column, Kind::Integer(64))))
        .primary_key(["id"])
}

/// All rows by primary key, as integers; null is none.
fn rows(database: &Database, table: TableId) -> Vec<Vec<Option<i64>>> {
    let table = database.table(table).unwrap();
    table.rows().map(|(_, row)| row.iter().map(Value::as_integer).collect()).collect()
}

fn put(database: &mut Database, table: TableId, values: &[Option<i64>]) -> Result<(), StoreError> {
    let columns: Vec<usize> = (0..values.len()).collect();
    database.insert(table, &columns, values.iter().map(|value| Value::from(*value)).collect()).map(|_| ())
}

/// The kind and name of the constraint that was broken.
fn broken<T: std::fmt::Debug>(result: Result<T, StoreError>) -> (&'static str, String) {
    let error = result.unwrap_err();
    let name =
        error.violation().map_or_else(|| error.to_string(), |violation| violation.constraint.to_string());
    (error.code(), name)
}
