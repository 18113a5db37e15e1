//! What a pattern means, with every flag already resolved.
//!
//! A pattern only answers whether a text matches, so captures, group names and laziness have no place here.

use alloc::boxed::Box;
use alloc::vec::Vec;

/// A pattern that was understood.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Node,
    /// Flag `u`: classes, word boundaries and case are Unicode's, not ASCII's. It holds for the whole pattern.
    pub(super) unicode: bool,
    /// Some set under `i` holds more than ASCII, so in JavaScript only the engine's own flag `i` can fold it.
    /// The parser has made sure that this flag changes no other set.
    pub(super) needs_engine_folding: bool,
}

/// A part of a pattern.
#[derive(Debug)]
pub(super) enum Node {
    /// One code point out of a set.
    One { set: Set, caseless: bool },
    /// A condition on a place in the text.
    Place(Place),
    /// One after the other; nothing, if empty.
    Concat(Vec<Node>),
    /// Any of these.
    Alternation(Vec<Node>),
    /// The same, several times.
    Repeat { node: Box<Node>, min: u32, max: Option<u32> },
}

/// A condition on a place in the text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NotWordBoundary,
}

/// A set of code points. Operands are folded before an operation: under `i`, `[^k]` has no `K` either.
#[derive(Debug)]
pub(super) enum Set {
    /// From the first to the second, both included.
    Range(char, char),
    /// A property of Unicode, as both engines spell it inside of `\p{..}`: its kind, as `gc=`, and its name.
    Property(&'static str, &'static str),
    /// Any of these; never empty.
    Union(Vec<Set>),
    Not(Box<Set>),
    And(Box<Set>, Box<Set>),
    Minus(Box<Set>, Box<Set>),
}

impl Default for Node {
    fn default() -> Self {
        Node::Concat(Vec::new())
    }
}

impl Default for Set {
    fn default() -> Self {
        Set::Union(Vec::new())
    }
}
