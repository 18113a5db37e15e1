//! The query as it is written.

use super::error::QueryError;
use super::expr::{Binding, Expr, Piece, Pin, Window};
use super::schemas::SchemaRef;
use super::words::{Direction, JoinKind, SetOperation, UpdateOp};
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
