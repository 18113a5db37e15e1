//! What takes the rows of a source as they are read.

use super::copies::Reading;
use crate::adapters::glue::value::Fault;
use crate::store::{RowId, Stretch, Table};
use crate::value::Value;

/// Takes rows until it has enough.
pub(in super::super) trait Take<'t> {
    /// Whether rows of a table are taken as they lie, without a copy: by [`Take::lying`].
    fn takes_lying(&self) -> bool {
        false
    }

    /// Takes a row of a table as it lies. Whether that is enough.
    fn lying(&mut self, _: &'t Table, _: RowId) -> bool {
        true
    }

    /// Takes a row, with its number if it is one of a table. Whether that is enough.
    fn row(&mut self, id: Option<RowId>, row: &'t [Value]) -> Result<bool, Fault>;

    /// Takes the chosen rows of a stretch of a table.
    fn rows(
        &mut self,
        stretch: &Stretch<'t>,
        chosen: &[u32],
        reading: &mut Reading<'t>,
    ) -> Result<bool, Fault> {
        for (place, row) in chosen.iter().zip(reading.chosen(stretch, chosen)) {
            if self.row(Some(stretch.id(*place as usize)), row)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<'t, F: FnMut(Option<RowId>, &'t [Value]) -> Result<bool, Fault>> Take<'t> for F {
    fn row(&mut self, id: Option<RowId>, row: &'t [Value]) -> Result<bool, Fault> {
        self(id, row)
    }
}
