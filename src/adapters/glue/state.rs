//! What the adapter holds: the database, what was prepared, and who may write.

use super::adapter::Executor;
use super::prepare::{Cache, Now};
use crate::adapter::{AdapterError, Environment};
use crate::adapters::refusal::refused;
use crate::store::{Database, Mark};
use crate::value::UtcDatetime;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

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
    /// The transaction that is being made durable. Whoever comes next helps it on, should its own task be dropped.
    pub(super) settling: Option<u64>,
    /// Why transactions could not be kept, until they ask.
    pub(super) refused: Vec<(u64, AdapterError)>,
}

impl State {
    /// The time of a statement, if the calendar has it, and who joins.
    pub(super) fn now(&self) -> Now {
        Now(UtcDatetime::from_unix(self.environment.unix_microseconds(), 6), self.joins == Executor::GlueSql)
    }

    /// Goes on with a commit. False if one is under way still, or if the open transaction is not at its end.
    pub(super) fn settled(&mut self, context: &mut Context<'_>) -> bool {
        let Some(number) = self.settling else { return false };
        let Poll::Ready(ended) = self.database.poll_commit(context) else { return false };
        self.refused.extend(ended.err().map(|error| (number, refused(error))));
        self.settling = None;
        self.open = None;
        self.wake();
        true
    }

    /// How the end of a transaction came out.
    pub(super) fn outcome(&mut self, number: u64) -> Result<(), AdapterError> {
        match self.refused.iter().position(|(of, _)| *of == number) {
            Some(at) => Err(self.refused.swap_remove(at).1),
            None => Ok(()),
        }
    }

    /// Lets those who wait try again.
    pub(super) fn wake(&mut self) {
        self.waiting.drain(..).for_each(Waker::wake);
    }
}
