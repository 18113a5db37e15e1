//! The query as it is written.

use super::error::QueryError;
use super::expr::{Binding, Expr, Piece, Pin, Window};
use super::schemas::SchemaRef;
use crate::schema::Record;
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// A query: immutable data, cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    parts: Arc<Parts>,
}

/// The clauses of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// Common table expressions.
    pub with: Option<With>,
    /// Where the rows come from.
    pub from: Source,
    /// What is joined to them, in order.
    pub joins: Vec<Join>,
    /// Conditions, from left to right.
    pub wheres: Vec<Condition>,
    /// What makes a group.
    pub group_bys: Vec<Expr>,
    /// Conditions of groups.
    pub havings: Vec<Condition>,
    /// Named windows.
    pub windows: Vec<(Str, Window)>,
    /// Unions and the like, from left to right.
    pub combinations: Vec<Combination>,
    /// The order.
    pub order_bys: Vec<Order>,
    /// How many rows at most.
    pub limit: Option<Expr>,
    /// Whether rows equal in order to the last one come along.
    pub with_ties: bool,
    /// How many rows to leave out first.
    pub offset: Option<Expr>,
    /// A lock: text or a fragment.
    pub lock: Option<Vec<Piece>>,
    /// Which rows count as the same.
    pub distinct: Option<Distinct>,
    /// What an `update_all` sets.
    pub updates: Vec<Update>,
    /// What a row becomes; the whole source where nothing is said.
    pub select: Option<Expr>,
    /// Associations read by queries of their own.
    pub preloads: Vec<Preload>,
    /// Associations filled from joins.
    pub assocs: Vec<AssocPreload>,
    /// The prefix of sources that say none.
    pub prefix: Option<Str>,
    /// The first mistake made in building it, which planning tells.
    pub mistake: Option<QueryError>,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// The name it was given by the user.
    pub name: Option<Str>,
    /// The prefix (PostgreSQL's schema) it is in.
    pub prefix: Option<Str>,
}

/// What a source is.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceKind {
    /// A table with or without a schema; at least one of both is there.
    Table {
        /// The table, if not the schema's own.
        table: Option<Str>,
        /// The schema.
        schema: Option<SchemaRef>,
    },
    /// The rows of a query.
    Subquery(Query),
    /// The conditions and source of a query, in a join: `join: p in ^query`.
    Query(Query),
    /// An association of another source, in a join.
    Assoc(Binding, Str),
    /// SQL.
    Fragment(Vec<Piece>),
    /// Rows given with the query.
    Values {
        /// Columns and their types.
        types: Vec<(Str, Type)>,
        /// Rows of so many values as there are columns.
        rows: Vec<Vec<Value>>,
    },
}

/// How a source is joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JoinKind {
    /// Pairs that match.
    Inner,
    /// And rows of the left that match nothing.
    Left,
    /// And rows of the right that match nothing.
    Right,
    /// And both.
    Full,
    /// All pairs.
    Cross,
    /// Inner, of a subquery that sees the row on the left.
    InnerLateral,
    /// Left, of a subquery that sees the row on the left.
    LeftLateral,
    /// Cross, of a subquery that sees the row on the left.
    CrossLateral,
}

impl JoinKind {
    /// Every kind.
    pub const ALL: [JoinKind; 8] = [
        JoinKind::Inner,
        JoinKind::Left,
        JoinKind::Right,
        JoinKind::Full,
        JoinKind::Cross,
        JoinKind::InnerLateral,
        JoinKind::LeftLateral,
        JoinKind::CrossLateral,
    ];

    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            JoinKind::Inner => "inner",
            JoinKind::Left => "left",
            JoinKind::Right => "right",
            JoinKind::Full => "full",
            JoinKind::Cross => "cross",
            JoinKind::InnerLateral => "inner_lateral",
            JoinKind::LeftLateral => "left_lateral",
            JoinKind::CrossLateral => "cross_lateral",
        }
    }

    /// Whether the joined subquery sees the row on the left.
    pub fn is_lateral(self) -> bool {
        matches!(self, JoinKind::InnerLateral | JoinKind::LeftLateral | JoinKind::CrossLateral)
    }
}

/// A source joined to those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// How.
    pub kind: JoinKind,
    /// What.
    pub source: Source,
    /// The condition; none where all match, or where the association says it.
    pub on: Option<Expr>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Whether it is an alternative to all the conditions before it, instead of one more.
    pub or: bool,
    /// The condition.
    pub expr: Expr,
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Least first; nulls where the database puts them: last in PostgreSQL.
    #[default]
    Asc,
    /// Least first, nulls before.
    AscNullsFirst,
    /// Least first, nulls after.
    AscNullsLast,
    /// Greatest first; nulls where the database puts them: first in PostgreSQL.
    Desc,
    /// Greatest first, nulls before.
    DescNullsFirst,
    /// Greatest first, nulls after.
    DescNullsLast,
}

impl Direction {
    /// Every direction.
    pub const ALL: [Direction; 6] = [
        Direction::Asc,
        Direction::AscNullsFirst,
        Direction::AscNullsLast,
        Direction::Desc,
        Direction::DescNullsFirst,
        Direction::DescNullsLast,
    ];

    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Asc => "asc",
            Direction::AscNullsFirst => "asc_nulls_first",
            Direction::AscNullsLast => "asc_nulls_last",
            Direction::Desc => "desc",
            Direction::DescNullsFirst => "desc_nulls_first",
            Direction::DescNullsLast => "desc_nulls_last",
        }
    }

    /// Whether the greatest comes first.
    pub fn is_desc(self) -> bool {
        matches!(self, Direction::Desc | Direction::DescNullsFirst | Direction::DescNullsLast)
    }

    /// Whether nulls come first, with PostgreSQL's choice where nothing is said.
    pub fn nulls_first(self) -> bool {
        matches!(self, Direction::AscNullsFirst | Direction::Desc | Direction::DescNullsFirst)
    }

    /// The other way round.
    pub fn reverse(self) -> Direction {
        match self {
            Direction::Asc => Direction::Desc,
            Direction::AscNullsFirst => Direction::DescNullsLast,
            Direction::AscNullsLast => Direction::DescNullsFirst,
            Direction::Desc => Direction::Asc,
            Direction::DescNullsFirst => Direction::AscNullsLast,
            Direction::DescNullsLast => Direction::AscNullsFirst,
        }
    }
}

/// An expression that rows are ordered by.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Which way.
    pub direction: Direction,
    /// By what.
    pub expr: Expr,
}

/// Which rows count as the same.
#[derive(Clone, Debug, PartialEq)]
pub enum Distinct {
    /// Those equal in all that is selected.
    Rows,
    /// Those equal in these expressions; the first in the order stays.
    On(Vec<Order>),
}

/// How rows of two queries come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SetOperation {
    /// Rows of either, once.
    Union,
    /// Rows of either.
    UnionAll,
    /// Rows of the first that the second has not, once.
    Except,
    /// Rows of the first but for so many of the second.
    ExceptAll,
    /// Rows of both, once.
    Intersect,
    /// Rows of both, as often as both have them.
    IntersectAll,
}

impl SetOperation {
    /// Every operation.
    pub const ALL: [SetOperation; 6] = [
        SetOperation::Union,
        SetOperation::UnionAll,
        SetOperation::Except,
        SetOperation::ExceptAll,
        SetOperation::Intersect,
        SetOperation::IntersectAll,
    ];

    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            SetOperation::Union => "union",
            SetOperation::UnionAll => "union_all",
            SetOperation::Except => "except",
            SetOperation::ExceptAll => "except_all",
            SetOperation::Intersect => "intersect",
            SetOperation::IntersectAll => "intersect_all",
        }
    }
}

/// A query combined with the one it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct Combination {
    /// How.
    pub operation: SetOperation,
    /// With what.
    pub query: Query,
}

/// The common table expressions of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct With {
    /// Whether they may refer to themselves.
    pub recursive: bool,
    /// In order; each sees those before it.
    pub ctes: Vec<Cte>,
}

/// A common table expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Cte {
    /// The name it is a source by.
    pub name: Str,
    /// Its rows.
    pub body: CteBody,
    /// Whether the database must or must not make its rows beforehand.
    pub materialized: Option<bool>,
    /// What its query does.
    pub operation: super::plan::Operation,
}

/// The rows of a common table expression.
#[derive(Clone, Debug, PartialEq)]
pub enum CteBody {
    /// Those of a query.
    Query(Query),
    /// Those of a piece of SQL.
    Fragment(Vec<Piece>),
}

/// What an update does to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpdateOp {
    /// Sets it.
    Set,
    /// Adds to it.
    Inc,
    /// Appends an element to an array.
    Push,
    /// Takes an element out of an array, everywhere.
    Pull,
}

impl UpdateOp {
    /// Every one.
    pub const ALL: [UpdateOp; 4] = [UpdateOp::Set, UpdateOp::Inc, UpdateOp::Push, UpdateOp::Pull];

    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            UpdateOp::Set => "set",
            UpdateOp::Inc => "inc",
            UpdateOp::Push => "push",
            UpdateOp::Pull => "pull",
        }
    }
}

/// A field that an update changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Update {
    /// How.
    pub op: UpdateOp,
    /// The field.
    pub field: Str,
    /// By what.
    pub expr: Expr,
}

/// An association that is read by a query of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Preload {
    /// The association.
    pub assoc: Str,
    /// Where its records come from, if not simply from its table.
    pub with: PreloadWith,
    /// What is preloaded into its records.
    pub nested: Vec<Preload>,
}

/// Where preloaded records come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PreloadWith {
    /// The association's table.
    #[default]
    Table,
    /// A query.
    Query(Query),
    /// A function of the keys; not portable.
    Function(PreloadFunction),
}

/// A function that gives the records for the keys of their parents.
#[derive(Clone)]
pub struct PreloadFunction(pub Arc<Preloader>);

/// What a [`PreloadFunction`] is made of.
pub type Preloader = dyn Fn(&[Value]) -> Vec<Record> + Send + Sync;

impl fmt::Debug for PreloadFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a function")
    }
}

impl PartialEq for PreloadFunction {
    fn eq(&self, other: &PreloadFunction) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// An association that is filled from a join.
#[derive(Clone, Debug, PartialEq)]
pub struct AssocPreload {
    /// The association.
    pub assoc: Str,
    /// The source its records are in.
    pub binding: Binding,
    /// Associations of those records.
    pub nested: Vec<AssocPreload>,
}

impl Query {
    /// A query of all rows of a source.
    pub fn of(source: Source) -> Query {
        Query {
            parts: Arc::new(Parts {
                with: None,
                from: source,
                joins: Vec::new(),
                wheres: Vec::new(),
                group_bys: Vec::new(),
                havings: Vec::new(),
                windows: Vec::new(),
                combinations: Vec::new(),
                order_bys: Vec::new(),
                limit: None,
                with_ties: false,
                offset: None,
                lock: None,
                distinct: None,
                updates: Vec::new(),
                select: None,
                preloads: Vec::new(),
                assocs: Vec::new(),
                prefix: None,
                mistake: None,
            }),
        }
    }

    /// The clauses.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The clauses, to change; a copy if the query is shared.
    pub fn parts_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.parts)
    }
}

impl From<Pin> for Expr {
    fn from(pin: Pin) -> Expr {
        Expr::Pin(pin)
    }
}

impl From<Query> for Box<Expr> {
    fn from(query: Query) -> Box<Expr> {
        Box::new(Expr::Subquery(query))
    }
}
