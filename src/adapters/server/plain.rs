//! Params of databases that know few types: what is stored of a value is a number, a text or bytes.

use super::text_of_json;
use crate::value::Value;

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
