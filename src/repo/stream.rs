//! Streams: results that are read in portions.

use super::{FromOutput, Options, Output, Queryable, Repo, RepoError};
use crate::adapter::{Cursor, Query as Run};
use crate::query::{Operation, Planned};
use std::marker::PhantomData;
use std::vec::IntoIter;

/// The results of a query, a portion at a time.
pub struct Stream<T> {
    repo: Repo,
    planned: Planned,
    cursor: Option<Box<dyn Cursor>>,
    ready: IntoIter<Output>,
    options: Options,
    of: PhantomData<fn() -> T>,
}

impl Repo {
    /// The results of a query in portions of [`Options::max_rows`]; within a transaction, as databases keep a cursor
    /// only there. [`Options::timeout`] is the time of each portion.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn stream<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        options: &Options,
    ) -> Result<Stream<T>, RepoError> {
        let planned = self.plan(&queryable.to_query(), Operation::All, options)?;
        let run = Run::new(&planned.plan, planned.params.clone());
        let size = options.chunk.unwrap_or(500);
        let timeout = self.timeout(options);
        let cursor = match &self.scope {
            Some(scope) => scope.stream(run, size, timeout).await?,
            None => match timeout {
                None => self.shared.adapter.stream(run, size).await?,
                Some(timeout) => self.shared.adapter.stream_within(run, size, timeout).await?,
            },
        };
        Ok(Stream {
            repo: self.clone(),
            planned,
            cursor: Some(cursor),
            ready: Vec::new().into_iter(),
            options: options.clone(),
            of: PhantomData,
        })
    }
}

impl<T: FromOutput> Stream<T> {
    /// The next result; `None` at the end.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn next(&mut self) -> Result<Option<T>, RepoError> {
        if self.ready.len() == 0 {
            self.fetch().await?;
        }
        Ok(self.ready.next().map(T::from_output).transpose()?)
    }

    /// The next results, at most [`Options::max_rows`] of them; none at the end.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn portion(&mut self) -> Result<Vec<T>, RepoError> {
        if self.ready.len() == 0 {
            self.fetch().await?;
        }
        let outputs = std::mem::take(&mut self.ready);
        Ok(outputs.map(T::from_output).collect::<Result<_, _>>()?)
    }

    /// Makes the next portion ready; none at the end.
    async fn fetch(&mut self) -> Result<(), RepoError> {
        let Some(cursor) = &mut self.cursor else { return Ok(()) };
        let rows = cursor.next().await;
        let rows = match &self.repo.scope {
            Some(scope) => scope.noted(rows)?,
            None => rows?,
        };
        let Planned { plan, select, preloads, .. } = &self.planned;
        let Some(select) = select.as_ref().filter(|_| !rows.is_empty()) else {
            self.cursor = None;
            return Ok(());
        };
        let outputs = self.repo.postprocess(&plan.fields, select, preloads, rows, &self.options).await?;
        self.ready = outputs.into_iter();
        Ok(())
    }
}
