//! Values of databases that know fewer types than we do: what is stored is a number, a text or bytes, and what it was
//! is said by its type.

use super::{Kind, json, text_of_json};
use crate::types::{Type, uuid};
use crate::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime, Value, ValueRef};

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
pub fn load_plain<'v>(kind: Kind<'_>, value: ValueRef<'v>) -> ValueRef<'v> {
    let loaded = match kind {
        Kind::Any => None,
        Kind::Embed => value.as_str().map(json),
        Kind::Type(kind) => load_type(&kind.base(), &value),
    };
    loaded.map_or(value, ValueRef::Made)
}

fn load_type(kind: &Type, value: &ValueRef<'_>) -> Option<Value> {
    match value {
        ValueRef::Text(text) => load_text(kind, text),
        ValueRef::Bytes(bytes) => load_bytes(kind, bytes),
        ValueRef::Lent(value) => load_value(kind, value),
        ValueRef::Made(value) => load_value(kind, value),
    }
}

fn load_value(kind: &Type, value: &Value) -> Option<Value> {
    match (kind, value) {
        (_, Value::String(text)) => load_text(kind, text),
        (_, Value::Binary(bytes)) => load_bytes(kind, bytes),
        (Type::Boolean, Value::Integer(number @ (0 | 1))) => Some(Value::Bool(*number == 1)),
        (Type::Float, Value::Integer(number)) => Some(Value::Float(*number as f64)),
        (Type::Float, Value::Decimal(number)) => number.text().parse().ok().map(Value::Float),
        (Type::Decimal, Value::Integer(number)) => Some(Decimal::from_i64(*number).into()),
        (Type::Decimal, Value::Float(number)) => Decimal::from_float(*number).map(Value::from),
        (Type::Integer | Type::Id, Value::Decimal(number)) => number.text().parse().ok().map(Value::Integer),
        _ => None,
    }
}

fn load_text(kind: &Type, text: &str) -> Option<Value> {
    match kind {
        Type::Decimal => Decimal::parse(text).map(Value::from),
        Type::Date => Date::from_iso(text).map(Value::from),
        Type::Time | Type::TimeUsec => Time::from_iso(text).map(Value::from),
        Type::NaiveDatetime | Type::NaiveDatetimeUsec => NaiveDatetime::from_iso(text).map(Value::from),
        Type::UtcDatetime | Type::UtcDatetimeUsec => UtcDatetime::from_iso_or_utc(text).map(Value::from),
        Type::Uuid => uuid::parse(text).map(|bytes| Value::Binary(bytes.as_slice().into())),
        Type::Map | Type::MapOf(_) => Some(json(text)),
        Type::Array(element) => Some(match json(text) {
            Value::List(list) => {
                let load = |value: Value| load_value(element, &value).unwrap_or(value);
                list.into_iter().map(load).collect::<Vec<_>>().into()
            }
            other => other,
        }),
        _ => None,
    }
}

fn load_bytes(kind: &Type, bytes: &[u8]) -> Option<Value> {
    match kind {
        Type::BinaryId => <[u8; 16]>::try_from(bytes).ok().map(|bytes| Value::String(uuid::text(bytes))),
        _ => None,
    }
}
