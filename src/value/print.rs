//! Values as text, as they appear in messages.

use super::{Value, float_text};
use alloc::string::String;

/// Appends an integer.
///
/// ```
/// let mut text = String::from("id ");
/// ectomorph::value::push_integer(&mut text, -5);
/// assert_eq!(text, "id -5");
/// ```
pub fn push_integer(into: &mut String, number: i64) {
    if number < 0 {
        into.push('-');
    }
    push_digits(into, number.unsigned_abs(), 1);
}

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

/// Appends a number with leading zeros up to `width`.
pub(super) fn push_padded(into: &mut String, number: u32, width: usize) {
    push_digits(into, number.into(), width);
}

fn push_digits(into: &mut String, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while number > 0 {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    for digit in &digits[start.min(digits.len() - width)..] {
        into.push(*digit as char);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime};
    use alloc::string::ToString;

    #[test]
    fn integers_print_over_their_whole_range() {
        for number in [0, 7, -7, 10, i64::MAX, i64::MIN] {
            assert_eq!(to_text(&Value::from(number)), Some(number.to_string()));
        }
    }

    #[test]
    fn every_scalar_has_its_text() {
        let values = [
            (Value::from(true), "true"),
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
