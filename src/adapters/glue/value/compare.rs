//! Equality, order and hashing of values.

use crate::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime, Value};
use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

/// Whether two values are equal; `None` if one of them is null.
pub(in super::super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => Some(a == b),
        (Value::String(a), Value::String(b)) => Some(a == b),
        _ => compare(left, right).map(Ordering::is_eq),
    }
}

/// How two values stand; `None` if one of them is null, or for kinds that have no order between them.
pub(in super::super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return None,
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Float(a), _) if number(right) => floats(*a, float(right)?),
        (_, Value::Float(b)) if number(left) => floats(float(left)?, *b),
        (Value::Decimal(_), _) | (_, Value::Decimal(_)) => left.to_decimal()?.compare(&right.to_decimal()?),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.compare(b),
        (Value::NaiveDatetime(a), Value::NaiveDatetime(b)) => a.compare(b),
        (Value::UtcDatetime(a), Value::UtcDatetime(b)) => a.compare(b),
        (Value::List(a), Value::List(b)) => lists(a, b),
        (Value::Map(_), Value::Map(_)) if left == right => Ordering::Equal,
        (Value::Map(a), Value::Map(b)) => a.len().cmp(&b.len()).then(Ordering::Less),
        (Value::String(text), other) => return literal(text, other, Side::Left),
        (other, Value::String(text)) => return literal(text, other, Side::Right),
        (Value::Binary(a), Value::Binary(b)) => a.cmp(b),
        _ => instant(left)?.cmp(&instant(right)?),
    })
}

/// A total order for sorting and ordered structures: nulls last, kinds that cannot be compared by kind.
pub(in super::super) fn order(left: &Value, right: &Value) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => compare(left, right).unwrap_or_else(|| left.kind().cmp(right.kind())),
    }
}

/// Values to group, join or count distinctly by: nulls are equal to each other here.
#[derive(Clone, Debug)]
pub(in super::super) struct Key(pub Vec<Value>);

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(a, b)| match (a, b) {
                (Value::Null, Value::Null) => true,
                _ => equal(a, b) == Some(true),
            })
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for value in &self.0 {
            hash(value, state);
        }
    }
}

/// Equal values have equal hashes: numbers of all kinds go by their float.
pub(in super::super) fn hash<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::Null => state.write_u8(0),
        Value::Bool(flag) => state.write_u8(1 + u8::from(*flag)),
        Value::Integer(number) => hash_float(*number as f64, state),
        Value::Float(number) => hash_float(*number, state),
        Value::Decimal(number) => hash_float(decimal_as_float(number), state),
        Value::String(text) => state.write(text.as_bytes()),
        Value::Binary(bytes) => state.write(bytes),
        Value::Date(date) => state.write_i64(date.unix_days()),
        Value::Time(time) => state.write_i64(microseconds(*time)),
        Value::NaiveDatetime(_) | Value::UtcDatetime(_) => state.write_i64(instant(value).unwrap_or(0)),
        Value::Map(map) => state.write_usize(map.len()),
        Value::List(list) => list.iter().for_each(|value| hash(value, state)),
    }
}

fn hash_float<H: Hasher>(number: f64, state: &mut H) {
    state.write_u64(if number == 0.0 { 0 } else { number.to_bits() });
}

fn number(value: &Value) -> bool {
    matches!(value, Value::Integer(_) | Value::Float(_) | Value::Decimal(_))
}

/// The number as a float.
pub(super) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Decimal(number) => Some(decimal_as_float(number)),
        _ => None,
    }
}

pub(super) fn decimal_as_float(number: &Decimal) -> f64 {
    let magnitude = if number.coefficient() < (1 << 53) && (-22..=22).contains(&number.exponent()) {
        // Both factors are exact, so the result is rounded once.
        let ten = 10_f64.powi(number.exponent().abs());
        let whole = number.coefficient() as f64;
        if number.exponent() < 0 { whole / ten } else { whole * ten }
    } else {
        return number.text().parse().unwrap_or(f64::NAN);
    };
    if number.is_negative() { -magnitude } else { magnitude }
}

/// PostgreSQL's order of floats: NaN is greater than all else.
fn floats(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
}

fn lists(left: &[Value], right: &[Value]) -> Ordering {
    left.iter()
        .zip(right)
        .map(|(a, b)| order(a, b))
        .find(|ordering| ordering.is_ne())
        .unwrap_or_else(|| left.len().cmp(&right.len()))
}

pub(super) fn microseconds(time: Time) -> i64 {
    (i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())) * 1_000_000
        + i64::from(time.microsecond())
}

/// Microseconds since 1970 of a date or a date-time.
fn instant(value: &Value) -> Option<i64> {
    Some(match value {
        Value::Date(date) => date.unix_days() * 86_400_000_000,
        Value::NaiveDatetime(naive) => naive.date().unix_days() * 86_400_000_000 + microseconds(naive.time()),
        Value::UtcDatetime(utc) => utc.unix_microseconds(),
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// A text beside a value of another kind is read as that kind, as PostgreSQL reads a literal of unknown type.
fn literal(text: &str, other: &Value, side: Side) -> Option<Ordering> {
    let read = match other {
        Value::Date(_) => Value::Date(Date::from_iso(text)?),
        Value::Time(_) => Value::Time(Time::from_iso(text)?),
        Value::NaiveDatetime(_) => Value::NaiveDatetime(
            NaiveDatetime::from_iso(text)
                .or_else(|| Some(NaiveDatetime::new(Date::from_iso(text)?, Time::new(0, 0, 0, 0, 0)?)))?,
        ),
        Value::UtcDatetime(_) => Value::UtcDatetime(UtcDatetime::from_iso_or_utc(text)?),
        Value::Integer(_) | Value::Float(_) | Value::Decimal(_) => Value::Decimal(Decimal::parse(text)?),
        Value::Bool(_) => Value::Bool(matches!(text, "t" | "true")),
        Value::Binary(bytes) => match crate::types::uuid::parse(text) {
            Some(uuid) => return Some(turned(uuid.as_slice().cmp(bytes), side)),
            None => return Some(turned(text.as_bytes().cmp(bytes), side)),
        },
        _ => return None,
    };
    compare(&read, other).map(|ordering| turned(ordering, side))
}

fn turned(ordering: Ordering, side: Side) -> Ordering {
    if side == Side::Left { ordering } else { ordering.reverse() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::DefaultHasher;

    fn decimal(text: &str) -> Value {
        Decimal::parse(text).unwrap().into()
    }

    #[test]
    fn equal_values_are_one_key() {
        let hash_of = |key: &Key| {
            let mut hasher = DefaultHasher::new();
            key.hash(&mut hasher);
            hasher.finish()
        };
        for (a, b) in [
            (Value::from(1), decimal("1.00")),
            (Value::from(1), Value::from(1.0)),
            (decimal("0.10"), Value::from(0.1)),
            (decimal("0"), Value::from(-0.0)),
            (Value::Null, Value::Null),
        ] {
            let (a, b) = (Key(vec![a]), Key(vec![b]));
            assert_eq!(a, b);
            assert_eq!(hash_of(&a), hash_of(&b), "{a:?} {b:?}");
        }
        assert_ne!(Key(vec![Value::from(1)]), Key(vec![Value::Null]));
    }

    #[test]
    fn a_text_beside_a_date_is_read_as_a_date() {
        let date = Value::Date(Date::from_iso("2024-02-29").unwrap());
        assert_eq!(compare(&"2024-03-01".into(), &date), Some(Ordering::Greater));
        assert_eq!(compare(&date, &"2024-03-01".into()), Some(Ordering::Less));
        assert_eq!(compare(&date, &"soon".into()), None);
    }
}
