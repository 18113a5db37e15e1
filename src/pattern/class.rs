//! Classes in brackets: items, ranges, nested classes and set operations.

use super::parse::{Flags, Parser, RANGE_WEIGHT};
use super::tree::Set;
use super::{names, refused};
use alloc::boxed::Box;
use alloc::vec::Vec;

impl Parser<'_> {
    /// A class after its `[`, up to and with its `]`.
    pub(super) fn class(&mut self, start: usize, flags: Flags) -> Set {
        self.enter(start);
        let negated = self.eat("^");
        let mut leading = Vec::new();
        // A hyphen or bracket that comes first stands for itself.
        while self.eat("-") {
            leading.push(self.range(start, '-', '-', flags));
        }
        if leading.is_empty() && self.eat("]") {
            leading.push(self.range(start, ']', ']', flags));
        }
        let mut set = self.operand(start, leading, flags);
        while !self.eat("]") && !self.is_done() {
            let minus = self.eat("--");
            if !minus {
                self.eat("&&");
            }
            let (left, right) = (Box::new(set), Box::new(self.operand(start, Vec::new(), flags)));
            set = if minus { Set::Minus(left, right) } else { Set::And(left, right) };
        }
        self.leave();
        if negated {
            self.weigh(start, RANGE_WEIGHT);
            set = Set::Not(Box::new(set));
        }
        set
    }

    /// Items up to a set operation or the end of the class.
    fn operand(&mut self, start: usize, mut items: Vec<Set>, flags: Flags) -> Set {
        while !(self.is_done() || self.sees("]") || self.sees("&&") || self.sees("--")) {
            items.push(self.item(start, flags));
        }
        match items.pop() {
            None => self.refuse(start, refused::SET_OPERATION_ON_NOTHING),
            Some(only) if items.is_empty() => only,
            Some(last) => {
                items.push(last);
                Set::Union(items)
            }
        }
    }

    fn item(&mut self, class: usize, flags: Flags) -> Set {
        let start = self.at();
        if self.eat("[:") {
            return self.posix(start, flags);
        }
        if self.eat("[") {
            return self.class(start, flags);
        }
        if self.eat("~~") {
            return self.refuse(start, refused::SYMMETRIC_DIFFERENCE);
        }
        let escaped = self.eat("\\");
        if escaped && matches!(self.peek(), Some('d' | 'D' | 's' | 'S' | 'w' | 'W' | 'p' | 'P')) {
            let set = self.escaped_set(start, flags);
            if self.starts_range() {
                self.bump();
                return self.refuse(start, refused::RANGE_OF_CLASSES);
            }
            return set;
        }
        let low = self.class_char(class, start, escaped, flags);
        let mut high = low;
        if self.starts_range() {
            self.bump();
            let escaped = self.eat("\\");
            high = self.class_char(class, start, escaped, flags);
            if high < low {
                return self.refuse(start, refused::REVERSED_RANGE);
            }
        }
        self.range(start, low, high, flags)
    }

    /// Whether a hyphen comes that stands for a range: not the last one in the class, nor an operation.
    fn starts_range(&self) -> bool {
        self.sees("-") && !self.sees("-]") && !self.sees("--")
    }

    fn class_char(&mut self, class: usize, start: usize, escaped: bool, flags: Flags) -> char {
        if escaped {
            return self.escaped_char(start);
        }
        match self.bump() {
            None => self.refuse(class, refused::UNCLOSED_CLASS),
            // Engines differ on whether flag x reaches into classes.
            Some(next) if flags.extended && (next == '#' || next.is_whitespace()) => {
                self.refuse(start, refused::SPACE_IN_EXTENDED_CLASS)
            }
            Some(next) => next,
        }
    }

    /// A class like `[:alpha:]` after its `[:`.
    fn posix(&mut self, start: usize, flags: Flags) -> Set {
        let negated = self.eat("^");
        let name = self.eat_until(":]").unwrap_or_default();
        let Some(bounds) = names::posix(name) else {
            return self.refuse(start, refused::POSIX_CLASS);
        };
        let set = self.ranges(start, bounds, flags);
        if negated { Set::Not(Box::new(set)) } else { set }
    }
}
