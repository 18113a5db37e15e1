//! Dates, times and date-times.

use super::number::parse_short_integer;
use super::{DumpError, Type};
use crate::value::{Date, Map, NaiveDatetime, Time, UtcDatetime, Value, to_text};
use alloc::string::String;
use core::cmp::Ordering;

pub(super) fn cast_date(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Date::from_iso(text).or_else(|| Some(NaiveDatetime::from_iso(text)?.date())),
        Value::Date(date) => Some(*date),
        Value::NaiveDatetime(naive) => Some(naive.date()),
        Value::UtcDatetime(utc) => Some(utc.naive().date()),
        Value::Map(map) if are_empty(map, &["year", "month", "day"]) => return Some(Value::Null),
        Value::Map(map) => date_of_map(map),
        _ => None,
    }
    .map(Value::Date)
}

pub(super) fn cast_time(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => match text.as_bytes() {
            [h, hh, b':', m, mm] => time_of_minutes([*h, *hh], [*m, *mm]),
            _ => Time::from_iso(text),
        },
        Value::Time(time) => Some(*time),
        Value::NaiveDatetime(naive) => Some(naive.time()),
        Value::UtcDatetime(utc) => Some(utc.naive().time()),
        Value::Map(map) if are_empty(map, &["hour", "minute"]) => return Some(Value::Null),
        Value::Map(map) => time_of_map(map),
        _ => None,
    }
    .map(Value::Time)
}

pub(super) fn cast_naive(value: &Value) -> Option<Value> {
    if let Value::UtcDatetime(utc) = value {
        return Some(Value::NaiveDatetime(utc.naive()));
    }
    match cast_datetime(value, false)? {
        Some(naive) => Some(Value::NaiveDatetime(naive)),
        None => Some(Value::Null),
    }
}

pub(super) fn cast_utc(value: &Value) -> Option<Value> {
    if let Value::UtcDatetime(_) = value {
        return Some(value.clone());
    }
    match cast_datetime(value, true)? {
        Some(naive) => Some(Value::UtcDatetime(UtcDatetime::new(naive))),
        None => Some(Value::Null),
    }
}

/// A date-time, perhaps in UTC, or nothing when all its parts were left empty.
fn cast_datetime(value: &Value, utc: bool) -> Option<Option<NaiveDatetime>> {
    let read = |text: &str| match utc {
        true => Some(UtcDatetime::from_iso_or_utc(text)?.naive()),
        false => NaiveDatetime::from_iso(text),
    };
    match value {
        Value::String(text) => {
            // As in Ecto, every minus in front turns the sign of the year.
            let unsigned = text.trim_start_matches('-');
            let naive = datetime_of_minutes(unsigned.as_bytes()).or_else(|| read(unsigned))?;
            let negative = (text.len() - unsigned.len()) % 2 == 1;
            Some(Some(if negative { naive.with_opposite_year() } else { naive }))
        }
        Value::NaiveDatetime(naive) => Some(Some(*naive)),
        Value::Map(map) if are_empty(map, &["year", "month", "day", "hour", "minute"]) => Some(None),
        Value::Map(map) => Some(Some(NaiveDatetime::new(date_of_map(map)?, time_of_map(map)?))),
        _ => None,
    }
}

pub(super) fn same_date(value: &Value) -> Option<Value> {
    matches!(value, Value::Date(_)).then(|| value.clone())
}

pub(super) fn same_time(value: &Value) -> Option<Value> {
    matches!(value, Value::Time(_)).then(|| value.clone())
}

pub(super) fn load_naive(value: &Value) -> Option<Value> {
    match value {
        Value::NaiveDatetime(_) => Some(value.clone()),
        Value::UtcDatetime(utc) => Some(Value::NaiveDatetime(utc.naive())),
        _ => None,
    }
}

pub(super) fn load_utc(value: &Value) -> Option<Value> {
    match value {
        Value::UtcDatetime(_) => Some(value.clone()),
        Value::NaiveDatetime(naive) => Some(Value::UtcDatetime(UtcDatetime::new(*naive))),
        _ => None,
    }
}

/// Dumps a time or date-time, whose precision must be that of its type.
pub(super) fn dump(kind: &Type, value: &Value) -> Result<Value, DumpError> {
    let (time, usec) = match (kind, value) {
        (Type::Time, Value::Time(time)) => (*time, false),
        (Type::TimeUsec, Value::Time(time)) => (*time, true),
        (Type::NaiveDatetime, Value::NaiveDatetime(naive)) => (naive.time(), false),
        (Type::NaiveDatetimeUsec, Value::NaiveDatetime(naive)) => (naive.time(), true),
        (Type::UtcDatetime, Value::UtcDatetime(utc)) => (utc.naive().time(), false),
        (Type::UtcDatetimeUsec, Value::UtcDatetime(utc)) => (utc.naive().time(), true),
        _ => return Err(DumpError::Invalid),
    };
    let complaint = if usec && time.precision() != 6 {
        " needs microseconds (six digits), pad "
    } else if !usec && time.precision() != 0 {
        " must not have microseconds, truncate "
    } else {
        return Ok(value.clone());
    };
    let mut message = String::from("type ");
    message.push_str(&kind.describe());
    message.push_str(complaint);
    message.push_str(&to_text(value).unwrap_or_default());
    Err(DumpError::Refused(message))
}

pub(super) fn equal(kind: &Type, left: &Value, right: &Value) -> bool {
    let order = match (kind, left, right) {
        (Type::Time | Type::TimeUsec, Value::Time(left), Value::Time(right)) => left.compare(right),
        (
            Type::NaiveDatetime | Type::NaiveDatetimeUsec,
            Value::NaiveDatetime(left),
            Value::NaiveDatetime(right),
        ) => left.compare(right),
        (Type::UtcDatetime | Type::UtcDatetimeUsec, Value::UtcDatetime(left), Value::UtcDatetime(right)) => {
            left.compare(right)
        }
        _ => return false,
    };
    order == Ordering::Equal
}

/// A time without its fraction of a second; other values as they are.
pub(super) fn truncated(value: Value) -> Value {
    match value {
        Value::Time(time) => Value::Time(time.truncated()),
        Value::NaiveDatetime(naive) => Value::NaiveDatetime(naive.truncated()),
        Value::UtcDatetime(utc) => Value::UtcDatetime(utc.truncated()),
        other => other,
    }
}

/// A time with six digits after the second; other values as they are.
pub(super) fn padded(value: Value) -> Value {
    match value {
        Value::Time(time) => Value::Time(time.padded()),
        Value::NaiveDatetime(naive) => Value::NaiveDatetime(naive.padded()),
        Value::UtcDatetime(utc) => Value::UtcDatetime(utc.padded()),
        other => other,
    }
}

/// Whether all of `keys` are there and null, or all there and empty texts: a form that was not filled in.
fn are_empty(map: &Map, keys: &[&str]) -> bool {
    let all = |nulls: bool| {
        let is_empty = |value: &Value| if nulls { value.is_null() } else { value.as_str() == Some("") };
        keys.iter().all(|key| map.get(key).is_some_and(is_empty))
    };
    all(true) || all(false)
}

fn date_of_map(map: &Map) -> Option<Date> {
    Date::new(part(map, "year")?, part(map, "month")?, part(map, "day")?)
}

fn time_of_map(map: &Map) -> Option<Time> {
    let (microsecond, precision) = part(map, "microsecond").map_or((0, 0), |microsecond| (microsecond, 6));
    let second = part(map, "second").unwrap_or(0);
    Time::new(part(map, "hour")?, part(map, "minute")?, second, microsecond, precision)
}

/// An integer, or text of one; anything else counts as missing.
fn part(map: &Map, key: &str) -> Option<i64> {
    match map.get(key)? {
        Value::Integer(number) => Some(*number),
        Value::String(text) => parse_short_integer(text.as_bytes()),
        _ => None,
    }
}

/// `10:20`, as a browser's time input sends it.
fn time_of_minutes(hour: [u8; 2], minute: [u8; 2]) -> Option<Time> {
    Time::new(parse_short_integer(&hour)?, parse_short_integer(&minute)?, 0, 0, 0)
}

/// `2024-01-31T10:20`, as a browser's datetime-local input sends it.
fn datetime_of_minutes(text: &[u8]) -> Option<NaiveDatetime> {
    let [year @ .., b'-', m, mm, b'-', d, dd, b' ' | b'T', h, hh, b':', i, ii] = text else {
        return None;
    };
    if year.len() != 4 {
        return None;
    }
    let date = Date::new(
        parse_short_integer(year)?,
        parse_short_integer(&[*m, *mm])?,
        parse_short_integer(&[*d, *dd])?,
    )?;
    Some(NaiveDatetime::new(date, time_of_minutes([*h, *hh], [*i, *ii])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_the_wrong_precision_is_refused_with_the_name_of_the_type() {
        let refused = |kind: Type, value: Option<Time>| match kind.dump(&value.into()) {
            Err(DumpError::Refused(message)) => message,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            refused(Type::Time, Time::from_iso("10:20:30.5")),
            "type time must not have microseconds, truncate 10:20:30.5"
        );
        assert_eq!(
            refused(Type::TimeUsec, Time::from_iso("10:20:30.5")),
            "type time_usec needs microseconds (six digits), pad 10:20:30.5"
        );
    }

    #[test]
    fn an_offset_out_of_the_range_of_years_is_invalid() {
        let last = Value::from("9999-12-31T23:59:59-01:00");
        assert!(Type::UtcDatetime.cast(&last).is_err());
        assert_eq!(Type::Date.cast(&last), Ok(Date::from_iso("9999-12-31").into()));
    }

    #[test]
    fn a_form_that_was_not_filled_in_is_null() {
        let empty = Map::from([("year", ""), ("month", ""), ("day", ""), ("hour", ""), ("minute", "")]);
        for kind in [Type::Date, Type::Time, Type::NaiveDatetime, Type::UtcDatetimeUsec] {
            assert_eq!(kind.cast(&empty.clone().into()), Ok(Value::Null));
        }
    }
}
