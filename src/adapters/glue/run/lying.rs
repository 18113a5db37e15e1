//! Rows of one table, taken as they lie there.

use super::copies::Reading;
use super::out::Out;
use super::scan::Held;
use super::select::Cut;
use super::take::Take;
use crate::adapter::{Outcome, Row as Values, RowView};
use crate::adapters::glue::node::{Env, Node};
use crate::adapters::glue::select::{Core, Origin, Source};
use crate::adapters::glue::value::Fault;
use crate::store::{Cell, RowId, Stretch, Table};
use crate::value::{Value, ValueRef};

impl Core {
    /// The table whose rows are those of the query, if it reads one alone and its conditions are those of the source.
    pub(super) fn lying(&self) -> Option<&Source> {
        match self.sources.as_slice() {
            [source] if self.joins.is_empty() && self.filters.is_empty() && !source.numbered => {
                matches!(source.rows, Origin::Table { .. }).then_some(source)
            }
            _ => None,
        }
    }

    /// The numbers of the rows that meet the conditions; none if more than one table has a say in that.
    pub(in super::super) fn ids(&self, env: &Env<'_>) -> Result<Option<Vec<RowId>>, Fault> {
        let (Some(source), held) = (self.lying(), Held::new()) else { return Ok(None) };
        let mut ids = Ids(Vec::new());
        source.read(0, 1, env, None, &held, &mut ids)?;
        Ok(Some(ids.0))
    }
}

/// Keeps the numbers of rows.
struct Ids(Vec<RowId>);

impl<'t> Take<'t> for Ids {
    fn takes_lying(&self) -> bool {
        true
    }

    fn lying(&mut self, _: &'t Table, id: RowId) -> bool {
        self.0.push(id);
        false
    }

    fn row(&mut self, id: Option<RowId>, _: &'t [Value]) -> Result<bool, Fault> {
        self.0.extend(id);
        Ok(false)
    }

    fn rows(&mut self, stretch: &Stretch<'t>, chosen: &[u32], _: &mut Reading<'t>) -> Result<bool, Fault> {
        self.0.extend(chosen.iter().map(|place| stretch.id(*place as usize)));
        Ok(false)
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

    fn rows(&mut self, stretch: &Stretch<'t>, chosen: &[u32], _: &mut Reading<'t>) -> Result<bool, Fault> {
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
