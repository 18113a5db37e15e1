//! From a [`Tree`] to the source of a regular expression that means exactly the same in one engine.
//!
//! Both outputs use only what needs no interpretation: explicit ranges, `\p{..}`, and places without flags. What
//! is left of flags is case folding beyond ASCII.

use super::error::push_number;
use super::tree::{Node, Place, Set, Tree};
use alloc::string::String;

/// The engine that a source is written for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Engine {
    /// The `regex` crate, with its default flags.
    #[cfg(feature = "regex")]
    Native,
    /// JavaScript's `RegExp` with flag `u`, and `i` if the tree needs the engine's folding.
    JavaScript,
}

/// Writes the source.
pub(super) fn write(tree: &Tree, engine: Engine) -> String {
    let native = engine != Engine::JavaScript;
    let engine_folds = tree.unicode && (native || tree.needs_engine_folding);
    let mut writer = Writer { out: String::new(), engine, unicode: tree.unicode, engine_folds };
    // Some engines also look for a match between the two halves of an UTF-16 pair, and only one of nothing can
    // be found there. So that they don't, the search starts at the start and goes by code points.
    if !native && matches_nothing_inside(&tree.root) {
        writer.push("^[^]*?");
        writer.node(&tree.root, Within::Concat);
    } else {
        writer.node(&tree.root, Within::Nothing);
    }
    writer.out
}

/// Whether a node may match no character at a place that is neither start nor end of the text.
fn matches_nothing_inside(node: &Node) -> bool {
    match node {
        Node::One { .. } | Node::Place(Place::TextStart | Place::TextEnd) => false,
        Node::Place(_) => true,
        Node::Concat(items) => items.iter().all(matches_nothing_inside),
        Node::Alternation(branches) => branches.iter().any(matches_nothing_inside),
        Node::Repeat { node, min, .. } => *min == 0 || matches_nothing_inside(node),
    }
}

/// What a node stands in, as that decides on parentheses.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Nothing,
    Concat,
    Repeat,
}

struct Writer {
    out: String,
    engine: Engine,
    unicode: bool,
    /// Whether the engine folds case, rather than the writer.
    engine_folds: bool,
}

const WORD: &str = r"[\p{Alphabetic}\p{gc=M}\p{gc=Nd}\p{gc=Pc}\p{Join_Control}]";

impl Writer {
    fn is_native(&self) -> bool {
        self.engine != Engine::JavaScript
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn node(&mut self, node: &Node, within: Within) {
        let group = match node {
            Node::One { .. } => false,
            Node::Concat(items) => within == Within::Repeat && items.len() != 1,
            Node::Alternation(_) => within != Within::Nothing,
            Node::Place(_) | Node::Repeat { .. } => within == Within::Repeat,
        };
        if group {
            self.push("(?:");
        }
        match node {
            Node::One { set, caseless } => self.one(set, *caseless),
            Node::Place(place) => self.place(*place),
            Node::Concat(items) => {
                let within = if items.len() == 1 && !group { within } else { Within::Concat };
                items.iter().for_each(|item| self.node(item, within));
            }
            Node::Alternation(branches) => {
                for (index, branch) in branches.iter().enumerate() {
                    if index > 0 {
                        self.push("|");
                    }
                    self.node(branch, Within::Nothing);
                }
            }
            Node::Repeat { node, min, max } => {
                self.node(node, Within::Repeat);
                self.counts(*min, *max);
            }
        }
        if group {
            self.push(")");
        }
    }

    fn counts(&mut self, min: u32, max: Option<u32>) {
        match (min, max) {
            (0, None) => self.push("*"),
            (1, None) => self.push("+"),
            (0, Some(1)) => self.push("?"),
            _ => {
                self.push("{");
                push_number(&mut self.out, min);
                if max != Some(min) {
                    self.push(",");
                }
                if let Some(max) = max.filter(|max| *max != min) {
                    push_number(&mut self.out, max);
                }
                self.push("}");
            }
        }
    }

    fn place(&mut self, place: Place) {
        let boundary = self.unicode && !self.is_native();
        match place {
            Place::TextStart => self.push("^"),
            Place::TextEnd => self.push("$"),
            // JavaScript's own multi-line mode knows more line ends than `\n`.
            Place::LineStart => self.push(if self.is_native() { "(?m:^)" } else { r"(?<![^\n])" }),
            Place::LineEnd => self.push(if self.is_native() { "(?m:$)" } else { r"(?![^\n])" }),
            Place::WordBoundary if boundary => self.boundary("(?!", "(?="),
            Place::NotWordBoundary if boundary => self.boundary("(?=", "(?!"),
            Place::WordBoundary => {
                self.push(if self.unicode || !self.is_native() { r"\b" } else { r"(?-u:\b)" })
            }
            Place::NotWordBoundary => {
                self.push(if self.unicode || !self.is_native() { r"\B" } else { r"(?-u:\B)" })
            }
        }
    }

    /// A look-ahead for a word character where one stands before, and another where none does.
    fn boundary(&mut self, after_word: &str, after_other: &str) {
        for part in ["(?:(?<=", WORD, ")", after_word, WORD, ")|(?<!", WORD, ")", after_other, WORD, "))"] {
            self.push(part);
        }
    }

    fn one(&mut self, set: &Set, caseless: bool) {
        let fold = caseless && !self.engine_folds;
        if self.is_native() {
            let group = caseless && self.unicode;
            if group {
                self.push("(?i:");
            }
            self.native_class(set, fold);
            if group {
                self.push(")");
            }
        } else {
            self.set(set, fold);
        }
    }

    /// A class in brackets for the `regex` crate, which has set operations.
    fn native_class(&mut self, set: &Set, fold: bool) {
        let (negation, set) = match set {
            Set::Not(set) => ("[^", &**set),
            set => ("[", set),
        };
        self.push(negation);
        match set {
            Set::And(left, right) | Set::Minus(left, right) => {
                self.native_class(left, fold);
                self.push(if matches!(set, Set::And(..)) { "&&" } else { "--" });
                self.native_class(right, fold);
            }
            Set::Union(items) => items.iter().for_each(|item| match item {
                Set::Range(..) | Set::Property(..) => self.item(item, fold),
                item => self.native_class(item, fold),
            }),
            Set::Not(_) => self.native_class(set, fold),
            Set::Range(..) | Set::Property(..) => self.item(set, fold),
        }
        self.push("]");
    }

    /// A set for JavaScript, which has operations on sets only since flag `v`: a look-ahead restricts the one
    /// code point that follows it.
    fn set(&mut self, set: &Set, fold: bool) {
        match set {
            Set::Range(low, high) if low == high && !(fold && low.is_ascii_alphabetic()) => self.char(*low),
            set if is_plain(set) => self.bracket("[", set, fold),
            Set::Not(set) if is_plain(set) => self.bracket("[^", set, fold),
            Set::Not(set) => self.restricted("(?:(?!", set, r"[^])", None, fold),
            Set::And(left, right) => self.restricted("(?:(?=", left, "", Some(right), fold),
            Set::Minus(left, right) => self.restricted("(?:(?!", right, "", Some(left), fold),
            // Not a plain alternation: its branches may overlap, and a repetition of it would backtrack for ages.
            Set::Union(items) => {
                self.push("(?:(?=");
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.push("|");
                    }
                    self.set(item, fold);
                }
                self.push(")[^])");
            }
            Set::Range(..) | Set::Property(..) => self.bracket("[", set, fold),
        }
    }

    /// A look-ahead for one set, and then some text or a set.
    fn restricted(&mut self, open: &str, ahead: &Set, text: &str, set: Option<&Set>, fold: bool) {
        self.push(open);
        self.set(ahead, fold);
        self.push(")");
        self.push(text);
        if let Some(set) = set {
            self.set(set, fold);
            self.push(")");
        }
    }

    fn bracket(&mut self, open: &str, set: &Set, fold: bool) {
        self.push(open);
        self.item(set, fold);
        self.push("]");
    }

    /// Plain sets, within brackets.
    fn item(&mut self, set: &Set, fold: bool) {
        match set {
            Set::Range(low, high) => {
                self.range(*low, *high);
                if fold {
                    self.folded(*low, *high);
                }
            }
            Set::Property(kind, name) => {
                for part in [r"\p{", kind, name, "}"] {
                    self.push(part);
                }
            }
            Set::Union(items) => items.iter().for_each(|item| self.item(item, fold)),
            Set::Not(_) | Set::And(..) | Set::Minus(..) => {}
        }
    }

    /// What folds to the letters of ASCII in a range, in ASCII and, where the pattern is Unicode's, beyond it.
    fn folded(&mut self, low: char, high: char) {
        for (first, last, distance) in [('a', 'z', -32), ('A', 'Z', 32)] {
            let (first, last) = (first.max(low), last.min(high));
            if first <= last {
                let other = |letter: char| (letter as u8).wrapping_add_signed(distance) as char;
                self.range(other(first), other(last));
            }
        }
        for (letter, sign) in [('k', '\u{212a}'), ('K', '\u{212a}'), ('s', '\u{17f}'), ('S', '\u{17f}')] {
            if self.unicode && low <= letter && letter <= high {
                self.char(sign);
            }
        }
    }

    fn range(&mut self, low: char, high: char) {
        self.char(low);
        if low != high {
            self.push("-");
            self.char(high);
        }
    }

    /// A character, so written that it stands for itself in both engines, inside and outside of brackets.
    fn char(&mut self, literal: char) {
        match literal {
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' => {
                self.out.push('\\');
                self.out.push(literal);
            }
            '\0'..='\x1f' | '\x7f' | '-' | '&' | '~' | '#' => {
                self.push(r"\x");
                for digit in [literal as u32 >> 4, literal as u32 & 15] {
                    self.out.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            _ => self.out.push(literal),
        }
    }
}

/// Whether a set fits into one pair of brackets in JavaScript.
fn is_plain(set: &Set) -> bool {
    match set {
        Set::Range(..) | Set::Property(..) => true,
        Set::Union(items) => items.iter().all(is_plain),
        Set::Not(_) | Set::And(..) | Set::Minus(..) => false,
    }
}
