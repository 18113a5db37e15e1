//! Integers, floats and decimals.

use crate::value::{Decimal, Value, parse_float, parse_integer_bytes};
use core::cmp::Ordering;

/// Text of so many bytes is no integer, as in Ecto: a bound on the work for hostile input.
const TOO_LONG: usize = 32;

pub(super) fn cast_integer(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => parse_short_integer(text.as_bytes()).map(Value::Integer),
        _ => same_integer(value),
    }
}

/// A text, or a part of one, as an integer.
pub(super) fn parse_short_integer(text: &[u8]) -> Option<i64> {
    if text.len() < TOO_LONG { parse_integer_bytes(text) } else { None }
}

pub(super) fn same_integer(value: &Value) -> Option<Value> {
    matches!(value, Value::Integer(_)).then(|| value.clone())
}

pub(super) fn cast_float(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => parse_float(text).map(Value::Float),
        // Ecto has none of these; JavaScript, and programs in Rust, have them.
        Value::Float(number) if !number.is_finite() => None,
        _ => load_float(value),
    }
}

pub(super) fn load_float(value: &Value) -> Option<Value> {
    match value {
        Value::Integer(number) => Some(Value::Float(*number as f64)),
        _ => same_float(value),
    }
}

pub(super) fn same_float(value: &Value) -> Option<Value> {
    matches!(value, Value::Float(_)).then(|| value.clone())
}

pub(super) fn cast_decimal(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Decimal::parse(text).map(Value::Decimal),
        _ => same_decimal(value),
    }
}

pub(super) fn same_decimal(value: &Value) -> Option<Value> {
    match value {
        Value::Decimal(_) => Some(value.clone()),
        Value::Integer(number) => Some(Value::Decimal(Decimal::from_i64(*number))),
        Value::Float(number) => Decimal::from_float(*number).map(Value::Decimal),
        _ => None,
    }
}

pub(super) fn equal_decimal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Decimal(left), Value::Decimal(right)) => left.compare(right) == Ordering::Equal,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_no_integer_whatever_it_says() {
        assert_eq!(cast_integer(&"0000000000000000000000000000007".into()), Some(7.into()));
        assert_eq!(cast_integer(&"00000000000000000000000000000007".into()), None);
    }

    #[test]
    fn what_is_no_number_or_has_no_end_is_cast_to_no_float() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(cast_float(&Value::Float(number)), None);
        }
        assert_eq!(cast_float(&Value::Float(f64::MAX)), Some(Value::Float(f64::MAX)));
        assert_eq!(cast_float(&Value::Integer(2)), Some(Value::Float(2.0)));
    }
}
