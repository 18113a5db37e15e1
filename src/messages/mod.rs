//! Messages: templates filled with values.
use crate::value::{Map, to_text};
use alloc::string::String;

/// Replaces `%{key}` in `message` by the text of the binding; what is not bound stays.
pub fn interpolate(message: &str, bindings: &Map) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find("%{") {
        let Some(length) = rest[start..].find('}') else { break };
        let key = &rest[start + 2..start + length];
        out.push_str(&rest[..start]);
        match bindings.get(key).and_then(to_text) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    out
}
