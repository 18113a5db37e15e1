//! Packed values: how a [`Value`] crosses to JavaScript and back.
//!
//! One byte of tag, then the content, little endian, not aligned. Counts and lengths are `u32`. Text is UTF-8.
//!
//! | tag | content |
//! |---|---|
//! | 0, 1, 2 | null, false, true |
//! | 3, 8 | integer of 4 and of 8 bytes |
//! | 4 | float of 8 bytes |
//! | 5 | length, text |
//! | 6 | count, values |
//! | 7 | count, (length, key, value) each |
//! | 9 to 13 | length, text of a decimal, date, time, naive datetime, UTC datetime |
//! | 14 | length, bytes |
//! | 15 | missing (in shaped records) |
//! | 16 | a shaped record: the values of its shape's names, in order |
//! | 17 | the value of the param of the same name (in results) |

use crate::value::{Map, Str, Value, to_text};
use alloc::string::String;
use alloc::vec::Vec;

pub(crate) const NULL: u8 = 0;
pub(crate) const FALSE: u8 = 1;
pub(crate) const TRUE: u8 = 2;
pub(crate) const SMALL: u8 = 3;
pub(crate) const FLOAT: u8 = 4;
pub(crate) const STRING: u8 = 5;
pub(crate) const LIST: u8 = 6;
pub(crate) const MAP: u8 = 7;
pub(crate) const INTEGER: u8 = 8;
pub(crate) const DECIMAL: u8 = 9;
pub(crate) const DATE: u8 = 10;
pub(crate) const TIME: u8 = 11;
pub(crate) const NAIVE_DATETIME: u8 = 12;
pub(crate) const UTC_DATETIME: u8 = 13;
pub(crate) const BINARY: u8 = 14;
pub(crate) const MISSING: u8 = 15;
pub(crate) const SHAPED: u8 = 16;
#[cfg(any(test, feature = "wasm"))]
pub(crate) const PARAM: u8 = 17;
#[cfg(any(test, feature = "wasm"))]
pub(crate) const ONE: u8 = 18;
#[cfg(any(test, feature = "wasm"))]
pub(crate) const MANY: u8 = 19;

/// Writes a value.
pub(crate) fn pack(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(false) => out.push(FALSE),
        Value::Bool(true) => out.push(TRUE),
        Value::Integer(number) => match i32::try_from(*number) {
            Ok(small) => {
                out.push(SMALL);
                out.extend_from_slice(&small.to_le_bytes());
            }
            Err(_) => {
                out.push(INTEGER);
                out.extend_from_slice(&number.to_le_bytes());
            }
        },
        Value::Float(number) => {
            out.push(FLOAT);
            out.extend_from_slice(&number.to_le_bytes());
        }
        Value::String(text) => tagged(out, STRING, text.as_bytes()),
        Value::Binary(bytes) => tagged(out, BINARY, bytes),
        Value::Decimal(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::NaiveDatetime(_)
        | Value::UtcDatetime(_) => pack_further(out, value),
        Value::List(list) => {
            out.push(LIST);
            count(out, list.len());
            for value in list {
                pack(out, value);
            }
        }
        Value::Map(map) => pack_map(out, map),
    }
}

/// Writes a map.
pub(crate) fn pack_map(out: &mut Vec<u8>, map: &Map) {
    out.push(MAP);
    count(out, map.len());
    for (key, value) in map.iter() {
        text(out, key);
        pack(out, value);
    }
}

/// Writes a length and text.
pub(crate) fn text(out: &mut Vec<u8>, text: &Str) {
    count(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

/// Writes a count.
pub(crate) fn count(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&(count as u32).to_le_bytes());
}

fn tagged(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.push(tag);
    count(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Packs a decimal, date or time.
#[inline(never)]
fn pack_further(out: &mut Vec<u8>, value: &Value) {
    let tag = match value {
        Value::Decimal(_) => DECIMAL,
        Value::Date(_) => DATE,
        Value::Time(_) => TIME,
        Value::NaiveDatetime(_) => NAIVE_DATETIME,
        _ => UTC_DATETIME,
    };
    tagged(out, tag, text_further(value).as_bytes());
}

/// The text that stands for a decimal, date or time in JavaScript.
#[inline(never)]
pub(crate) fn text_further(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::NaiveDatetime(datetime) => datetime.push_iso(&mut text, 'T'),
        Value::UtcDatetime(datetime) => datetime.push_iso(&mut text, 'T'),
        _ => return to_text(value).unwrap_or_default(),
    }
    text
}
