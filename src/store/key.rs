//! The order of values in keys, and numbers that stand for it.
//!
//! Keys are never copied into indexes. An index holds, for each row, 128 bits made of the beginning of its key, and
//! the row's number. Mostly the bits alone decide; where they don't, the rows are looked at.

use super::cells::{Cell, Form};
use crate::value::{Decimal, Map, Value};
use std::cmp::Ordering;

/// The total order of values in keys: numbers by value, text and bytes byte by byte, times whatever their precision,
/// lists by their elements, and null last. Values of different kinds stand in the order of this list:
/// booleans, numbers, text and bytes, dates, times, datetimes, lists, maps, null.
///
/// ```
/// use ectomorph::store::order;
/// use ectomorph::value::Value;
/// assert!(order(&Value::from(1), &Value::from(1.5)).is_lt());
/// assert!(order(&Value::from("z"), &Value::Null).is_lt());
/// ```
pub fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        _ => match class(left).cmp(&class(right)) {
            Ordering::Equal => order_in_class(left, right),
            other => other,
        },
    }
}

/// The same order, of values on loan.
pub(super) fn order_cells(left: Cell<'_>, right: Cell<'_>) -> Ordering {
    match (left, right) {
        (Cell::Word(form, a), Cell::Word(other, b)) if form == other && form != Form::Float => a.cmp(&b),
        (Cell::Text(a) | Cell::Binary(a), Cell::Text(b) | Cell::Binary(b)) => a.cmp(b),
        (Cell::Value(a), Cell::Value(b)) => order(a, b),
        (a, b) => order(&a.to_value(), &b.to_value()),
    }
}

fn order_in_class(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => order_floats(*a, *b),
        (Value::Integer(a), Value::Float(b)) => order_integer_and_float(*a, *b),
        (Value::Float(a), Value::Integer(b)) => order_integer_and_float(*b, *a).reverse(),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.compare(b),
        (Value::NaiveDatetime(a), Value::NaiveDatetime(b)) => a.compare(b),
        (Value::UtcDatetime(a), Value::UtcDatetime(b)) => a.compare(b),
        (Value::NaiveDatetime(a), Value::UtcDatetime(b)) => a.compare(&b.naive()),
        (Value::UtcDatetime(a), Value::NaiveDatetime(b)) => a.naive().compare(b),
        (Value::List(a), Value::List(b)) => order_lists(a.iter().zip(b), a.len(), b.len()),
        (Value::Map(a), Value::Map(b)) => order_maps(a, b),
        (Value::Null, Value::Null) => Ordering::Equal,
        _ => match (left.as_bytes(), right.as_bytes()) {
            (Some(a), Some(b)) => a.cmp(b),
            _ => order_decimals(left, right),
        },
    }
}

/// One of them is a decimal. What is no number, and infinity, stand above all numbers; minus infinity below.
fn order_decimals(left: &Value, right: &Value) -> Ordering {
    match (left.to_decimal(), right.to_decimal()) {
        (Some(a), Some(b)) => a.compare(&b),
        (None, Some(_)) => beyond(left),
        (Some(_), None) => beyond(right).reverse(),
        (None, None) => Ordering::Equal,
    }
}

fn beyond(value: &Value) -> Ordering {
    match value {
        Value::Float(float) if *float < 0.0 => Ordering::Less,
        _ => Ordering::Greater,
    }
}

fn order_floats(left: f64, right: f64) -> Ordering {
    // What is no number is equal to itself and above all others, as in PostgreSQL.
    left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
}

/// Exact: above 2^53 an integer must not be rounded to a float first.
fn order_integer_and_float(integer: i64, float: f64) -> Ordering {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if float.is_nan() || float >= BEYOND {
        return Ordering::Less;
    }
    if float < -BEYOND {
        return Ordering::Greater;
    }
    let whole = float.floor();
    // A whole number is below the float that has it and a fraction.
    integer.cmp(&(whole as i64)).then(if float > whole { Ordering::Less } else { Ordering::Equal })
}

fn order_lists<'a>(
    pairs: impl Iterator<Item = (&'a Value, &'a Value)>,
    left: usize,
    right: usize,
) -> Ordering {
    pairs.map(|(a, b)| order(a, b)).find(|order| order.is_ne()).unwrap_or_else(|| left.cmp(&right))
}

/// The order of keys in a map does not matter to its equality, so it must not matter here.
fn order_maps(left: &Map, right: &Map) -> Ordering {
    let sorted = |map: &Map| {
        let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries
    };
    let (left, right) = (sorted(left), sorted(right));
    let entries = left.iter().zip(&right).map(|((a, x), (b, y))| a.cmp(b).then_with(|| order(x, y)));
    entries.into_iter().find(|order| order.is_ne()).unwrap_or_else(|| left.len().cmp(&right.len()))
}

/// Kinds of values in their order; four bits.
fn class(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => BOOLEAN,
        Value::Integer(_) | Value::Float(_) | Value::Decimal(_) => NUMBER,
        Value::String(_) | Value::Binary(_) => TEXT,
        Value::Date(_) => DATE,
        Value::Time(_) => TIME,
        Value::NaiveDatetime(_) | Value::UtcDatetime(_) => DATETIME,
        Value::List(_) => 7,
        Value::Map(_) => 8,
        Value::Null => NULL,
    }
}

const BOOLEAN: u8 = 1;
const NUMBER: u8 = 2;
const TEXT: u8 = 3;
const DATE: u8 = 4;
const TIME: u8 = 5;
const DATETIME: u8 = 6;
const NULL: u8 = 15;

/// The bits of a whole key that say that equal bits are equal keys are the lowest one, when it is not set.
pub(super) fn is_exact(prefix: u128) -> bool {
    prefix & 1 == 0
}

/// The bits of a key. If two keys' bits differ, their order is that of the keys. If they are equal and
/// [exact](is_exact), so are the keys.
pub(super) fn prefix<'a, C: Into<Cell<'a>>>(key: impl IntoIterator<Item = C>) -> u128 {
    let mut key = key.into_iter().map(Into::into);
    let (first, second, third) = (key.next(), key.next(), key.next());
    match (first, second) {
        (None, _) => 0,
        (Some(first), None) => wide(first),
        (Some(first), Some(second)) => {
            let high = narrow(wide(first));
            // Below an inexact half there is nothing to compare, only to say so.
            let low = if high & 1 == 1 { 1 } else { narrow(wide(second)) | u64::from(third.is_some()) };
            u128::from(high) << 64 | u128::from(low)
        }
    }
}

/// The upper half alone, of a key of several columns of which only the first is given.
pub(super) const FIRST_OF_MANY: u128 = (u64::MAX as u128) << 64;

/// Half as many bits: the lowest says that something was lost.
fn narrow(wide: u128) -> u64 {
    const LOST: u128 = (1 << 65) - 1;
    ((wide >> 65) as u64) << 1 | u64::from(wide & LOST != 0)
}

/// Four bits of class, 123 of content, and the lowest: whether there was more.
fn wide(cell: Cell<'_>) -> u128 {
    let (class, content) = match cell {
        Cell::Word(Form::Integer, number) => (NUMBER, whole(i128::from(number), false)),
        Cell::Text(text) | Cell::Binary(text) => (TEXT, bytes(text)),
        Cell::Null => (NULL, 0),
        Cell::Word(Form::Boolean, flag) => (BOOLEAN, (flag as u128) << 64),
        Cell::Word(Form::Date, days) => (DATE, whole(i128::from(days), false)),
        Cell::Word(Form::Time(precision), word) => (TIME, moment(precision, word)),
        Cell::Word(Form::Naive(precision) | Form::Utc(precision), word) => {
            (DATETIME, moment(precision, word))
        }
        Cell::Word(Form::Float, bits) => (NUMBER, float_bits(f64::from_bits(bits as u64))),
        Cell::Value(Value::Decimal(decimal)) => (NUMBER, decimal_bits(decimal)),
        // Nothing but the class: order looks at them.
        Cell::Value(value) => (class(value), 1),
    };
    u128::from(class) << 124 | content
}

fn moment(precision: u8, word: i64) -> u128 {
    whole(i128::from(Form::microseconds(precision, word)), false)
}

/// What integers in the middle region are below, in size.
const MIDDLE: i128 = 1 << 60;
/// What integers beyond it are cut to.
const LARGEST: i128 = 1 << 110;

/// A whole number, and whether a fraction follows. The middle region, which holds nearly all numbers and all
/// microseconds of the calendar, keeps its numbers exact in the upper half of the bits.
fn whole(number: i128, fraction: bool) -> u128 {
    let more = u128::from(fraction);
    if (-MIDDLE / 8..MIDDLE / 8).contains(&number) {
        // Region 1, then 58 bits, at the top of the 124.
        return 1 << 122 | ((number + MIDDLE / 8) as u128) << 64 | more;
    }
    let cut = number.clamp(-LARGEST, LARGEST);
    let more = more | u128::from(cut != number);
    let region: u128 = if number < 0 { 0 } else { 2 };
    region << 122 | ((cut + LARGEST) as u128) << 1 | more
}

fn float_bits(float: f64) -> u128 {
    if float.is_nan() {
        return (3 << 122) | 1;
    }
    let floor = float.floor();
    // The cast saturates, and what is beyond is cut in any case.
    whole(floor as i128, floor != float || floor.abs() > LARGEST as f64)
}

fn decimal_bits(decimal: &Decimal) -> u128 {
    let sign = |size: i128| if decimal.is_negative() { -size } else { size };
    let coefficient = decimal.coefficient() as i128;
    if coefficient == 0 {
        return whole(0, false);
    }
    let power = 10_i128.checked_pow(decimal.exponent().unsigned_abs());
    match (decimal.exponent() < 0, power) {
        (false, Some(power)) => match coefficient.checked_mul(power) {
            Some(number) => whole(sign(number), false),
            None => whole(sign(i128::MAX), true),
        },
        (false, None) => whole(sign(i128::MAX), true),
        (true, Some(power)) => {
            let number = sign(coefficient);
            whole(number.div_euclid(power), number.rem_euclid(power) != 0)
        }
        (true, None) => whole(if decimal.is_negative() { -1 } else { 0 }, true),
    }
}

/// Fifteen bytes. A zero within would look like the end, so it counts as more.
fn bytes(bytes: &[u8]) -> u128 {
    let mut first = [0; 16];
    let length = bytes.len().min(15);
    first[..length].copy_from_slice(&bytes[..length]);
    let more = bytes.len() > 15 || bytes.contains(&0);
    u128::from_be_bytes(first) >> 4 | u128::from(more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Date, NaiveDatetime, Time, UtcDatetime};

    fn decimal(text: &str) -> Value {
        Decimal::parse(text).unwrap().into()
    }

    /// Values in their order; those in one row are equal.
    fn ladder() -> Vec<Vec<Value>> {
        let bytes = |bytes: &[u8]| Value::Binary(bytes.into());
        vec![
            vec![false.into()],
            vec![true.into()],
            vec![Value::Float(f64::NEG_INFINITY)],
            vec![decimal("-1e6000")],
            vec![decimal("-1e40")],
            vec![i64::MIN.into(), decimal("-9223372036854775808")],
            vec![(-(1_i64 << 60)).into()],
            vec![(-(1_i64 << 57)).into()],
            vec![(-1).into(), (-1.0).into(), decimal("-1.00")],
            vec![(-0.5).into(), decimal("-0.5")],
            vec![decimal("-1e-300")],
            vec![0.into(), (-0.0).into(), decimal("0.000")],
            vec![decimal("1e-300")],
            vec![0.5.into(), decimal("0.5")],
            vec![decimal("0.51")],
            vec![1.into(), 1.0.into(), decimal("1.00")],
            vec![decimal("1.5"), 1.5.into()],
            vec![(1_i64 << 57).into()],
            vec![((1_i64 << 57) + 1).into()],
            vec![i64::MAX.into()],
            vec![9.3e18.into()],
            vec![decimal("1e40")],
            vec![decimal("1e41")],
            vec![decimal("1e6000")],
            vec![Value::Float(f64::INFINITY)],
            vec![Value::Float(f64::NAN)],
            vec!["".into(), bytes(b"")],
            vec![bytes(b"\0")],
            vec!["a".into(), bytes(b"a")],
            vec!["a\0".into()],
            vec!["a\0b".into()],
            vec!["ab".into()],
            vec!["abcdefg".into()],
            vec!["abcdefgh".into()],
            vec!["abcdefghijklmno".into()],
            vec!["abcdefghijklmno\0".into()],
            vec!["abcdefghijklmnop".into()],
            vec!["abcdefghijklmnopq".into()],
            vec!["é".into()],
            vec![bytes(&[255, 255])],
            vec![Date::from_iso("-9999-01-01").unwrap().into()],
            vec![Date::from_iso("9999-12-31").unwrap().into()],
            vec![Time::from_iso("10:20:30").unwrap().into(), Time::from_iso("10:20:30.000").unwrap().into()],
            vec![NaiveDatetime::from_iso("-9999-01-01T00:00:00").unwrap().into()],
            vec![UtcDatetime::from_iso("9999-12-31T23:59:59.999999Z").unwrap().into()],
            vec![Value::List(vec![])],
            vec![[1].into()],
            vec![[1, 2].into()],
            vec![[2].into()],
            vec![Value::Map(Map::new())],
            vec![Map::from([("a", 1), ("b", 2)]).into(), Map::from([("b", 2), ("a", 1)]).into()],
            vec![Map::from([("a", 2)]).into()],
            vec![Value::Null],
        ]
    }

    #[test]
    fn values_stand_in_one_order() {
        let ladder = ladder();
        for (i, left) in ladder.iter().enumerate() {
            for (j, right) in ladder.iter().enumerate() {
                for (a, b) in left.iter().flat_map(|a| right.iter().map(move |b| (a, b))) {
                    assert_eq!(order(a, b), i.cmp(&j), "{a:?} {b:?}");
                }
            }
        }
    }

    #[test]
    fn bits_never_contradict_the_order_of_keys() {
        let values: Vec<(usize, Value)> = ladder()
            .into_iter()
            .enumerate()
            .flat_map(|(at, row)| row.into_iter().map(move |v| (at, v)))
            .collect();
        let check = |left: &[&(usize, Value)], right: &[&(usize, Value)]| {
            let places = |key: &[&(usize, Value)]| key.iter().map(|(at, _)| *at).collect::<Vec<_>>();
            let bits = |key: &[&(usize, Value)]| prefix(key.iter().map(|(_, value)| value));
            let (a, b) = (bits(left), bits(right));
            let expected = places(left).cmp(&places(right));
            if a != b {
                assert_eq!(a.cmp(&b), expected, "{left:?} {right:?}");
            } else if is_exact(a) {
                assert_eq!(expected, Ordering::Equal, "{left:?} {right:?}");
            }
        };
        for a in &values {
            for b in &values {
                check(&[a], &[b]);
                for c in values.iter().step_by(5) {
                    check(&[a, c], &[b, c]);
                    check(&[c, a], &[c, b]);
                    check(&[a, b, c], &[a, c, b]);
                    check(&[c, c, a], &[c, c, b]);
                }
            }
        }
    }

    #[test]
    fn bits_of_common_keys_are_exact() {
        let id = Value::from(123_456_789_012_i64);
        let name = Value::from("seven l");
        let day = Value::from(Date::from_iso("2024-02-29").unwrap());
        assert!(is_exact(prefix([&id])));
        assert!(is_exact(prefix([&id, &id])));
        assert!(is_exact(prefix([&name, &day])));
        assert!(is_exact(prefix([&Value::from("fifteen letters")])));
        assert!(!is_exact(prefix([&Value::from("sixteen letters!")])));
        assert!(!is_exact(prefix([&id, &id, &id])));
    }
}
