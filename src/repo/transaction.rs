//! Transactions.

use super::{Repo, RepoError};
use crate::adapter::{
    Adapter, AdapterError, Answer, Begin, Cursor, Isolation, Outcome, Query, Statement, Transaction,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

/// How a transaction is to be done: [`Repo::transaction_with`].
///
/// ```
/// use ectomorph::adapter::Isolation;
/// use ectomorph::repo::TransactionOptions;
/// let options = TransactionOptions::new().isolation(Isolation::Serializable).retry(5);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TransactionOptions {
    begin: Begin,
    retry: u32,
}

impl TransactionOptions {
    /// As the database does it.
    pub fn new() -> Self {
        TransactionOptions::default()
    }

    /// How much it sees of others.
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.begin.isolation = Some(isolation);
        self
    }

    /// It only reads: the database refuses to write in it.
    pub fn read_only(mut self) -> Self {
        self.begin.read_only = true;
        self
    }

    /// How often it is begun anew if others were in its way ([`AdapterError::is_conflict`]). What the work did besides
    /// writing to the database is not undone, so it should do nothing else.
    pub fn retry(mut self, times: u32) -> Self {
        self.retry = times;
        self
    }
}

/// A transaction and what became of it.
pub(super) struct Scope {
    transaction: Arc<dyn Transaction>,
    state: AtomicU8,
    /// Whether it failed since others were in its way.
    conflict: AtomicBool,
}

/// Statements run.
const OPEN: u8 = 0;
/// A statement failed.
const ABORTED: u8 = 1;
/// A transaction inside was rolled back.
const DOOMED: u8 = 2;
/// It was committed or rolled back.
const OVER: u8 = 3;

impl Scope {
    pub fn adapter(&self) -> &dyn Adapter {
        &*self.transaction
    }

    fn state(&self) -> u8 {
        self.state.load(Ordering::Acquire)
    }

    /// Takes a state, unless a worse one is there.
    fn worsen(&self, state: u8) {
        self.state.fetch_max(state, Ordering::AcqRel);
    }

    /// Takes note of an error that is the others' fault.
    pub fn noted<T>(&self, outcome: Outcome<T>) -> Outcome<T> {
        if outcome.as_ref().is_err_and(AdapterError::is_conflict) {
            self.conflict.store(true, Ordering::Release);
        }
        outcome
    }

    /// Runs a statement under the rules of PostgreSQL's transactions.
    pub async fn run(
        &self,
        statement: Statement<'_>,
        savepoint: bool,
        timeout: Option<Duration>,
    ) -> Result<Answer, AdapterError> {
        self.check()?;
        if savepoint {
            self.transaction.savepoint().await?;
        }
        let outcome = self.noted(match timeout {
            None => self.transaction.run(statement).await,
            Some(timeout) => self.transaction.run_within(statement, timeout).await,
        });
        match (&outcome, savepoint) {
            (Ok(_), true) => self.transaction.release().await?,
            (Err(_), true) => self.transaction.rollback_to_savepoint().await?,
            // What the adapter can't do it did not try.
            (Ok(_) | Err(AdapterError::Unsupported { .. }), false) => {}
            (Err(_), false) => self.worsen(ABORTED),
        }
        outcome
    }

    /// Opens a cursor.
    pub async fn stream(
        &self,
        query: Query<'_>,
        size: usize,
        timeout: Option<Duration>,
    ) -> Result<Box<dyn Cursor>, AdapterError> {
        self.check()?;
        self.noted(match timeout {
            None => self.transaction.stream(query, size).await,
            Some(timeout) => self.transaction.stream_within(query, size, timeout).await,
        })
    }

    fn check(&self) -> Result<(), AdapterError> {
        match self.state() {
            OPEN => Ok(()),
            OVER => Err(AdapterError::environment(RepoError::Over.to_string())),
            _ => Err(AdapterError::Aborted),
        }
    }

    async fn end(&self, commit: bool) -> Result<(), RepoError> {
        let state = self.state();
        if state == OVER {
            return Err(RepoError::Over);
        }
        self.worsen(OVER);
        if commit && state == OPEN {
            return Ok(self.noted(self.transaction.commit().await)?);
        }
        self.transaction.rollback().await?;
        if commit { Err(RepoError::RolledBack) } else { Ok(()) }
    }
}

impl Repo {
    /// Whether this is the repo of a transaction.
    pub fn in_transaction(&self) -> bool {
        self.scope.is_some()
    }

    /// Does all of `work` or nothing: it is committed when `work` gives `Ok`, rolled back when it gives `Err`: Ecto's
    /// `transact/2`. `work` is given the repo to use.
    ///
    /// Within a transaction it is part of that one: an `Err` inside rolls back the whole, whatever is done about it
    /// outside.
    ///
    /// # Errors
    /// What `work` gives; the adapter's errors of starting and committing; [`RepoError::RolledBack`] when `work` gives
    /// `Ok` although a statement failed in it.
    ///
    /// ```
    /// # use ectomorph::repo::{Repo, RepoError, Queryable};
    /// # use ectomorph::schema::Schema;
    /// # use std::sync::Arc;
    /// # async fn example(repo: Repo, comments: Arc<Schema>, posts: Arc<Schema>) -> Result<(), RepoError> {
    /// repo.transaction(async |repo| -> Result<(), RepoError> {
    ///     repo.delete_all(&comments).await?;
    ///     repo.delete_all(&posts).await?;
    ///     Ok(())
    /// })
    /// .await
    /// # }
    /// ```
    pub async fn transaction<T, E: From<RepoError>, F: Future<Output = Result<T, E>>>(
        &self,
        work: impl FnOnce(Repo) -> F,
    ) -> Result<T, E> {
        if let Some(scope) = &self.scope {
            scope.check().map_err(RepoError::from)?;
            let result = work(self.clone()).await;
            if result.is_err() {
                scope.worsen(DOOMED);
            } else if scope.state() == DOOMED {
                return Err(RepoError::RolledBack.into());
            }
            return result;
        }
        let repo = self.begin().await?;
        let result = work(repo.clone()).await;
        repo.finish(result).await
    }

    /// [`Repo::transaction`] with options. `work` may run several times.
    ///
    /// # Errors
    /// As [`Repo::transaction`]; those of the last time. The adapter has no levels of isolation; one is asked for within a
    /// transaction, where it is too late.
    ///
    /// ```
    /// # use ectomorph::adapter::Isolation;
    /// # use ectomorph::repo::{Repo, RepoError, TransactionOptions};
    /// # async fn example(repo: Repo) -> Result<(), RepoError> {
    /// let options = TransactionOptions::new().isolation(Isolation::Serializable).retry(5);
    /// let posts = repo.transaction_with(&options, async |repo| repo.count("posts").await).await?;
    /// # Ok(()) }
    /// ```
    pub async fn transaction_with<T, E: From<RepoError>, F: Future<Output = Result<T, E>>>(
        &self,
        options: &TransactionOptions,
        mut work: impl FnMut(Repo) -> F,
    ) -> Result<T, E> {
        if self.scope.is_some() {
            if options.begin != Begin::default() {
                let mistake = "a transaction is open: isolation and read_only are said where it begins";
                return Err(RepoError::mistake(mistake).into());
            }
            return self.transaction(work).await;
        }
        let mut begin = options.begin;
        loop {
            let (result, conflict) = match self.begin_as(begin).await {
                Ok(repo) => {
                    let result = work(repo.clone()).await;
                    let result = repo.finish(result).await;
                    (result, repo.scope.is_some_and(|scope| scope.conflict.load(Ordering::Acquire)))
                }
                Err(error) => {
                    let conflict = matches!(&error, RepoError::Adapter(error) if error.is_conflict());
                    (Err(error.into()), conflict)
                }
            };
            if result.is_ok() || !conflict || begin.attempt >= options.retry {
                return result;
            }
            begin.attempt += 1;
        }
    }

    /// Commits if the work gave `Ok`, undoes it otherwise.
    async fn finish<T, E: From<RepoError>>(&self, result: Result<T, E>) -> Result<T, E> {
        match result {
            Ok(value) => {
                self.commit().await?;
                Ok(value)
            }
            Err(error) => {
                self.rollback().await?;
                Err(error)
            }
        }
    }

    /// Starts a transaction and gives its repo; for hosts that can't hand over a function. Dropped without
    /// [`commit`](Repo::commit), it is rolled back.
    ///
    /// # Errors
    /// The adapter's; a transaction inside another goes through [`Repo::transaction`].
    pub async fn begin(&self) -> Result<Repo, RepoError> {
        self.begin_as(Begin::default()).await
    }

    async fn begin_as(&self, begin: Begin) -> Result<Repo, RepoError> {
        if self.scope.is_some() {
            return Err(RepoError::mistake("a transaction is open: use `transaction` for one inside it"));
        }
        let transaction = self.shared.adapter.begin_with(begin).await?;
        let (state, conflict) = (AtomicU8::new(OPEN), AtomicBool::new(false));
        let scope = Arc::new(Scope { transaction, state, conflict });
        Ok(Repo { scope: Some(scope), ..self.clone() })
    }

    /// Ends the transaction of this repo and makes it last.
    ///
    /// # Errors
    /// The adapter's; [`RepoError::RolledBack`] when a statement failed in it, or a transaction inside it was rolled
    /// back.
    pub async fn commit(&self) -> Result<(), RepoError> {
        self.open_scope()?.end(true).await
    }

    /// Ends the transaction of this repo and undoes it.
    ///
    /// # Errors
    /// The adapter's.
    pub async fn rollback(&self) -> Result<(), RepoError> {
        self.open_scope()?.end(false).await
    }

    fn open_scope(&self) -> Result<&Scope, RepoError> {
        self.scope.as_deref().ok_or_else(|| {
            RepoError::mistake("cannot end a transaction outside of one; call it on the repo of `begin`")
        })
    }
}
