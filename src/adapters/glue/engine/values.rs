//! Values on their way to GlueSQL and back.

use crate::store::Kind;
use crate::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime, Value};
use gluesql_core::ast::DataType;
use gluesql_core::chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use gluesql_core::data::{Key, Value as Glue};
use std::collections::BTreeMap;

/// A value as GlueSQL has it; none if it has no such value: a decimal of more than 28 digits, a year far away.
pub(super) fn to_glue(value: &Value) -> Option<Glue> {
    Some(match value {
        Value::Null => Glue::Null,
        Value::Bool(flag) => Glue::Bool(*flag),
        Value::Integer(number) => Glue::I64(*number),
        Value::Float(number) => Glue::F64(*number),
        Value::Decimal(number) => Glue::Decimal(number.text().parse().ok()?),
        Value::String(text) => Glue::Str(text.as_str().to_owned()),
        Value::Binary(bytes) => match <[u8; 16]>::try_from(&**bytes) {
            Ok(uuid) => Glue::Uuid(u128::from_be_bytes(uuid)),
            Err(_) => Glue::Bytea(bytes.to_vec()),
        },
        Value::Date(date) => Glue::Date(day(*date)?),
        Value::Time(time) => Glue::Time(clock(*time)?),
        Value::NaiveDatetime(naive) => Glue::Timestamp(moment(*naive)?),
        Value::UtcDatetime(utc) => Glue::Timestamp(moment(utc.naive())?),
        Value::Map(map) => Glue::Map(
            map.iter()
                .map(|(key, value)| Some((key.as_str().to_owned(), to_glue(value)?)))
                .collect::<Option<BTreeMap<_, _>>>()?,
        ),
        Value::List(list) => Glue::List(list.iter().map(to_glue).collect::<Option<_>>()?),
    })
}

/// A value of GlueSQL as ours; none for intervals, points and network addresses.
pub(super) fn from_glue(value: Glue) -> Option<Value> {
    Some(match value {
        Glue::Null => Value::Null,
        Glue::Bool(flag) => Value::Bool(flag),
        Glue::I8(number) => Value::Integer(number.into()),
        Glue::I16(number) => Value::Integer(number.into()),
        Glue::I32(number) => Value::Integer(number.into()),
        Glue::I64(number) => Value::Integer(number),
        Glue::I128(number) => Value::Integer(number.try_into().ok()?),
        Glue::U8(number) => Value::Integer(number.into()),
        Glue::U16(number) => Value::Integer(number.into()),
        Glue::U32(number) => Value::Integer(number.into()),
        Glue::U64(number) => Value::Integer(number.try_into().ok()?),
        Glue::U128(number) => Value::Integer(number.try_into().ok()?),
        Glue::F32(number) => Value::Float(number.into()),
        Glue::F64(number) => Value::Float(number),
        Glue::Decimal(number) => Value::Decimal(Decimal::parse(&number.to_string())?),
        Glue::Str(text) => Value::from(text),
        Glue::Bytea(bytes) => Value::Binary(bytes.into()),
        Glue::Uuid(uuid) => Value::Binary(uuid.to_be_bytes().as_slice().into()),
        Glue::Date(date) => {
            Value::Date(Date::new(date.year().into(), date.month().into(), date.day().into())?)
        }
        Glue::Time(time) => Value::Time(time_of(time)?),
        Glue::Timestamp(moment) => Value::NaiveDatetime(NaiveDatetime::new(
            Date::new(moment.year().into(), moment.month().into(), moment.day().into())?,
            time_of(moment.time())?,
        )),
        Glue::Map(map) => {
            let mut made = Map::new();
            for (key, value) in map {
                made.insert(key, from_glue(value)?);
            }
            Value::Map(made)
        }
        Glue::List(list) => Value::List(list.into_iter().map(from_glue).collect::<Option<_>>()?),
        Glue::Interval(_) | Glue::Point(_) | Glue::Inet(_) => return None,
    })
}

/// A value as the column holds it: what GlueSQL has one type for, such as times with and without zone, we have two for.
pub(super) fn fitted(value: Value, kind: &Kind) -> Value {
    match (kind, value) {
        (Kind::UtcDatetime(_), Value::NaiveDatetime(naive)) => Value::UtcDatetime(UtcDatetime::new(naive)),
        (Kind::Binary, Value::String(text)) => Value::Binary(text.as_bytes().into()),
        (_, value) => value,
    }
}

/// The value of a key.
pub(super) fn from_key(key: &Key) -> Option<Value> {
    from_glue(Glue::from(key.clone()))
}

/// GlueSQL's type of a column.
pub(super) fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Boolean => DataType::Boolean,
        Kind::Integer(_) => DataType::Int,
        Kind::Float => DataType::Float,
        Kind::Decimal(_) => DataType::Decimal,
        Kind::Binary => DataType::Bytea,
        Kind::Uuid => DataType::Uuid,
        Kind::Date => DataType::Date,
        Kind::Time(_) => DataType::Time,
        Kind::NaiveDatetime(_) | Kind::UtcDatetime(_) => DataType::Timestamp,
        Kind::Json => DataType::Map,
        Kind::List(_) => DataType::List,
        _ => DataType::Text,
    }
}

fn day(date: Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year(), date.month().into(), date.day().into())
}

fn clock(time: Time) -> Option<NaiveTime> {
    NaiveTime::from_hms_micro_opt(
        time.hour().into(),
        time.minute().into(),
        time.second().into(),
        time.microsecond(),
    )
}

fn moment(naive: NaiveDatetime) -> Option<NaiveDateTime> {
    Some(NaiveDateTime::new(day(naive.date())?, clock(naive.time())?))
}

fn time_of(time: NaiveTime) -> Option<Time> {
    let microsecond = i64::from(time.nanosecond() % 1_000_000_000 / 1000);
    Time::new(time.hour().into(), time.minute().into(), time.second().into(), microsecond, 6)
}
