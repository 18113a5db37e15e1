//! Where the rows of a query go.

use super::Rows;
use crate::adapter::{Outcome, Row as Values, RowSink, RowView};
use crate::value::{Value, ValueRef};
use std::borrow::Cow;

/// Takes the rows of a query, in order.
pub(in super::super) trait Out {
    /// So many rows come at most.
    fn reserve(&mut self, _: usize) {}

    /// Whether values are better lent than made.
    fn borrows(&self) -> bool;

    /// Takes a row.
    fn row(&mut self, row: &mut dyn RowView);
}

impl Out for Rows {
    fn reserve(&mut self, rows: usize) {
        Vec::reserve(self, rows);
    }

    fn borrows(&self) -> bool {
        false
    }

    fn row(&mut self, row: &mut dyn RowView) {
        // What is in memory was read already.
        self.push(row.take_row().unwrap_or_default());
    }
}

/// Rows that somebody takes while they come, and how many.
pub(in super::super) struct Given<'s>(pub(in super::super) &'s dyn RowSink, pub(in super::super) usize);

impl Out for Given<'_> {
    fn borrows(&self) -> bool {
        true
    }

    fn row(&mut self, row: &mut dyn RowView) {
        self.1 += 1;
        self.0.row(row);
    }
}

/// A row of values of which some are lent.
pub(super) struct Lent<'v>(pub(super) Vec<Cow<'v, Value>>);

impl RowView for Lent<'_> {
    fn value(&mut self, place: usize) -> Outcome<ValueRef<'_>> {
        Ok(match self.0.get_mut(place) {
            Some(Cow::Borrowed(value)) => ValueRef::Lent(value),
            Some(Cow::Owned(value)) => ValueRef::Made(std::mem::take(value)),
            None => ValueRef::NULL,
        })
    }

    fn take_row(&mut self) -> Outcome<Values> {
        Ok(std::mem::take(&mut self.0).into_iter().map(Cow::into_owned).collect())
    }
}
