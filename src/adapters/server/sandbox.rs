//! A sandbox for tests: all that happens in it is undone at its end.

use crate::adapter::{
    Adapter, AdapterError, Begin, Capability, Cursor, Outcome, Query, Statement, Task, Transaction,
};
use crate::adapters::define::Gate;
use crate::migration::MigrationLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An adapter within a transaction that is never committed: Ecto's SQL sandbox.
///
/// Each test takes one of its own, so tests run at once on one database and see nothing of each other. A transaction in
/// it is a savepoint; a statement that fails outside of one leaves no trace. Dropped, it is rolled back.
///
/// ```
/// # use ectomorph::adapters::{server::Sandbox, sqlite::Sqlite};
/// # use ectomorph::repo::Repo;
/// # use ectomorph::value::Map;
/// # use std::sync::Arc;
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let sqlite = Sqlite::connect("sqlite::memory:").await?;
/// sqlite.execute("create table tags (name text unique)").await?;
/// let repo = Repo::new(Arc::new(Sandbox::start(&sqlite).await?));
/// repo.insert_all("tags", [Map::from([("name", "rust")])]).await?;
/// assert_eq!(repo.count("tags").await?, 1);
/// drop(repo);
/// assert_eq!(Repo::new(Arc::new(sqlite)).count("tags").await?, 0);
/// # Ok::<(), ectomorph::repo::RepoError>(())
/// # }).unwrap();
/// ```
pub struct Sandbox {
    shared: Arc<Shared>,
}

struct Shared {
    transaction: Arc<dyn Transaction>,
    gate: Gate,
    /// The savepoints of a transaction that was dropped without an end: it is undone before anything else happens.
    left: AtomicUsize,
}

impl Sandbox {
    /// Takes a connection of an adapter.
    ///
    /// # Errors
    ///
    /// The environment's.
    pub async fn start(adapter: &dyn Adapter) -> Outcome<Sandbox> {
        let transaction = adapter.begin().await?;
        Ok(Sandbox {
            shared: Arc::new(Shared { transaction, gate: Gate::default(), left: AtomicUsize::new(0) }),
        })
    }
}

impl Shared {
    /// Waits until no transaction is open, and marks a point to go back to.
    async fn enter(&self) -> Outcome<Box<dyn MigrationLock>> {
        let within = self.gate.enter().await?;
        self.undo(self.left.swap(0, Ordering::AcqRel)).await?;
        self.transaction.savepoint().await?;
        Ok(within)
    }

    /// Goes back so many points.
    async fn undo(&self, points: usize) -> Outcome<()> {
        for _ in 0..points {
            self.transaction.rollback_to_savepoint().await?;
        }
        Ok(())
    }

    /// Keeps what was done since the point, or undoes it.
    async fn leave<T>(&self, outcome: Outcome<T>) -> Outcome<T> {
        match outcome {
            Ok(_) => self.transaction.release().await?,
            Err(_) => self.transaction.rollback_to_savepoint().await?,
        }
        outcome
    }
}

impl Adapter for Sandbox {
    fn name(&self) -> &str {
        self.shared.transaction.name()
    }

    fn supports(&self, capability: Capability) -> bool {
        self.shared.transaction.supports(capability)
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        Task::later(async move {
            let _within = self.shared.enter().await?;
            let outcome = self.shared.transaction.run(statement).await;
            self.shared.leave(outcome).await
        })
    }

    fn run_within<'a>(&'a self, statement: Statement<'a>, time: Duration) -> Task<'a, Outcome> {
        Task::later(async move {
            let _within = self.shared.enter().await?;
            let outcome = self.shared.transaction.run_within(statement, time).await;
            self.shared.leave(outcome).await
        })
    }

    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        Task::later(async move {
            let _within = self.shared.enter().await?;
            let outcome = self.shared.transaction.stream(query, size).await;
            self.shared.leave(outcome).await
        })
    }

    fn stream_within<'a>(
        &'a self,
        query: Query<'a>,
        size: usize,
        time: Duration,
    ) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        Task::later(async move {
            let _within = self.shared.enter().await?;
            let outcome = self.shared.transaction.stream_within(query, size, time).await;
            self.shared.leave(outcome).await
        })
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        Task::later(async move {
            let within = Mutex::new(Some(self.shared.enter().await?));
            Ok(Arc::new(Inner { shared: self.shared.clone(), within, points: AtomicUsize::new(1) })
                as Arc<dyn Transaction>)
        })
    }

    fn begin_with(&self, _: Begin) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        // It is the sandbox whose transaction has a level.
        self.begin()
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        self.shared.transaction.describe(statement)
    }
}

/// A transaction of a sandbox.
struct Inner {
    shared: Arc<Shared>,
    /// Until its end nothing else happens in the sandbox.
    within: Mutex<Option<Box<dyn MigrationLock>>>,
    /// Its own savepoint, and those inside it.
    points: AtomicUsize,
}

impl Inner {
    fn end(&self) -> Option<Box<dyn MigrationLock>> {
        self.within.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn open(&self) -> Outcome<&dyn Transaction> {
        match &*self.within.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(_) => Ok(&*self.shared.transaction),
            None => Err(AdapterError::query("the transaction is over")),
        }
    }
}

impl Inner {
    /// The transaction, if it has a savepoint besides its own.
    fn inside(&self) -> Outcome<&dyn Transaction> {
        match self.points.load(Ordering::Acquire) {
            0 | 1 => Err(AdapterError::query("there is no savepoint")),
            _ => self.open(),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(within) = self.end() {
            self.shared.left.store(self.points.load(Ordering::Acquire), Ordering::Release);
            drop(within);
        }
    }
}

impl Adapter for Inner {
    fn name(&self) -> &str {
        self.shared.transaction.name()
    }

    fn supports(&self, capability: Capability) -> bool {
        self.shared.transaction.supports(capability)
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        Task::later(async move { self.open()?.run(statement).await })
    }

    fn run_within<'a>(&'a self, statement: Statement<'a>, time: Duration) -> Task<'a, Outcome> {
        Task::later(async move { self.open()?.run_within(statement, time).await })
    }

    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        Task::later(async move { self.open()?.stream(query, size).await })
    }

    fn stream_within<'a>(
        &'a self,
        query: Query<'a>,
        size: usize,
        time: Duration,
    ) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        Task::later(async move { self.open()?.stream_within(query, size, time).await })
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        Task::ready(Err(AdapterError::query("a transaction is open: nest with a savepoint")))
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        self.shared.transaction.describe(statement)
    }
}

impl Transaction for Inner {
    fn commit(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let within = self.end().ok_or_else(|| AdapterError::query("the transaction is over"))?;
            let mut released = self.shared.transaction.release().await;
            if released.is_err() {
                // What can't be kept is undone.
                self.shared.undo(self.points.load(Ordering::Acquire)).await?;
                released = Err(AdapterError::Aborted);
            }
            drop(within);
            released
        })
    }

    fn rollback(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            let Some(within) = self.end() else { return Ok(()) };
            let undone = self.shared.undo(self.points.load(Ordering::Acquire)).await;
            drop(within);
            undone
        })
    }

    fn savepoint(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            self.open()?.savepoint().await?;
            self.points.fetch_add(1, Ordering::AcqRel);
            Ok(())
        })
    }

    fn release(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            self.inside()?.release().await?;
            self.points.fetch_sub(1, Ordering::AcqRel);
            Ok(())
        })
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>> {
        Task::later(async move {
            self.inside()?.rollback_to_savepoint().await?;
            self.points.fetch_sub(1, Ordering::AcqRel);
            Ok(())
        })
    }
}
