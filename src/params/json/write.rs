//! A value to JSON text.

use super::super::plain_text;
use crate::value::{Map, Value, base64, float_text, push_integer};
use alloc::string::String;

/// Writes a value as JSON, without white space and with keys in their order, so that equal values built
/// the same way give the same text.
///
/// What JSON does not know is text: decimals with their digits, dates and times in ISO 8601, bytes in
/// base64. A float that is not finite is null.
///
/// ```
/// use ectomorph::params::to_json;
/// use ectomorph::value::{Map, Value};
///
/// let post = Map::from([("title", Value::from("Hello")), ("tags", ["rust"].into()), ("views", 3.into())]);
/// assert_eq!(to_json(&post.into()), r#"{"title":"Hello","tags":["rust"],"views":3}"#);
/// ```
pub fn to_json(value: &Value) -> String {
    let mut text = String::new();
    push_value(&mut text, value);
    text
}

fn push_value(into: &mut String, value: &Value) {
    match value {
        Value::Null => into.push_str("null"),
        Value::Bool(true) => into.push_str("true"),
        Value::Bool(false) => into.push_str("false"),
        Value::Integer(number) => push_integer(into, *number),
        Value::Float(number) if number.is_finite() => into.push_str(&float_text(*number)),
        Value::Float(_) => into.push_str("null"),
        Value::String(text) => push_string(into, text),
        Value::Map(map) => push_map(into, map),
        Value::List(list) => {
            into.push('[');
            for (at, element) in list.iter().enumerate() {
                push_comma(into, at);
                push_value(into, element);
            }
            into.push(']');
        }
        Value::Binary(bytes) => push_string(into, &base64::encode(bytes)),
        other => push_string(into, &plain_text(other).unwrap_or_default()),
    }
}

fn push_map(into: &mut String, map: &Map) {
    into.push('{');
    for (at, (key, value)) in map.iter().enumerate() {
        push_comma(into, at);
        push_string(into, key);
        into.push(':');
        push_value(into, value);
    }
    into.push('}');
}

fn push_comma(into: &mut String, at: usize) {
    if at > 0 {
        into.push(',');
    }
}

/// Writes a text as JSON has it.
pub(crate) fn push_string(into: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    into.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        // What is escaped is ASCII, so a character begins and ends beside it.
        into.push_str(text.get(from..at).unwrap_or_default());
        from = at + 1;
        into.push('\\');
        match byte {
            b'"' | b'\\' => into.push(byte.into()),
            b'\n' => into.push('n'),
            b'\r' => into.push('r'),
            b'\t' => into.push('t'),
            _ => {
                into.push_str("u00");
                into.push(DIGITS[usize::from(byte >> 4)].into());
                into.push(DIGITS[usize::from(byte & 15)].into());
            }
        }
    }
    into.push_str(text.get(from..).unwrap_or_default());
    into.push('"');
}
