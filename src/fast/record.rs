//! What JavaScript writes for one changeset: words, and the bytes of texts.
//!
//! A param is a word: a kind in the low four bits, and a length or count above them. What follows a word is told by
//! its kind.
//!
//! | kind | what it says | more words | bytes |
//! |---|---|---|---|
//! | 0 | missing | | |
//! | 1, 2, 3 | null, false, true | | |
//! | 4 | text of this length | | the text |
//! | 5 | integer of 4 bytes | 1 | |
//! | 6 | float | 2 | |
//! | 7 | a packed value of this length | | the value |
//! | 8 | a child | its params | |
//! | 9 | a list of this many | of each, a child or what it is | |
//! | 10 | a map of this many | of each, the word of its key, and as in a list | keys |

use super::plan::Level;
use crate::value::{Str, Value};
use crate::wasm::unpack;
use alloc::boxed::Box;
use alloc::vec::Vec;

const TEXT: u32 = 4;

/// A param.
pub(super) enum Param {
    Missing,
    Value(Value),
    /// Of a relation: children, if it is no other value.
    Children(Box<Children>),
}

impl Param {
    /// The value that rules compare, if they do.
    pub(super) fn value(&self) -> Option<&Value> {
        match self {
            Param::Value(value) => Some(value),
            Param::Missing | Param::Children(_) => None,
        }
    }
}

/// What the param of a relation holds.
pub(super) struct Children {
    /// Whether it is a single child and no collection.
    pub(super) is_one: bool,
    /// The keys of a map.
    pub(super) keys: Option<Vec<Str>>,
    /// The params of each child; none where there is something else.
    pub(super) items: Vec<Option<Vec<Param>>>,
}

/// Reads a record.
pub(super) struct Reader {
    pub(super) words: &'static [u32],
    pub(super) text: &'static [u8],
}

impl Reader {
    /// The params of a record.
    pub(super) fn params(&mut self, level: &Level) -> Vec<Param> {
        let mut params = Vec::with_capacity(level.params.len());
        for child in &level.params {
            params.push(self.param(child.as_ref()));
        }
        params
    }

    pub(super) fn word(&mut self) -> u32 {
        let Some((word, rest)) = self.words.split_first() else { return 0 };
        self.words = rest;
        *word
    }

    /// The next param; with the level of its children, if it is a relation's.
    pub(super) fn param(&mut self, level: Option<&Level>) -> Param {
        let word = self.word();
        let count = (word >> 4) as usize;
        Param::Value(match word & 15 {
            0 => return Param::Missing,
            1 => Value::Null,
            2 => Value::Bool(false),
            3 => Value::Bool(true),
            TEXT => Value::String(self.text(count)),
            5 => Value::Integer((self.word() as i32).into()),
            6 => {
                let low = u64::from(self.word());
                Value::Float(f64::from_bits(low | u64::from(self.word()) << 32))
            }
            kind => match (kind, level) {
                (8..=10, Some(level)) => {
                    return Param::Children(Box::new(self.children_further(level, count, kind)));
                }
                _ => self.packed(count),
            },
        })
    }

    #[inline(never)]
    fn children_further(&mut self, level: &Level, count: usize, kind: u32) -> Children {
        if kind == 8 {
            return Children { is_one: true, keys: None, items: Vec::from([Some(self.params(level))]) };
        }
        let mut keys = (kind == 10).then(Vec::new);
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            if let Some(keys) = &mut keys {
                let word = self.word();
                keys.push(self.text((word >> 4) as usize));
            }
            items.push(match self.words.first() {
                Some(8) => {
                    self.word();
                    Some(self.params(level))
                }
                _ => {
                    self.param(None);
                    None
                }
            });
        }
        Children { is_one: false, keys, items }
    }

    #[inline(never)]
    fn packed(&mut self, length: usize) -> Value {
        unpack::unpack(self.take(length), None).unwrap_or_default()
    }

    /// A text that is not copied.
    #[allow(unsafe_code)]
    fn text(&mut self, length: usize) -> Str {
        // SAFETY: the package writes texts with a `TextEncoder`, or byte by byte if they are ASCII.
        Str::Static(unsafe { core::str::from_utf8_unchecked(self.take(length)) })
    }

    fn take(&mut self, length: usize) -> &'static [u8] {
        let (taken, rest) = self.text.split_at_checked(length).unwrap_or_default();
        self.text = rest;
        taken
    }
}
