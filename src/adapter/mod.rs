//! The contract between a [repo](crate::repo) and what stores its rows.
//!
//! An adapter sees [statements](Statement): plans with their params, and writes of stored values to named columns.
//! It never sees a changeset, and it decides nothing about types: values come dumped and rows go back as they are
//! stored. What it can't do it refuses by name ([`AdapterError::Unsupported`]), before anything is written.
//!
//! ```text
//! repo ── Statement ──> Adapter::run ──> Answer { count, rows } | AdapterError
//!      ── begin ──────> Transaction (an Adapter, with commit, rollback and savepoints)
//! ```
//!
//! Changing tables is a contract of its own, in [`migration`](crate::migration): not every adapter's owner may.

mod begin;
mod environment;
mod error;
mod instrumented;
mod redact;
mod sink;
mod statement;
mod task;
mod waited;

pub use begin::{Begin, Isolation};
pub use environment::Environment;
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
pub use environment::System;
pub use error::{AdapterError, Violation, ViolationKind};
pub(crate) use instrumented::Told;
pub use instrumented::{Event, Fault, Instrumented, Observer};
pub use sink::{RowSink, RowView};
pub use statement::{
    Answer, Cell, ConflictAction, ConflictTarget, Delete, Insert, InsertAll, OnConflict, Query, Row, Rows,
    SchemaMeta, Statement, Update,
};
pub use task::{Task, now};
pub use waited::Waited;

use std::sync::Arc;
use std::time::Duration;

/// What answers an adapter's statement.
pub type Outcome<T = Answer> = Result<T, AdapterError>;

/// What an adapter may or may not do; asked before the statement that needs it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capability {
    /// Writes answer with columns of the written rows.
    Returning,
    /// Inserts that meet an existing row may do something else than fail.
    OnConflict,
    /// A conflict target may be named by columns or by constraint.
    ConflictTarget,
    /// The adapter gives integer keys that the statement leaves out.
    Sequences,
    /// A part of a transaction may be undone.
    Savepoints,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Capability; 5] = [
        Capability::Returning,
        Capability::OnConflict,
        Capability::ConflictTarget,
        Capability::Sequences,
        Capability::Savepoints,
    ];

    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            Capability::Returning => "returning",
            Capability::OnConflict => "on_conflict",
            Capability::ConflictTarget => "conflict_target",
            Capability::Sequences => "sequences",
            Capability::Savepoints => "savepoints",
        }
    }
}

/// A source of rows: a database in this program or behind a connection. Shared between tasks.
///
/// Futures are [`Task`]s, so an adapter that has its answer at once allocates nothing for the waiting.
pub trait Adapter: Send + Sync {
    /// The name for people and logs: `glue`, `postgres`.
    fn name(&self) -> &str;

    /// Whether this adapter can do something.
    fn supports(&self, capability: Capability) -> bool;

    /// Runs one statement: all of it, or nothing.
    ///
    /// # Errors
    /// A constraint that is violated, a feature that is missing, or the environment's error.
    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome>;

    /// [`Adapter::run`], given up on after a time. A database in this program has its answer at once, and does not look
    /// at the time.
    ///
    /// # Errors
    /// As [`Adapter::run`]; that the time is over, and then nobody knows whether the statement ran.
    fn run_within<'a>(&'a self, statement: Statement<'a>, time: Duration) -> Task<'a, Outcome> {
        let _ = time;
        self.run(statement)
    }

    /// Runs a query whose rows are fetched in portions of about `size`; inside a transaction.
    ///
    /// An adapter without cursors of its own may leave this: the rows are then fetched at once.
    ///
    /// # Errors
    /// As [`Adapter::run`].
    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        let answer = self.run(Statement::Query(query));
        Task::later(async move {
            let rows = answer.await?.rows;
            Ok(Box::new(Fetched::new(rows, size)) as Box<dyn Cursor>)
        })
    }

    /// [`Adapter::stream`], each of whose steps is given up on after a time: opening it, and fetching a portion.
    ///
    /// # Errors
    /// As [`Adapter::stream`]; that the time is over.
    fn stream_within<'a>(
        &'a self,
        query: Query<'a>,
        size: usize,
        time: Duration,
    ) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        let _ = time;
        self.stream(query, size)
    }

    /// Starts a transaction. Until it ends, this adapter may make other statements wait.
    ///
    /// # Errors
    /// The environment's.
    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>>;

    /// Starts a transaction in a way that is asked for.
    ///
    /// # Errors
    /// The environment's; the adapter has no levels of isolation.
    fn begin_with(&self, begin: Begin) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        match begin.isolation {
            None => self.begin(),
            Some(_) => {
                let feature = format!("levels of isolation in {}", self.name());
                Task::ready(Err(AdapterError::unsupported(feature)))
            }
        }
    }

    /// A connection of this adapter for one user, until it is dropped; `None` where there are no connections.
    ///
    /// # Errors
    /// The environment's.
    fn checkout(&self) -> Task<'_, Outcome<Option<Arc<dyn Adapter>>>> {
        Task::ready(Ok(None))
    }

    /// The statement as this adapter would send it, for the query log: SQL, or a plan in words.
    fn describe(&self, statement: &Statement<'_>) -> String;
}

/// An adapter whose statements happen together or not at all. Dropped without an end, it is rolled back.
pub trait Transaction: Adapter {
    /// Makes everything since `begin` last.
    ///
    /// # Errors
    /// Nothing of it lasts: a deferred constraint, or the environment's error (a full disk).
    fn commit(&self) -> Task<'_, Outcome<()>>;

    /// Undoes everything since `begin`.
    ///
    /// # Errors
    /// The environment's; the transaction is over nevertheless.
    fn rollback(&self) -> Task<'_, Outcome<()>>;

    /// Marks a point to go back to. Savepoints nest: the other two functions mean the newest.
    ///
    /// # Errors
    /// The adapter has none.
    fn savepoint(&self) -> Task<'_, Outcome<()>>;

    /// Forgets the newest savepoint and keeps what was done since.
    ///
    /// # Errors
    /// The environment's.
    fn release(&self) -> Task<'_, Outcome<()>>;

    /// Undoes what was done since the newest savepoint, and forgets it.
    ///
    /// # Errors
    /// The environment's.
    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>>;
}

/// Rows that come in portions.
pub trait Cursor: Send {
    /// The next rows; none at the end.
    ///
    /// # Errors
    /// The environment's.
    fn next(&mut self) -> Task<'_, Outcome<Vec<Row>>>;
}

/// Rows that are all there, handed out in portions.
pub(crate) struct Fetched {
    rows: std::vec::IntoIter<Row>,
    size: usize,
}

impl Fetched {
    pub(crate) fn new(rows: Vec<Row>, size: usize) -> Fetched {
        Fetched { rows: rows.into_iter(), size: size.max(1) }
    }
}

impl Cursor for Fetched {
    fn next(&mut self) -> Task<'_, Outcome<Vec<Row>>> {
        Task::ready(Ok(self.rows.by_ref().take(self.size).collect()))
    }
}
