//! What JavaScript reads of a changeset: words, and the bytes of texts and packed values.
//!
//! A record is a word of flags with the number of its errors above them, the errors by their numbers, the slots in the
//! order of their changes, if that is not that of the slots, and then a word for each slot, whose low four bits say:
//!
//! | kind | what it says | more words | bytes |
//! |---|---|---|---|
//! | 0 | no change | | |
//! | 1 | the value of the param, as it was given | | |
//! | 2, 3, 4 | null, false, true | | |
//! | 5 | integer of 4 bytes | 1 | |
//! | 6 | float | 2 | |
//! | 7 | text of this length | 1: where | the text |
//! | 8 | a packed value of this length | 1: where | the value |
//! | 9 | children: this many, or one | of each, which of the param's it is of, and its record | |
//!
//! An error with the highest bit set is one of the host's validators, and one with the next bit says where in a list
//! or map the bad element stands: the length and place of a packed list follow.

use super::plan::Level;
use super::record::Param;
use super::run::{Change, Found, Outcome};
use crate::value::{Str, Value};
use crate::wasm::pack::{pack, text_further};
use alloc::vec::Vec;

const VALID: u32 = 1;
const FORCE: u32 = 2;
/// Whether the order of changes follows.
const ORDER: u32 = 4;

const SAME: u32 = 1;
const TEXT: u32 = 7;
const PACKED: u32 = 8;
const CHILDREN: u32 = 9;

/// The answer to a record.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) words: Vec<u32>,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.bytes.clear();
    }

    /// A mistake of the program instead of an answer.
    pub(super) fn mistake(&mut self, number: u32) {
        self.words.extend([u32::MAX, number]);
    }

    /// Writes what became of a record.
    pub(super) fn record(&mut self, level: &Level, outcome: &Outcome) {
        let ordered = outcome.order.is_sorted();
        let mut flags = (outcome.errors.len() as u32) << 4;
        for (flag, on) in [(VALID, outcome.valid), (FORCE, outcome.force), (ORDER, !ordered)] {
            if on {
                flags |= flag;
            }
        }
        self.words.push(flags);
        for error in &outcome.errors {
            self.error(error);
        }
        if !ordered {
            self.words.push(outcome.order.len() as u32);
            self.words.extend(outcome.order.iter().map(|slot| u32::from(*slot)));
        }
        for change in &outcome.changes {
            match change {
                Change::None => self.words.push(0),
                Change::Given(_) => self.words.push(SAME),
                Change::Value(value, param) => self.value(value, outcome.params.get(*param)),
                Change::Children(children, relation) => {
                    self.children_further(level.params.get(*relation), children);
                }
            }
        }
    }

    #[inline(never)]
    fn children_further(&mut self, level: Option<&Option<Level>>, children: &[(usize, Outcome)]) {
        self.words.push(CHILDREN | (children.len() as u32) << 4);
        let Some(Some(level)) = level else { return };
        for (input, child) in children {
            self.words.push(*input as u32);
            self.record(level, child);
        }
    }

    fn error(&mut self, error: &Found) {
        match &error.place {
            None => self.words.push(error.number),
            Some(place) => {
                let start = self.bytes.len();
                pack(&mut self.bytes, place);
                let length = (self.bytes.len() - start) as u32;
                self.words.extend([error.number | 1 << 30, length, start as u32]);
            }
        }
    }

    /// A value, unless the host has it: the text of the param.
    fn value(&mut self, value: &Value, param: Option<&Param>) {
        match value {
            Value::Null => self.words.push(2),
            Value::Bool(flag) => self.words.push(if *flag { 4 } else { 3 }),
            Value::Integer(number) => match i32::try_from(*number) {
                Ok(small) => self.words.extend([5, small as u32]),
                Err(_) => self.packed(value),
            },
            Value::Float(number) => {
                let bits = number.to_bits();
                self.words.extend([6, bits as u32, (bits >> 32) as u32]);
            }
            Value::String(text) => match param {
                Some(Param::Value(Value::String(given))) if is_same(given, text) => self.words.push(SAME),
                _ => self.text(text),
            },
            Value::Decimal(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::NaiveDatetime(_)
            | Value::UtcDatetime(_) => {
                let text = text_further(value);
                match param {
                    Some(Param::Value(Value::String(given))) if *given.as_str() == *text => {
                        self.words.push(SAME);
                    }
                    _ => self.text(&text),
                }
            }
            Value::Binary(_) | Value::Map(_) | Value::List(_) => self.packed(value),
        }
    }

    fn text(&mut self, text: &str) {
        self.words.extend([TEXT | (text.len() as u32) << 4, self.bytes.len() as u32]);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    #[inline(never)]
    fn packed(&mut self, value: &Value) {
        let start = self.bytes.len();
        pack(&mut self.bytes, value);
        let length = (self.bytes.len() - start) as u32;
        self.words.extend([PACKED | length << 4, start as u32]);
    }
}

fn is_same(given: &Str, text: &Str) -> bool {
    core::ptr::eq(given.as_str(), text.as_str()) || **given == **text
}
