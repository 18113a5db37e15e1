//! Values from PostgreSQL's binary format.

use super::encode::{EPOCH, EPOCH_DAYS};
use super::numeric;
use crate::adapter::Row;
use crate::adapters::server::json;
use crate::value::{Date, Map, Time, UtcDatetime, Value};
use sqlx::postgres::{PgRow, PgTypeInfo, PgTypeKind, PgValueFormat};
use sqlx::{Row as _, TypeInfo, ValueRef};

type Result<T> = std::result::Result<T, String>;

/// The values of a row.
pub fn row(row: &PgRow) -> Result<Row> {
    let mut values = Vec::with_capacity(row.len());
    for at in 0..row.len() {
        let raw = row.try_get_raw(at).map_err(|error| error.to_string())?;
        if raw.is_null() {
            values.push(Value::Null);
            continue;
        }
        let bytes = raw.as_bytes().map_err(|error| error.to_string())?;
        match raw.format() {
            PgValueFormat::Binary => values.push(value(bytes, &raw.type_info())?),
            PgValueFormat::Text => values.push(text(bytes)),
        }
    }
    Ok(values)
}

fn text(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => Value::Binary(bytes.into()),
    }
}

fn fixed<const SIZE: usize>(bytes: &[u8]) -> Result<[u8; SIZE]> {
    bytes.try_into().map_err(|_| format!("{SIZE} bytes were expected, and {} came", bytes.len()))
}

fn value(bytes: &[u8], kind: &PgTypeInfo) -> Result<Value> {
    match kind.kind() {
        PgTypeKind::Array(element) => return array(bytes, element),
        PgTypeKind::Domain(base) => return value(bytes, base),
        PgTypeKind::Enum(_) => return Ok(text(bytes)),
        _ => {}
    }
    Ok(match kind.name() {
        "BOOL" => Value::Bool(bytes == [1]),
        "INT2" => Value::Integer(i16::from_be_bytes(fixed(bytes)?).into()),
        "INT4" => Value::Integer(i32::from_be_bytes(fixed(bytes)?).into()),
        "INT8" => Value::Integer(i64::from_be_bytes(fixed(bytes)?)),
        "OID" => Value::Integer(u32::from_be_bytes(fixed(bytes)?).into()),
        "FLOAT4" => Value::Float(f32::from_be_bytes(fixed(bytes)?).into()),
        "FLOAT8" => Value::Float(f64::from_be_bytes(fixed(bytes)?)),
        "NUMERIC" => numeric::read(bytes)?,
        "UUID" | "BYTEA" => Value::Binary(bytes.into()),
        "DATE" => {
            let days = i64::from(i32::from_be_bytes(fixed(bytes)?)) + EPOCH_DAYS;
            Date::from_unix_days(days).ok_or("the date is out of range")?.into()
        }
        "TIME" => {
            let microsecond = i64::from_be_bytes(fixed(bytes)?);
            let second = microsecond / 1_000_000;
            Time::new(second / 3600 % 24, second / 60 % 60, second % 60, microsecond % 1_000_000, 6)
                .ok_or("the time is out of range")?
                .into()
        }
        "TIMESTAMP" => instant(bytes)?.naive().into(),
        "TIMESTAMPTZ" => instant(bytes)?.into(),
        "INTERVAL" => {
            let bytes: [u8; 16] = fixed(bytes)?;
            let [microseconds, days, months] = [
                i64::from_be_bytes(fixed(&bytes[..8])?),
                i32::from_be_bytes(fixed(&bytes[8..12])?).into(),
                i32::from_be_bytes(fixed(&bytes[12..])?).into(),
            ];
            let parts = [
                ("months", months),
                ("days", days),
                ("secs", microseconds / 1_000_000),
                ("microsecs", microseconds % 1_000_000),
            ];
            Value::Map(Map::from(parts.map(|(key, number)| (key, Value::Integer(number)))))
        }
        "JSON" => json(std::str::from_utf8(bytes).map_err(|error| error.to_string())?),
        "JSONB" => match bytes.split_first() {
            Some((1, text)) => json(std::str::from_utf8(text).map_err(|error| error.to_string())?),
            _ => return Err("the version of jsonb is unknown".to_owned()),
        },
        "VOID" => Value::Null,
        _ => text(bytes),
    })
}

fn instant(bytes: &[u8]) -> Result<UtcDatetime> {
    let microseconds = i64::from_be_bytes(fixed(bytes)?).checked_add(EPOCH);
    let instant = microseconds.and_then(|microseconds| UtcDatetime::from_unix(microseconds, 6));
    instant.ok_or_else(|| "the timestamp is out of range".to_owned())
}

fn array(bytes: &[u8], element: &PgTypeInfo) -> Result<Value> {
    let mut rest = bytes;
    let dimensions = usize::try_from(number(&mut rest)?).map_err(|_| "an array without dimensions")?;
    // Whether there are nulls, and the type of the elements, both of which are known.
    number(&mut rest)?;
    number(&mut rest)?;
    let mut lengths = Vec::new();
    for _ in 0..dimensions.min(6) {
        lengths.push(usize::try_from(number(&mut rest)?).map_err(|_| "an array of negative length")?);
        number(&mut rest)?;
    }
    if lengths.is_empty() {
        return Ok(Value::List(Vec::new()));
    }
    cells(&mut rest, &lengths, element)
}

fn cells(rest: &mut &[u8], lengths: &[usize], element: &PgTypeInfo) -> Result<Value> {
    let Some((length, inner)) = lengths.split_first() else {
        let Ok(size) = usize::try_from(number(rest)?) else { return Ok(Value::Null) };
        return value(take(rest, size)?, element);
    };
    let mut list = Vec::with_capacity((*length).min(rest.len()));
    for _ in 0..*length {
        list.push(cells(rest, inner, element)?);
    }
    Ok(Value::List(list))
}

fn number(rest: &mut &[u8]) -> Result<i32> {
    Ok(i32::from_be_bytes(fixed(take(rest, 4)?)?))
}

fn take<'a>(rest: &mut &'a [u8], size: usize) -> Result<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(size).ok_or("an array ends early")?;
    *rest = left;
    Ok(taken)
}
