//! Values as SQLite stores them, and back.

use crate::adapter::{AdapterError, Outcome, Row};
use crate::adapters::server::{Kind, Plain, json};
use crate::types::{Type, uuid};
use crate::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime, Value};
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

/// A stored value as one of a type, if it is one.
pub fn load(kind: Kind<'_>, value: Value) -> Value {
    match (kind, value) {
        (_, Value::Null) => Value::Null,
        (Kind::Any, value) => value,
        (Kind::Embed, Value::String(text)) => json(&text),
        (Kind::Embed, value) => value,
        (Kind::Type(kind), value) => load_type(&kind.base(), value),
    }
}

fn load_type(kind: &Type, value: Value) -> Value {
    let loaded = match (kind, &value) {
        (Type::Boolean, Value::Integer(number @ (0 | 1))) => Some(Value::Bool(*number == 1)),
        (Type::Float, Value::Integer(number)) => Some(Value::Float(*number as f64)),
        (Type::Decimal, Value::Integer(number)) => Some(Decimal::from_i64(*number).into()),
        (Type::Decimal, Value::Float(number)) => Decimal::from_float(*number).map(Value::from),
        (Type::Decimal, Value::String(text)) => Decimal::parse(text).map(Value::from),
        (Type::Date, Value::String(text)) => Date::from_iso(text).map(Value::from),
        (Type::Time | Type::TimeUsec, Value::String(text)) => Time::from_iso(text).map(Value::from),
        (Type::NaiveDatetime | Type::NaiveDatetimeUsec, Value::String(text)) => {
            NaiveDatetime::from_iso(text).map(Value::from)
        }
        (Type::UtcDatetime | Type::UtcDatetimeUsec, Value::String(text)) => {
            UtcDatetime::from_iso_or_utc(text).map(Value::from)
        }
        (Type::Uuid, Value::String(text)) => {
            uuid::parse(text).map(|bytes| Value::Binary(bytes.as_slice().into()))
        }
        (Type::BinaryId, Value::Binary(bytes)) => {
            <[u8; 16]>::try_from(&**bytes).ok().map(|bytes| Value::String(uuid::text(bytes)))
        }
        (Type::Map | Type::MapOf(_), Value::String(text)) => Some(json(text)),
        (Type::Array(element), Value::String(text)) => Some(match json(text) {
            Value::List(list) => {
                list.into_iter().map(|value| load_type(element, value)).collect::<Vec<_>>().into()
            }
            other => other,
        }),
        _ => None,
    };
    loaded.unwrap_or(value)
}
