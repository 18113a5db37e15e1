//! Functions that run just before a write, within its transaction.

use crate::changeset::{Changeset, Parts, Prepare, run_prepare};
use crate::repo::{Repo, RepoError};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

type Prepared = Pin<Box<dyn Future<Output = Result<Parts, RepoError>> + Send>>;

/// A function that has the repo of the transaction.
struct Hook(Box<dyn Fn(Parts, Repo) -> Prepared + Send + Sync>);

/// Ecto's `prepare_changes/2` for functions that use the repo: a counter that is kept on another row, say.
pub trait PrepareWithRepo<T>: Sized {
    /// Registers a function that runs inside the transaction, just before the write.
    ///
    /// ```
    /// # use ectomorph::changeset::Changeset;
    /// # use ectomorph::repo::{PrepareWithRepo, Queryable, Repo, RepoError};
    /// # use ectomorph::schema::{Record, Schema};
    /// # use std::sync::Arc;
    /// # fn example(comment: Changeset<Record>, drafts: Arc<Schema>) -> Changeset<Record> {
    /// comment.prepare_changes_with(move |changeset, repo| {
    ///     let drafts = drafts.clone();
    ///     async move {
    ///         repo.delete_all(drafts).await?;
    ///         Ok(changeset)
    ///     }
    /// })
    /// # }
    /// ```
    fn prepare_changes_with<F, P>(self, function: F) -> Self
    where
        F: Fn(Changeset<T>, Repo) -> P + Send + Sync + 'static,
        P: Future<Output = Result<Changeset<T>, RepoError>> + Send + 'static;
}

impl<T: 'static> PrepareWithRepo<T> for Changeset<T> {
    fn prepare_changes_with<F, P>(self, function: F) -> Self
    where
        F: Fn(Changeset<T>, Repo) -> P + Send + Sync + 'static,
        P: Future<Output = Result<Changeset<T>, RepoError>> + Send + 'static,
    {
        let hook = Hook(Box::new(move |parts, repo| {
            let prepared = function(Changeset::of_parts(parts), repo);
            Box::pin(async move { prepared.await.map(Changeset::into_parts) })
        }));
        let mut parts = self.into_parts();
        parts.prepare.insert(0, Prepare::Hook(Arc::new(hook)));
        Changeset::of_parts(parts)
    }
}

impl Repo {
    /// Runs what was prepared, oldest first.
    pub(super) async fn run_prepared(&self, parts: &mut Parts) -> Result<(), RepoError> {
        for prepare in parts.prepare.clone().iter().rev() {
            match prepare {
                Prepare::Hook(hook) => {
                    let Some(hook) = hook.downcast_ref::<Hook>() else { continue };
                    let taken = std::mem::replace(parts, Parts::new(parts.data.clone()));
                    *parts = (hook.0)(taken, self.clone()).await?;
                }
                prepare => run_prepare(parts, prepare)?,
            }
            if let Some(mistake) = &parts.mistake {
                return Err(RepoError::Mistake(mistake.clone()));
            }
        }
        Ok(())
    }
}
