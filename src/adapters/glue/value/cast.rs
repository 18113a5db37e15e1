//! PostgreSQL's CAST.

use super::Fault;
use super::calendar::{moment, naive_of};
use super::compare::float;
use super::decimal::rounded;
use crate::types::uuid;
use crate::value::{
    Date, Decimal, NaiveDatetime, Time, UtcDatetime, Value, float_text, parse_float, parse_integer,
};

/// What a value is turned into.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Cast {
    /// As it is.
    Any,
    Integer,
    Float,
    /// With at most so many digits after the point, if it says so.
    Decimal(Option<u8>),
    Text,
    Boolean,
    Date,
    Time,
    Naive,
    Utc,
    Uuid,
    Binary,
    Json,
    Array(Box<Cast>),
}

/// The value as another type; null stays null.
pub(in super::super) fn cast(value: &Value, to: &Cast) -> Result<Value, Fault> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let cast = match to {
        Cast::Any => Some(value.clone()),
        Cast::Integer => return integer(value),
        Cast::Float => match value {
            Value::String(text) => parse_float(text.trim()).map(Value::Float),
            _ => float(value).map(Value::Float),
        },
        Cast::Decimal(scale) => return decimal(value, *scale),
        Cast::Text => Some(Value::from(text_of(value))),
        Cast::Boolean => boolean(value),
        Cast::Date => match value {
            Value::String(text) => Date::from_iso(text.trim())
                .or_else(|| NaiveDatetime::from_iso(text.trim()).map(|naive| naive.date()))
                .map(Value::Date),
            Value::Date(_) => Some(value.clone()),
            _ => Date::from_unix_days(moment(value)?.0.div_euclid(86_400_000_000)).map(Value::Date),
        },
        Cast::Time => match value {
            Value::String(text) => Time::from_iso(text.trim()).map(Value::Time),
            Value::Time(_) => Some(value.clone()),
            Value::NaiveDatetime(naive) => Some(Value::Time(naive.time())),
            Value::UtcDatetime(utc) => Some(Value::Time(utc.naive().time())),
            _ => None,
        },
        Cast::Naive => naive(value)?.map(|naive| Value::NaiveDatetime(naive.padded())),
        Cast::Utc => match value {
            Value::UtcDatetime(utc) => Some(Value::UtcDatetime(utc.padded())),
            Value::String(text) => match UtcDatetime::from_iso_or_utc(text.trim()) {
                Some(utc) => Some(Value::UtcDatetime(utc.padded())),
                None => naive(value)?.map(|naive| Value::UtcDatetime(UtcDatetime::new(naive.padded()))),
            },
            _ => naive(value)?.map(|naive| Value::UtcDatetime(UtcDatetime::new(naive.padded()))),
        },
        Cast::Uuid => match value {
            Value::String(text) => uuid::parse(text).map(|bytes| Value::Binary(bytes.as_slice().into())),
            Value::Binary(bytes) if bytes.len() == 16 => Some(value.clone()),
            _ => None,
        },
        Cast::Binary => value.as_bytes().map(|bytes| Value::Binary(bytes.into())),
        Cast::Json => match value {
            Value::String(text) => read_json(text),
            _ => Some(value.clone()),
        },
        Cast::Array(element) => match value {
            Value::List(list) => {
                return list
                    .iter()
                    .map(|value| cast(value, element))
                    .collect::<Result<_, _>>()
                    .map(Value::List);
            }
            _ => None,
        },
    };
    cast.ok_or_else(|| invalid(value, to))
}

fn read_json(text: &str) -> Option<Value> {
    crate::params::from_json(text.as_bytes(), &crate::params::Limits::default()).ok()
}

/// The text of a value, as PostgreSQL prints it.
pub(in super::super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => match number.fract() == 0.0 && number.abs() < 1e15 {
            true => (*number as i64).to_string(),
            false => float_text(*number),
        },
        Value::Decimal(number) => {
            rounded(number, (-number.exponent()).max(0)).map_or_else(|_| number.text(), |plain| plain.text())
        }
        Value::String(text) => text.as_str().to_owned(),
        Value::Binary(bytes) => match <[u8; 16]>::try_from(&**bytes) {
            Ok(bytes) => uuid::text(bytes).as_str().to_owned(),
            Err(_) => bytes.iter().fold(String::from("\\x"), |text, byte| text + &format!("{byte:02x}")),
        },
        Value::Date(date) => iso(|text| date.push_iso(text)),
        Value::Time(time) => iso(|text| time.push_iso(text)),
        Value::NaiveDatetime(naive) => iso(|text| naive.push_iso(text, ' ')),
        Value::UtcDatetime(utc) => iso(|text| utc.naive().push_iso(text, ' ')) + "+00",
        Value::List(list) => {
            let elements: Vec<String> = list
                .iter()
                .map(|value| if value.is_null() { "NULL".to_owned() } else { text_of(value) })
                .collect();
            format!("{{{}}}", elements.join(","))
        }
        Value::Map(_) => crate::params::to_json(value),
    }
}

fn iso(push: impl FnOnce(&mut String)) -> String {
    let mut text = String::new();
    push(&mut text);
    text
}

fn integer(value: &Value) -> Result<Value, Fault> {
    let number = match value {
        Value::Integer(number) => Some(*number),
        Value::Bool(flag) => Some((*flag).into()),
        Value::String(text) => parse_integer(text.trim()),
        Value::Float(number) => {
            let rounded = number.round_ties_even();
            if rounded.abs() >= 9.2e18 {
                return Err(Fault::out_of_range("integer"));
            }
            Some(rounded as i64)
        }
        Value::Decimal(number) => {
            let whole = rounded(number, 0)?;
            let magnitude = i64::try_from(whole.coefficient()).map_err(|_| Fault::out_of_range("integer"))?;
            Some(if whole.is_negative() { -magnitude } else { magnitude })
        }
        _ => None,
    };
    number.map(Value::Integer).ok_or_else(|| invalid(value, &Cast::Integer))
}

fn decimal(value: &Value, scale: Option<u8>) -> Result<Value, Fault> {
    let number = match value {
        Value::String(text) => Decimal::parse(text.trim()),
        _ => value.to_decimal(),
    };
    let number = number.ok_or_else(|| invalid(value, &Cast::Decimal(scale)))?;
    let scale = scale.map_or((-number.exponent()).max(0), i32::from);
    rounded(&number, scale).map(Value::Decimal)
}

fn boolean(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) => Some(value.clone()),
        Value::Integer(number) => Some((*number != 0).into()),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "on" | "1" => Some(true.into()),
            "f" | "false" | "n" | "no" | "off" | "0" => Some(false.into()),
            _ => None,
        },
        _ => None,
    }
}

fn naive(value: &Value) -> Result<Option<NaiveDatetime>, Fault> {
    Ok(match value {
        Value::String(text) => {
            let text = text.trim();
            NaiveDatetime::from_iso(text)
                .or_else(|| UtcDatetime::from_iso(text).map(|utc| utc.naive()))
                .or_else(|| {
                    Date::from_iso(text).and_then(|date| naive_of(date.unix_days() * 86_400_000_000, 0))
                })
        }
        Value::NaiveDatetime(naive) => Some(*naive),
        Value::UtcDatetime(utc) => Some(utc.naive()),
        Value::Date(_) => naive_of(moment(value)?.0, 0),
        _ => None,
    })
}

fn invalid(value: &Value, to: &Cast) -> Fault {
    let name = match to {
        Cast::Any => "anything",
        Cast::Integer => "integer",
        Cast::Float => "double precision",
        Cast::Decimal(_) => "numeric",
        Cast::Text => "text",
        Cast::Boolean => "boolean",
        Cast::Date => "date",
        Cast::Time => "time",
        Cast::Naive => "timestamp",
        Cast::Utc => "timestamptz",
        Cast::Uuid => "uuid",
        Cast::Binary => "bytea",
        Cast::Json => "jsonb",
        Cast::Array(_) => "array",
    };
    match value {
        Value::String(text) => Fault::new(
            "invalid_text_representation",
            format!("invalid input syntax for type {name}: \"{}\"", text.as_str()),
        ),
        _ => Fault::new("cannot_coerce", format!("cannot cast {} to {name}", value.kind())),
    }
}
