//! Classes in brackets: items, ranges, nested classes and set operations.

use super::parse::{Flags, Parser, RANGE_WEIGHT, Result};
use super::tree::Set;
use super::{names, refused};
use alloc::boxed::Box;
use alloc::vec::Vec;

impl Parser<'_> {
    /// A class after its `[`, up to and with its `]`.
    pub(super) fn class(&mut self, start: usize, flags: Flags) -> Result<Set> {
        self.enter(start)?;
        let negated = self.eat("^");
        let mut leading = Vec::new();
        // A hyphen or bracket that comes first stands for itself.
        while self.eat("-") {
            leading.push(self.range(start, '-', '-', flags)?);
        }
        if leading.is_empty() && self.eat("]") {
            leading.push(self.range(start, ']', ']', flags)?);
        }
        let mut set = self.operand(start, leading, flags)?;
        while !self.eat("]") {
            let minus = self.eat("--");
            if !minus {
                self.eat("&&");
            }
            let (left, right) = (Box::new(set), Box::new(self.operand(start, Vec::new(), flags)?));
            set = if minus { Set::Minus(left, right) } else { Set::And(left, right) };
        }
        self.leave();
        if negated {
            self.weigh(start, RANGE_WEIGHT)?;
            set = Set::Not(Box::new(set));
        }
        Ok(set)
    }

    /// Items up to a set operation or the end of the class.
    fn operand(&mut self, start: usize, mut items: Vec<Set>, flags: Flags) -> Result<Set> {
        while !["]", "&&", "--"].into_iter().any(|end| self.sees(end)) {
            items.push(self.item(start, flags)?);
        }
        match items.pop() {
            None => Err(self.error(start, refused::SET_OPERATION_ON_NOTHING)),
            Some(only) if items.is_empty() => Ok(only),
            Some(last) => {
                items.push(last);
                Ok(Set::Union(items))
            }
        }
    }

    fn item(&mut self, class: usize, flags: Flags) -> Result<Set> {
        let start = self.at();
        if self.eat("[:") {
            return self.posix(start, flags);
        }
        if self.eat("[") {
            return self.class(start, flags);
        }
        if self.eat("~~") {
            return Err(self.error(start, refused::SYMMETRIC_DIFFERENCE));
        }
        let escaped = self.eat("\\");
        if escaped && matches!(self.peek(), Some('d' | 'D' | 's' | 'S' | 'w' | 'W' | 'p' | 'P')) {
            let set = self.escaped_set(start, flags)?;
            if self.starts_range() {
                self.bump();
                return Err(self.error(start, refused::RANGE_OF_CLASSES));
            }
            return Ok(set);
        }
        let low = self.class_char(class, start, escaped, flags)?;
        let mut high = low;
        if self.starts_range() {
            self.bump();
            let escaped = self.eat("\\");
            high = self.class_char(class, start, escaped, flags)?;
            if high < low {
                return Err(self.error(start, refused::REVERSED_RANGE));
            }
        }
        self.range(start, low, high, flags)
    }

    /// Whether a hyphen comes that stands for a range: not the last one in the class, nor an operation.
    fn starts_range(&self) -> bool {
        self.sees("-") && !self.sees("-]") && !self.sees("--")
    }

    fn class_char(&mut self, class: usize, start: usize, escaped: bool, flags: Flags) -> Result<char> {
        if escaped {
            return self.escaped_char(start);
        }
        match self.bump() {
            None => Err(self.error(class, refused::UNCLOSED_CLASS)),
            // Engines differ on whether flag x reaches into classes.
            Some(next) if flags.extended && (next == '#' || next.is_whitespace()) => {
                Err(self.error(start, refused::SPACE_IN_EXTENDED_CLASS))
            }
            Some(next) => Ok(next),
        }
    }

    /// A class like `[:alpha:]` after its `[:`.
    fn posix(&mut self, start: usize, flags: Flags) -> Result<Set> {
        let negated = self.eat("^");
        let name = self.eat_until(":]").unwrap_or_default();
        let Some(bounds) = names::posix(name) else {
            return Err(self.error(start, refused::POSIX_CLASS));
        };
        let set = self.ranges(start, bounds, flags)?;
        Ok(if negated { Set::Not(Box::new(set)) } else { set })
    }
}
