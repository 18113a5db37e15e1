//! What can be read from.

use crate::query::{Condition, Expr, Function, Pin, Query, SchemaRef, Source, SourceKind};
use crate::schema::Schema;
use crate::value::{Map, Str, Value};
use std::sync::Arc;

/// What names rows: a query, a schema (all its rows) or a table.
pub trait Queryable {
    /// The query of those rows.
    fn to_query(self) -> Query;
}

impl Queryable for Query {
    fn to_query(self) -> Query {
        self
    }
}

impl Queryable for &Query {
    fn to_query(self) -> Query {
        self.clone()
    }
}

impl Queryable for Arc<Schema> {
    fn to_query(self) -> Query {
        of_table(None, Some(self))
    }
}

impl Queryable for &Arc<Schema> {
    fn to_query(self) -> Query {
        self.clone().to_query()
    }
}

/// A table without a schema.
impl Queryable for &str {
    fn to_query(self) -> Query {
        of_table(Some(self.into()), None)
    }
}

pub(super) fn of_table(table: Option<Str>, schema: Option<Arc<Schema>>) -> Query {
    let schema = schema.map(SchemaRef::Known);
    Query::of(Source { kind: SourceKind::Table { table, schema }, name: None, prefix: None })
}

/// Fields and the values they must have: `[("name", "Ada")]`, or a map.
pub struct Clauses(pub(super) Vec<(Str, Value)>);

impl<N: Into<Str>, V: Into<Value>, const COUNT: usize> From<[(N, V); COUNT]> for Clauses {
    fn from(clauses: [(N, V); COUNT]) -> Self {
        Clauses(clauses.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl From<Vec<(Str, Value)>> for Clauses {
    fn from(clauses: Vec<(Str, Value)>) -> Self {
        Clauses(clauses)
    }
}

impl From<Map> for Clauses {
    fn from(map: Map) -> Self {
        Clauses(map.into_iter().collect())
    }
}

/// A field of the source at `at`.
pub(super) fn field(at: usize, name: impl Into<Str>) -> Expr {
    Expr::Field(at.into(), name.into())
}

/// A pinned value whose type is that of what it stands against.
pub(super) fn pin(value: Value) -> Expr {
    Expr::Pin(Pin { value, kind: None })
}

pub(super) fn call(function: Function, left: Expr, right: Expr) -> Expr {
    Expr::Call(function, vec![left, right])
}

/// Adds a condition.
pub(super) fn filter(query: &mut Query, expr: Expr) {
    query.parts_mut().wheres.push(Condition { or: false, expr });
}

/// Adds that a field of the first source equals a value.
pub(super) fn filter_eq(query: &mut Query, name: impl Into<Str>, value: Value) {
    filter(query, call(Function::Eq, field(0, name), pin(value)));
}
