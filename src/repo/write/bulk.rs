//! Updating and deleting all rows of a query.

use crate::query::{Operation, Query, Update};
use crate::repo::{FromOutput, Options, Queryable, Repo, RepoError};

impl Repo {
    /// Updates all rows of a query, as its updates and `updates` say; gives how many.
    ///
    /// Changesets have no part in it: values are cast to the types of their fields, and `updated_at` stays.
    ///
    /// # Errors
    /// As [`Repo::all`]; a violated constraint is an error of the adapter.
    pub async fn update_all(
        &self,
        queryable: impl Queryable,
        updates: &[Update],
    ) -> Result<usize, RepoError> {
        let query = with_updates(queryable.to_query(), updates);
        Ok(self.bulk::<crate::repo::Output>(&query, Operation::UpdateAll, &Options::default()).await?.0)
    }

    /// [`Repo::update_all`] with options, and with what the query selects of the updated rows.
    ///
    /// # Errors
    /// As [`Repo::update_all`].
    pub async fn update_all_with<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        updates: &[Update],
        options: &Options,
    ) -> Result<(usize, Option<Vec<T>>), RepoError> {
        let query = with_updates(queryable.to_query(), updates);
        self.bulk(&query, Operation::UpdateAll, options).await
    }

    /// Deletes all rows of a query; gives how many.
    ///
    /// # Errors
    /// As [`Repo::update_all`].
    pub async fn delete_all(&self, queryable: impl Queryable) -> Result<usize, RepoError> {
        let query = queryable.to_query();
        Ok(self.bulk::<crate::repo::Output>(&query, Operation::DeleteAll, &Options::default()).await?.0)
    }

    /// [`Repo::delete_all`] with options, and with what the query selects of the deleted rows.
    ///
    /// # Errors
    /// As [`Repo::update_all`].
    pub async fn delete_all_with<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        options: &Options,
    ) -> Result<(usize, Option<Vec<T>>), RepoError> {
        self.bulk(&queryable.to_query(), Operation::DeleteAll, options).await
    }

    async fn bulk<T: FromOutput>(
        &self,
        query: &Query,
        operation: Operation,
        options: &Options,
    ) -> Result<(usize, Option<Vec<T>>), RepoError> {
        let planned = self.plan(query, operation, options)?;
        self.planned_outputs(planned, options).await
    }
}

fn with_updates(mut query: Query, updates: &[Update]) -> Query {
    if !updates.is_empty() {
        query.parts_mut().updates.extend(updates.iter().cloned());
    }
    query
}
