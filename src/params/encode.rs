//! Params to `application/x-www-form-urlencoded` text.

use super::plain_text;
use crate::value::{Map, Str, Value};
use alloc::string::String;
use core::fmt;

/// Writes params as an urlencoded body or query string, in Plug's notation.
///
/// What [`from_urlencoded`](super::from_urlencoded) then reads are the same params, but that all plain
/// values have become text, null the empty text, and empty lists and maps are left out, for the notation
/// has no way to say them.
///
/// # Errors
///
/// [`EncodeError`] for what would be read back as something else: a name or a list that the notation
/// cannot express, or bytes that are not text.
///
/// ```
/// use ectomorph::params::to_urlencoded;
/// use ectomorph::value::{Map, Value};
///
/// let post = Map::from([("title", Value::from("Hello world")), ("tags", ["rust", "ecto"].into())]);
/// let text = to_urlencoded(&Map::from([("post", post)]))?;
/// assert_eq!(text, "post[title]=Hello+world&post[tags][]=rust&post[tags][]=ecto");
/// # Ok::<(), ectomorph::params::EncodeError>(())
/// ```
pub fn to_urlencoded(params: &Map) -> Result<String, EncodeError> {
    let mut writer = Writer { text: String::new(), name: String::new() };
    for (key, value) in params.iter() {
        writer.name.clear();
        push_encoded(&mut writer.name, key);
        if !root_is_read_back(key, matches!(value, Value::Map(_) | Value::List(_))) {
            return Err(EncodeError::Name { name: key.clone() });
        }
        writer.write(value, super::MAX_DEPTH)?;
    }
    Ok(writer.text)
}

/// Why params cannot be written as a form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// The brackets of this name, or that it is empty, would be read as nesting.
    Name {
        /// The name.
        name: Str,
    },
    /// The list at this place holds maps of several keys, several lists or maps, or empty ones.
    List {
        /// The place, as the name of a field.
        at: Str,
    },
    /// The value at this place is neither text nor a thing that has a text.
    Binary {
        /// The place, as the name of a field.
        at: Str,
    },
    /// Maps and lists stand deeper in each other than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, what, after) = match self {
            EncodeError::Name { name } => {
                ("the name `", name.as_str(), "` would be read as nesting in a form; rename it, or send JSON")
            }
            EncodeError::List { at } => (
                "the list at `",
                at.as_str(),
                "` is ambiguous in a form; make it a map with index keys (\"0\", \"1\", ...), or send JSON",
            ),
            EncodeError::Binary { at } => {
                ("the bytes at `", at.as_str(), "` are not text; send them as base64, or in a multipart form")
            }
            EncodeError::TooDeep => ("params are nested too deep for a form", "", "; send flatter data"),
        };
        f.write_str(before)?;
        f.write_str(what)?;
        f.write_str(after)
    }
}

impl core::error::Error for EncodeError {}

struct Writer {
    text: String,
    /// The name of the place that is being written, encoded but for its brackets.
    name: String,
}

impl Writer {
    fn write(&mut self, value: &Value, depth: usize) -> Result<(), EncodeError> {
        if depth == 0 {
            return Err(EncodeError::TooDeep);
        }
        match value {
            Value::Map(map) => map.iter().try_for_each(|(key, value)| {
                if key.is_empty() || key.as_bytes().windows(2).any(|pair| pair == b"][") {
                    return Err(EncodeError::Name { name: key.clone() });
                }
                self.below(key, value, depth)
            }),
            Value::List(list) if !list_is_read_back(list) => {
                Err(EncodeError::List { at: self.name.as_str().into() })
            }
            Value::List(list) => list.iter().try_for_each(|value| self.below("", value, depth)),
            plain => self.pair(plain),
        }
    }

    fn below(&mut self, key: &str, value: &Value, depth: usize) -> Result<(), EncodeError> {
        let length = self.name.len();
        self.name.push('[');
        push_encoded(&mut self.name, key);
        self.name.push(']');
        let written = self.write(value, depth - 1);
        self.name.truncate(length);
        written
    }

    fn pair(&mut self, value: &Value) -> Result<(), EncodeError> {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(&self.name);
        self.text.push('=');
        match value {
            Value::String(text) => push_encoded(&mut self.text, text),
            other => match plain_text(other) {
                Some(text) => push_encoded(&mut self.text, &text),
                None => return Err(EncodeError::Binary { at: self.name.as_str().into() }),
            },
        }
        Ok(())
    }
}

/// Whether a form reader takes the name for this key, and nothing else.
fn root_is_read_back(key: &str, nests: bool) -> bool {
    match key.as_bytes().iter().position(|byte| *byte == b'[') {
        _ if key.is_empty() => !nests,
        Some(0) | None => !nests || !key.starts_with('['),
        Some(_) => !nests && !key.ends_with(']'),
    }
}

/// Whether all elements stay apart: everything nested below `[]` becomes one element.
fn list_is_read_back(list: &[Value]) -> bool {
    let mut nested = list.iter().filter(|value| matches!(value, Value::Map(_) | Value::List(_)));
    match nested.next() {
        Some(Value::Map(map)) if map.len() != 1 => false,
        Some(Value::List(list)) if list.is_empty() => false,
        _ => nested.next().is_none(),
    }
}

/// Letters, digits and `-._~` stay, a space becomes `+`, other bytes `%XX`, as `URI.encode_www_form/1` does.
fn push_encoded(into: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => into.push(byte.into()),
            b' ' => into.push('+'),
            _ => {
                into.push('%');
                into.push(DIGITS[usize::from(byte >> 4)].into());
                into.push(DIGITS[usize::from(byte & 15)].into());
            }
        }
    }
}
