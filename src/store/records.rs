//! What a commit did, as records: the payload of a frame of the journal.
//!
//! A record is a byte that says what it is, and what follows from that, in the notation of `codec`:
//!
//! | byte | record | then |
//! |---|---|---|
//! | 1 | a row is put | table, row number, row |
//! | 2 | a row is changed | table, row number, list of: position, value |
//! | 3 | a row is gone | table, row number |
//! | 4 | definitions change | the change |
//! | 5 | a sequence has moved | table, position of the column, signed number: the next |
//! | 6 | everything is replaced | bytes: a file that was exported |
//!
//! Records say what became of rows, not why: replaying them looks at no constraint, and keeps no index.

use super::codec::{Coded, Malformed, Reader, push_bytes, push_number, push_signed};
use super::database::Catalogue;
use super::ddl::Ddl;
use super::image;
use super::slab::RowId;
use super::table::{Table, TableId};
use crate::value::Value;

pub(super) fn push_put(into: &mut Vec<u8>, table: TableId, id: RowId, row: &[Value]) {
    push_place(into, 1, table, id);
    push_row(into, row);
}

pub(super) fn push_change<'v>(
    into: &mut Vec<u8>,
    table: TableId,
    id: RowId,
    changes: impl ExactSizeIterator<Item = (usize, &'v Value)>,
) {
    push_place(into, 2, table, id);
    push_number(into, changes.len() as u64);
    for (position, value) in changes {
        push_number(into, position as u64);
        value.write(into);
    }
}

pub(super) fn push_remove(into: &mut Vec<u8>, table: TableId, id: RowId) {
    push_place(into, 3, table, id);
}

pub(super) fn push_define(into: &mut Vec<u8>, ddl: &Ddl) {
    into.push(4);
    ddl.write(into);
}

pub(super) fn push_sequence(into: &mut Vec<u8>, table: TableId, column: usize, next: i64) {
    into.push(5);
    push_number(into, table.0.into());
    push_number(into, column as u64);
    push_signed(into, next);
}

pub(super) fn push_replace(into: &mut Vec<u8>, file: &[u8]) {
    into.push(6);
    push_bytes(into, file);
}

/// A row: the list of its values.
pub(super) fn push_row(into: &mut Vec<u8>, row: &[Value]) {
    push_number(into, row.len() as u64);
    row.iter().for_each(|value| value.write(into));
}

/// A row of a table.
pub(super) fn read_row(from: &mut Reader<'_>, table: &Table) -> Result<Vec<Value>, Malformed> {
    if from.count()? != table.definition.columns.len() {
        return Err(Malformed("as many values as the table has columns"));
    }
    let mut row = Vec::with_capacity(table.definition.columns.len());
    for _ in 0..table.definition.columns.len() {
        row.push(Value::read(from)?);
    }
    Ok(row)
}

fn push_place(into: &mut Vec<u8>, record: u8, table: TableId, id: RowId) {
    into.push(record);
    push_number(into, table.0.into());
    push_number(into, id.0.into());
}

impl Catalogue {
    /// Does again what a commit did. No index is kept.
    ///
    /// # Errors
    /// In words, why that can't be.
    pub(super) fn replay(&mut self, records: &[u8]) -> Result<(), String> {
        let mut from = Reader::new(records);
        while !from.is_done() {
            self.replay_one(&mut from)?;
        }
        Ok(())
    }

    fn replay_one(&mut self, from: &mut Reader<'_>) -> Result<(), String> {
        let malformed = |error: Malformed| error.to_string();
        match from.byte().map_err(malformed)? {
            4 => {
                let ddl = Ddl::read(from).map_err(malformed)?;
                self.apply(&ddl).map(|_| ()).map_err(|error| error.to_string())
            }
            6 => {
                let file = from.bytes().map_err(malformed)?;
                *self = image::read_file(file).map_err(|error| error.to_string())?;
                Ok(())
            }
            record => self.replay_row(record, from).map_err(malformed),
        }
    }

    fn replay_row(&mut self, record: u8, from: &mut Reader<'_>) -> Result<(), Malformed> {
        let table = self.table_mut(TableId(from.small()?)).ok_or(Malformed("a table that is there"))?;
        if record == 5 {
            let place = table.sequences.get_mut(from.small()? as usize);
            *place.ok_or(Malformed("a column that is there"))? = from.signed()?;
            return Ok(());
        }
        let id = RowId(from.small()?);
        match (record, table.rows.has(id)) {
            (1, false) if id.0 <= table.rows.end() && id.0 < u32::MAX => {
                let row = read_row(from, table)?;
                table.rows.put(id, &row);
            }
            (1, _) => return Err(Malformed("a row that is free")),
            (2, true) => {
                for _ in 0..from.count()? {
                    let column = from.small()? as usize;
                    if column >= table.definition.columns.len() {
                        return Err(Malformed("a column that is there"));
                    }
                    table.rows.set(id, column, &Value::read(from)?);
                }
            }
            (3, true) => drop(table.rows.remove(id)),
            (2 | 3, false) => return Err(Malformed("a row that is there")),
            _ => return Err(Malformed("a record")),
        }
        Ok(())
    }
}
