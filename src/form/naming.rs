//! Ids and names.

use crate::schema::Schema;
use crate::value::{Str, push_integer};
use alloc::string::String;

/// `user_email`, or `email` where the form has no id.
pub(super) fn id(form: &str, field: &str) -> Str {
    if form.is_empty() { Str::from(field) } else { Str::from([form, "_", field].concat()) }
}

/// `user[email]`, or `email` where the form has no name.
pub(super) fn name(form: &str, field: &str) -> Str {
    if form.is_empty() { Str::from(field) } else { Str::from([form, "[", field, "]"].concat()) }
}

/// The name of an input that adds to a list: `user[tags][]`.
pub(super) fn list_name(name: &str) -> Str {
    Str::from([name, "[]"].concat())
}

/// A position as text.
pub(super) fn number(index: usize) -> Str {
    let mut text = String::new();
    push_integer(&mut text, index as i64);
    Str::from(text)
}

/// The name of the form of a schema: `line_item` of `Shop.LineItem`, none for plain data.
pub(super) fn of_schema(schema: &Schema) -> Str {
    if schema.is_schemaless() {
        return Str::Static("");
    }
    let name = schema.name();
    let start = name.bytes().rposition(|byte| byte == b'.').map_or(0, |at| at + 1);
    let name = name.get(start..).unwrap_or_default();
    let mut out = String::new();
    let mut before = None;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        // A capital starts a word after a small letter, and before one: `HTMLPage` is `html_page`.
        let after_small = before.is_some_and(|before: char| before != '_' && !before.is_ascii_uppercase());
        let before_small = characters.peek().is_some_and(char::is_ascii_lowercase);
        if character.is_ascii_uppercase()
            && (after_small || before.is_some_and(|before| before != '_') && before_small)
        {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
        before = Some(character);
    }
    Str::from(out)
}
