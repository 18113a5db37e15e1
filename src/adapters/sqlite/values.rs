//! Values as SQLite stores them, and back.

use crate::adapter::{AdapterError, Outcome, Row};
use crate::adapters::server::Plain;
use crate::value::Value;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Decode, Row as _, Sqlite, TypeInfo, ValueRef};

/// What stands at the placeholders of a statement.
pub fn arguments(params: Vec<Value>) -> Outcome<SqliteArguments<'static>> {
    let mut arguments = SqliteArguments::default();
    for param in params {
        let added = match Plain::new(param, 'T') {
            Plain::Null => arguments.add(None::<i64>),
            Plain::Integer(number) => arguments.add(number),
            Plain::Float(number) => arguments.add(number),
            Plain::Text(text) => arguments.add(text),
            Plain::Bytes(bytes) => arguments.add(bytes),
        };
        added.map_err(|error| AdapterError::query(error.to_string()))?;
    }
    Ok(arguments)
}

/// The values of a row, each in the class it is stored in.
pub fn row(row: &SqliteRow) -> Row {
    (0..row.len()).map(|at| value(row, at)).collect()
}

fn value(row: &SqliteRow, at: usize) -> Value {
    let Ok(raw) = row.try_get_raw(at) else { return Value::Null };
    if raw.is_null() {
        return Value::Null;
    }
    // The class of this value, whatever the column was declared as.
    let class = raw.type_info().into_owned();
    let read = match class.name() {
        "INTEGER" | "BOOLEAN" => <i64 as Decode<Sqlite>>::decode(raw).map(Value::Integer),
        "REAL" => <f64 as Decode<Sqlite>>::decode(raw).map(Value::Float),
        "BLOB" => <&[u8] as Decode<Sqlite>>::decode(raw).map(|bytes| Value::Binary(bytes.into())),
        _ => <&str as Decode<Sqlite>>::decode(raw).map(Value::from),
    };
    read.unwrap_or_default()
}
