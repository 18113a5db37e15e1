//! Rows that are read where an adapter has them.

use super::{Outcome, Row};
use crate::value::{Value, ValueRef};
use std::fmt;

/// A row as an adapter has it. Each of its values is asked for once.
pub trait RowView {
    /// The stored value at a place.
    ///
    /// # Errors
    /// What the database sent can't be read.
    fn value(&mut self, place: usize) -> Outcome<ValueRef<'_>>;

    /// All its values.
    ///
    /// # Errors
    /// As [`RowView::value`].
    fn take_row(&mut self) -> Outcome<Row>;
}

/// Who takes rows while they come ([`Query::into`](super::Query::into)): what is made of one is made of the memory that the
/// answer lies in, without a list of values in between.
pub trait RowSink: Sync {
    /// Takes the next row. What is wrong with it the sink keeps to itself.
    fn row(&self, row: &mut dyn RowView);
}

impl fmt::Debug for dyn RowSink + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowSink")
    }
}

/// A row that was read already.
impl RowView for Row {
    fn value(&mut self, place: usize) -> Outcome<ValueRef<'_>> {
        Ok(ValueRef::Made(self.get_mut(place).map(std::mem::take).unwrap_or(Value::Null)))
    }

    fn take_row(&mut self) -> Outcome<Row> {
        Ok(std::mem::take(self))
    }
}
