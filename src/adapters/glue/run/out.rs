//! Where the rows of a query go.

use super::Rows;
use super::copies::Reading;
use super::select::Cut;
use super::take::Take;
use crate::adapter::{Outcome, Row as Values, RowSink, RowView};
use crate::adapters::glue::node::Node;
use crate::adapters::glue::value::Fault;
use crate::store::{Cell, RowId, Stretch, Table};
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

/// Gives columns of the rows of one table away as they lie there.
pub(super) struct Lying<'o> {
    columns: Vec<usize>,
    /// How many rows are left out first, and how many are wanted after those.
    skipped: usize,
    wanted: usize,
    out: &'o mut dyn Out,
}

impl<'o> Lying<'o> {
    /// `None` if one of the fields is more than a column.
    pub(super) fn new(fields: &[Node], cut: Cut, out: &'o mut dyn Out) -> Option<Lying<'o>> {
        let column = |field: &Node| match field {
            Node::Column { up: 0, source: 0, column } => Some(*column),
            _ => None,
        };
        let columns = fields.iter().map(column).collect::<Option<_>>()?;
        let wanted = cut.end().map_or(usize::MAX, |end| end - cut.offset);
        Some(Lying { columns, skipped: cut.offset, wanted, out })
    }

    /// Whether that is enough.
    fn give<'c>(&mut self, cell: &dyn Fn(usize) -> Cell<'c>) -> bool {
        if self.skipped > 0 {
            self.skipped -= 1;
        } else if self.wanted > 0 {
            self.wanted -= 1;
            self.out.row(&mut View { columns: &self.columns, cell });
        }
        self.wanted == 0
    }
}

impl<'t> Take<'t> for Lying<'_> {
    fn takes_lying(&self) -> bool {
        true
    }

    fn lying(&mut self, table: &'t Table, id: RowId) -> bool {
        self.give(&|column| table.cell(id, column))
    }

    fn row(&mut self, _: Option<RowId>, row: &'t [Value]) -> Result<bool, Fault> {
        Ok(self.give(&|column| row.get(column).map_or(Cell::Null, Cell::from)))
    }

    fn rows(
        &mut self,
        stretch: &Stretch<'t>,
        chosen: &[u32],
        _: &mut Reading<'t>,
    ) -> Result<bool, Fault> {
        Ok(chosen.iter().any(|place| self.give(&|column| stretch.cell(*place as usize, column))))
    }
}

/// Columns of a row where it lies.
struct View<'v, 'c> {
    columns: &'v [usize],
    cell: &'v dyn Fn(usize) -> Cell<'c>,
}

impl RowView for View<'_, '_> {
    fn value(&mut self, place: usize) -> Outcome<ValueRef<'_>> {
        Ok(self.columns.get(place).map_or(ValueRef::NULL, |column| (self.cell)(*column).lend()))
    }

    fn take_row(&mut self) -> Outcome<Values> {
        Ok(self.columns.iter().map(|column| (self.cell)(*column).to_value()).collect())
    }
}
