//! Arithmetic of dates and times.

use super::arithmetic::Arithmetic;
use super::compare::microseconds;
use super::{Cast, Fault, cast};
use crate::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime, Value};

const DAY: i64 = 86_400_000_000;

/// A unit of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    Microsecond,
}

impl Unit {
    /// The unit of that name, in singular or plural.
    pub(in super::super) fn named(name: &str) -> Option<Unit> {
        let name = name.to_ascii_lowercase();
        Some(match name.strip_suffix('s').unwrap_or(&name) {
            "year" => Unit::Year,
            "quarter" => Unit::Quarter,
            "month" | "mon" => Unit::Month,
            "week" => Unit::Week,
            "day" => Unit::Day,
            "hour" => Unit::Hour,
            "minute" | "min" => Unit::Minute,
            "second" | "sec" => Unit::Second,
            "millisecond" => Unit::Millisecond,
            "microsecond" => Unit::Microsecond,
            _ => return None,
        })
    }

    fn microseconds(self) -> i64 {
        match self {
            Unit::Year | Unit::Quarter | Unit::Month => 30 * DAY,
            Unit::Week => 7 * DAY,
            Unit::Day => DAY,
            Unit::Hour => 3_600_000_000,
            Unit::Minute => 60_000_000,
            Unit::Second => 1_000_000,
            Unit::Millisecond => 1000,
            Unit::Microsecond => 1,
        }
    }
}

/// A moment `amount` units later. A month that has no such day ends on its last day. A date becomes a date-time,
/// a time of day goes round.
pub(in super::super) fn add_interval(base: &Value, amount: &Value, unit: Unit) -> Result<Value, Fault> {
    let (months, rest) = interval(amount, unit)?;
    if let Value::Time(time) = base {
        let moved = (microseconds(*time) + rest).rem_euclid(DAY);
        return time_of(moved, time.precision()).map(Value::Time).ok_or_else(too_far);
    }
    let (at, precision) = moment(base)?;
    let days = add_months(at.div_euclid(DAY), months).ok_or_else(too_far)?;
    let at = days
        .checked_mul(DAY)
        .and_then(|days| days.checked_add(at.rem_euclid(DAY)))
        .and_then(|at| at.checked_add(rest))
        .ok_or_else(too_far)?;
    let precision = if at % 1_000_000 != 0 { 6 } else { precision };
    let naive = naive_of(at, precision).ok_or_else(too_far)?;
    Ok(match base {
        Value::UtcDatetime(_) => Value::UtcDatetime(UtcDatetime::new(naive)),
        _ => Value::NaiveDatetime(naive),
    })
}

/// The date `amount` units after a date.
pub(in super::super) fn add_to_date(base: &Value, amount: &Value, unit: Unit) -> Result<Value, Fault> {
    let date = cast(base, &Cast::Date)?;
    cast(&add_interval(&date, amount, unit)?, &Cast::Date)
}

/// Whole months, and the rest in microseconds.
fn interval(amount: &Value, unit: Unit) -> Result<(i64, i64), Fault> {
    let months = match unit {
        Unit::Year => 12,
        Unit::Quarter => 3,
        Unit::Month => 1,
        _ => 0,
    };
    let amount = match amount {
        Value::String(text) => &Value::Decimal(Decimal::parse(text.trim()).ok_or_else(not_an_interval)?),
        _ => amount,
    };
    if let Some(whole) = whole(amount) {
        return match months {
            0 => Ok((0, whole.checked_mul(unit.microseconds()).ok_or_else(too_far)?)),
            _ => Ok((whole.checked_mul(months).ok_or_else(too_far)?, 0)),
        };
    }
    let amount = super::compare::float(amount).ok_or_else(not_an_interval)?;
    if months > 0 {
        let all = amount * months as f64;
        // What is left of a month has thirty days a month, in whole days for years.
        let rest = if unit == Unit::Month { all.fract() } else { 0.0 };
        return Ok((all.trunc() as i64, (rest * 30.0 * DAY as f64) as i64));
    }
    Ok((0, (amount * unit.microseconds() as f64).round() as i64))
}

fn whole(amount: &Value) -> Option<i64> {
    match amount {
        Value::Integer(number) => Some(*number),
        Value::Decimal(number) if number.exponent() == 0 => {
            let magnitude = i64::try_from(number.coefficient()).ok()?;
            Some(if number.is_negative() { -magnitude } else { magnitude })
        }
        _ => None,
    }
}

fn add_months(days: i64, months: i64) -> Option<i64> {
    if months == 0 {
        return Some(days);
    }
    let date = Date::from_unix_days(days)?;
    let month = i64::from(date.year()).checked_mul(12)?.checked_add(i64::from(date.month()) - 1 + months)?;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    (0..4).find_map(|less| Date::new(year, month, i64::from(date.day()) - less)).map(|date| date.unix_days())
}

/// Microseconds since 1970, and how many digits after the second are shown.
pub(in super::super) fn moment(value: &Value) -> Result<(i64, u8), Fault> {
    match value {
        Value::Date(date) => Ok((date.unix_days() * DAY, 0)),
        Value::NaiveDatetime(naive) => {
            Ok((naive.date().unix_days() * DAY + microseconds(naive.time()), naive.time().precision()))
        }
        Value::UtcDatetime(utc) => Ok((utc.unix_microseconds(), utc.naive().time().precision())),
        Value::String(_) => moment(&cast(value, &Cast::Naive)?),
        _ => Err(Fault::new("datatype_mismatch", format!("no date or time: {}", value.kind()))),
    }
}

pub(super) fn naive_of(at: i64, precision: u8) -> Option<NaiveDatetime> {
    Some(NaiveDatetime::new(
        Date::from_unix_days(at.div_euclid(DAY))?,
        time_of(at.rem_euclid(DAY), precision)?,
    ))
}

fn time_of(at: i64, precision: u8) -> Option<Time> {
    let seconds = at / 1_000_000;
    Time::new(seconds / 3600, seconds / 60 % 60, seconds % 60, at % 1_000_000, precision)
}

/// The start of the unit that a moment is in: `date_trunc`.
pub(in super::super) fn truncate(unit: Unit, value: &Value) -> Result<Value, Fault> {
    let (at, _) = moment(value)?;
    let days = at.div_euclid(DAY);
    let date = Date::from_unix_days(days).ok_or_else(too_far)?;
    let first_of =
        |year: i32, month: i64| Date::new(year.into(), month, 1).map(|date| date.unix_days() * DAY);
    let month = i64::from(date.month());
    let at = match unit {
        Unit::Year => first_of(date.year(), 1),
        Unit::Quarter => first_of(date.year(), (month - 1) / 3 * 3 + 1),
        Unit::Month => first_of(date.year(), month),
        // 1970-01-01 was a Thursday; weeks begin on Monday.
        Unit::Week => Some((days - (days + 3).rem_euclid(7)) * DAY),
        _ => Some(at - at.rem_euclid(unit.microseconds())),
    };
    let naive = at.and_then(|at| naive_of(at, 6)).ok_or_else(too_far)?;
    Ok(match value {
        Value::UtcDatetime(_) => Value::UtcDatetime(UtcDatetime::new(naive)),
        _ => Value::NaiveDatetime(naive),
    })
}

/// A field of a moment, such as `year` or `epoch`: `extract`.
pub(in super::super) fn extract(field: &str, value: &Value) -> Result<Value, Fault> {
    let (at, _) = match value {
        Value::Time(time) => (microseconds(*time), 0),
        _ => moment(value)?,
    };
    let days = at.div_euclid(DAY);
    let within = at.rem_euclid(DAY);
    let date = Date::from_unix_days(days).ok_or_else(too_far)?;
    let fraction = |microseconds: i64| {
        Decimal::from_parts(microseconds < 0, microseconds.unsigned_abs().into(), -6).map(Value::Decimal)
    };
    let first = Date::new(date.year().into(), 1, 1).map_or(days, |first| first.unix_days());
    let number = match field.to_ascii_lowercase().as_str() {
        "year" => i64::from(date.year()),
        "quarter" => (i64::from(date.month()) + 2) / 3,
        "month" => date.month().into(),
        "week" => iso_week(days),
        "day" => date.day().into(),
        "dow" => (days + 4).rem_euclid(7),
        "isodow" => (days + 3).rem_euclid(7) + 1,
        "doy" => days - first + 1,
        "hour" => within / 3_600_000_000,
        "minute" => within / 60_000_000 % 60,
        "second" => return fraction(within % 60_000_000).ok_or_else(too_far),
        "epoch" => return fraction(at).ok_or_else(too_far),
        other => return Err(Fault::new("invalid_parameter_value", format!("no field {other:?} of a date"))),
    };
    Ok(Value::Decimal(Decimal::from_i64(number)))
}

/// The week of the year by ISO 8601: the one that has the year's first Thursday is the first.
fn iso_week(days: i64) -> i64 {
    let thursday = days - (days + 3).rem_euclid(7) + 3;
    let year = Date::from_unix_days(thursday).map_or(1970, |date| i64::from(date.year()));
    let first = Date::new(year, 1, 1).map_or(thursday, |date| date.unix_days());
    (thursday - first) / 7 + 1
}

/// A date plus or minus days, and the days between two dates.
pub(super) fn date_arithmetic(operation: Arithmetic, left: &Value, right: &Value) -> Result<Value, Fault> {
    let moved = |days: Option<i64>| days.and_then(Date::from_unix_days).map(Value::Date).ok_or_else(too_far);
    match (operation, left, right) {
        (Arithmetic::Add, Value::Date(date), Value::Integer(days))
        | (Arithmetic::Add, Value::Integer(days), Value::Date(date)) => {
            moved(date.unix_days().checked_add(*days))
        }
        (Arithmetic::Subtract, Value::Date(date), Value::Integer(days)) => {
            moved(date.unix_days().checked_sub(*days))
        }
        (Arithmetic::Subtract, Value::Date(a), Value::Date(b)) => {
            Ok(Value::Integer(a.unix_days() - b.unix_days()))
        }
        _ => Err(Fault::new(
            "undefined_function",
            format!("no such operator for {} and {}", left.kind(), right.kind()),
        )),
    }
}

fn too_far() -> Fault {
    Fault::new("datetime_field_overflow", "timestamp out of range")
}

fn not_an_interval() -> Fault {
    Fault::new("invalid_datetime_format", "not the amount of an interval")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(text: &str) -> Value {
        Value::NaiveDatetime(NaiveDatetime::from_iso(text).unwrap())
    }

    fn date(text: &str) -> Value {
        Value::Date(Date::from_iso(text).unwrap())
    }

    #[test]
    fn months_end_on_their_last_day() {
        assert_eq!(add_to_date(&date("2024-01-31"), &1.into(), Unit::Month).unwrap(), date("2024-02-29"));
        assert_eq!(add_to_date(&date("2024-02-29"), &(-1).into(), Unit::Year).unwrap(), date("2023-02-28"));
        assert_eq!(
            add_interval(&naive("2024-01-31T10:00:00"), &13.into(), Unit::Month).unwrap(),
            naive("2025-02-28T10:00:00")
        );
    }

    #[test]
    fn units_below_the_month_are_exact() {
        for (amount, unit, expected) in [
            (-2, Unit::Hour, "2024-01-25T23:30:00"),
            (1, Unit::Week, "2024-02-02T01:30:00"),
            (90, Unit::Second, "2024-01-26T01:31:30"),
        ] {
            assert_eq!(
                add_interval(&naive("2024-01-26T01:30:00"), &amount.into(), unit).unwrap(),
                naive(expected)
            );
        }
    }

    #[test]
    fn truncation_goes_to_the_start_of_the_unit() {
        let moment = naive("2024-08-15T13:45:10");
        for (unit, expected) in [
            (Unit::Day, "2024-08-15T00:00:00"),
            (Unit::Week, "2024-08-12T00:00:00"),
            (Unit::Month, "2024-08-01T00:00:00"),
            (Unit::Quarter, "2024-07-01T00:00:00"),
            (Unit::Hour, "2024-08-15T13:00:00"),
        ] {
            assert_eq!(truncate(unit, &moment).unwrap(), naive(&[expected, ".000000"].concat()));
        }
        assert_eq!(extract("week", &date("2021-01-03")).unwrap(), Decimal::from_i64(53).into());
        assert_eq!(extract("dow", &date("2024-08-15")).unwrap(), Decimal::from_i64(4).into());
    }
}
