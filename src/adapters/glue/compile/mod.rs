//! From a plan to a query ready to run.

mod access;
mod expression;
mod fragment;
mod grouping;
mod kinds;
mod plan;
mod source;
mod tokens;

pub(super) use source::found;

use super::node::Node;
use super::select::{Aggregate, Columns, Select, Source, WindowCall};
use super::value::Cast;
use crate::adapter::AdapterError;
use crate::query::Plan;
use crate::store::{Database, Kind, Table, TableName};
use crate::types::Type;
use crate::value::Str;

/// A statement ready to run, and the tables it reads.
#[derive(Clone, Debug)]
pub(super) struct Compiled<T> {
    pub(super) run: T,
    pub(super) tables: Vec<TableName>,
    /// How many things it remembers while it runs.
    pub(super) caches: usize,
}

/// A write of all rows that a query finds. The table is its first source.
#[derive(Clone, Debug)]
pub(super) struct Bulk {
    pub(super) select: Select,
    pub(super) assigns: Vec<Assign>,
    pub(super) returning: Vec<Node>,
}

/// An update of the row that an insert met.
#[derive(Clone, Debug)]
pub(super) struct Upsert {
    pub(super) filters: Vec<Node>,
    pub(super) assigns: Vec<Assign>,
}

/// A column and its new value.
#[derive(Clone, Debug)]
pub(super) struct Assign {
    pub(super) column: usize,
    pub(super) value: Node,
}

/// Plans within plans, deeper than this, are refused.
const DEPTH: usize = 40;

/// Makes queries ready to run.
pub(super) struct Compiler<'c> {
    catalog: &'c Database,
    tables: Vec<TableName>,
    caches: usize,
    numbers: usize,
    scopes: Vec<Scope<'c>>,
    ctes: Vec<Named>,
    /// Within a recursion nothing is remembered: its rows change from step to step.
    recursing: bool,
    /// Within an aggregate there is no other.
    in_aggregate: bool,
    depth: usize,
}

/// What expressions of a plan may refer to.
#[derive(Default)]
struct Scope<'c> {
    plan: Option<&'c Plan>,
    sources: Vec<Shape>,
    aggregates: Vec<Aggregate>,
    windows: Vec<WindowCall>,
    /// How many plans further up expressions reach.
    reach: usize,
}

/// The columns of a source.
#[derive(Clone, Debug, Default)]
struct Shape {
    /// The name that fragments may use.
    name: Option<Str>,
    columns: Vec<(Str, Kind)>,
    /// The primary key, if it is a table.
    key: Vec<usize>,
    /// The columns that expressions ask for.
    asked: Columns,
}

impl Shape {
    /// The position of a column, which is asked for from now on.
    fn ask(&mut self, name: &str) -> Option<usize> {
        let position = self.position(name)?;
        self.asked.add(position);
        Some(position)
    }
}

impl Scope<'_> {
    /// Tells sources what is asked of them, when nothing more can be.
    fn tell(&self, sources: &mut [Source]) {
        for (source, shape) in sources.iter_mut().zip(&self.sources) {
            source.columns = shape.asked;
        }
    }
}

/// A common table expression that may be named.
struct Named {
    name: Str,
    number: usize,
    columns: Vec<(Str, Kind)>,
}

type Result<T> = core::result::Result<T, AdapterError>;

impl<'c> Compiler<'c> {
    pub(super) fn new(catalog: &'c Database) -> Compiler<'c> {
        Compiler {
            catalog,
            tables: Vec::new(),
            caches: 0,
            numbers: 0,
            scopes: Vec::new(),
            ctes: Vec::new(),
            recursing: false,
            in_aggregate: false,
            depth: 0,
        }
    }

    /// A read.
    pub(super) fn compile_read(mut self, plan: &'c Plan) -> Result<Compiled<Select>> {
        let run = self.select(plan)?;
        Ok(Compiled { run, tables: self.tables, caches: self.caches })
    }

    /// An `update_all` or `delete_all`.
    pub(super) fn compile_bulk(mut self, plan: &'c Plan) -> Result<Compiled<Bulk>> {
        let (select, assigns, returning) = self.write(plan)?;
        Ok(Compiled { run: Bulk { select, assigns, returning }, tables: self.tables, caches: self.caches })
    }

    /// The update of an `on_conflict`.
    pub(super) fn compile_upsert(mut self, plan: &'c Plan) -> Result<Compiled<Upsert>> {
        let (filters, assigns) = self.on_conflict(plan)?;
        Ok(Compiled { run: Upsert { filters, assigns }, tables: self.tables, caches: self.caches })
    }

    /// A table that is read.
    fn known(&self, table: usize) -> Option<&'c Table> {
        self.tables.get(table).and_then(|name| self.catalog.table_named(name))
    }

    fn cache(&mut self) -> usize {
        self.caches += 1;
        self.caches - 1
    }

    fn scope(&mut self) -> Result<&mut Scope<'c>> {
        self.scopes.last_mut().ok_or_else(|| AdapterError::query("an expression stands outside of a query"))
    }

    /// The scope so many plans up, which is noted in those between.
    fn scope_at(&mut self, up: usize) -> Result<&mut Scope<'c>> {
        let depth = self.scopes.len();
        let at = depth
            .checked_sub(up + 1)
            .ok_or_else(|| AdapterError::query("an expression refers to a query that is not around it"))?;
        for between in at + 1..depth {
            let scope = &mut self.scopes[between];
            scope.reach = scope.reach.max(between - at);
        }
        Ok(&mut self.scopes[at])
    }

    /// Counts how deep plans and expressions are within each other.
    fn deeper<T>(&mut self, make: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= DEPTH * 8 {
            return Err(AdapterError::unsupported("expressions nested so deeply"));
        }
        self.depth += 1;
        let made = make(self);
        self.depth -= 1;
        made
    }
}

/// A server error as PostgreSQL has it.
fn refused(code: &'static str, message: impl Into<String>) -> AdapterError {
    AdapterError::Query { message: message.into(), code: Some(Str::Static(code)) }
}

/// What a value becomes when a query says its type.
pub(super) fn cast_of(to: &Type) -> Cast {
    match to.base() {
        Type::Id | Type::Integer => Cast::Integer,
        Type::Float => Cast::Float,
        Type::Boolean => Cast::Boolean,
        Type::String => Cast::Text,
        Type::Binary => Cast::Binary,
        Type::Map | Type::MapOf(_) => Cast::Json,
        Type::Array(element) => Cast::Array(Box::new(cast_of(&element))),
        Type::Decimal => Cast::Decimal(None),
        Type::Date => Cast::Date,
        Type::Time | Type::TimeUsec => Cast::Time,
        Type::NaiveDatetime | Type::NaiveDatetimeUsec => Cast::Naive,
        // PostgreSQL's columns of instants are timestamps without zone; what they are is kept.
        Type::UtcDatetime | Type::UtcDatetimeUsec => Cast::Utc,
        Type::Uuid => Cast::Uuid,
        Type::BinaryId => Cast::Any,
        Type::Enum(_) | Type::Any | Type::Custom(_) => Cast::Any,
    }
}
