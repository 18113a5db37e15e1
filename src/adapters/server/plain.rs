//! Values of databases that know fewer types than we do: what is stored is a number, a text or bytes, and what it was
//! is said by its type.

use super::{Kind, json, text_of_json};
use crate::types::{Type, uuid};
use crate::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime, Value};

/// A value as such a database takes it.
pub enum Plain {
    /// Null.
    Null,
    /// An integer, or 0 and 1 for false and true.
    Integer(i64),
    /// A float.
    Float(f64),
    /// Text: decimals, days and times, JSON.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Plain {
    /// A value. `separator` stands between a day and its time: `T`, or a space.
    pub fn new(value: Value, separator: char) -> Plain {
        let written = |write: &dyn Fn(&mut String)| {
            let mut text = String::new();
            write(&mut text);
            Plain::Text(text)
        };
        match value {
            Value::Null => Plain::Null,
            Value::Bool(flag) => Plain::Integer(i64::from(flag)),
            Value::Integer(number) => Plain::Integer(number),
            Value::Float(number) => Plain::Float(number),
            Value::Decimal(decimal) => Plain::Text(decimal.text()),
            Value::String(text) => Plain::Text(text.to_string()),
            Value::Binary(bytes) => Plain::Bytes(bytes.to_vec()),
            Value::Date(date) => written(&|into| date.push_iso(into)),
            Value::Time(time) => written(&|into| time.push_iso(into)),
            Value::NaiveDatetime(naive) => written(&|into| naive.push_iso(into, separator)),
            Value::UtcDatetime(utc) => written(&|into| utc.naive().push_iso(into, separator)),
            Value::Map(_) | Value::List(_) => Plain::Text(text_of_json(&value)),
        }
    }
}

/// A stored value of such a database as one of a kind, if it is one.
pub fn load_plain(kind: Kind<'_>, value: Value) -> Value {
    match (kind, value) {
        (_, Value::Null) => Value::Null,
        (Kind::Embed, Value::String(text)) => json(&text),
        (Kind::Any | Kind::Embed, value) => value,
        (Kind::Type(kind), value) => load_type(&kind.base(), value),
    }
}

fn load_type(kind: &Type, value: Value) -> Value {
    let loaded = match (kind, &value) {
        (Type::Boolean, Value::Integer(number @ (0 | 1))) => Some(Value::Bool(*number == 1)),
        (Type::Float, Value::Integer(number)) => Some(Value::Float(*number as f64)),
        (Type::Float, Value::Decimal(number)) => number.text().parse().ok().map(Value::Float),
        (Type::Decimal, Value::Integer(number)) => Some(Decimal::from_i64(*number).into()),
        (Type::Decimal, Value::Float(number)) => Decimal::from_float(*number).map(Value::from),
        (Type::Decimal, Value::String(text)) => Decimal::parse(text).map(Value::from),
        (Type::Integer | Type::Id, Value::Decimal(number)) => number.text().parse().ok().map(Value::Integer),
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
