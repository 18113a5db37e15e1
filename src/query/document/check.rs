//! Saying what is wrong in a document.

use crate::query::error::{QueryError, QueryErrorKind};
use crate::value::{Map, Str, Value, nearest};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) type Read<T> = Result<T, QueryError>;

pub(super) fn wrong(message: &str) -> QueryError {
    QueryError::new(QueryErrorKind::Document, message)
}

pub(super) fn object<'v>(value: &'v Value, what: &str) -> Read<&'v Map> {
    value.as_map().ok_or_else(|| wrong(&format!("{what} is an object, not {}", value.kind())))
}

pub(super) fn list<'v>(value: &'v Value, what: &str) -> Read<&'v [Value]> {
    value.as_list().ok_or_else(|| wrong(&format!("{what} must be a list, not {}", value.kind())))
}

pub(super) fn text(value: &Value) -> Read<Str> {
    match value {
        Value::String(text) if !text.is_empty() => Ok(text.clone()),
        _ => Err(wrong(&format!("a name must stand here, not {}", value.kind()))),
    }
}

pub(super) fn text_of(map: &Map, key: &str) -> Read<Str> {
    text(map.get(key).unwrap_or(&Value::Null)).map_err(|error| error.at(key))
}

pub(super) fn boolean(value: &Value) -> Read<bool> {
    value.as_bool().ok_or_else(|| wrong(&format!("true or false must stand here, not {}", value.kind())))
}

pub(super) fn known_keys(map: &Map, known: &[&str], what: &str) -> Read<()> {
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(wrong(&unknown("key", key, known, &format!(" in {what}")))),
    }
}

pub(super) fn one_of<T: Copy>(value: &Value, what: &str, all: &[T], name: fn(T) -> &'static str) -> Read<T> {
    let found = value.as_str().and_then(|text| all.iter().copied().find(|one| name(*one) == text));
    found.ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
        wrong(&unknown(what, value.as_str().unwrap_or(value.kind()), &names, ""))
    })
}

pub(super) fn unknown(what: &str, name: &str, known: &[&str], place: &str) -> String {
    match nearest(name, known.iter().copied()) {
        Some(hint) => format!("the {what} `{name}` is unknown{place}; did you mean `{hint}`?"),
        None if known.len() <= 12 => {
            format!("the {what} `{name}` is unknown{place}; known are {}", known.join(", "))
        }
        None => format!("the {what} `{name}` is unknown{place}"),
    }
}
