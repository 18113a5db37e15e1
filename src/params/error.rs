//! Why params were refused.

use crate::value::push_integer;
use alloc::string::String;
use core::fmt;

/// Why input was refused, and where in it.
///
/// `at` is an offset in bytes from the start of the text; where fields are handed in one by one
/// ([`Fields`](super::Fields)), it is the number of the field, from 0.
///
/// ```
/// use ectomorph::params::{Limits, from_json};
///
/// let error = from_json(r#"{"title": "Hello", "views": 1e400}"#, &Limits::default()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid params at byte 28: the number is out of range; send it as a string to keep its digits"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamsError {
    /// The input has more bytes than [`Limits::bytes`](super::Limits::bytes).
    TooLong {
        /// The bytes that are allowed.
        limit: usize,
        /// The bytes there are; of fields that come one by one, those so far.
        length: usize,
    },
    /// Maps and lists stand deeper in each other than [`Limits::depth`](super::Limits::depth).
    TooDeep {
        /// The depth that is allowed.
        limit: usize,
        /// Where the first one too deep begins.
        at: usize,
    },
    /// There are more keys and list elements than [`Limits::entries`](super::Limits::entries).
    TooManyEntries {
        /// The entries that are allowed.
        limit: usize,
        /// Where the first one too many begins.
        at: usize,
    },
    /// A name, a value or the whole text is not UTF-8.
    InvalidUtf8 {
        /// Where the pair with it begins; in JSON, where the first wrong byte is.
        at: usize,
    },
    /// The text is not JSON.
    InvalidJson {
        /// What is wrong, in words.
        reason: &'static str,
        /// Where.
        at: usize,
    },
    /// A number of the JSON text is too large for a float, or has more digits than a decimal.
    NumberOutOfRange {
        /// Where the number begins.
        at: usize,
    },
}

impl ParamsError {
    /// The message, as [`Display`](fmt::Display) shows it.
    pub fn message(&self) -> String {
        let mut text = String::from("invalid params");
        match *self {
            ParamsError::TooLong { limit, length } => {
                text.push_str(": ");
                push_count(&mut text, length);
                text.push_str(" bytes are more than the limit of ");
                push_count(&mut text, limit);
                text.push_str("; send less, or raise `Limits::bytes`");
            }
            ParamsError::TooDeep { limit, at } => {
                push_place(&mut text, at);
                text.push_str("nested deeper than the limit of ");
                push_count(&mut text, limit);
                text.push_str("; send flatter data, or raise `Limits::depth`");
            }
            ParamsError::TooManyEntries { limit, at } => {
                push_place(&mut text, at);
                text.push_str("more keys and list elements than the limit of ");
                push_count(&mut text, limit);
                text.push_str("; send fewer, or raise `Limits::entries`");
            }
            ParamsError::InvalidUtf8 { at } => {
                push_place(&mut text, at);
                text.push_str("the text is not UTF-8; send the form or JSON in UTF-8");
            }
            ParamsError::InvalidJson { reason, at } => {
                push_place(&mut text, at);
                text.push_str(reason);
            }
            ParamsError::NumberOutOfRange { at } => {
                push_place(&mut text, at);
                text.push_str("the number is out of range; send it as a string to keep its digits");
            }
        }
        text
    }
}

impl fmt::Display for ParamsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl core::error::Error for ParamsError {}

fn push_place(text: &mut String, at: usize) {
    text.push_str(" at byte ");
    push_count(text, at);
    text.push_str(": ");
}

fn push_count(text: &mut String, count: usize) {
    push_integer(text, i64::try_from(count).unwrap_or(i64::MAX));
}
