//! Reads.

mod aggregate;
mod key;
mod results;

pub use aggregate::Aggregate;
pub(super) use key::KeyPlans;
pub(super) use results::{as_map, beside, root};

use super::queryable::{Clauses, filter_eq};
use super::{FromOutput, Options, Output, Queryable, Repo, RepoError};
use crate::query::{Expr, Query, QueryError, QueryErrorKind};
use crate::value::Value;

impl Repo {
    /// All results of a query.
    ///
    /// # Errors
    /// The query does not fit its schemas, a result is not a `T`, or the adapter's error.
    pub async fn all<T: FromOutput>(&self, queryable: impl Queryable) -> Result<Vec<T>, RepoError> {
        self.all_with(queryable, &Options::default()).await
    }

    /// [`Repo::all`] with options: `prefix`.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn all_with<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        options: &Options,
    ) -> Result<Vec<T>, RepoError> {
        self.outputs(&queryable.to_query(), options).await
    }

    /// All results whose fields have these values: Ecto's `all_by`.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn all_by<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        clauses: impl Into<Clauses>,
    ) -> Result<Vec<T>, RepoError> {
        self.all(by(queryable.to_query(), clauses.into())?).await
    }

    /// The only result of a query; `None` if it has none.
    ///
    /// # Errors
    /// As [`Repo::all`]; [`RepoError::MultipleResults`] if there are more.
    pub async fn one<T: FromOutput>(&self, queryable: impl Queryable) -> Result<Option<T>, RepoError> {
        let query = queryable.to_query();
        only(self.outputs(&query, &Options::default()).await?, &query)
    }

    /// The only result of a query: Ecto's `one!`.
    ///
    /// # Errors
    /// As [`Repo::one`]; [`RepoError::NoResults`] if there is none.
    pub async fn one_required<T: FromOutput>(&self, queryable: impl Queryable) -> Result<T, RepoError> {
        let query = queryable.to_query();
        required(only(self.outputs(&query, &Options::default()).await?, &query)?, &query)
    }

    /// Whether the query has a result.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn exists(&self, queryable: impl Queryable) -> Result<bool, RepoError> {
        let mut query = queryable.to_query();
        let parts = query.parts_mut();
        parts.preloads.clear();
        parts.assocs.clear();
        if parts.combinations.is_empty() {
            parts.select = Some(Expr::Literal(Value::Integer(1)));
            parts.distinct = None;
            // An order says nothing about whether there are rows, unless it is by what is selected no more.
            parts.order_bys.clear();
        }
        parts.limit = Some(Expr::Literal(Value::Integer(1)));
        Ok(!self.outputs::<Output>(&query, &Options::default()).await?.is_empty())
    }
}

fn only<T>(outputs: Vec<T>, query: &Query) -> Result<Option<T>, RepoError> {
    let count = outputs.len();
    match outputs.into_iter().next() {
        None => Ok(None),
        Some(output) if count == 1 => Ok(Some(output)),
        Some(_) => Err(RepoError::MultipleResults { count, query: query.to_text() }),
    }
}

fn required<T>(found: Option<T>, query: &Query) -> Result<T, RepoError> {
    found.ok_or_else(|| RepoError::NoResults { query: query.to_text() })
}

fn by(mut query: Query, clauses: Clauses) -> Result<Query, RepoError> {
    for (name, value) in clauses.0 {
        if value.is_null() {
            let message =
                format!("null given for `{name}`: comparing with null is never true; use is_nil in a query");
            return Err(QueryError::new(QueryErrorKind::Argument, message).into());
        }
        filter_eq(&mut query, name, value);
    }
    Ok(query)
}
