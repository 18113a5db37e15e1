//! Expressions ready to run: columns by position, constants remembered for the time of a statement.

mod call;
mod evaluate;
mod lying;
mod nested;
mod text;
mod walk;

pub(super) use call::Function;
pub(super) use evaluate::{Env, Row, compared};

use super::select::Select;
use super::value::{Arithmetic, Cast, Unit};
use crate::value::Value;
use core::cmp::Ordering;

/// An expression over the rows of the sources of a query, and of the queries around it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Value(Value),
    Param(usize),
    /// A column of a source, `up` queries further out.
    Column {
        up: usize,
        source: usize,
        column: usize,
    },
    /// The result of an aggregate of this query.
    Slot(usize),
    /// The result of a window function of this query.
    Window(usize),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    IsNull(Box<Node>),
    Compare(Comparison, Box<Node>, Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    /// `x in (a, b)`. The number is its place among what a statement remembers.
    In(Box<Node>, Vec<Node>, usize),
    /// `x = any(array)`.
    InArray(Box<Node>, Box<Node>, usize),
    Like {
        text: Box<Node>,
        pattern: Box<Node>,
        ignore_case: bool,
        cache: usize,
    },
    Regex {
        text: Box<Node>,
        pattern: Box<Node>,
        ignore_case: bool,
        cache: usize,
    },
    Call(Function, Vec<Node>),
    Coalesce(Vec<Node>),
    Case {
        whens: Vec<(Node, Node)>,
        otherwise: Option<Box<Node>>,
    },
    Cast(Box<Node>, Cast),
    List(Vec<Node>),
    /// A value within a JSON value, and whether it is wanted as text.
    Path(Box<Node>, Vec<Node>, bool),
    /// A moment `amount` units later; a date if it says so.
    Later {
        base: Box<Node>,
        amount: Box<Node>,
        unit: UnitNode,
        date: bool,
    },
    Scalar(Box<Nested>),
    Exists(Box<Nested>),
    InQuery(Box<Node>, Box<Nested>),
    /// `x > all (subquery)`, or `any`.
    Quantified {
        comparison: Comparison,
        all: bool,
        item: Box<Node>,
        nested: Box<Nested>,
    },
}

/// The unit of an interval: known, or a text known when it runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum UnitNode {
    Known(Unit),
    Computed(Box<Node>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// Never null: two nulls are not distinct.
    Distinct,
}

impl Comparison {
    /// The comparison with its sides exchanged.
    pub(super) fn turned(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }

    /// Whether it holds for values that stand so.
    #[inline]
    pub(super) fn allows(self, ordering: Ordering) -> bool {
        match self {
            Comparison::Equal => ordering == Ordering::Equal,
            Comparison::NotEqual | Comparison::Distinct => ordering != Ordering::Equal,
            Comparison::Less => ordering == Ordering::Less,
            Comparison::LessOrEqual => ordering != Ordering::Greater,
            Comparison::Greater => ordering == Ordering::Greater,
            Comparison::GreaterOrEqual => ordering != Ordering::Less,
        }
    }
}

/// A query within an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Nested {
    pub(super) select: Select,
    /// Its place among what a statement remembers, if it does not depend on the row around it.
    pub(super) cache: Option<usize>,
}
