//! Cursors: rows that stay in the database until they are asked for.

use super::transaction::Open;
use super::{Call, Driver, Reading};
use crate::adapter::{AdapterError, Cursor, Outcome, Query, Row, Statement, Task};
use crate::adapters::sql::query::text;
use crate::query::plan::Plan;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A cursor of a transaction. Other statements of the transaction may run while it is open.
struct Rows<D: Driver> {
    open: Arc<Open<D>>,
    name: String,
    plan: Arc<Plan>,
    size: usize,
    time: Duration,
    read: usize,
    ended: bool,
}

/// Names of cursors are never used again.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Opens a cursor of a query.
pub(super) async fn open<D: Driver>(
    open: Arc<Open<D>>,
    query: Query<'_>,
    size: usize,
    time: Duration,
) -> Outcome<Box<dyn Cursor>> {
    let mut plan = query.plan.clone();
    if D::CURSOR_COLUMNS > 0 {
        for (at, field) in Arc::make_mut(&mut plan).fields.iter_mut().enumerate() {
            field.alias.get_or_insert_with(|| format!("ectomorph_{at}").into());
        }
    }
    let statement = Statement::Query(Query::new(&plan, query.params));
    let written = text(D::DIALECT, &statement)?;
    let name = format!("ectomorph_cursor_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let sql = D::cursor(&name, &written.sql);
    {
        let mut held = open.hold().await?;
        let call = Call { sql: &sql, params: written.params, rows: None, about: None };
        let (connection, watch) = held.sent_within();
        let outcome = watch.within(time, D::run(connection, call)).await?;
        open.noted(&mut held, outcome)?;
    }
    open.opened(name.clone());
    drop(statement);
    Ok(Box::new(Rows { open, name, plan, size: size.max(1), time, read: 0, ended: false }))
}

impl<D: Driver> Rows<D> {
    async fn fetch(&mut self) -> Outcome<Vec<Row>> {
        if self.ended {
            return Ok(Vec::new());
        }
        let mut held = self.open.hold().await?;
        if !self.open.is_open(&self.name) {
            return Err(AdapterError::query(
                "the cursor ended when the savepoint before it was rolled back: open the stream anew",
            ));
        }
        let sql = D::fetch(&self.name, self.size, self.read);
        let query = Statement::Query(Query::new(&self.plan, Vec::new()));
        let reading = Reading::of::<D>(&query).map(|reading| reading.after(D::CURSOR_COLUMNS));
        let call = Call { sql: &sql, params: Vec::new(), rows: reading, about: None };
        let (connection, watch) = held.sent_within();
        let outcome = watch.within(self.time, D::run(connection, call)).await?;
        let rows = self.open.noted(&mut held, outcome)?.rows;
        self.read += rows.len();
        if rows.len() < self.size {
            self.ended = true;
            self.open.closed(&self.name);
            let (connection, watch) = held.sent_within();
            let outcome = watch.within(self.time, D::script(connection, &D::close(&self.name))).await?;
            self.open.noted(&mut held, outcome)?;
        }
        Ok(rows)
    }
}

impl<D: Driver> Cursor for Rows<D> {
    fn next(&mut self) -> Task<'_, Outcome<Vec<Row>>> {
        Task::later(self.fetch())
    }
}
