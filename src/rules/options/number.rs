//! Bounds of a number.

use super::Message;
use crate::value::Value;
use alloc::vec::Vec;

/// A comparison of a number rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    /// `<`
    LessThan,
    /// `>`
    GreaterThan,
    /// `<=`
    LessThanOrEqualTo,
    /// `>=`
    GreaterThanOrEqualTo,
    /// `==`
    EqualTo,
    /// `!=`
    NotEqualTo,
}

impl NumberKind {
    /// The word of documents and of the error's `kind`.
    pub fn name(self) -> &'static str {
        match self {
            NumberKind::LessThan => "less_than",
            NumberKind::GreaterThan => "greater_than",
            NumberKind::LessThanOrEqualTo => "less_than_or_equal_to",
            NumberKind::GreaterThanOrEqualTo => "greater_than_or_equal_to",
            NumberKind::EqualTo => "equal_to",
            NumberKind::NotEqualTo => "not_equal_to",
        }
    }

    /// Every comparison.
    pub const ALL: [NumberKind; 6] = [
        NumberKind::LessThan,
        NumberKind::GreaterThan,
        NumberKind::LessThanOrEqualTo,
        NumberKind::GreaterThanOrEqualTo,
        NumberKind::EqualTo,
        NumberKind::NotEqualTo,
    ];
}

/// Bounds of a number, tried in the order they were given; the first that fails is reported.
///
/// `Number::new().greater_than(0).less_than_or_equal_to(100)`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Number {
    /// Comparison and target, in order.
    pub bounds: Vec<(NumberKind, Value)>,
    /// Replaces the message, with its place among the bounds (documents keep the order).
    pub message: Option<(usize, Message)>,
}

impl Number {
    /// No bounds yet.
    pub fn new() -> Self {
        Number::default()
    }

    /// Adds a bound: an integer, float or decimal.
    pub fn bound(mut self, kind: NumberKind, target: impl Into<Value>) -> Self {
        self.bounds.push((kind, target.into()));
        self
    }

    /// The value must be less.
    pub fn less_than(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::LessThan, target)
    }

    /// The value must be greater.
    pub fn greater_than(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::GreaterThan, target)
    }

    /// The value must be less or equal.
    pub fn less_than_or_equal_to(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::LessThanOrEqualTo, target)
    }

    /// The value must be greater or equal.
    pub fn greater_than_or_equal_to(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::GreaterThanOrEqualTo, target)
    }

    /// The value must be equal.
    pub fn equal_to(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::EqualTo, target)
    }

    /// The value must differ.
    pub fn not_equal_to(self, target: impl Into<Value>) -> Self {
        self.bound(NumberKind::NotEqualTo, target)
    }

    /// Replaces the rule's message.
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = Some((self.bounds.len(), message.into()));
        self
    }
}
