//! Values as Elixir prints them.

use crate::value::{Map, Value, base64, float_text, to_text};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A value as Elixir's `inspect` prints it; the names of keys are atoms.
///
/// ```
/// use ectomorph::query::inspect_value;
/// assert_eq!(inspect_value(&"a \"b\"".into()), r#""a \"b\"""#);
/// assert_eq!(inspect_value(&[1, 2].into()), "[1, 2]");
/// ```
pub fn inspect_value(value: &Value) -> String {
    let text = || to_text(value).unwrap_or_default();
    match value {
        Value::Null => "nil".to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => float_text(*number),
        Value::Decimal(decimal) => format!("Decimal.new(\"{}\")", decimal.text()),
        Value::String(text) => quoted(text),
        Value::Binary(bytes) => format!("<<{}>>", base64::encode(bytes)),
        Value::Date(_) => format!("~D[{}]", text()),
        Value::Time(_) => format!("~T[{}]", text()),
        Value::NaiveDatetime(_) => format!("~N[{}]", text()),
        Value::UtcDatetime(_) => format!("~U[{}]", text()),
        Value::Map(map) => format!("%{{{}}}", entries(map)),
        Value::List(list) => {
            format!("[{}]", list.iter().map(inspect_value).collect::<Vec<_>>().join(", "))
        }
    }
}

fn entries(map: &Map) -> String {
    let one = |(key, value): (&crate::value::Str, &Value)| {
        let value = inspect_value(value);
        match is_name(key) {
            true => format!("{key}: {value}", key = key.as_str()),
            false => format!("{}: {value}", quoted(key)),
        }
    };
    map.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `:name`, or `:"two words"`.
pub(super) fn atom(name: &str) -> String {
    match is_name(name) {
        true => format!(":{name}"),
        false => format!(":{}", quoted(name)),
    }
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '#' => out.push('#'),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
