//! A changeset for people: in one line, or as Ecto prints it; redacted fields are hidden.

use super::error::FieldError;
use super::parts::{Change, Parts};
use crate::value::{Value, push_integer, to_text};
use alloc::string::String;
use alloc::vec::Vec;

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

/// The same as Ecto prints it: over several lines, with the metadata of errors, changes in the order of their names.
///
/// ```text
/// #Ecto.Changeset<
///   action: nil,
///   changes: %{},
///   errors: [email: {"has invalid format", [validation: :format]}],
///   data: #User<>,
///   valid?: false
/// >
/// ```
pub(super) fn pretty(parts: &Parts) -> String {
    let mut out = String::new();
    push_pretty(&mut out, parts, 0);
    out
}

/// `email: {"has invalid format", [validation: :format]}`
pub(super) fn error(error: &FieldError) -> String {
    let mut out = String::from(error.field.as_str());
    out.push_str(": {");
    push_quoted(&mut out, &error.message);
    out.push_str(", [");
    for (at, (key, value)) in error.metadata.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        out.push_str(key);
        out.push_str(": ");
        match value {
            // These are names, which Ecto has as atoms.
            Value::String(name) if matches!(key.as_str(), "validation" | "kind" | "type" | "constraint") => {
                out.push(':');
                out.push_str(name);
            }
            value => push_value(&mut out, value),
        }
    }
    out.push_str("]}");
    out
}

fn push_pretty(out: &mut String, parts: &Parts, indent: usize) {
    let inside = indent + 2;
    let mut changes: Vec<(&str, String)> = Vec::with_capacity(parts.changes.len());
    for (position, change) in parts.changes.iter() {
        let field = &parts.schema().fields()[position];
        let mut text = String::from(field.name.as_str());
        text.push_str(": ");
        match change {
            _ if field.redact => text.push_str("**redacted**"),
            Change::Value(value) => push_value(&mut text, value),
            Change::One(None) => text.push_str("nil"),
            Change::One(Some(child)) => push_pretty(&mut text, child, inside + 2),
            Change::Many(children) => {
                let mut items = Vec::with_capacity(children.len());
                for child in children {
                    let mut item = String::new();
                    push_pretty(&mut item, child, inside + 4);
                    items.push(item);
                }
                push_group(&mut text, ["[", "]"], &items, inside + 2);
            }
        }
        changes.push((&field.name, text));
    }
    changes.sort_by_key(|(name, _)| *name);
    let changes: Vec<String> = changes.into_iter().map(|(_, text)| text).collect();
    let errors: Vec<String> = parts.errors.iter().map(error).collect();
    out.push_str("#Ecto.Changeset<");
    push_line(out, inside);
    out.push_str("action: ");
    if parts.action.is_some() {
        out.push(':');
    }
    out.push_str(parts.action.as_deref().unwrap_or("nil"));
    out.push(',');
    push_line(out, inside);
    out.push_str("changes: ");
    push_group(out, ["%{", "}"], &changes, inside);
    out.push(',');
    push_line(out, inside);
    out.push_str("errors: ");
    push_group(out, ["[", "]"], &errors, inside);
    out.push(',');
    push_line(out, inside);
    out.push_str("data: #");
    out.push_str(parts.schema().name());
    out.push_str("<>,");
    push_line(out, inside);
    out.push_str("valid?: ");
    out.push_str(if parts.valid { "true" } else { "false" });
    if let Some(mistake) = &parts.mistake {
        out.push(',');
        push_line(out, inside);
        out.push_str("mistake: ");
        push_quoted(out, &mistake.text());
    }
    push_line(out, indent);
    out.push('>');
}

/// Items on the line, or a line each if they don't fit.
fn push_group(out: &mut String, [open, close]: [&str; 2], items: &[String], indent: usize) {
    let used = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
    let width = items.iter().map(|item| item.chars().count() + 2).sum::<usize>();
    let breaks = used + width + 2 > WIDTH || items.iter().any(|item| item.contains('\n'));
    out.push_str(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match breaks {
            true => push_line(out, indent + 2),
            false if at > 0 => out.push(' '),
            false => {}
        }
        out.push_str(item);
    }
    if breaks {
        push_line(out, indent);
    }
    out.push_str(close);
}

fn push_line(out: &mut String, indent: usize) {
    out.push('\n');
    (0..indent).for_each(|_| out.push(' '));
}

/// How long a line of Ecto's is.
const WIDTH: usize = 80;

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
