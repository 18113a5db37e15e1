//! Running a multi.

use super::{Changes, Failure, Multi, MultiError, Operation, Outcome, RunError};
use crate::changeset::Parts;
use crate::repo::{Options, Output, Repo, RepoError, WriteError};
use crate::schema::Record;
use std::sync::Arc;

impl Repo {
    /// Does all operations of a multi in a transaction: Ecto's `transact(multi)`.
    ///
    /// # Errors
    /// [`MultiError::Failed`] names the operation that failed; nothing is left of the others.
    pub async fn run(&self, multi: Multi) -> Result<Changes, MultiError> {
        multi.check()?;
        if multi.operations.is_empty() {
            return Ok(Changes::default());
        }
        self.transaction(async move |repo| repo.operate(multi, Changes::default()).await).await
    }

    async fn operate(&self, multi: Multi, mut changes: Changes) -> Result<Changes, MultiError> {
        for (name, operation) in multi.operations {
            let outcome = match operation {
                Operation::Write(action, parts, options) => self
                    .operate_write(action, *parts, &options)
                    .await
                    .map(Outcome::from)
                    .map_err(RunError::from),
                Operation::InsertAll(target, rows, options) => {
                    rows_of(self.insert_all_with(target, rows, &options).await)
                }
                Operation::UpdateAll(query, updates, options) => {
                    rows_of(self.update_all_with(query, &updates, &options).await)
                }
                Operation::DeleteAll(query, options) => rows_of(self.delete_all_with(query, &options).await),
                Operation::Put(value) => Ok(value),
                Operation::Error(value) => Err(RunError::Failure(Failure::Value(value))),
                Operation::Run(function) => function(self.clone(), changes.clone()).await,
                Operation::Merge(function) => {
                    let inner = function(&changes);
                    inner.check().map_err(|error| with_changes(error, &changes))?;
                    let known = inner.operations.iter().find(|(name, _)| changes.outcome(name).is_some());
                    if let Some((name, _)) = known {
                        let message = format!("cannot merge: operation `{name}` is in both multis");
                        return Err(RepoError::Multi { message }.into());
                    }
                    changes = Box::pin(self.operate(inner, changes)).await?;
                    continue;
                }
            };
            match outcome {
                Ok(outcome) => changes.push(name, outcome),
                Err(RunError::Failure(failure)) => return Err(MultiError::Failed { name, failure, changes }),
                Err(RunError::Error(error)) => return Err(error.into()),
            }
        }
        Ok(changes)
    }

    async fn operate_write(
        &self,
        action: &'static str,
        parts: Parts,
        options: &Options,
    ) -> Result<Arc<Record>, WriteError> {
        let changeset = crate::Changeset::<Record>::of_parts(parts);
        let written = match action {
            "insert" => self.insert_with(changeset, options).await,
            "update" => self.update_with(changeset, options).await,
            _ => self.delete_with(changeset, options).await,
        };
        written.map(Arc::new).map_err(|error| error.map(|changeset| Box::new(changeset.into_parts())))
    }
}

fn rows_of(written: Result<(usize, Option<Vec<Output>>), RepoError>) -> Result<Outcome, RunError> {
    written.map(|(count, rows)| Outcome::Rows(count, rows)).map_err(RunError::from)
}

fn with_changes(error: MultiError, so_far: &Changes) -> MultiError {
    match error {
        MultiError::Failed { name, failure, .. } => {
            MultiError::Failed { name, failure, changes: so_far.clone() }
        }
        other => other,
    }
}
