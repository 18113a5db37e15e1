//! A changeset for people: one line, redacted fields hidden.

use super::parts::{Change, Parts};
use crate::value::{Value, push_integer, to_text};
use alloc::string::String;

/// `#Changeset<action: nil, changes: {name: "Ada"}, errors: [...], data: #User<>, valid: true>`.
///
/// Data and params are never shown, and of a redacted field's change no more than that there is one.
pub fn inspect(parts: &Parts) -> String {
    let mut out = String::from("#Changeset<action: ");
    out.push_str(parts.action.as_deref().unwrap_or("nil"));
    out.push_str(", changes: {");
    for (at, (position, change)) in parts.changes.iter().enumerate() {
        let field = &parts.schema().fields()[position];
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(&field.name);
        out.push_str(": ");
        match change {
            _ if field.redact => out.push_str("**redacted**"),
            Change::Value(value) => push_value(&mut out, value),
            Change::One(None) => out.push_str("nil"),
            Change::One(Some(child)) => out.push_str(&inspect(child)),
            Change::Many(children) => {
                push_list(&mut out, children, |out, child| out.push_str(&inspect(child)))
            }
        }
    }
    out.push_str("}, errors: ");
    push_list(&mut out, &parts.errors, |out, error| {
        out.push_str(&error.field);
        out.push_str(": ");
        push_quoted(out, &error.message);
    });
    out.push_str(", data: #");
    out.push_str(parts.schema().name());
    out.push_str("<>, valid: ");
    out.push_str(if parts.valid { "true" } else { "false" });
    if let Some(mistake) = &parts.mistake {
        out.push_str(", mistake: ");
        push_quoted(&mut out, &mistake.text());
    }
    out.push('>');
    out
}

fn push_list<T>(out: &mut String, list: &[T], push: impl Fn(&mut String, &T)) {
    out.push('[');
    for (at, item) in list.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        push(out, item);
    }
    out.push(']');
}

fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("nil"),
        Value::String(text) => push_quoted(out, text),
        Value::Integer(number) => push_integer(out, *number),
        Value::List(list) => push_list(out, list, push_value),
        Value::Map(map) => {
            out.push('{');
            for (at, (key, value)) in map.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                push_quoted(out, key);
                out.push_str(": ");
                push_value(out, value);
            }
            out.push('}');
        }
        Value::Binary(_) => out.push_str("<binary>"),
        other => out.push_str(to_text(other).as_deref().unwrap_or("")),
    }
}

fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
}

impl core::fmt::Display for Parts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&inspect(self))
    }
}
