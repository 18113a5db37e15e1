//! What takes the rows of a source as they are read.

use crate::adapters::glue::value::Fault;
use crate::store::{Row as StoredRow, RowId};
use crate::value::Value;

/// Takes rows until it has enough.
pub(in super::super) trait Take<'t> {
    /// Takes a row, with its number if it is one of a table. Whether that is enough.
    fn row(&mut self, id: Option<RowId>, row: &'t [Value]) -> Result<bool, Fault>;

    /// Takes the chosen rows of a stretch of a table that begins with a number.
    fn rows(&mut self, first: RowId, rows: &'t [Option<StoredRow>], chosen: &[u32]) -> Result<bool, Fault> {
        for place in chosen {
            let place = *place as usize;
            if let Some(Some(row)) = rows.get(place)
                && self.row(Some(first.plus(place)), row)?
            {
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
