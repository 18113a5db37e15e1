//! JSON text as tokens: read and checked, but not yet made values.

use super::super::entries::Entries;
use super::super::{Limits, ParamsError};
use super::read::{read, read_text};
use crate::value::{Decimal, Map, Str, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// JSON text that was read within [`Limits`], whose strings still lie in the text.
///
/// Rules that are applied to it make values of what they ask for alone: a record whose params are right needs no others.
/// Keys keep their order, a key that comes again replaces the value.
///
/// ```
/// use ectomorph::params::{Json, Limits};
/// use ectomorph::value::{Map, Value};
///
/// let json = Json::read(r#"{"title": "Hello", "views": 3}"#, &Limits::default())?;
/// assert_eq!(json.to_value(), Value::Map(Map::from([("title", Value::from("Hello")), ("views", 3.into())])));
/// # Ok::<(), ectomorph::params::ParamsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Json<'a> {
    /// The text.
    #[cfg_attr(not(feature = "std"), allow(dead_code, reason = "what keeps params has it"))]
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token<'a>>,
    /// Texts in which something was escaped.
    pub(super) escaped: Vec<String>,
}

/// A value or a key. What is in a list or map follows it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "std"), allow(dead_code, reason = "who builds all of it needs no places"))]
pub(crate) enum Token<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// The digits of an integer beyond 64 bits.
    Decimal(&'a str),
    Text(&'a str),
    /// The number of a text in which something was escaped.
    Escaped(usize),
    /// So many elements, up to this place.
    List {
        length: usize,
        end: usize,
    },
    /// So many keys, each with its value behind it, up to this place.
    Map {
        length: usize,
        end: usize,
    },
}

impl<'a> Json<'a> {
    /// Reads JSON (RFC 8259), as [`from_json`](super::from_json).
    ///
    /// # Errors
    ///
    /// As [`from_json`](super::from_json).
    pub fn read(text: &'a str, limits: &Limits) -> Result<Json<'a>, ParamsError> {
        read_text(text, limits)
    }

    /// Reads JSON that may not be UTF-8, such as the body of a request.
    ///
    /// # Errors
    ///
    /// As [`from_json`](super::from_json).
    pub fn read_bytes(bytes: &'a [u8], limits: &Limits) -> Result<Json<'a>, ParamsError> {
        read(bytes, limits)
    }

    /// The value.
    pub fn to_value(&self) -> Value {
        self.value_at(0)
    }

    /// The value at a place.
    pub(crate) fn value_at(&self, place: usize) -> Value {
        Builder { json: self, at: place, keys: Vec::new(), expected: 0 }.value()
    }

    /// A text or a key.
    #[inline]
    pub(crate) fn text_of<'t>(&'t self, token: Token<'t>) -> Option<&'t str> {
        match token {
            Token::Text(text) => Some(text),
            Token::Escaped(number) => self.escaped.get(number).map(String::as_str),
            _ => None,
        }
    }

    /// The text that was read.
    #[cfg(feature = "std")]
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The keys from a place up to an end, each with the place of its value.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn entries<'t>(
        &'t self,
        mut at: usize,
        end: usize,
    ) -> impl Iterator<Item = (&'t str, usize, Token<'t>)> {
        let tokens = self.tokens.get(..end).unwrap_or_default();
        core::iter::from_fn(move || {
            let [key, value, ..] = tokens.get(at..)? else { return None };
            let place = at + 1;
            at = match value {
                Token::List { end, .. } | Token::Map { end, .. } => *end,
                _ => at + 2,
            };
            Some((self.text_of(*key)?, place, *value))
        })
    }

    /// The token at a place, the first being the whole.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn token(&self, place: usize) -> Token<'a> {
        self.tokens.get(place).copied().unwrap_or(Token::Null)
    }

    /// The place after the value at a place.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn after(&self, place: usize) -> usize {
        match self.token(place) {
            Token::List { end, .. } | Token::Map { end, .. } => end,
            _ => place + 1,
        }
    }
}

/// Makes values of tokens.
struct Builder<'j> {
    json: &'j Json<'j>,
    at: usize,
    /// Keys that came before: those of maps in a list are shared.
    keys: Vec<Str>,
    /// Which of them comes next, if the maps are alike.
    expected: usize,
}

/// So many keys are remembered.
const REMEMBERED: usize = 32;

impl Builder<'_> {
    /// The value that comes next. It is as deep as the reader has let it be.
    fn value(&mut self) -> Value {
        let Some(token) = self.json.tokens.get(self.at).copied() else { return Value::Null };
        self.at += 1;
        match token {
            Token::Null => Value::Null,
            Token::Bool(flag) => Value::Bool(flag),
            Token::Integer(number) => Value::Integer(number),
            Token::Float(number) => Value::Float(number),
            // The reader made sure of it.
            Token::Decimal(digits) => Decimal::parse_integer(digits).map_or(Value::Null, Value::Decimal),
            Token::Text(text) => Value::String(Str::from(text)),
            Token::Escaped(_) => self.json.text_of(token).map_or(Value::Null, Value::from),
            Token::List { length, .. } => Value::List((0..length).map(|_| self.value()).collect()),
            Token::Map { length, .. } => {
                let mut entries = Entries::with_capacity(length);
                for _ in 0..length {
                    let key = self.json.tokens.get(self.at).and_then(|key| self.json.text_of(*key));
                    let Some(key) = key else { break };
                    self.at += 1;
                    let place = match entries.find(key) {
                        Some(place) => place,
                        None => entries.push(self.key(key)),
                    };
                    *entries.slot(place) = self.value();
                }
                Value::Map(Map::from_distinct(entries.into_list()))
            }
        }
    }

    fn key(&mut self, key: &str) -> Str {
        let is_key = |known: &Str| known.as_str() == key;
        let place = match self.keys.get(self.expected) {
            Some(known) if is_key(known) => Some(self.expected),
            _ => self.keys.iter().position(is_key),
        };
        if let Some(known) = place.and_then(|place| self.keys.get(place)) {
            self.expected = place.map_or(0, |place| place + 1);
            return known.clone();
        }
        let key = Str::from(key);
        if self.keys.len() < REMEMBERED {
            self.keys.push(key.clone());
            self.expected = self.keys.len();
        }
        key
    }
}
