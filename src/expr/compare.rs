//! Equality and order of values, with null unknown.

use crate::value::{Decimal, Map, Value};
use core::cmp::Ordering;

/// Whether two values are equal; unknown if one is null. Values of different kinds are not equal.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    (!left.is_null() && !right.is_null()).then(|| same(left, right))
}

/// How two values stand in order; unknown if one is null, or for kinds that have no order between them.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => return a.partial_cmp(b),
        (Value::Integer(a), Value::Float(b)) => return integer_and_float(*a, *b),
        (Value::Float(a), Value::Integer(b)) => return integer_and_float(*b, *a).map(Ordering::reverse),
        (Value::Decimal(_), _) | (_, Value::Decimal(_)) => decimal(left)?.compare(&decimal(right)?),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.compare(b),
        (Value::NaiveDatetime(a), Value::NaiveDatetime(b)) => a.compare(b),
        (Value::UtcDatetime(a), Value::UtcDatetime(b)) => a.compare(b),
        _ => bytes(left)?.cmp(bytes(right)?),
    })
}

/// A number as a decimal. A float becomes the decimal that it prints as.
pub(super) fn decimal(number: &Value) -> Option<Decimal> {
    match number {
        Value::Integer(number) => Some(Decimal::from_i64(*number)),
        Value::Float(number) => Decimal::from_float(*number),
        Value::Decimal(number) => Some(*number),
        _ => None,
    }
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => same_maps(a, b),
        _ => compare(left, right) == Some(Ordering::Equal),
    }
}

fn same_maps(left: &Map, right: &Map) -> bool {
    left.len() == right.len()
        && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
}

/// Text and binary data are one kind, as in Elixir: whether bytes are text is a matter of their content.
fn bytes(value: &Value) -> Option<&[u8]> {
    match value {
        Value::String(text) => Some(text.as_bytes()),
        Value::Binary(bytes) => Some(bytes),
        _ => None,
    }
}

/// Exact: above 2^53 an integer must not be rounded to a float first.
fn integer_and_float(integer: i64, float: f64) -> Option<Ordering> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() {
        return None;
    }
    if float >= BEYOND {
        return Some(Ordering::Less);
    }
    if float < -BEYOND {
        return Some(Ordering::Greater);
    }
    let whole = float as i64;
    let fraction = float - whole as f64;
    Some(integer.cmp(&whole).then(0.0.partial_cmp(&fraction)?))
}
