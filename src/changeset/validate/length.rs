//! `validate_length`: how long a string, list or map is.

use super::{Changed, Subject};
use crate::changeset::error::FieldError;
use crate::changeset::relation::counts;
use crate::mistake::Mistake;
use crate::rules::{Count, Length};
use crate::types::Type;
use crate::value::{Map, Str, Value, codepoint_count, grapheme_count};

/// What is counted, which chooses the words of the message.
#[derive(Clone, Copy)]
enum Unit {
    Characters,
    Bytes,
    Items(&'static str),
}

pub(super) fn check(changed: &Changed, length: &Length) -> Result<Option<FieldError>, Mistake> {
    let (unit, found) = measure(changed, length.count.unwrap_or_default())?;
    Ok(broken(found, length).map(|(kind, count)| {
        let mut metadata = Map::with_capacity(4);
        metadata.set("count", Value::Integer(count as i64));
        metadata.set("validation", Value::String(Str::Static("length")));
        metadata.set("kind", Value::String(Str::Static(kind)));
        metadata.set("type", Value::String(Str::Static(type_name(unit))));
        FieldError::of_rule(&changed.field.name, length.message.as_ref(), message(unit, kind), metadata)
    }))
}

/// The bound that a length breaks.
#[inline]
fn broken(found: u64, length: &Length) -> Option<(&'static str, u64)> {
    match length {
        Length { is: Some(is), .. } if found != *is => Some(("is", *is)),
        Length { min: Some(min), .. } if found < *min => Some(("min", *min)),
        Length { max: Some(max), .. } if found > *max => Some(("max", *max)),
        _ => None,
    }
}

/// Whether a length breaks no bound.
#[cfg(feature = "std")]
pub(in crate::changeset) fn is_within(found: u64, length: &Length) -> bool {
    broken(found, length).is_none()
}

fn measure(changed: &Changed, count: Count) -> Result<(Unit, u64), Mistake> {
    let value = match changed.value {
        Subject::Children(children) => {
            return Ok((Unit::Items("list"), children.iter().filter(|child| counts(child)).count() as u64));
        }
        Subject::Value(value) => value,
    };
    let is_enum = matches!(changed.field.value_type(), Some(Type::Enum(_)));
    let unit = match value {
        Value::String(_) if is_enum => None,
        Value::String(_) | Value::Binary(_) if count == Count::Bytes => Some(Unit::Bytes),
        Value::String(_) | Value::Binary(_) => Some(Unit::Characters),
        Value::List(_) => Some(Unit::Items("list")),
        Value::Map(_) => Some(Unit::Items("map")),
        _ => None,
    };
    match unit.zip(length_of(value, count)) {
        Some(measured) => Ok(measured),
        None => Err(Mistake::about(
            "validate_length on `%` expects a string, list or map, got %",
            &[&changed.field.name, if is_enum { "an enum" } else { value.kind() }],
        )),
    }
}

/// How long a text, bytes, a list or a map is.
pub(crate) fn length_of(value: &Value, count: Count) -> Option<u64> {
    let found = match value {
        Value::String(text) => text_length(text, count),
        Value::Binary(bytes) => match count {
            Count::Bytes => bytes.len(),
            Count::Codepoints => count_chunks(bytes, codepoint_count),
            Count::Graphemes => count_chunks(bytes, grapheme_count),
        },
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        _ => return None,
    };
    Some(found as u64)
}

/// How long a text is.
#[inline]
pub(crate) fn text_length(text: &str, count: Count) -> usize {
    match count {
        Count::Bytes => text.len(),
        Count::Codepoints => codepoint_count(text),
        Count::Graphemes => grapheme_count(text),
    }
}

/// Text by `count`, and each byte that is part of none as one.
fn count_chunks(mut bytes: &[u8], count: fn(&str) -> usize) -> usize {
    let mut total = 0;
    loop {
        let error = match core::str::from_utf8(bytes) {
            Ok(text) => return total + count(text),
            Err(error) => error,
        };
        let (valid, rest) = bytes.split_at(error.valid_up_to());
        let invalid = error.error_len().unwrap_or(rest.len());
        total += count(core::str::from_utf8(valid).unwrap_or_default()) + invalid;
        bytes = rest.get(invalid..).unwrap_or_default();
    }
}

fn type_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Characters => "string",
        Unit::Bytes => "binary",
        Unit::Items(kind) => kind,
    }
}

fn message(unit: Unit, kind: &str) -> &'static str {
    match (unit, kind) {
        (Unit::Characters, "is") => "should be %{count} character(s)",
        (Unit::Characters, "min") => "should be at least %{count} character(s)",
        (Unit::Characters, _) => "should be at most %{count} character(s)",
        (Unit::Bytes, "is") => "should be %{count} byte(s)",
        (Unit::Bytes, "min") => "should be at least %{count} byte(s)",
        (Unit::Bytes, _) => "should be at most %{count} byte(s)",
        (Unit::Items(_), "is") => "should have %{count} item(s)",
        (Unit::Items(_), "min") => "should have at least %{count} item(s)",
        (Unit::Items(_), _) => "should have at most %{count} item(s)",
    }
}
