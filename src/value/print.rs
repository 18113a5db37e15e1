//! Values as text, as they appear in messages.

use super::{Value, float_text, push_integer};
use alloc::string::String;

/// The text of a value within a message: Elixir's `to_string`. Null is empty; dates and times are ISO 8601,
/// with a space between the two.
///
/// `None` for lists, maps and bytes that are not text, which have no such text.
///
/// ```
/// use ectomorph::value::{Value, to_text};
/// assert_eq!(to_text(&Value::from(1.0)).as_deref(), Some("1.0"));
/// assert_eq!(to_text(&Value::Null).as_deref(), Some(""));
/// assert_eq!(to_text(&Value::from([1, 2])), None);
/// ```
pub fn to_text(value: &Value) -> Option<String> {
    let mut text = String::new();
    match value {
        Value::Null => {}
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Integer(number) => push_integer(&mut text, *number),
        Value::Float(number) => text = float_text(*number),
        Value::Decimal(decimal) => decimal.push_text(&mut text),
        Value::String(string) => text.push_str(string),
        Value::Date(date) => date.push_iso(&mut text),
        Value::Time(time) => time.push_iso(&mut text),
        Value::NaiveDatetime(datetime) => datetime.push_iso(&mut text, ' '),
        Value::UtcDatetime(datetime) => datetime.push_iso(&mut text, ' '),
        Value::Binary(bytes) => text.push_str(core::str::from_utf8(bytes).ok()?),
        Value::Map(_) | Value::List(_) => return None,
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime};

    #[test]
    fn every_scalar_has_its_text() {
        let values = [
            (Value::from(true), "true"),
            (Value::from(-7), "-7"),
            (Value::from(1e3), "1.0e3"),
            (Value::from("é"), "é"),
            (Decimal::parse("1.50").into(), "1.50"),
            (Date::from_iso("2024-01-31").into(), "2024-01-31"),
            (Time::from_iso("10:20:30.5").into(), "10:20:30.5"),
            (NaiveDatetime::from_iso("2024-01-31T10:20:30").into(), "2024-01-31 10:20:30"),
            (UtcDatetime::from_iso("2024-01-31T10:20:30.000Z").into(), "2024-01-31 10:20:30.000Z"),
        ];
        for (value, text) in values {
            assert_eq!(to_text(&value).as_deref(), Some(text));
        }
        assert_eq!(to_text(&Value::Binary([0xFF].as_slice().into())), None);
    }
}
