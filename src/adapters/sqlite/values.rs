//! Values as SQLite stores them, and back.

use crate::adapter::{AdapterError, Outcome};
use crate::adapters::server::{Plain, Stored};
use crate::value::{Value, ValueRef};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Decode, Row as _, Sqlite, TypeInfo, ValueRef as _};

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

/// A row, each value in the class it is stored in.
pub struct OfResult<'r>(pub &'r SqliteRow);

impl Stored for OfResult<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn value(&mut self, at: usize) -> Result<ValueRef<'_>, String> {
        let raw = self.0.try_get_raw(at).map_err(|error| error.to_string())?;
        if raw.is_null() {
            return Ok(ValueRef::NULL);
        }
        // The class of this value, whatever the column was declared as.
        let class = raw.type_info().into_owned();
        let integer = |number| ValueRef::Made(Value::Integer(number));
        let float = |number| ValueRef::Made(Value::Float(number));
        let read = match class.name() {
            "INTEGER" | "BOOLEAN" => <i64 as Decode<Sqlite>>::decode(raw).map(integer),
            "REAL" => <f64 as Decode<Sqlite>>::decode(raw).map(float),
            "BLOB" => <&[u8] as Decode<Sqlite>>::decode(raw).map(ValueRef::Bytes),
            _ => <&str as Decode<Sqlite>>::decode(raw).map(ValueRef::Text),
        };
        // Text that is none is null.
        Ok(read.unwrap_or(ValueRef::NULL))
    }
}
