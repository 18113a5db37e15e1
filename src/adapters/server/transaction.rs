//! Transactions.

use super::{Call, Driver, cursor, run};
use crate::adapter::{
    Adapter, AdapterError, Capability, Cursor, Outcome, Query, Row, Statement, Task, Transaction,
};
use crate::adapters::sql::query::text;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::{Mutex, MutexGuard};

/// A transaction; dropped without an end, the connection rolls it back before anybody else gets it.
pub(super) struct Open<D: Driver> {
    transaction: Mutex<Option<sqlx::Transaction<'static, D::Database>>>,
    savepoints: AtomicUsize,
    /// Whether a statement failed since the newest savepoint.
    failed: AtomicBool,
    /// Cursors that were opened and not closed.
    pub(super) cursors: std::sync::Mutex<Vec<String>>,
}

/// A transaction as others see it; its cursors share it.
pub(super) struct InTransaction<D: Driver>(pub(super) Arc<Open<D>>);

impl<D: Driver> Deref for InTransaction<D> {
    type Target = Open<D>;

    fn deref(&self) -> &Open<D> {
        &self.0
    }
}

/// The transaction while a statement runs in it.
pub(super) type Held<'a, D> = MutexGuard<'a, Option<sqlx::Transaction<'static, <D as Driver>::Database>>>;

/// That a transaction was ended before.
pub(super) fn over() -> AdapterError {
    AdapterError::query("the transaction is over")
}

impl<D: Driver> Open<D> {
    pub(super) fn new(transaction: sqlx::Transaction<'static, D::Database>) -> Self {
        Open {
            transaction: Mutex::new(Some(transaction)),
            savepoints: AtomicUsize::new(0),
            failed: AtomicBool::new(false),
            cursors: std::sync::Mutex::default(),
        }
    }

    /// The connection, for one statement.
    pub(super) async fn hold(&self) -> Outcome<Held<'_, D>> {
        let held = self.transaction.lock().await;
        match (&*held, self.failed.load(Ordering::Acquire)) {
            (None, _) => Err(over()),
            (Some(_), true) => Err(AdapterError::Aborted),
            (Some(_), false) => Ok(held),
        }
    }

    /// Takes note of what failed: nothing more runs until a savepoint is rolled back, as in PostgreSQL.
    pub(super) fn noted<T>(&self, outcome: Outcome<T>) -> Outcome<T> {
        if !matches!(outcome, Ok(_) | Err(AdapterError::Unsupported { .. })) {
            self.failed.store(true, Ordering::Release);
        }
        outcome
    }

    /// Runs text without params.
    pub(super) async fn rows(&self, sql: &str) -> Outcome<Vec<Row>> {
        let mut held = self.hold().await?;
        let transaction = held.as_mut().ok_or_else(over)?;
        let call = Call { sql, params: Vec::new(), rows: true, about: None };
        self.noted(D::run(&mut **transaction, call).await).map(|done| done.rows)
    }

    /// Runs text that gives no rows.
    pub(super) async fn script(&self, sql: &str) -> Outcome<()> {
        let mut held = self.hold().await?;
        let transaction = held.as_mut().ok_or_else(over)?;
        self.noted(D::script(&mut **transaction, sql).await)
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
        Task::later(async move {
            let mut held = self.hold().await?;
            let transaction = held.as_mut().ok_or_else(over)?;
            self.noted(run::<D>(&mut **transaction, &statement).await)
        })
    }

    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        Task::later(cursor::open(self.0.clone(), query, size))
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        Task::ready(Err(AdapterError::query("a transaction is open: nest with a savepoint")))
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        text(D::DIALECT, statement).map_or_else(|error| error.to_string(), |written| written.sql)
    }
}

impl<D: Driver> Transaction for InTransaction<D> {
    fn commit(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let mut held = self.transaction.lock().await;
            let mut transaction = held.take().ok_or_else(over)?;
            if self.failed.load(Ordering::Acquire) {
                transaction.rollback().await.map_err(D::refused)?;
                return Err(AdapterError::Aborted);
            }
            let left =
                std::mem::take(&mut *self.cursors.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
            for name in left {
                D::script(&mut *transaction, &D::close(&name)).await?;
            }
            transaction.commit().await.map_err(D::refused)
        })
    }

    fn rollback(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let mut held = self.transaction.lock().await;
            match held.take() {
                Some(transaction) => transaction.rollback().await.map_err(D::refused),
                None => Ok(()),
            }
        })
    }

    fn savepoint(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let number = self.savepoints.load(Ordering::Acquire) + 1;
            self.script(&format!("SAVEPOINT ectomorph_{number}")).await?;
            self.savepoints.store(number, Ordering::Release);
            Ok(())
        })
    }

    fn release(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let number = self.newest()?;
            self.script(&format!("RELEASE SAVEPOINT ectomorph_{number}")).await?;
            self.savepoints.store(number - 1, Ordering::Release);
            Ok(())
        })
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let number = self.newest()?;
            self.failed.store(false, Ordering::Release);
            self.script(&format!("ROLLBACK TO SAVEPOINT ectomorph_{number}")).await?;
            self.savepoints.store(number - 1, Ordering::Release);
            self.script(&format!("RELEASE SAVEPOINT ectomorph_{number}")).await
        })
    }
}

impl<D: Driver> Open<D> {
    fn newest(&self) -> Outcome<usize> {
        match self.savepoints.load(Ordering::Acquire) {
            0 => Err(AdapterError::query("there is no savepoint")),
            number => Ok(number),
        }
    }
}
