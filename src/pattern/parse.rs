//! From the text of a pattern to its [`Tree`]: groups, repetitions and flags.
//!
//! The syntax is that of the `regex` crate, less what other engines lack or mean otherwise. What is left out is
//! refused by its name.

use super::refused::{Refusal, Refused};
use super::tree::{Node, Place, Set, Tree};
use super::{PatternError, refused};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// The most bytes of a pattern.
const MAX_LENGTH: usize = 4096;
/// The most groups and classes within each other.
const MAX_DEPTH: u32 = 50;
/// The most times of a counted repetition.
const MAX_COUNT: u32 = 1000;
/// The most states of a pattern with its counted repetitions written out, in units of one ASCII range. It
/// keeps what the `regex` crate builds below some 20 MB.
const MAX_WEIGHT: u32 = 300_000;
/// What a range beyond ASCII weighs, and what a property does.
pub(super) const RANGE_WEIGHT: u32 = 16;
pub(super) const PROPERTY_WEIGHT: u32 = 700;

/// Every code point.
const ANY: (char, char) = ('\0', char::MAX);
/// Stretches without any letter that has case, so that folding leaves a range in them as it is.
pub(super) const CASELESS: [(char, char); 5] = [
    ('\0', '@'),
    ('[', '`'),
    ('{', '\u{b4}'),
    ('\u{2000}', '\u{2125}'),
    // CJK, from its radicals to Yi and Lisu.
    ('\u{2e80}', '\u{a63f}'),
];

/// Understands a pattern, or says what in it is refused.
pub(super) fn parse(source: &str, flags: &str) -> Result<Tree, PatternError> {
    let (unicode, flags) = pattern_flags(flags).map_err(|refused| PatternError::new(refused, flags))?;
    tree(source, unicode, flags).map_err(|refused| PatternError::new(refused, source))
}

fn tree(source: &str, unicode: bool, flags: Flags) -> Result<Tree, Refused> {
    let mut parser = Parser {
        source,
        rest: source,
        refused: None,
        unicode,
        depth: 0,
        weight: 0,
        names: Vec::new(),
        folded: 0,
        unfolded: 0,
    };
    if source.len() > MAX_LENGTH {
        return Err(Refused { refusal: refused::LONG_PATTERN, start: 0, end: 0 });
    }
    let root = parser.alternation(flags);
    if !parser.rest.is_empty() {
        let start = parser.at();
        parser.bump();
        parser.stop(start, refused::UNOPENED_GROUP);
    }
    if parser.folded > 0 && parser.unfolded > 0 {
        parser.stop(parser.folded.max(parser.unfolded) - 1, refused::PARTLY_CASELESS_PATTERN);
    }
    match parser.refused {
        Some(refused) => Err(refused),
        None => Ok(Tree { root, unicode, needs_engine_folding: parser.folded > 0 }),
    }
}

/// The flags that may change inside of a pattern.
#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) caseless: bool,
    dot_all: bool,
    multi_line: bool,
    pub(super) extended: bool,
}

impl Flags {
    /// Turns a flag on or off; false if there is no such flag.
    fn set(&mut self, flag: char, on: bool) -> bool {
        match flag {
            'i' => self.caseless = on,
            's' => self.dot_all = on,
            'm' => self.multi_line = on,
            'x' => self.extended = on,
            _ => return false,
        }
        true
    }
}

/// Whether `u` is among the flags, and the other ones.
fn pattern_flags(text: &str) -> Result<(bool, Flags), Refused> {
    let mut unicode = false;
    let mut flags = Flags::default();
    for (at, flag) in text.char_indices() {
        if flag == 'u' {
            unicode = true;
        } else if !flags.set(flag, true) {
            return Err(Refused { refusal: refused::FLAG, start: at, end: at + flag.len_utf8() });
        }
    }
    Ok((unicode, flags))
}

pub(super) struct Parser<'a> {
    source: &'a str,
    pub(super) rest: &'a str,
    refused: Option<Refused>,
    pub(super) unicode: bool,
    depth: u32,
    weight: u32,
    /// The names of groups so far.
    names: Vec<&'a str>,
    /// Where (plus one) stands the last set under `i` that can't be folded by hand, and the last set outside of
    /// `i` that the engine's flag `i` would change; 0 if there is none.
    folded: usize,
    unfolded: usize,
}

impl<'a> Parser<'a> {
    /// The place in the source, in bytes.
    pub(super) fn at(&self) -> usize {
        self.source.len() - self.rest.len()
    }

    pub(super) fn from(&self, start: usize) -> &'a str {
        self.source.get(start..).unwrap_or_default()
    }

    pub(super) fn sees(&self, prefix: &str) -> bool {
        self.rest.starts_with(prefix)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let mut rest = self.rest.chars();
        let next = rest.next();
        self.rest = rest.as_str();
        next
    }

    /// Steps over `prefix`, if the rest starts with it.
    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Steps over what comes before `end` and over `end`; nothing, if there is no `end`.
    pub(super) fn eat_until(&mut self, end: &str) -> Option<&'a str> {
        let before = self.rest;
        loop {
            let length = before.len() - self.rest.len();
            if self.eat(end) {
                return before.get(..length);
            }
            if self.bump().is_none() {
                self.rest = before;
                return None;
            }
        }
    }

    /// [`stop`](Self::stop), in place of a value.
    pub(super) fn refuse<T: Default>(&mut self, start: usize, refusal: &'static Refusal) -> T {
        self.stop(start, refusal);
        T::default()
    }

    /// Refuses all from `start` to the current place, unless something was refused before. Nothing is left to
    /// parse then, so every caller comes to its end, and what it makes of its values does not matter; results
    /// passed from function to function would take more code.
    fn stop(&mut self, start: usize, refusal: &'static Refusal) {
        if self.refused.is_none() {
            self.refused = Some(Refused { refusal, start, end: self.at() });
        }
        self.rest = "";
    }

    /// Whether something was refused.
    pub(super) fn is_done(&self) -> bool {
        self.refused.is_some()
    }

    /// Steps over white space and comments under flag `x`.
    fn skip_space(&mut self, flags: Flags) {
        if !flags.extended {
            return;
        }
        loop {
            match self.peek() {
                Some('#') => {
                    if self.eat_until("\n").is_none() {
                        self.rest = "";
                    }
                }
                Some(next) if next.is_whitespace() => {
                    self.bump();
                }
                _ => return,
            }
        }
    }

    /// One step deeper into groups and classes; the caller steps back.
    pub(super) fn enter(&mut self, start: usize) {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.stop(start, refused::DEEP_NESTING);
        }
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Branches up to a `)` or the end. Flags that are set in one hold in the next ones too.
    fn alternation(&mut self, mut flags: Flags) -> Node {
        let mut branches = Vec::new();
        let mut branch = Vec::new();
        loop {
            self.skip_space(flags);
            match self.peek() {
                None | Some(')') => break,
                Some('|') => {
                    self.bump();
                    branches.push(Node::Concat(core::mem::take(&mut branch)));
                }
                Some(_) => {
                    let before = self.weight;
                    if let Some(node) = self.atom(&mut flags) {
                        branch.push(self.repetition(node, before, flags));
                    }
                }
            }
        }
        let last = Node::Concat(branch);
        if branches.is_empty() {
            return last;
        }
        branches.push(last);
        Node::Alternation(branches)
    }

    /// What a repetition would repeat, or nothing if it only set flags.
    fn atom(&mut self, flags: &mut Flags) -> Option<Node> {
        let start = self.at();
        let next = self.bump()?;
        let one = |set| Node::One { set, caseless: flags.caseless };
        Some(match next {
            '(' => return self.group(start, flags),
            '[' => one(self.class(start, *flags)),
            '\\' => self.escape(start, *flags),
            '.' if flags.dot_all => one(self.range(start, ANY.0, ANY.1, *flags)),
            '.' => {
                self.weigh(start, RANGE_WEIGHT);
                one(Set::Not(Box::new(Set::Range('\n', '\n'))))
            }
            '^' if flags.multi_line => Node::Place(Place::LineStart),
            '$' if flags.multi_line => Node::Place(Place::LineEnd),
            '^' => Node::Place(Place::TextStart),
            '$' => Node::Place(Place::TextEnd),
            '*' | '+' | '?' => {
                return self.refuse(start, refused::REPETITION_OF_NOTHING);
            }
            '{' => return self.refuse(start, refused::BRACE),
            literal => one(self.range(start, literal, literal, *flags)),
        })
    }

    /// A group after its `(`.
    fn group(&mut self, start: usize, flags: &mut Flags) -> Option<Node> {
        if let Some((length, refusal)) = refused::group(self.from(start)) {
            self.rest = self.from(start + length);
            return self.refuse(start, refusal);
        }
        let mut inner = *flags;
        if self.eat("?") {
            if self.eat("P<") || self.eat("<") {
                self.group_name(start);
            } else if self.inline_flags(start, &mut inner) {
                *flags = inner;
                return None;
            }
        }
        self.enter(start);
        let node = self.alternation(inner);
        if !self.eat(")") {
            return self.refuse(start, refused::UNCLOSED_GROUP);
        }
        self.leave();
        Some(node)
    }

    fn group_name(&mut self, start: usize) {
        let name = self.eat_until(">").unwrap_or_default();
        let is_name = name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
            && name.chars().all(|next| next == '_' || next.is_ascii_alphanumeric());
        if !is_name || self.names.contains(&name) {
            self.stop(start, refused::GROUP_NAME);
        }
        self.names.push(name);
    }

    /// Flags up to a `:`, where a group begins, or a `)` (true), where they hold for the rest of the group around.
    fn inline_flags(&mut self, start: usize, flags: &mut Flags) -> bool {
        let mut on = true;
        // What `-` or the end may not follow.
        let mut dangling = false;
        let mut empty = true;
        loop {
            match self.bump() {
                Some(':') if !dangling => return false,
                Some(')') if !dangling && !empty => return true,
                Some('-') if on => {
                    on = false;
                    dangling = true;
                }
                Some('u') => {
                    return self.refuse(start, refused::INLINE_FLAG_U);
                }
                Some(flag) if flags.set(flag, on) => dangling = false,
                _ => {
                    return self.refuse(start, refused::GROUP);
                }
            }
            empty = false;
        }
    }

    /// The repetition after a node, if there is one. Whether it is lazy does not matter: no one asks for the
    /// place of a match.
    fn repetition(&mut self, node: Node, weight_before: u32, flags: Flags) -> Node {
        self.skip_space(flags);
        let start = self.at();
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => (0, None),
            _ => return node,
        };
        let counted = self.bump() == Some('{');
        let (min, max) = if counted { self.counts(start) } else { (min, max) };
        self.eat("?");
        self.skip_space(flags);
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            self.bump();
            return self.refuse(start, refused::REPETITION_OF_A_REPETITION);
        }
        let times = max.unwrap_or(min).max(1);
        let once = self.weight - weight_before;
        self.weight = weight_before;
        self.weigh(start, once.saturating_mul(times));
        Node::Repeat { node: Box::new(node), min, max }
    }

    /// The counts after a `{`.
    fn counts(&mut self, start: usize) -> (u32, Option<u32>) {
        let min = self.count(start);
        let max = if self.eat(",") {
            if self.peek() == Some('}') { None } else { Some(self.count(start)) }
        } else {
            Some(min)
        };
        if !self.eat("}") || max.is_some_and(|max| max < min) {
            return self.refuse(start, refused::COUNTED_REPETITION);
        }
        (min, max)
    }

    fn count(&mut self, start: usize) -> u32 {
        let mut count = 0;
        let digits = self.at();
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            self.bump();
            count = count * 10 + digit;
            if count > MAX_COUNT {
                return self.refuse(start, refused::REPETITION_COUNT);
            }
        }
        if digits == self.at() {
            return self.refuse(start, refused::COUNTED_REPETITION);
        }
        count
    }

    /// The union of ranges with these bounds.
    pub(super) fn ranges(&mut self, start: usize, bounds: &str, flags: Flags) -> Set {
        let mut set = Vec::new();
        let mut bounds = bounds.chars();
        while let (Some(low), Some(high)) = (bounds.next(), bounds.next()) {
            set.push(self.range(start, low, high, flags));
        }
        Set::Union(set)
    }

    /// The set from `low` to `high`.
    pub(super) fn range(&mut self, start: usize, low: char, high: char, flags: Flags) -> Set {
        if !CASELESS.iter().any(|(first, last)| *first <= low && high <= *last) && (low, high) != ANY {
            self.note_case(start, flags, !high.is_ascii());
        }
        self.weigh(start, if high.is_ascii() { 1 } else { RANGE_WEIGHT });
        Set::Range(low, high)
    }

    /// Remembers a set that folding changes, and whether only the engine can fold it.
    pub(super) fn note_case(&mut self, start: usize, flags: Flags, by_engine: bool) {
        if self.unicode && !flags.caseless {
            self.unfolded = start + 1;
        } else if self.unicode && by_engine {
            self.folded = start + 1;
        }
    }

    pub(super) fn weigh(&mut self, start: usize, weight: u32) {
        self.weight = self.weight.saturating_add(weight);
        if self.weight > MAX_WEIGHT {
            self.stop(start, refused::LARGE_PATTERN);
        }
    }
}
