//! JSON text as tokens: read and checked, but not yet made values.

use super::super::entries::Entries;
use super::super::{Limits, ParamsError};
use super::read::read;
use crate::value::{Decimal, Map, Str, Value};
use alloc::borrow::Cow;
use alloc::boxed::Box;
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
}

/// A value or a key. What is in a list or map follows it.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "std"), allow(dead_code, reason = "who builds all of it needs no places"))]
pub(crate) enum Token<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// An integer beyond 64 bits.
    Decimal(Box<Decimal>),
    Text(Cow<'a, str>),
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
    pub fn read<T: AsRef<[u8]> + ?Sized>(text: &'a T, limits: &Limits) -> Result<Json<'a>, ParamsError> {
        read(text.as_ref(), limits)
    }

    /// The value.
    pub fn to_value(&self) -> Value {
        Builder { tokens: &self.tokens, at: 0, keys: Vec::new(), expected: 0 }.value()
    }

    /// The text that was read.
    #[cfg(feature = "std")]
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The value at a place.
    #[cfg(feature = "std")]
    pub(crate) fn value_at(&self, place: usize) -> Value {
        Builder { tokens: &self.tokens, at: place, keys: Vec::new(), expected: 0 }.value()
    }

    /// The token at a place, the first being the whole.
    #[cfg(feature = "std")]
    pub(crate) fn token(&self, place: usize) -> &Token<'a> {
        self.tokens.get(place).unwrap_or(&Token::Null)
    }

    /// The place after the value at a place.
    #[cfg(feature = "std")]
    pub(crate) fn after(&self, place: usize) -> usize {
        match self.token(place) {
            Token::List { end, .. } | Token::Map { end, .. } => *end,
            _ => place + 1,
        }
    }
}

/// Makes values of tokens.
struct Builder<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
    /// Keys that came before: those of maps in a list are shared.
    keys: Vec<Str>,
    /// Which of them comes next, if the maps are alike.
    expected: usize,
}

/// So many keys are remembered.
const REMEMBERED: usize = 32;

impl Builder<'_, '_> {
    /// The value that comes next. It is as deep as the reader has let it be.
    fn value(&mut self) -> Value {
        let Some(token) = self.tokens.get(self.at) else { return Value::Null };
        self.at += 1;
        match token {
            Token::Null => Value::Null,
            Token::Bool(flag) => Value::Bool(*flag),
            Token::Integer(number) => Value::Integer(*number),
            Token::Float(number) => Value::Float(*number),
            Token::Decimal(decimal) => Value::Decimal(**decimal),
            Token::Text(text) => Value::String(Str::from(text.as_ref())),
            Token::List { length, .. } => Value::List((0..*length).map(|_| self.value()).collect()),
            Token::Map { length, .. } => {
                let mut entries = Entries::with_capacity(*length);
                for _ in 0..*length {
                    let Some(Token::Text(key)) = self.tokens.get(self.at) else { break };
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
