//! Values as MySQL stores them, and back.

use crate::adapter::{AdapterError, Outcome};
use crate::adapters::server::{Kind, Plain, Stored, json, load_plain};
use crate::types::Type;
use crate::value::{Date, Decimal, NaiveDatetime, Time, Value, ValueRef};
use sqlx::mysql::{MySqlArguments, MySqlRow};
use sqlx::{Arguments, Row as _, TypeInfo, ValueRef as _};

type Result<T> = std::result::Result<T, String>;

/// What stands at the placeholders of a statement.
pub fn arguments(params: Vec<Value>) -> Outcome<MySqlArguments> {
    let mut arguments = MySqlArguments::default();
    for param in params {
        let added = match Plain::new(param, ' ') {
            Plain::Null => arguments.add(None::<i64>),
            Plain::Integer(number) => arguments.add(number),
            Plain::Float(number) => arguments.add(number),
            Plain::Text(text) => arguments.add(text),
            Plain::Bytes(bytes) => arguments.add(bytes),
        };
        added.map_err(|error| AdapterError::query(error.to_string()))?;
    }
    Ok(arguments)
}

/// A row.
pub struct OfResult<'r>(pub &'r MySqlRow);

impl Stored for OfResult<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn value(&mut self, at: usize) -> Result<ValueRef<'_>> {
        value(self.0, at)
    }
}

fn value(row: &MySqlRow, at: usize) -> Result<ValueRef<'_>> {
    let name = {
        let raw = row.try_get_raw(at).map_err(|error| error.to_string())?;
        if raw.is_null() {
            return Ok(ValueRef::NULL);
        }
        raw.type_info().name().to_owned()
    };
    let unread = |error: sqlx::Error| error.to_string();
    let bytes = || row.try_get_unchecked::<&[u8], _>(at).map_err(unread);
    Ok(ValueRef::Made(match name.as_str() {
        "NULL" => Value::Null,
        "FLOAT" => Value::Float(row.try_get_unchecked::<f32, _>(at).map_err(unread)?.into()),
        "DOUBLE" => Value::Float(row.try_get_unchecked::<f64, _>(at).map_err(unread)?),
        "DECIMAL" => {
            let text = text(bytes()?);
            text.as_str().and_then(Decimal::parse).map_or_else(|| text.into_value(), Value::from)
        }
        "DATE" => datetime(bytes()?)?.date().into(),
        "DATETIME" | "TIMESTAMP" => datetime(bytes()?)?.into(),
        "TIME" => time(bytes()?)?.into(),
        "JSON" => json(std::str::from_utf8(bytes()?).map_err(|error| error.to_string())?),
        // `VARBINARY` and the blobs are text too, if it is compared byte by byte: the driver does not tell them apart.
        "BINARY" | "GEOMETRY" => return Ok(ValueRef::Bytes(bytes()?)),
        name if name.ends_with("UNSIGNED") || name == "BIT" || name == "YEAR" => {
            let number = row.try_get_unchecked::<u64, _>(at).map_err(unread)?;
            Value::Integer(i64::try_from(number).map_err(|_| "a number is beyond 64 bits with a sign")?)
        }
        name if name.ends_with("INT") || name == "BOOLEAN" => {
            Value::Integer(row.try_get_unchecked::<i64, _>(at).map_err(unread)?)
        }
        _ => return Ok(text(bytes()?)),
    }))
}

fn text(bytes: &[u8]) -> ValueRef<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => ValueRef::Text(text),
        Err(_) => ValueRef::Bytes(bytes),
    }
}

/// A date-time of the protocol: how many bytes follow; year, month, day; hour, minute, second; microseconds. What is zero
/// at the end is left out.
fn datetime(bytes: &[u8]) -> Result<NaiveDatetime> {
    let mut parts = [0; 11];
    let given = bytes.get(1..).unwrap_or_default();
    parts.get_mut(..given.len()).ok_or("a date-time is too long")?.copy_from_slice(given);
    let [year, century, month, day, hour, minute, second, fraction @ ..] = parts;
    let date = Date::new(u16::from_le_bytes([year, century]).into(), month.into(), day.into());
    let microsecond = u32::from_le_bytes(fraction).into();
    let time = Time::new(hour.into(), minute.into(), second.into(), microsecond, 6);
    match (date, time) {
        (Some(date), Some(time)) => Ok(NaiveDatetime::new(date, time)),
        _ => Err("a date-time is none that a calendar has".to_owned()),
    }
}

/// A time of the protocol: how many bytes follow; the sign; days; hour, minute, second; microseconds.
fn time(bytes: &[u8]) -> Result<Time> {
    let mut parts = [0; 12];
    let given = bytes.get(1..).unwrap_or_default();
    parts.get_mut(..given.len()).ok_or("a time is too long")?.copy_from_slice(given);
    let [sign, days @ .., _, _, _, _, _, _, _] = parts;
    let [.., hour, minute, second, a, b, c, d] = parts;
    let time =
        Time::new(hour.into(), minute.into(), second.into(), u32::from_le_bytes([a, b, c, d]).into(), 6);
    match (sign, days, time) {
        (0, [0, 0, 0, 0], Some(time)) => Ok(time),
        _ => Err("a time is none of a day".to_owned()),
    }
}

/// A stored value as one of a kind, if it is one; what is text and what is bytes is said by its type.
pub fn load<'v>(kind: Kind<'_>, value: ValueRef<'v>) -> ValueRef<'v> {
    let value = match (kind, value) {
        (Kind::Embed, ValueRef::Bytes(bytes)) => text(bytes),
        (Kind::Type(kind), ValueRef::Bytes(bytes)) if is_text(&kind.base(), bytes) => text(bytes),
        (Kind::Type(kind), ValueRef::Text(text)) if is_bytes(&kind.base(), text) => {
            ValueRef::Bytes(text.as_bytes())
        }
        (_, value) => value,
    };
    load_plain(kind, value)
}

fn is_text(kind: &Type, bytes: &[u8]) -> bool {
    match kind {
        Type::Binary | Type::Uuid | Type::Any => false,
        Type::BinaryId => bytes.len() != 16,
        _ => true,
    }
}

fn is_bytes(kind: &Type, text: &str) -> bool {
    match kind {
        Type::Binary => true,
        Type::Uuid | Type::BinaryId => text.len() == 16,
        _ => false,
    }
}
