//! Transactions.

use super::{Repo, RepoError};
use crate::adapter::{Adapter, AdapterError, Answer, Cursor, Query, Statement, Transaction};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// A transaction and what became of it.
pub(super) struct Scope {
    transaction: Arc<dyn Transaction>,
    state: AtomicU8,
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

    /// Runs a statement under the rules of PostgreSQL's transactions.
    pub async fn run(&self, statement: Statement<'_>, savepoint: bool) -> Result<Answer, AdapterError> {
        self.check()?;
        if savepoint {
            self.transaction.savepoint().await?;
        }
        let outcome = self.transaction.run(statement).await;
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
    pub async fn stream(&self, query: Query<'_>, size: usize) -> Result<Box<dyn Cursor>, AdapterError> {
        self.check()?;
        self.transaction.stream(query, size).await
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
            return Ok(self.transaction.commit().await?);
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
    pub async fn transaction<T, E: From<RepoError>>(
        &self,
        work: impl AsyncFnOnce(Repo) -> Result<T, E>,
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
        match work(repo.clone()).await {
            Ok(value) => {
                repo.commit().await?;
                Ok(value)
            }
            Err(error) => {
                repo.rollback().await?;
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
        if self.scope.is_some() {
            return Err(RepoError::mistake("a transaction is open: use `transaction` for one inside it"));
        }
        let transaction = self.shared.adapter.begin().await?;
        let scope = Arc::new(Scope { transaction, state: AtomicU8::new(OPEN) });
        Ok(Repo { shared: self.shared.clone(), scope: Some(scope) })
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
