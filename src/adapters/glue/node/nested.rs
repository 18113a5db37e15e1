//! Queries within expressions: run once where they depend on no row.

use super::Nested;
use super::evaluate::{Cached, NULL, Row, among, in_values, remembered};
use crate::adapters::glue::run::Rows;
use crate::adapters::glue::value::Fault;
use crate::value::Value;
use std::borrow::Cow;

impl Nested {
    fn rows(&self, row: &Row<'_>, limit: Option<usize>) -> Result<Rows, Fault> {
        // A query that depends on no row is run without one, so that nothing of this row can get in.
        let parent = if self.cache.is_some() { None } else { Some(row) };
        self.select.run(row.env, parent, limit)
    }

    pub(super) fn scalar<'r>(&'r self, row: &Row<'r>) -> Result<Cow<'r, Value>, Fault> {
        let make = || {
            let mut rows = self.rows(row, Some(2))?;
            if rows.len() > 1 {
                return Err(Fault::new(
                    "cardinality_violation",
                    "more than one row returned by a subquery used as an expression",
                ));
            }
            Ok(rows
                .pop()
                .and_then(|mut row| if row.is_empty() { None } else { Some(row.swap_remove(0)) })
                .unwrap_or_default())
        };
        match self.cache {
            Some(cache) => match remembered(row.env, cache, || make().map(Cached::Value))? {
                Cached::Value(value) => Ok(Cow::Borrowed(value)),
                _ => Ok(Cow::Borrowed(&NULL)),
            },
            None => make().map(Cow::Owned),
        }
    }

    pub(super) fn exists(&self, row: &Row<'_>) -> Result<bool, Fault> {
        let make = || Ok(!self.rows(row, Some(1))?.is_empty());
        match self.cache {
            Some(cache) => {
                Ok(matches!(remembered(row.env, cache, || make().map(Cached::Flag))?, Cached::Flag(true)))
            }
            None => make(),
        }
    }

    /// The first column of all rows.
    pub(super) fn column<'r>(&'r self, row: &Row<'r>) -> Result<Cow<'r, [Value]>, Fault> {
        let make = || {
            let rows = self.rows(row, None)?;
            Ok(rows.into_iter().filter_map(|row| row.into_iter().next()).collect::<Vec<_>>())
        };
        match self.cache {
            Some(cache) => match remembered(row.env, cache, || make().map(Cached::Rows))? {
                Cached::Rows(rows) => Ok(Cow::Borrowed(rows)),
                _ => Ok(Cow::Owned(Vec::new())),
            },
            None => make().map(Cow::Owned),
        }
    }

    pub(super) fn contains(&self, item: &Value, row: &Row<'_>) -> Result<Option<bool>, Fault> {
        match self.cache {
            Some(cache) => among(item, row.env, cache, || {
                Ok(self.rows(row, None)?.into_iter().filter_map(|row| row.into_iter().next()).collect())
            }),
            None => Ok(in_values(item, &self.column(row)?)),
        }
    }
}
