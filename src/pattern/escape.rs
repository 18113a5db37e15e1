//! What follows a backslash.

use super::parse::{Flags, PROPERTY_WEIGHT, Parser, RANGE_WEIGHT};
use super::tree::{Node, Place, Set};
use super::{names, refused};
use alloc::boxed::Box;

impl Parser<'_> {
    /// An escape after its backslash, outside of a class.
    pub(super) fn escape(&mut self, start: usize, flags: Flags) -> Node {
        let place = match self.peek() {
            Some('A') => Place::TextStart,
            Some('z') => Place::TextEnd,
            Some('b') => Place::WordBoundary,
            Some('B') => Place::NotWordBoundary,
            _ => return Node::One { set: self.escaped_set(start, flags), caseless: flags.caseless },
        };
        self.bump();
        // Braces with a count repeat the boundary; with a name they are one of the crate's special boundaries.
        let braces = self.rest.strip_prefix('{');
        let named = braces.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()));
        if named && matches!(place, Place::WordBoundary) {
            self.eat("{");
            return self.refuse(start, refused::SPECIAL_WORD_BOUNDARY);
        }
        Node::Place(place)
    }

    /// An escape that stands for a set, after its backslash: `\d`, `\p{..}`, or one character.
    pub(super) fn escaped_set(&mut self, start: usize, flags: Flags) -> Set {
        let negated =
            |set, escape: char| if escape.is_ascii_uppercase() { Set::Not(Box::new(set)) } else { set };
        match self.peek() {
            Some(escape @ ('d' | 'D' | 's' | 'S' | 'w' | 'W')) => {
                self.bump();
                negated(self.perl(start, escape.to_ascii_lowercase()), escape)
            }
            Some(escape @ ('p' | 'P')) => {
                self.bump();
                negated(self.property(start, flags), escape)
            }
            _ => {
                let literal = self.escaped_char(start);
                self.range(start, literal, literal, flags)
            }
        }
    }

    /// The class `\d`, `\s` or `\w`. Folding changes none of them.
    fn perl(&mut self, start: usize, name: char) -> Set {
        if !self.unicode {
            // The weight covers the negated class, which reaches beyond ASCII.
            self.weigh(start, RANGE_WEIGHT);
            return self.ranges(start, names::perl(name), Flags::default());
        }
        self.weigh(start, PROPERTY_WEIGHT);
        let properties = names::unicode_perl(name).iter();
        Set::Union(properties.map(|(kind, name)| Set::Property(kind, name)).collect())
    }

    /// A character after its backslash.
    pub(super) fn escaped_char(&mut self, start: usize) -> char {
        let Some(escape) = self.bump() else {
            return self.refuse(start, refused::TRAILING_BACKSLASH);
        };
        match escape {
            'a' => '\x07',
            't' => '\t',
            'n' => '\n',
            'v' => '\x0b',
            'f' => '\x0c',
            'r' => '\r',
            'x' => self.hex(start, 2),
            'u' => self.hex(start, 4),
            'U' => self.hex(start, 8),
            _ if escape.is_ascii() && !escape.is_ascii_alphanumeric() && !matches!(escape, '<' | '>') => {
                escape
            }
            _ => self.refuse(start, refused::escape(escape)),
        }
    }

    /// The digits of `\x`, `\u` or `\U`: so many, or any number of them in braces.
    fn hex(&mut self, start: usize, length: usize) -> char {
        let braces = self.eat("{");
        let mut code = 0u32;
        let mut digits = 0;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(16)) {
            if digits == if braces { 8 } else { length } {
                break;
            }
            self.bump();
            // Eight digits fill 32 bits and no more.
            code = code << 4 | digit;
            digits += 1;
        }
        let complete = if braces { digits > 0 && self.eat("}") } else { digits == length };
        match char::from_u32(code) {
            Some(code) if complete => code,
            _ => self.refuse(start, refused::CODE_POINT),
        }
    }

    /// The class after `\p` or `\P`.
    fn property(&mut self, start: usize, flags: Flags) -> Set {
        let name = if self.eat("{") {
            self.eat_until("}").unwrap_or_default()
        } else {
            let rest = self.rest;
            let length = self.bump().map_or(0, char::len_utf8);
            rest.get(..length).unwrap_or_default()
        };
        if !self.unicode {
            return self.refuse(start, refused::UNICODE_CLASS_WITHOUT_FLAG_U);
        }
        let Some(set) = names::property(name) else {
            return self.refuse(start, refused::UNICODE_CLASS);
        };
        if !names::is_caseless(name) {
            self.note_case(start, flags, true);
        }
        self.weigh(start, PROPERTY_WEIGHT);
        set
    }
}
