//! Values as the text of inputs.

use crate::value::{Str, Value, to_text};
use alloc::string::String;

/// A value as an input holds it: text, or lists and maps of text. Null is empty.
///
/// Casting the text gives the value again: dates and times are ISO 8601 with a `T`, date-times without zone (which
/// casts read as UTC), as an input of the type `datetime-local` wants it. Bytes that are not text are left out.
///
/// ```
/// use ectomorph::{form::value_text, value::{UtcDatetime, Value}};
/// assert_eq!(value_text(&Value::from(true)), "true".into());
/// assert_eq!(value_text(&UtcDatetime::from_iso("2024-01-31T10:20:30Z").into()), "2024-01-31T10:20:30".into());
/// assert_eq!(value_text(&[1, 2].into()), ["1", "2"].into());
/// ```
pub fn value_text(value: &Value) -> Value {
    let naive = match value {
        Value::String(text) => return Value::String(text.clone()),
        Value::List(list) => return Value::List(list.iter().map(value_text).collect()),
        Value::Map(map) => {
            return Value::Map(map.iter().map(|(key, value)| (key.clone(), value_text(value))).collect());
        }
        Value::NaiveDatetime(naive) => *naive,
        Value::UtcDatetime(utc) => utc.naive(),
        other => return Value::String(to_text(other).map_or(Str::Static(""), Str::from)),
    };
    let mut text = String::new();
    naive.push_iso(&mut text, 'T');
    Value::from(text)
}
