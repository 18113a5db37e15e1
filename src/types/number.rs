//! Integers, floats and decimals.

use crate::value::{Decimal, Value, parse_float};
use core::cmp::Ordering;

/// Text of so many bytes is no integer, as in Ecto: a bound on the work for hostile input.
const TOO_LONG: usize = 32;

pub(super) fn cast_integer(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => parse_integer(text.as_bytes()).map(Value::Integer),
        _ => same_integer(value),
    }
}

/// A whole text as an integer: an optional sign and digits.
pub(super) fn parse_integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        _ => (false, text),
    };
    if digits.is_empty() || text.len() >= TOO_LONG {
        return None;
    }
    let mut number: i64 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        let digit = i64::from(digit - b'0');
        // Counted downwards, because the smallest integer has no positive counterpart.
        number = number.checked_mul(10)?.checked_sub(digit)?;
    }
    if negative { Some(number) } else { number.checked_neg() }
}

pub(super) fn same_integer(value: &Value) -> Option<Value> {
    matches!(value, Value::Integer(_)).then(|| value.clone())
}

pub(super) fn cast_float(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => parse_float(text).map(Value::Float),
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
    fn integers_are_read_over_their_whole_range_and_not_beyond() {
        assert_eq!(parse_integer(b"9223372036854775807"), Some(i64::MAX));
        assert_eq!(parse_integer(b"-9223372036854775808"), Some(i64::MIN));
        assert_eq!(parse_integer(b"9223372036854775808"), None);
        assert_eq!(parse_integer(b"-9223372036854775809"), None);
        assert_eq!(parse_integer(b"0000000000000000000000000000007"), Some(7));
        assert_eq!(parse_integer(b"00000000000000000000000000000007"), None);
    }
}
