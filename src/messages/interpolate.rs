//! `%{key}` becomes the value of `key`.

use crate::value::{Str, Value, to_text};
use alloc::string::String;

/// Fills in a template: every `%{key}` becomes the text of its binding.
///
/// A key is a word (letters, digits, underscores). A placeholder stays as it is when its key is not bound, or is
/// bound to a list or map, which have no text. Values are not templates: a `%{key}` in one of them stays.
///
/// ```
/// use ectomorph::messages::interpolate;
/// use ectomorph::value::{Str, Value};
/// let bindings = [(Str::from("count"), Value::from(8))];
/// assert_eq!(interpolate("should be %{count} %{unit}", &bindings), "should be 8 %{unit}");
/// ```
pub fn interpolate(message: &str, bindings: &[(Str, Value)]) -> String {
    let mut text = String::with_capacity(message.len());
    let (mut copied, mut at) = (0, 0);
    let bytes = message.as_bytes();
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'%')) {
        at += next;
        if let Some(end) = placeholder_end(bytes, at)
            && let Some(value) = bound(message.get(at + 2..end - 1), bindings)
        {
            text.push_str(message.get(copied..at).unwrap_or_default());
            text.push_str(&value);
            (copied, at) = (end, end);
        } else {
            at += 1;
        }
    }
    text.push_str(message.get(copied..).unwrap_or_default());
    text
}

/// Where the placeholder that starts at `start` ends, if there is one.
fn placeholder_end(bytes: &[u8], start: usize) -> Option<usize> {
    let key = bytes.get(start..)?.strip_prefix(b"%{")?;
    let length = key.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_')?;
    (length > 0 && key[length] == b'}').then_some(start + 2 + length + 1)
}

fn bound(key: Option<&str>, bindings: &[(Str, Value)]) -> Option<String> {
    let (_, value) = bindings.iter().find(|(name, _)| Some(name.as_str()) == key)?;
    to_text(value)
}
