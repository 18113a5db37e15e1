//! An adapter on another that writes down what it would send to PostgreSQL.

use ectomorph::adapter::{Adapter, AdapterError, Capability, Outcome, Statement, Task, Transaction};
use ectomorph::adapters::sql::query::{Postgres, text};
use std::sync::{Arc, Mutex};

/// The texts so far, in order.
pub type Log = Arc<Mutex<Vec<String>>>;

/// The wrapped adapter.
pub struct Spy<A: ?Sized> {
    pub inner: Arc<A>,
    pub log: Log,
}

impl<A: ?Sized> Spy<A> {
    fn note(&self, text: impl Into<String>) {
        self.log.lock().unwrap().push(text.into());
    }
}

impl<A: Adapter + ?Sized> Adapter for Spy<A> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn supports(&self, capability: Capability) -> bool {
        self.inner.supports(capability)
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        match text(&Postgres, &statement) {
            Ok(written) => self.note(written.sql),
            // What is refused is never sent, by any adapter.
            Err(error @ AdapterError::Unsupported { .. }) => return Task::ready(Err(error)),
            Err(error) => self.note(error.to_string()),
        }
        self.inner.run(statement)
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        self.note("begin");
        let begun = self.inner.begin();
        let log = self.log.clone();
        Task::later(async move { Ok(Arc::new(Spy { inner: begun.await?, log }) as Arc<dyn Transaction>) })
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        self.inner.describe(statement)
    }
}

impl<A: Transaction + ?Sized> Transaction for Spy<A> {
    fn commit(&self) -> Task<'_, Outcome<()>> {
        self.note("commit");
        self.inner.commit()
    }

    fn rollback(&self) -> Task<'_, Outcome<()>> {
        self.note("rollback");
        self.inner.rollback()
    }

    fn savepoint(&self) -> Task<'_, Outcome<()>> {
        self.inner.savepoint()
    }

    fn release(&self) -> Task<'_, Outcome<()>> {
        self.inner.release()
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>> {
        self.inner.rollback_to_savepoint()
    }
}
