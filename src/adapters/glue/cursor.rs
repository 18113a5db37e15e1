//! Streams: the rows of a table as they were when the stream began, a portion at a time.

use super::prepare::{Now, Prepared, with_env, with_tables};
use super::select::Select;
use super::state::State;
use crate::adapter::{Cursor, Fetched, Outcome, Query, Row, Task};
use crate::store::{RowId, Table};
use crate::value::Value;
use std::sync::Arc;
use std::vec::IntoIter;

impl State {
    /// The rows of a query in portions. A query on one table keeps a snapshot of it and the numbers of its rows, four bytes
    /// each; others are made at once.
    pub(super) fn stream(&mut self, query: Query<'_>, size: usize) -> Outcome<Box<dyn Cursor>> {
        let prepared = self.cache.prepared(query.plan, &self.database)?;
        let Prepared::Read(compiled) = &*prepared else {
            return Ok(Box::new(Fetched::new(self.query(query.plan, &query.params, None)?.rows, size)));
        };
        let now = self.now();
        let numbers =
            with_env(&self.database, &compiled.tables, compiled.caches, &query.params, now, |env| {
                compiled.run.numbers(env)
            })?;
        let Some(numbers) = numbers else {
            return Ok(Box::new(Fetched::new(self.query(query.plan, &query.params, None)?.rows, size)));
        };
        let tables = compiled.tables.iter().filter_map(|name| self.database.table_named(name).cloned());
        Ok(Box::new(Snapshot {
            tables: tables.collect(),
            numbers: numbers.into_iter(),
            params: query.params,
            size: size.max(1),
            prepared,
            now,
        }))
    }
}

/// What a stream needs that nobody else changes.
struct Snapshot {
    prepared: Arc<Prepared>,
    tables: Vec<Table>,
    numbers: IntoIter<RowId>,
    params: Vec<Value>,
    now: Now,
    size: usize,
}

impl Cursor for Snapshot {
    fn next(&mut self) -> Task<'_, Outcome<Vec<Row>>> {
        Task::ready(self.portion())
    }
}

impl Snapshot {
    fn portion(&mut self) -> Outcome<Vec<Row>> {
        let ids: Vec<RowId> = self.numbers.by_ref().take(self.size).collect();
        let Prepared::Read(compiled) = &*self.prepared else { return Ok(Vec::new()) };
        let tables: Vec<&Table> = self.tables.iter().collect();
        let select: &Select = &compiled.run;
        with_tables(&tables, compiled.caches, &self.params, self.now, |env| select.rows_of(&ids, env))
    }
}
