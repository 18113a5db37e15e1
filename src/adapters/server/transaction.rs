//! Transactions.

use super::lease::Lease;
use super::{Call, Config, Connection, Driver, Reading, cursor, described, run, unordered};
use crate::adapter::{
    Adapter, AdapterError, Begin, Capability, Cursor, Outcome, Query, Row, Statement, Task, Transaction,
};
use sqlx::TransactionManager;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

/// What begins and ends transactions of a driver.
pub(super) type Manager<D> = <<D as Driver>::Database as sqlx::Database>::TransactionManager;

/// A transaction; dropped without an end, the connection rolls it back before anybody else gets it.
pub(super) struct Open<D: Driver> {
    connection: Mutex<Option<Lease<D::Database>>>,
    pub(super) config: Arc<Config>,
    savepoints: AtomicUsize,
    /// Whether a statement failed since the newest savepoint.
    failed: AtomicBool,
    /// Cursors that were opened and not closed, and how many savepoints there were then.
    cursors: std::sync::Mutex<Vec<(String, usize)>>,
}

/// A transaction as others see it; its cursors share it.
pub(super) struct InTransaction<D: Driver>(pub(super) Arc<Open<D>>);

impl<D: Driver> Deref for InTransaction<D> {
    type Target = Open<D>;

    fn deref(&self) -> &Open<D> {
        &self.0
    }
}

/// The connection while a statement runs on it.
pub(super) type Held<'a, D> = MappedMutexGuard<'a, Lease<<D as Driver>::Database>>;

/// That a transaction was ended before.
fn over() -> AdapterError {
    AdapterError::query("the transaction is over")
}

impl<D: Driver> Open<D> {
    /// Begins a transaction on a connection.
    pub(super) async fn begin(
        mut lease: Lease<D::Database>,
        config: Arc<Config>,
        begin: Begin,
    ) -> Outcome<Arc<Open<D>>> {
        let mut texts = match begin {
            Begin { isolation: None, read_only: false, .. } => {
                vec![config.begin.as_deref().unwrap_or(D::BEGIN).to_owned()]
            }
            begin => D::begin(begin),
        };
        let last = texts.pop().unwrap_or_default();
        for text in texts {
            D::script(lease.sent(), &text).await?;
        }
        let connection: &mut Connection<D> = lease.sent();
        let begun = Manager::<D>::begin(connection, Some(last.into())).await;
        lease.answered();
        begun.map_err(D::refused)?;
        Ok(Arc::new(Open {
            connection: Mutex::new(Some(lease)),
            config,
            savepoints: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            cursors: std::sync::Mutex::default(),
        }))
    }

    /// The connection, for one statement. None runs after one that nobody waited for.
    pub(super) async fn hold(&self) -> Outcome<Held<'_, D>> {
        let held = self.connection.lock().await;
        let held = MutexGuard::try_map(held, Option::as_mut).map_err(|_| over())?;
        match held.waits() || self.failed.load(Ordering::Acquire) {
            true => Err(AdapterError::Aborted),
            false => Ok(held),
        }
    }

    /// Takes note of an answer, and of what failed: nothing more runs until a savepoint is rolled back, as in PostgreSQL.
    pub(super) fn noted<T>(&self, held: &mut Held<'_, D>, outcome: Outcome<T>) -> Outcome<T> {
        held.answered();
        if !matches!(outcome, Ok(_) | Err(AdapterError::Unsupported { .. })) {
            self.failed.store(true, Ordering::Release);
        }
        outcome
    }

    /// The cursors that are open.
    fn cursors(&self) -> std::sync::MutexGuard<'_, Vec<(String, usize)>> {
        // Whole even if a thread panicked beside it.
        self.cursors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a cursor that was opened.
    pub(super) fn opened(&self, name: String) {
        self.cursors().push((name, self.savepoints.load(Ordering::Acquire)));
    }

    /// Takes note of one that was closed.
    pub(super) fn closed(&self, name: &str) {
        self.cursors().retain(|(open, _)| open != name);
    }

    /// Whether a cursor is open: it is not if a savepoint before it was rolled back.
    pub(super) fn is_open(&self, name: &str) -> bool {
        self.cursors().iter().any(|(open, _)| open == name)
    }

    /// Runs text without params.
    pub(super) async fn rows(&self, sql: &str) -> Outcome<Vec<Row>> {
        let mut held = self.hold().await?;
        let call = Call { sql, params: Vec::new(), rows: Some(Reading::plain()), about: None };
        let outcome = D::run(held.sent(), call).await;
        self.noted(&mut held, outcome).map(|done| done.rows)
    }

    /// Runs text that gives no rows.
    pub(super) async fn script(&self, sql: &str) -> Outcome<()> {
        let mut held = self.hold().await?;
        let outcome = D::script(held.sent(), sql).await;
        self.noted(&mut held, outcome)
    }

    async fn run_in(&self, statement: Statement<'_>, time: Duration) -> Outcome {
        let statement = unordered(statement);
        let mut held = self.hold().await?;
        let (connection, watch) = held.sent_within();
        let outcome = watch.within(time, run::<D>(connection, &statement)).await?;
        self.noted(&mut held, outcome)
    }

    /// Ends it; a connection whose answer nobody waited for is closed, which undoes all.
    async fn end(&self, commit: bool) -> Outcome<()> {
        let mut held = self.connection.lock().await;
        let lease = held.as_mut().ok_or_else(over)?;
        if lease.waits() {
            abandon::<D>(lease);
            *held = None;
            return if commit { Err(AdapterError::Aborted) } else { Ok(()) };
        }
        let failed = commit && self.failed.load(Ordering::Acquire);
        let keeps = commit && !failed;
        if keeps || !D::UNDOES_CURSORS {
            let cursors = std::mem::take(&mut *self.cursors());
            for (name, _) in cursors {
                let closed = D::script(lease.sent(), &D::close(&name)).await;
                if keeps {
                    closed?;
                }
            }
        }
        let connection = lease.sent();
        let ended = match keeps {
            true => Manager::<D>::commit(connection).await,
            false => Manager::<D>::rollback(connection).await,
        };
        if ended.is_err() {
            Manager::<D>::start_rollback(lease.sent());
        }
        match ended {
            Ok(()) => lease.is_well(),
            Err(_) => lease.answered(),
        }
        *held = None;
        ended.map_err(D::refused)?;
        if failed { Err(AdapterError::Aborted) } else { Ok(()) }
    }
}

impl<D: Driver> Drop for Open<D> {
    fn drop(&mut self) {
        if let Some(mut lease) = self.connection.get_mut().take() {
            if !D::UNDOES_CURSORS && !self.cursors().is_empty() {
                // What is left of them ends with the connection alone.
                lease.close();
            }
            abandon::<D>(&mut lease);
        }
    }
}

/// Has a connection undo its transaction before it does anything else, unless it is closed for an answer that nobody
/// waited for.
fn abandon<D: Driver>(lease: &mut Lease<D::Database>) {
    let waits = lease.waits();
    if !waits || lease.is_lent() {
        Manager::<D>::start_rollback(lease.sent());
    }
    if !waits {
        lease.answered();
    }
}

impl<D: Driver> Adapter for InTransaction<D> {
    fn name(&self) -> &str {
        D::NAME
    }

    fn supports(&self, capability: Capability) -> bool {
        D::supports(capability)
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        Task::later(self.0.run_in(statement, self.config.timeout))
    }

    fn run_within<'a>(&'a self, statement: Statement<'a>, time: Duration) -> Task<'a, Outcome> {
        Task::later(self.0.run_in(statement, time))
    }

    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        self.stream_within(query, size, self.config.timeout)
    }

    fn stream_within<'a>(
        &'a self,
        query: Query<'a>,
        size: usize,
        time: Duration,
    ) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        Task::later(cursor::open(self.0.clone(), query, size, time))
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        Task::ready(Err(AdapterError::query("a transaction is open: nest with a savepoint")))
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        described::<D>(statement)
    }
}

impl<D: Driver> Transaction for InTransaction<D> {
    fn commit(&self) -> Task<'_, Outcome<()>> {
        Task::later(self.0.end(true))
    }

    fn rollback(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            match &*self.connection.lock().await {
                Some(_) => {}
                None => return Ok(()),
            }
            self.0.end(false).await
        })
    }

    fn savepoint(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let number = self.savepoints.load(Ordering::Acquire) + 1;
            self.script(&D::savepoint(&point(number))).await?;
            self.savepoints.store(number, Ordering::Release);
            Ok(())
        })
    }

    fn release(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let number = self.newest()?;
            self.forget(number).await?;
            self.savepoints.store(number - 1, Ordering::Release);
            // What is rolled back from now on is what was done since the savepoint before.
            self.cursors().iter_mut().for_each(|(_, at)| *at = (*at).min(number - 1));
            Ok(())
        })
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let number = self.newest()?;
            self.failed.store(false, Ordering::Release);
            self.script(&D::rollback_to(&point(number))).await?;
            self.savepoints.store(number - 1, Ordering::Release);
            if D::UNDOES_CURSORS {
                self.cursors().retain(|(_, savepoints)| *savepoints < number);
            }
            self.forget(number).await
        })
    }
}

/// The name of a point in a transaction.
fn point(number: usize) -> String {
    format!("ectomorph_{number}")
}

impl<D: Driver> Open<D> {
    /// Forgets a point, keeping what was done since.
    async fn forget(&self, number: usize) -> Outcome<()> {
        match D::release(&point(number)) {
            Some(sql) => self.script(&sql).await,
            None => Ok(()),
        }
    }

    fn newest(&self) -> Outcome<usize> {
        match self.savepoints.load(Ordering::Acquire) {
            0 => Err(AdapterError::query("there is no savepoint")),
            number => Ok(number),
        }
    }
}
