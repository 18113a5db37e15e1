//! Connections while somebody has them.

use super::idle::Idle;
use super::transaction::{InTransaction, Open};
use super::waiting::Watch;
use super::{Config, Driver, cursor, described, pause, run_on};
use crate::adapter::{
    Adapter, AdapterError, Begin, Capability, Cursor, Outcome, Query, Statement, Task, Transaction,
};
use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool};
use std::ops::DerefMut;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// A connection that knows whether an answer is outstanding. One that is dropped before it came, since nobody waits for it
/// any more, is closed: others would have to wait for it.
pub(super) struct Lease<DB: Database> {
    connection: Holder<DB>,
    waits: bool,
    /// Whether its last answer shows that it may be used again as it is.
    is_well: bool,
}

enum Holder<DB: Database> {
    /// There until the lease is dropped, with where it goes then.
    Pooled(Option<Timed<DB>>, Arc<Idle<DB>>, Pool<DB>),
    Lent(OwnedMutexGuard<Timed<DB>>),
}

/// A connection with its timer.
pub(super) struct Timed<DB: Database> {
    pub(super) connection: PoolConnection<DB>,
    pub(super) watch: Watch,
    /// Since when it has lain ready.
    pub(super) since: Option<Instant>,
}

impl<DB: Database> Timed<DB> {
    pub(super) fn new(connection: PoolConnection<DB>) -> Self {
        Timed { connection, watch: Watch::default(), since: None }
    }
}

impl<DB: Database> Lease<DB> {
    pub(super) fn new(connection: Timed<DB>, idle: Arc<Idle<DB>>, pool: Pool<DB>) -> Self {
        Lease { connection: Holder::Pooled(Some(connection), idle, pool), waits: false, is_well: false }
    }

    fn timed(&mut self) -> &mut Timed<DB> {
        match &mut self.connection {
            Holder::Pooled(connection, ..) => {
                connection.as_mut().expect("a lease has its connection until it is dropped")
            }
            Holder::Lent(connection) => connection.deref_mut(),
        }
    }

    /// The connection, for something that is to be [`answered`](Lease::answered).
    pub(super) fn sent(&mut self) -> &mut DB::Connection {
        self.sent_within().0
    }

    /// The same, with what tells when its time is over.
    pub(super) fn sent_within(&mut self) -> (&mut DB::Connection, &mut Watch) {
        self.waits = true;
        self.is_well = false;
        let Timed { connection, watch, .. } = self.timed();
        (connection, watch)
    }

    /// Nothing is outstanding.
    pub(super) fn answered(&mut self) {
        self.waits = false;
    }

    /// Nothing is outstanding, no transaction is open, and the answer was the database's: others may have it at once.
    pub(super) fn is_well(&mut self) {
        (self.waits, self.is_well) = (false, true);
    }

    /// Has the connection closed instead of handed to somebody else.
    pub(super) fn close(&mut self) {
        self.timed().connection.close_on_drop();
    }

    /// Whether the connection goes back to somebody who checked it out.
    pub(super) fn is_lent(&self) -> bool {
        matches!(self.connection, Holder::Lent(_))
    }

    /// Whether an answer is outstanding.
    pub(super) fn waits(&self) -> bool {
        self.waits
    }
}

impl<DB: Database> Drop for Lease<DB> {
    fn drop(&mut self) {
        if self.waits {
            self.timed().connection.close_on_drop();
        }
        if let (true, Holder::Pooled(connection, idle, pool)) = (self.is_well, &mut self.connection)
            && let Some(connection) = connection.take()
        {
            idle.put(connection, pool);
        }
    }
}

/// A connection for one user: Ecto's `checkout`.
pub(super) struct CheckedOut<D: Driver> {
    connection: Arc<Mutex<Timed<D::Database>>>,
    config: Arc<Config>,
}

impl<D: Driver> CheckedOut<D> {
    pub(super) fn new(connection: Timed<D::Database>, config: Arc<Config>) -> Self {
        CheckedOut { connection: Arc::new(Mutex::new(connection)), config }
    }

    async fn lease(&self) -> Outcome<Lease<D::Database>> {
        let lent = tokio::time::timeout(self.config.pool_timeout, self.connection.clone().lock_owned()).await;
        match lent {
            Ok(lent) => Ok(Lease { connection: Holder::Lent(lent), waits: false, is_well: false }),
            Err(_) => Err(AdapterError::environment(format!(
                "the connection that was checked out was not free within {} ms: use the repo of the transaction in it",
                self.config.pool_timeout.as_millis()
            ))),
        }
    }

    async fn open_transaction(&self, begin: Begin) -> Outcome<Arc<Open<D>>> {
        pause(begin.attempt).await;
        Open::begin(self.lease().await?, self.config.clone(), begin).await
    }

    async fn run_in(&self, statement: Statement<'_>, time: Duration) -> Outcome {
        run_on::<D>(self.lease().await?, statement, time).await
    }
}

impl<D: Driver> Adapter for CheckedOut<D> {
    fn name(&self) -> &str {
        D::NAME
    }

    fn supports(&self, capability: Capability) -> bool {
        D::supports(capability)
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        Task::later(self.run_in(statement, self.config.timeout))
    }

    fn run_within<'a>(&'a self, statement: Statement<'a>, time: Duration) -> Task<'a, Outcome> {
        Task::later(self.run_in(statement, time))
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
        Task::later(async move {
            let open = self.open_transaction(Begin::default()).await?;
            cursor::open(open, query, size, time).await
        })
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        self.begin_with(Begin::default())
    }

    fn begin_with(&self, begin: Begin) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        Task::later(async move {
            Ok(Arc::new(InTransaction(self.open_transaction(begin).await?)) as Arc<dyn Transaction>)
        })
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        described::<D>(statement)
    }
}
