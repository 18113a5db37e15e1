//! UUIDs: lower-case text at run time, sixteen bytes when stored.
//!
//! Nothing here draws randomness or reads a clock: whoever makes a UUID hands both in.

use super::LoadError;
use crate::value::{Str, Value};
use alloc::string::String;

/// The length of the text form.
const TEXT: usize = 36;
/// Where the dashes stand in the text form.
const DASHES: [usize; 4] = [8, 13, 18, 23];

/// A version 4 UUID: random.
///
/// ```
/// use ectomorph::types::uuid;
/// assert_eq!(uuid::v4([0xFF; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
/// ```
pub fn v4(random: [u8; 16]) -> Str {
    text(stamped(random, 4))
}

/// A version 7 UUID: milliseconds since 1970, then random; sorts by time.
///
/// ```
/// use ectomorph::types::uuid;
/// assert_eq!(uuid::v7(0x018e_c4c1_ae46, [0; 10]), "018ec4c1-ae46-7000-8000-000000000000");
/// ```
pub fn v7(unix_ms: u64, random: [u8; 10]) -> Str {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&unix_ms.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    text(stamped(bytes, 7))
}

/// The sixteen bytes of a text such as `601d74e4-a8d3-4b6e-8365-eddb4c893327`, in either case.
pub fn parse(text: &str) -> Option<[u8; 16]> {
    let text: &[u8; TEXT] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 16];
    let mut place = 0;
    for (at, byte) in text.iter().enumerate() {
        if DASHES.contains(&at) {
            if *byte != b'-' {
                return None;
            }
            continue;
        }
        let digit = (*byte as char).to_digit(16)? as u8;
        bytes[place / 2] = bytes[place / 2] << 4 | digit;
        place += 1;
    }
    Some(bytes)
}

/// The text of sixteen bytes, in lower case.
pub fn text(bytes: [u8; 16]) -> Str {
    let mut text = String::with_capacity(TEXT);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(b"0123456789abcdef"[usize::from(digit)] as char);
        }
    }
    text.into()
}

/// Text in either case, or sixteen raw bytes (which may happen to be text), as in Ecto.
pub(super) fn cast(value: &Value) -> Option<Value> {
    if let Value::String(string) = value
        && let Some(bytes) = parse(string)
    {
        let is_lower = !string.bytes().any(|byte| byte.is_ascii_uppercase());
        return Some(if is_lower { value.clone() } else { Value::String(text(bytes)) });
    }
    from_raw(value)
}

pub(super) fn dump(value: &Value) -> Option<Value> {
    let bytes = parse(value.as_str()?)?;
    Some(Value::Binary(bytes.as_slice().into()))
}

pub(super) fn load(value: &Value) -> Result<Value, LoadError> {
    if let Some(loaded) = from_raw(value) {
        return Ok(loaded);
    }
    let is_text = |bytes: &&[u8]| bytes.len() == TEXT && DASHES.iter().all(|at| bytes[*at] == b'-');
    match value.as_bytes().filter(is_text) {
        Some(_) => Err(LoadError::Refused(String::from(
            "the stored uuid is text, not sixteen bytes; give the column the type uuid",
        ))),
        None => Err(LoadError::Invalid),
    }
}

fn from_raw(value: &Value) -> Option<Value> {
    let bytes = value.as_bytes()?.try_into().ok()?;
    Some(Value::String(text(bytes)))
}

/// Sets the bits of the version, and of the variant that RFC 9562 describes.
fn stamped(mut bytes: [u8; 16], version: u8) -> [u8; 16] {
    bytes[6] = bytes[6] & 0x0F | version << 4;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "601d74e4-a8d3-4b6e-8365-eddb4c893327";

    #[test]
    fn text_and_bytes_go_both_ways() {
        let bytes = parse(UUID).unwrap();
        assert_eq!(bytes[..4], [0x60, 0x1D, 0x74, 0xE4]);
        assert_eq!(text(bytes), UUID);
        assert_eq!(parse(&UUID.to_uppercase()), Some(bytes));
    }

    #[test]
    fn other_texts_are_no_uuids() {
        for text in [
            "",
            "601d74e4a8d34b6e8365eddb4c893327",
            "601d74e4-a8d3-4b6e-8365-eddb4c89332g",
            "601d74e4-a8d3-4b6e-8365_eddb4c893327",
            "601d74e4-a8d3-4b6e-8365-eddb4c8933é",
            "{601d74e4-a8d3-4b6e-8365-eddb4c8933}",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn version_7_sorts_by_time() {
        assert!(v7(1, [0xFF; 10]) < v7(2, [0; 10]));
        assert_eq!(v7(u64::MAX, [0xFF; 10]), "ffffffff-ffff-7fff-bfff-ffffffffffff");
    }

    #[test]
    fn a_uuid_stored_as_text_is_refused_with_advice() {
        assert!(
            matches!(load(&UUID.into()), Err(LoadError::Refused(message)) if message.contains("the type uuid"))
        );
        assert_eq!(load(&"601d".into()), Err(LoadError::Invalid));
    }
}
