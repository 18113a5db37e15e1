//! Queries ready to run, by our own code.

use super::node::Node;
use super::value::Cast;
use crate::query::{JoinKind, SetOperation};
use crate::store::{IndexId, Kind};
use crate::value::Str;

/// A query with its combinations, order and limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Select {
    /// Common table expressions that are made before.
    pub(super) ctes: Vec<Cte>,
    pub(super) core: Core,
    /// With combinations, the order is over the columns of the result, which are those of source 0.
    pub(super) combinations: Vec<(SetOperation, Select)>,
    pub(super) orders: Vec<Order>,
    pub(super) limit: Option<Node>,
    pub(super) with_ties: bool,
    pub(super) offset: Option<Node>,
    /// The names of the fields, empty where they have none, and what they hold.
    pub(super) columns: Vec<(Str, Kind)>,
    /// How far up columns reach: 0 if this query depends on no other.
    pub(super) reach: usize,
}

/// One SELECT.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Core {
    pub(super) sources: Vec<Source>,
    /// The joins in their order; the first source is not among them.
    pub(super) joins: Vec<Join>,
    /// Conditions of the joined rows, all of which must hold.
    pub(super) filters: Vec<Node>,
    pub(super) grouping: Option<Grouping>,
    pub(super) windows: Vec<WindowCall>,
    pub(super) distinct: Distinct,
    pub(super) fields: Vec<Node>,
    /// Whether the rows come out of the scan in the order of the query.
    pub(super) ordered: bool,
    /// The joins as GlueSQL runs them, if it can.
    #[cfg(all(feature = "glue", not(target_arch = "wasm32")))]
    pub(super) engine: Option<super::engine::Joins>,
}

/// Where rows come from, and which of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Source {
    pub(super) rows: Origin,
    /// Conditions on the rows of this source alone, checked as they are read.
    pub(super) filters: Vec<Node>,
    /// The columns that are asked for, if it is a table; the others are null.
    pub(super) columns: Columns,
    /// Whether the number of a row stands behind its columns.
    pub(super) numbered: bool,
}

impl Source {
    /// All rows, with all columns.
    pub(super) fn of(rows: Origin) -> Source {
        Source { rows, filters: Vec::new(), columns: Columns(u64::MAX), numbered: false }
    }
}

/// Some of the columns of a table, a bit each. The last bit stands for all columns from there on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Columns(u64);

impl Columns {
    /// With one more column.
    pub(super) fn add(&mut self, column: usize) {
        self.0 |= 1 << column.min(63);
    }

    /// Whether a column is among them.
    pub(super) fn has(self, column: usize) -> bool {
        self.0 >> column.min(63) & 1 == 1
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    /// No columns, one row.
    Nothing,
    Table {
        table: usize,
        access: Access,
    },
    /// The rows of a common table expression, by its number.
    Cte(usize),
    Query(Box<Select>),
    Values(Vec<Vec<Node>>),
    /// `generate_series`.
    Series {
        from: Node,
        to: Node,
        step: Node,
    },
    /// The elements of an array: `unnest`.
    Elements(Node),
}

/// How the rows of a table are found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Access {
    /// The index; none reads all rows as they are stored.
    pub(super) index: Option<IndexId>,
    /// What its first columns equal.
    pub(super) equal: Vec<Node>,
    /// Alternatives for the column after them.
    pub(super) any: Option<Node>,
    /// The bounds of the column after them, and whether they are included.
    pub(super) lower: Option<(Node, bool)>,
    pub(super) upper: Option<(Node, bool)>,
    pub(super) reverse: bool,
    /// Whether rows found by the index meet all conditions of the source.
    pub(super) whole: bool,
}

impl Access {
    /// Whether all rows are read.
    pub(super) fn is_full(&self) -> bool {
        self.equal.is_empty() && self.any.is_none() && self.lower.is_none() && self.upper.is_none()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Join {
    pub(super) kind: JoinKind,
    pub(super) source: usize,
    /// Pairs of what must be equal: of the sources before, and of this one.
    pub(super) equal: Vec<(Node, Node)>,
    /// What else must hold.
    pub(super) on: Vec<Node>,
    /// How a row is found by the rows before it, where there is an index.
    pub(super) probe: Option<Access>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grouping {
    pub(super) keys: Vec<Node>,
    pub(super) aggregates: Vec<Aggregate>,
    pub(super) having: Vec<Node>,
}

/// An aggregate of rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aggregate {
    pub(super) function: AggregateFunction,
    pub(super) operand: Option<Node>,
    pub(super) distinct: bool,
    pub(super) filter: Option<Node>,
    pub(super) orders: Vec<Order>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum AggregateFunction {
    Count,
    Sum,
    Average,
    Min,
    Max,
    Every,
    Some,
    Array,
    Text(Node),
    Object(Node),
    Variance { sample: bool, root: bool },
}

/// A window function.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WindowCall {
    pub(super) function: WindowFunction,
    pub(super) operands: Vec<Node>,
    pub(super) partition: Vec<Node>,
    pub(super) orders: Vec<Order>,
    pub(super) frame: Frame,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum WindowFunction {
    Aggregate(Box<Aggregate>),
    RowNumber,
    Rank,
    DenseRank,
    PercentRank,
    CumeDist,
    Ntile,
    Lag,
    Lead,
    FirstValue,
    LastValue,
    NthValue,
}

/// Which rows around a row a window function sees.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) unit: FrameUnit,
    pub(super) start: Bound,
    pub(super) end: Bound,
}

impl Default for Frame {
    fn default() -> Frame {
        Frame { unit: FrameUnit::Range, start: Bound::First, end: Bound::Current }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum FrameUnit {
    Rows,
    Range,
    Groups,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bound {
    First,
    Preceding(Node),
    Current,
    Following(Node),
    Last,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub(super) by: Node,
    pub(super) descending: bool,
    pub(super) nulls_first: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Distinct {
    #[default]
    No,
    Rows,
    On(Vec<Node>),
}

/// A common table expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cte {
    pub(super) number: usize,
    pub(super) body: Select,
    /// The steps of a recursion: each adds the rows it makes of the rows added last, `true` with repetitions.
    pub(super) steps: Vec<(bool, Select)>,
    /// How the columns of the steps are made those of the body.
    pub(super) casts: Vec<Cast>,
}
