//! Counts, sums and the like of the results of a query.

use crate::query::{Expr, Function, Query, QueryError, QueryErrorKind, Source, SourceKind};
use crate::repo::queryable::field;
use crate::repo::{FromOutput, Queryable, Repo, RepoError};
use crate::value::Str;

/// What [`Repo::aggregate`] computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// How many rows, or how many where the field is not null.
    Count,
    /// The sum.
    Sum,
    /// The average.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

impl Aggregate {
    fn function(self) -> Function {
        match self {
            Aggregate::Count => Function::Count,
            Aggregate::Sum => Function::Sum,
            Aggregate::Avg => Function::Avg,
            Aggregate::Min => Function::Min,
            Aggregate::Max => Function::Max,
        }
    }
}

impl Repo {
    /// How many results the query has.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn count(&self, queryable: impl Queryable) -> Result<usize, RepoError> {
        let query = aggregate_query(queryable.to_query(), Aggregate::Count, None)?;
        self.one_required(query).await
    }

    /// The aggregate of a field over the results of a query.
    ///
    /// # Errors
    /// As [`Repo::all`]; the query has a `group_by`.
    pub async fn aggregate<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        aggregate: Aggregate,
        field: impl Into<Str>,
    ) -> Result<T, RepoError> {
        self.one_required(aggregate_query(queryable.to_query(), aggregate, Some(field.into()))?).await
    }
}

fn aggregate_query(mut query: Query, aggregate: Aggregate, of: Option<Str>) -> Result<Query, RepoError> {
    if !query.parts().group_bys.is_empty() {
        let error = QueryError::new(QueryErrorKind::Query, "cannot aggregate on query with group_by");
        return Err(error.in_query(|| query.to_text()).into());
    }
    let parts = query.parts_mut();
    parts.preloads.clear();
    parts.assocs.clear();
    let plain = parts.distinct.is_none()
        && parts.limit.is_none()
        && parts.offset.is_none()
        && parts.combinations.is_empty();
    let arguments: Vec<Expr> = of.iter().map(|name| field(0, name)).collect();
    if plain {
        parts.order_bys.clear();
    } else {
        // The clause says which rows count: they are rows of a subquery.
        if let Some(name) = &of {
            parts.select = Some(field(0, name));
        }
        let prefix = parts.prefix.clone();
        let source = Source { kind: SourceKind::Subquery(query), name: None, prefix: None };
        query = Query::of(source);
        query.parts_mut().prefix = prefix;
    }
    query.parts_mut().select = Some(Expr::Call(aggregate.function(), arguments));
    Ok(query)
}
