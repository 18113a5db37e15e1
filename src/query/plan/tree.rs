//! The plan as data.

use super::Prepared;
use crate::query::expr::{DateKind, Key as JsonKey};
use crate::query::function::Function;
use crate::query::words::{Direction, JoinKind, SetOperation, UpdateOp};
use crate::schema::{Cardinality, Schema};
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What a query does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Reads rows.
    #[default]
    All,
    /// Updates rows.
    UpdateAll,
    /// Deletes rows.
    DeleteAll,
    /// Reads rows that an insert writes: as [`Operation::All`], but literals are columns too.
    InsertAll,
}

impl Operation {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Operation::All => "all",
            Operation::UpdateAll => "update_all",
            Operation::DeleteAll => "delete_all",
            Operation::InsertAll => "insert_all",
        }
    }
}

/// The shape of a plan as bytes: equal for queries that differ in the values of params alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub Arc<[u8]>);

impl core::fmt::Debug for Key {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Key({} bytes)", self.0.len())
    }
}

/// A query resolved: what an adapter runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What it does.
    pub operation: Operation,
    /// The shape; empty for plans within a plan.
    pub key: Key,
    /// Whether the CTEs may refer to themselves.
    pub recursive: bool,
    /// Common table expressions, in order; each sees those before it, a recursive one itself.
    pub ctes: Vec<PlanCte>,
    /// All sources: 0 is `from`; those of `joins` by [`Join::source`]. Expressions refer to them by index.
    pub sources: Vec<Source>,
    /// The joins, in the order in which they are made.
    pub joins: Vec<Join>,
    /// The condition.
    pub filters: Vec<Condition>,
    /// What makes a group.
    pub groups: Vec<Expr>,
    /// Conditions of groups.
    pub havings: Vec<Condition>,
    /// Named windows.
    pub windows: Vec<(Str, Window)>,
    /// Which rows count as the same.
    pub distinct: Option<PlanDistinct>,
    /// Plans combined with this one, from left to right; order, limit and offset are of the whole.
    pub combinations: Vec<(SetOperation, Plan)>,
    /// The order.
    pub orders: Vec<Order>,
    /// How many rows at most; a null means all.
    pub limit: Option<Expr>,
    /// Whether rows equal in order to the last one come along.
    pub with_ties: bool,
    /// How many rows to leave out first.
    pub offset: Option<Expr>,
    /// A lock: a fragment.
    pub lock: Option<Vec<Piece>>,
    /// What an update does: how, to which column, by what.
    pub updates: Vec<Assignment>,
    /// What each row holds. Empty for writes that select nothing, and where only literals are selected: then only the
    /// number of rows counts.
    pub fields: Vec<Field>,
    /// The prefix of the query.
    pub prefix: Option<Str>,
    /// What an adapter has made of it.
    pub prepared: Prepared,
    /// The same without its order, once it was asked for.
    pub(super) unordered: Prepared,
}

impl Plan {
    /// The same without its order, made at the first call. Nothing in the order may point to params.
    pub fn unordered(&self) -> &Arc<Plan> {
        loop {
            if let Some(plan) = self.unordered.get() {
                return plan;
            }
            self.unordered.keep(Arc::new(Plan { orders: Vec::new(), ..self.clone() }));
        }
    }
}

/// A condition of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Whether it is an alternative to all the conditions before it, instead of one more.
    pub or: bool,
    /// The condition.
    pub expr: Expr,
}

/// A column that an update changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// How.
    pub op: UpdateOp,
    /// The column.
    pub column: Str,
    /// The type of its field, where it has one.
    pub kind: Option<Type>,
    /// By what.
    pub expr: Expr,
}

/// A common table expression.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanCte {
    /// The name.
    pub name: Str,
    /// Its rows.
    pub rows: CteRows,
    /// Whether the database must or must not make its rows beforehand.
    pub materialized: Option<bool>,
}

/// The rows of a common table expression.
#[derive(Clone, Debug, PartialEq)]
pub enum CteRows {
    /// Those of a plan; its fields all have aliases, the columns.
    Plan(Box<Plan>),
    /// Those of a piece of SQL.
    Fragment(Vec<Piece>),
}

/// Where rows come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A table.
    Table {
        /// Its name.
        table: Str,
        /// The prefix it is in.
        prefix: Option<Str>,
        /// Its schema.
        schema: Option<Arc<Schema>>,
    },
    /// A common table expression of this plan or one around it.
    Cte {
        /// Its name.
        name: Str,
        /// The schema its rows are read by.
        schema: Option<Arc<Schema>>,
    },
    /// The rows of a plan; its fields all have aliases, the columns.
    Subquery(Box<Plan>),
    /// SQL.
    Fragment(Vec<Piece>),
    /// Rows given as params: row by row, from param `first` on.
    Values {
        /// Columns and their types.
        types: Vec<(Str, Type)>,
        /// How many rows.
        rows: usize,
        /// The param of the first value.
        first: usize,
    },
}

impl PartialEq for Source {
    fn eq(&self, other: &Source) -> bool {
        let same = |a: &Option<Arc<Schema>>, b: &Option<Arc<Schema>>| {
            a.as_ref().map(Arc::as_ptr) == b.as_ref().map(Arc::as_ptr)
        };
        match (self, other) {
            (
                Source::Table { table, prefix, schema },
                Source::Table { table: other_table, prefix: other_prefix, schema: other_schema },
            ) => table == other_table && prefix == other_prefix && same(schema, other_schema),
            (Source::Cte { name, schema }, Source::Cte { name: other_name, schema: other_schema }) => {
                name == other_name && same(schema, other_schema)
            }
            (Source::Subquery(a), Source::Subquery(b)) => a == b,
            (Source::Fragment(a), Source::Fragment(b)) => a == b,
            (
                Source::Values { types, rows, first },
                Source::Values { types: other_types, rows: other_rows, first: other_first },
            ) => types == other_types && rows == other_rows && first == other_first,
            _ => false,
        }
    }
}

/// A source joined to those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// How; a lateral one's source sees the sources before it.
    pub kind: JoinKind,
    /// Which of [`Plan::sources`].
    pub source: usize,
    /// The condition; `None` where all match.
    pub on: Option<Expr>,
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
pub enum PlanDistinct {
    /// Those equal in all fields.
    Rows,
    /// Those equal in these expressions; the first in the order stays. The order is by these first, then by
    /// [`Plan::orders`].
    On(Vec<Order>),
}

/// The rows around a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// Rows with the same values belong together.
    pub partition_by: Vec<Expr>,
    /// Their order.
    pub order_by: Vec<Order>,
    /// Which rows around the row: SQL.
    pub frame: Option<Vec<Piece>>,
}

/// What a window function looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    /// A window of [`Plan::windows`].
    Named(Str),
    /// A window of its own.
    Window(Box<Window>),
}

/// Part of a fragment.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// SQL as it is.
    Raw(Str),
    /// An expression in its place.
    Expr(Expr),
}

/// A column of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// How many plans up the source is: 0 is a source of this plan, 1 of the plan that this one is a subquery of.
    pub level: usize,
    /// Which source.
    pub source: usize,
    /// The column.
    pub name: Str,
    /// The type of its field, where one is known.
    pub kind: Option<Type>,
}

/// An expression, resolved.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A column.
    Column(Column),
    /// A whole row of a source without schema, or the source itself within a fragment.
    Source(usize),
    /// A value, dumped.
    Literal(Value),
    /// A param, by its place among [`Planned::params`](super::Planned::params). On the right of `in` it is a list.
    Param(usize),
    /// An operator or function.
    Call(Function, Vec<Expr>),
    /// A list.
    List(Vec<Expr>),
    /// An aggregate of the rows that meet a condition.
    Filter(Box<Expr>, Box<Expr>),
    /// An aggregate or window function over a window.
    Over(Box<Expr>, Over),
    /// The rows of a plan: a value, or a list of values for `in`, `all`, `any`, `exists`.
    Subquery(Box<Plan>),
    /// An expression converted to a type.
    Cast(Box<Expr>, Type),
    /// SQL.
    Fragment(Vec<Piece>),
    /// In a fragment: the elements of a param that is a list, one by one.
    Splice(Box<Expr>),
    /// In a fragment: a name, to be quoted.
    Identifier(Str),
    /// In a fragment: a value, written in place.
    Constant(Value),
    /// A value within a JSON value.
    JsonPath(Box<Expr>, Vec<JsonKey>),
    /// A date or date-time so many units later.
    DateAdd {
        /// Of which of the two.
        kind: DateKind,
        /// From when.
        from: Box<Expr>,
        /// How many.
        count: Box<Expr>,
        /// Of what: `day`, `month`.
        unit: Box<Expr>,
    },
    /// The field of [`Plan::fields`] with that alias.
    SelectedAs(Str),
}

/// How a stored value is loaded.
#[derive(Clone, Debug)]
pub enum Load {
    /// As it is.
    Any,
    /// By a type.
    Type(Type),
    /// By a type if it is of it, as it is otherwise: what an aggregate of a column gives.
    Try(Type),
    /// Records kept inside the row.
    Embed(Arc<Schema>, Cardinality),
}

impl PartialEq for Load {
    fn eq(&self, other: &Load) -> bool {
        match (self, other) {
            (Load::Any, Load::Any) => true,
            (Load::Type(a), Load::Type(b)) | (Load::Try(a), Load::Try(b)) => a == b,
            (Load::Embed(a, many), Load::Embed(b, other_many)) => Arc::ptr_eq(a, b) && many == other_many,
            _ => false,
        }
    }
}

/// What a row holds at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What.
    pub expr: Expr,
    /// The name of the column that it is, for those who select from this plan or order by it.
    pub alias: Option<Str>,
    /// How it is loaded.
    pub load: Load,
}
