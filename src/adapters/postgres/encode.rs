//! Values in PostgreSQL's binary format, by the type that the server infers for their place.

use super::numeric;
use crate::adapter::{AdapterError, Outcome};
use crate::adapters::server::text_of_json;
use crate::types::uuid;
use crate::value::{Decimal, NaiveDatetime, Time, UtcDatetime, Value};
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo, PgTypeKind};
use sqlx::{Arguments, Postgres, Type, TypeInfo};

/// Microseconds from 1970 to 2000, from when PostgreSQL counts.
pub(super) const EPOCH: i64 = 946_684_800_000_000;
/// Days from 1970 to 2000.
pub(super) const EPOCH_DAYS: i64 = 10_957;

/// What stands at the placeholders of a statement.
pub fn arguments(params: Vec<Value>, kinds: &[PgTypeInfo]) -> Outcome<PgArguments> {
    if params.len() != kinds.len() {
        return Err(AdapterError::query(format!(
            "the statement has {} params, and {} were given",
            kinds.len(),
            params.len()
        )));
    }
    let mut arguments = PgArguments::default();
    for (value, kind) in params.into_iter().zip(kinds) {
        let added = arguments.add(Bound { value, kind: kind.clone() });
        added.map_err(|error| AdapterError::query(error.to_string()))?;
    }
    Ok(arguments)
}

/// A value and the type of its place.
struct Bound {
    value: Value,
    kind: PgTypeInfo,
}

impl Type<Postgres> for Bound {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("unknown")
    }
}

impl Encode<'_, Postgres> for Bound {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        if self.value.is_null() {
            return Ok(IsNull::Yes);
        }
        push(buffer, &self.value, &self.kind)?;
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(self.kind.clone())
    }
}

fn push(into: &mut Vec<u8>, value: &Value, kind: &PgTypeInfo) -> Result<(), BoxDynError> {
    if let PgTypeKind::Array(element) = kind.kind() {
        return array(into, value, element, kind);
    }
    if let PgTypeKind::Domain(base) = kind.kind() {
        return push(into, value, base);
    }
    let unfit = || -> BoxDynError {
        let shown = crate::value::to_text(value).unwrap_or_default();
        format!("a param of type {} can't be {} {shown}", kind.name().to_lowercase(), value.kind()).into()
    };
    let integer = || match value {
        Value::Integer(number) => Ok(*number),
        _ => Err(unfit()),
    };
    match (kind.name(), value) {
        ("BOOL", Value::Bool(flag)) => into.push(u8::from(*flag)),
        ("INT2", _) => into.extend(i16::try_from(integer()?).map_err(|_| unfit())?.to_be_bytes()),
        ("INT4", _) => into.extend(i32::try_from(integer()?).map_err(|_| unfit())?.to_be_bytes()),
        ("INT8", _) => into.extend(integer()?.to_be_bytes()),
        ("OID", _) => into.extend(u32::try_from(integer()?).map_err(|_| unfit())?.to_be_bytes()),
        ("FLOAT4", Value::Float(number)) => into.extend((*number as f32).to_be_bytes()),
        ("FLOAT4", Value::Integer(number)) => into.extend((*number as f32).to_be_bytes()),
        ("FLOAT8", Value::Float(number)) => into.extend(number.to_be_bytes()),
        ("FLOAT8", Value::Integer(number)) => into.extend((*number as f64).to_be_bytes()),
        ("NUMERIC", Value::Decimal(decimal)) => numeric::push(into, decimal),
        ("NUMERIC", Value::Integer(number)) => numeric::push(into, &Decimal::from_i64(*number)),
        ("NUMERIC", Value::Float(number)) => {
            numeric::push(into, &Decimal::from_float(*number).ok_or_else(unfit)?);
        }
        ("UUID", Value::Binary(bytes)) if bytes.len() == 16 => into.extend_from_slice(bytes),
        ("UUID", Value::String(text)) => into.extend(uuid::parse(text).ok_or_else(unfit)?),
        ("BYTEA", Value::Binary(bytes)) => into.extend_from_slice(bytes),
        ("BYTEA", Value::String(text)) => into.extend_from_slice(text.as_bytes()),
        ("DATE", Value::Date(date)) => {
            let days = i32::try_from(date.unix_days() - EPOCH_DAYS).map_err(|_| unfit())?;
            into.extend(days.to_be_bytes());
        }
        ("TIME", Value::Time(time)) => into.extend(of_day(time).to_be_bytes()),
        ("TIMESTAMP" | "TIMESTAMPTZ", Value::NaiveDatetime(naive)) => {
            into.extend(since_epoch(naive).to_be_bytes())
        }
        ("TIMESTAMP" | "TIMESTAMPTZ", Value::UtcDatetime(utc)) => {
            into.extend(since_epoch(&utc.naive()).to_be_bytes());
        }
        ("JSON", value) => into.extend(text_of_json(value).into_bytes()),
        ("JSONB", value) => {
            into.push(1);
            into.extend(text_of_json(value).into_bytes());
        }
        (
            "BOOL" | "FLOAT4" | "FLOAT8" | "NUMERIC" | "UUID" | "BYTEA" | "DATE" | "TIME" | "TIMESTAMP"
            | "TIMESTAMPTZ" | "TIMETZ" | "INTERVAL",
            _,
        ) => return Err(unfit()),
        // Text, names, enums, and what extensions bring, whose binary format is mostly text.
        (_, Value::String(text)) => into.extend_from_slice(text.as_bytes()),
        (_, Value::Binary(bytes)) => into.extend_from_slice(bytes),
        _ => return Err(unfit()),
    }
    Ok(())
}

fn of_day(time: &Time) -> i64 {
    let seconds = (i64::from(time.hour()) * 60 + i64::from(time.minute())) * 60 + i64::from(time.second());
    seconds * 1_000_000 + i64::from(time.microsecond())
}

fn since_epoch(naive: &NaiveDatetime) -> i64 {
    UtcDatetime::new(*naive).unix_microseconds() - EPOCH
}

fn array(
    into: &mut Vec<u8>,
    value: &Value,
    element: &PgTypeInfo,
    kind: &PgTypeInfo,
) -> Result<(), BoxDynError> {
    let unfit =
        || -> BoxDynError { format!("a param of type {} can't be {}", kind.name(), value.kind()).into() };
    let Value::List(list) = value else { return Err(unfit()) };
    let oid = element.oid().ok_or_else(unfit)?.0;
    // Lists within lists are dimensions, which all have one length.
    let (mut lengths, mut cells) = (Vec::new(), vec![value]);
    while cells.iter().any(|cell| matches!(cell, Value::List(_))) && !is_json(element) || lengths.is_empty() {
        let first = cells.first().and_then(|cell| cell.as_list()).map_or(0, <[Value]>::len);
        let mut next = Vec::new();
        for cell in &cells {
            let list = cell.as_list().filter(|list| list.len() == first).ok_or_else(unfit)?;
            next.extend(list);
        }
        lengths.push(first);
        cells = next;
        if first == 0 || lengths.len() == 6 {
            break;
        }
    }
    let dimensions = if list.is_empty() { 0 } else { lengths.len() };
    into.extend(i32::try_from(dimensions)?.to_be_bytes());
    into.extend(i32::from(cells.iter().any(|cell| cell.is_null())).to_be_bytes());
    into.extend(oid.to_be_bytes());
    for length in lengths.iter().take(dimensions) {
        into.extend(i32::try_from(*length)?.to_be_bytes());
        into.extend(1_i32.to_be_bytes());
    }
    for cell in cells {
        if cell.is_null() {
            into.extend((-1_i32).to_be_bytes());
            continue;
        }
        // The length stands before what it is of.
        let start = into.len();
        into.extend([0; 4]);
        push(into, cell, element)?;
        let length = i32::try_from(into.len() - start - 4)?;
        into[start..start + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

fn is_json(kind: &PgTypeInfo) -> bool {
    matches!(kind.name(), "JSON" | "JSONB")
}
