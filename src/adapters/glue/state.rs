//! What the adapter holds: the database, what was prepared, and who may write.

use super::adapter::Executor;
use super::prepare::{Cache, Now};
use crate::adapter::Environment;
use crate::store::{Database, Mark};
use crate::value::UtcDatetime;
use std::sync::Arc;
use std::task::Waker;

/// Everything behind the adapter's lock.
pub(super) struct State {
    pub(super) database: Database,
    pub(super) cache: Cache,
    pub(super) environment: Arc<dyn Environment>,
    pub(super) joins: Executor,
    /// The open transaction, by its number.
    pub(super) open: Option<u64>,
    /// The number of the next transaction.
    pub(super) next: u64,
    pub(super) marks: Vec<Mark>,
    /// A statement of the transaction failed.
    pub(super) aborted: bool,
    /// Who waits for the transaction's end.
    pub(super) waiting: Vec<Waker>,
}

impl State {
    /// The time of a statement, if the calendar has it, and who joins.
    pub(super) fn now(&self) -> Now {
        Now(UtcDatetime::from_unix(self.environment.unix_microseconds(), 6), self.joins == Executor::GlueSql)
    }

    /// Lets those who wait try again.
    pub(super) fn wake(&mut self) {
        self.waiting.drain(..).for_each(Waker::wake);
    }
}
