//! Values from PostgreSQL's binary format.

use super::encode::{EPOCH, EPOCH_DAYS};
use super::numeric;
use crate::adapters::server::{Stored, json};
use crate::value::{Date, Map, Time, UtcDatetime, Value, ValueRef};
use sqlx::postgres::{PgRow, PgTypeInfo, PgTypeKind, PgValueFormat};
use sqlx::{Column as _, Row as _, TypeInfo, ValueRef as _};

type Result<T> = std::result::Result<T, String>;

/// How the columns of a result are read, found out once for all its rows.
pub struct Columns(Vec<Reader>);

/// How a value of a type is read.
enum Reader {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Numeric,
    Bytes,
    Date,
    Time,
    Timestamp,
    TimestampUtc,
    Interval,
    Json,
    Jsonb,
    Void,
    Text,
    Array(Box<Reader>),
}

impl Columns {
    /// Those of a row, which all rows of its result have.
    pub fn of(row: &PgRow) -> Columns {
        Columns(row.columns().iter().map(|column| Reader::of(column.type_info())).collect())
    }

    /// A row of the result.
    pub fn stored<'r>(&'r self, row: &'r PgRow) -> impl Stored {
        OfResult { columns: &self.0, row }
    }
}

/// A row, and how its columns are read.
struct OfResult<'r> {
    columns: &'r [Reader],
    row: &'r PgRow,
}

impl Stored for OfResult<'_> {
    fn count(&self) -> usize {
        self.columns.len()
    }

    #[inline(always)]
    fn value(&mut self, at: usize) -> Result<ValueRef<'_>> {
        let raw = self.row.try_get_raw(at).map_err(|error| error.to_string())?;
        if raw.is_null() {
            return Ok(ValueRef::NULL);
        }
        let format = raw.format();
        let bytes = raw.as_bytes().map_err(|error| error.to_string())?;
        match (format, &self.columns[at]) {
            (PgValueFormat::Text, _) | (_, Reader::Text) => Ok(text(bytes)),
            // Most columns are read here, the others further away.
            (_, Reader::Int8) => Ok(ValueRef::Made(Value::Integer(i64::from_be_bytes(fixed(bytes)?)))),
            (_, Reader::Timestamp) => Ok(ValueRef::Made(instant(bytes)?.naive().into())),
            (_, Reader::Bytes) => Ok(ValueRef::Bytes(bytes)),
            (_, reader) => reader.read(bytes).map(ValueRef::Made),
        }
    }
}

fn text(bytes: &[u8]) -> ValueRef<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => ValueRef::Text(text),
        Err(_) => ValueRef::Bytes(bytes),
    }
}

fn fixed<const SIZE: usize>(bytes: &[u8]) -> Result<[u8; SIZE]> {
    bytes.try_into().map_err(|_| format!("{SIZE} bytes were expected, and {} came", bytes.len()))
}

impl Reader {
    fn of(kind: &PgTypeInfo) -> Reader {
        match kind.kind() {
            PgTypeKind::Array(element) => return Reader::Array(Box::new(Reader::of(element))),
            PgTypeKind::Domain(base) => return Reader::of(base),
            PgTypeKind::Enum(_) => return Reader::Text,
            _ => {}
        }
        match kind.name() {
            "BOOL" => Reader::Bool,
            "INT2" => Reader::Int2,
            "INT4" => Reader::Int4,
            "INT8" => Reader::Int8,
            "OID" => Reader::Oid,
            "FLOAT4" => Reader::Float4,
            "FLOAT8" => Reader::Float8,
            "NUMERIC" => Reader::Numeric,
            "UUID" | "BYTEA" => Reader::Bytes,
            "DATE" => Reader::Date,
            "TIME" => Reader::Time,
            "TIMESTAMP" => Reader::Timestamp,
            "TIMESTAMPTZ" => Reader::TimestampUtc,
            "INTERVAL" => Reader::Interval,
            "JSON" => Reader::Json,
            "JSONB" => Reader::Jsonb,
            "VOID" => Reader::Void,
            _ => Reader::Text,
        }
    }

    fn read(&self, bytes: &[u8]) -> Result<Value> {
        Ok(match self {
            Reader::Bool => Value::Bool(bytes == [1]),
            Reader::Int2 => Value::Integer(i16::from_be_bytes(fixed(bytes)?).into()),
            Reader::Int4 => Value::Integer(i32::from_be_bytes(fixed(bytes)?).into()),
            Reader::Int8 => Value::Integer(i64::from_be_bytes(fixed(bytes)?)),
            Reader::Oid => Value::Integer(u32::from_be_bytes(fixed(bytes)?).into()),
            Reader::Float4 => Value::Float(f32::from_be_bytes(fixed(bytes)?).into()),
            Reader::Float8 => Value::Float(f64::from_be_bytes(fixed(bytes)?)),
            Reader::Numeric => numeric::read(bytes)?,
            Reader::Bytes => Value::Binary(bytes.into()),
            Reader::Date => {
                let days = i64::from(i32::from_be_bytes(fixed(bytes)?)) + EPOCH_DAYS;
                Date::from_unix_days(days).ok_or("the date is out of range")?.into()
            }
            Reader::Time => time(bytes)?,
            Reader::Timestamp => instant(bytes)?.naive().into(),
            Reader::TimestampUtc => instant(bytes)?.into(),
            Reader::Interval => interval(bytes)?,
            Reader::Json => json(std::str::from_utf8(bytes).map_err(|error| error.to_string())?),
            Reader::Jsonb => match bytes.split_first() {
                Some((1, text)) => json(std::str::from_utf8(text).map_err(|error| error.to_string())?),
                _ => return Err("the version of jsonb is unknown".to_owned()),
            },
            Reader::Void => Value::Null,
            Reader::Text => text(bytes).into_value(),
            Reader::Array(element) => array(bytes, element)?,
        })
    }
}

fn time(bytes: &[u8]) -> Result<Value> {
    let microsecond = i64::from_be_bytes(fixed(bytes)?);
    let second = microsecond / 1_000_000;
    let time = Time::new(second / 3600 % 24, second / 60 % 60, second % 60, microsecond % 1_000_000, 6);
    Ok(time.ok_or("the time is out of range")?.into())
}

fn interval(bytes: &[u8]) -> Result<Value> {
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
    Ok(Value::Map(Map::from(parts.map(|(key, number)| (key, Value::Integer(number))))))
}

fn instant(bytes: &[u8]) -> Result<UtcDatetime> {
    let microseconds = i64::from_be_bytes(fixed(bytes)?).checked_add(EPOCH);
    let instant = microseconds.and_then(|microseconds| UtcDatetime::from_unix(microseconds, 6));
    instant.ok_or_else(|| "the timestamp is out of range".to_owned())
}

fn array(bytes: &[u8], element: &Reader) -> Result<Value> {
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

fn cells(rest: &mut &[u8], lengths: &[usize], element: &Reader) -> Result<Value> {
    let Some((length, inner)) = lengths.split_first() else {
        let Ok(size) = usize::try_from(number(rest)?) else { return Ok(Value::Null) };
        return element.read(take(rest, size)?);
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
