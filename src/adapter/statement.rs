//! Statements: what a repo asks of an adapter, all of it as data.
//!
//! Names of columns are the stored ones ([`Field::column`](crate::schema::Field::column)), values the dumped ones
//! ([`Type::dump`](crate::types::Type::dump)). Values are handed over, so that an adapter can keep them without a copy.

use super::RowSink;
use crate::query::Plan;
use crate::query::plan::Source;
use crate::schema::Schema;
use crate::value::{Str, Value};
use std::sync::Arc;

/// A row: the values that were asked for, as stored.
pub type Row = Vec<Value>;

/// One thing to do.
#[derive(Clone, Debug)]
pub enum Statement<'a> {
    /// A planned query: reads, updates or deletes all rows it means.
    Query(Query<'a>),
    /// Inserts one row.
    Insert(Insert<'a>),
    /// Inserts many rows.
    InsertAll(InsertAll<'a>),
    /// Updates the rows that its filters mean.
    Update(Update<'a>),
    /// Deletes the rows that its filters mean.
    Delete(Delete<'a>),
}

/// What came of a statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// How many rows were read or written.
    pub count: usize,
    /// The rows of a read; of a write, its returning columns of each written row, in the order they were given.
    pub rows: Vec<Row>,
}

/// A plan, and the params it points into.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// What to do; the same allocation means the same plan, and [`Plan::key`] finds one that was prepared before.
    pub plan: &'a Arc<Plan>,
    /// Its params, cast and dumped.
    pub params: Vec<Value>,
    /// Who takes the rows while they come. An adapter may as well answer with them: whoever asks looks at both.
    pub into: Option<&'a dyn RowSink>,
    /// Whether the rows may come in any order, since whoever asks puts them in order. As Ecto's, the statement has the order; an
    /// adapter may leave it out of what it sends, by [`Plan::unordered`].
    pub any_order: bool,
}

impl<'a> Query<'a> {
    /// A query whose rows are in the answer.
    pub fn new(plan: &'a Arc<Plan>, params: Vec<Value>) -> Query<'a> {
        Query { plan, params, into: None, any_order: false }
    }
}

/// The table of a write: Ecto's `schema_meta`.
#[derive(Clone, Debug)]
pub struct SchemaMeta {
    /// The table.
    pub source: Str,
    /// The prefix (PostgreSQL's schema) it is in, if one is given.
    pub prefix: Option<Str>,
    /// The schema, unless the write names only a table. The adapter needs it for the columns' types at most.
    pub schema: Option<Arc<Schema>>,
}

/// Inserts one row.
#[derive(Clone, Debug)]
pub struct Insert<'a> {
    /// The table.
    pub meta: &'a SchemaMeta,
    /// Columns and values; the rest has the table's defaults.
    pub fields: Vec<(Str, Value)>,
    /// What happens where a row with the same key is there.
    pub on_conflict: &'a OnConflict,
    /// Columns to answer with. No row comes back where a conflict ended in nothing.
    pub returning: &'a [Str],
}

/// Inserts many rows.
#[derive(Clone, Debug)]
pub struct InsertAll<'a> {
    /// The table.
    pub meta: &'a SchemaMeta,
    /// The columns of the rows.
    pub header: &'a [Str],
    /// The rows.
    pub rows: Rows,
    /// Values that cells of many rows share.
    pub placeholders: Vec<Value>,
    /// What happens where a row with the same key is there.
    pub on_conflict: &'a OnConflict,
    /// Columns to answer with.
    pub returning: &'a [Str],
}

/// The rows of [`InsertAll`].
#[derive(Clone, Debug)]
pub enum Rows {
    /// A cell for each column of the header.
    Cells(Vec<Vec<Cell>>),
    /// The rows of a query, whose fields are in the order of the header.
    Query(Arc<Plan>, Vec<Value>),
}

impl Rows {
    /// The cells of each row; none of a query.
    pub fn cells(&self) -> &[Vec<Cell>] {
        match self {
            Rows::Cells(rows) => rows,
            Rows::Query(..) => &[],
        }
    }
}

/// A value of [`Rows`].
#[derive(Clone, Debug)]
pub enum Cell {
    /// The value.
    Value(Value),
    /// The table's default.
    Default,
    /// One of [`InsertAll::placeholders`].
    Placeholder(usize),
    /// The only value of a query; null if it has no row.
    Query(Arc<Plan>, Vec<Value>),
}

/// Updates rows by equality.
#[derive(Clone, Debug)]
pub struct Update<'a> {
    /// The table.
    pub meta: &'a SchemaMeta,
    /// Columns and their new values.
    pub fields: Vec<(Str, Value)>,
    /// Columns and the values they have now; null means `is null`.
    pub filters: Vec<(Str, Value)>,
    /// Columns to answer with.
    pub returning: &'a [Str],
}

/// Deletes rows by equality.
#[derive(Clone, Debug)]
pub struct Delete<'a> {
    /// The table.
    pub meta: &'a SchemaMeta,
    /// Columns and the values they have now; null means `is null`.
    pub filters: Vec<(Str, Value)>,
    /// Columns to answer with.
    pub returning: &'a [Str],
}

/// What an insert does where a row with the same key is there.
#[derive(Clone, Debug, Default)]
pub struct OnConflict {
    /// What it does.
    pub action: ConflictAction,
    /// Which keys are meant. Others are violated as ever.
    pub target: ConflictTarget,
}

/// What happens on a conflict.
#[derive(Clone, Debug, Default)]
pub enum ConflictAction {
    /// The constraint is violated.
    #[default]
    Raise,
    /// The row is left out.
    Nothing,
    /// The row that is there gets these columns of the new one.
    Replace(Vec<Str>),
    /// An update of the row that is there: the updates of a plan whose source 0 is the table, if its filter holds.
    Query(Arc<Plan>, Vec<Value>),
}

/// Which keys a conflict is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ConflictTarget {
    /// Any.
    #[default]
    Any,
    /// The unique key with exactly these columns, in any order.
    Columns(Vec<Str>),
    /// The constraint or index of that name.
    Constraint(Str),
    /// SQL text.
    Fragment(Str),
}

impl Statement<'_> {
    /// The main table, if it is one: what logs call the source.
    pub fn source(&self) -> Option<&str> {
        let meta = match self {
            Statement::Query(query) => {
                return match query.plan.sources.first() {
                    Some(Source::Table { table, .. }) => Some(table),
                    _ => None,
                };
            }
            Statement::Insert(insert) => insert.meta,
            Statement::InsertAll(insert) => insert.meta,
            Statement::Update(update) => update.meta,
            Statement::Delete(delete) => delete.meta,
        };
        Some(&meta.source)
    }

    /// The word for it: `all`, `update_all`, `delete_all`, `insert`, `insert_all`, `update`, `delete`.
    pub fn name(&self) -> &'static str {
        match self {
            Statement::Query(query) => query.plan.operation.name(),
            Statement::Insert(_) => "insert",
            Statement::InsertAll(_) => "insert_all",
            Statement::Update(_) => "update",
            Statement::Delete(_) => "delete",
        }
    }

    /// Its params, in the order of the statement: those of the plan, or what is written and then what is compared.
    pub fn params(&self) -> Vec<Value> {
        let values =
            |fields: &[(Str, Value)]| fields.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>();
        match self {
            Statement::Query(query) => query.params.clone(),
            Statement::Insert(insert) => values(&insert.fields),
            Statement::Update(update) => [values(&update.fields), values(&update.filters)].concat(),
            Statement::Delete(delete) => values(&delete.filters),
            Statement::InsertAll(insert) => {
                let mut params = insert.placeholders.clone();
                match &insert.rows {
                    Rows::Query(_, of_query) => params.extend_from_slice(of_query),
                    Rows::Cells(rows) => rows.iter().flatten().for_each(|cell| match cell {
                        Cell::Value(value) => params.push(value.clone()),
                        Cell::Query(_, of_query) => params.extend_from_slice(of_query),
                        Cell::Default | Cell::Placeholder(_) => {}
                    }),
                }
                params
            }
        }
    }
}
