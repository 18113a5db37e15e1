//! Writes of many rows: they are looked at together, and what undoes them is what they lay in.

use super::bits::Bits;
use super::database::Database;
use super::error::StoreError;
use super::records;
use super::slab::{Row, RowId};
use super::statement::{Statement, no_table};
use super::table::TableId;
use super::transaction::Undo;
use crate::value::Value;

/// From so many rows on it is worth the while to look at them together.
const MANY: usize = 64;

impl Statement<'_> {
    /// Deletes rows; how many of them were there. Of many rows this is much faster than one by one.
    ///
    /// # Errors
    /// As [`Statement::delete`].
    pub fn delete_many(&mut self, table: TableId, ids: &[RowId]) -> Result<usize, StoreError> {
        let known = self.known_mut(table)?;
        if ids.len() < MANY || ids.len() < known.len() / 32 {
            let deleted = ids.iter().map(|id| self.delete(table, *id).map(usize::from));
            return deleted.sum();
        }
        let mut gone = vec![Bits::default(); known.rows.chunks()];
        for id in ids.iter().filter(|id| known.rows.has(**id)) {
            gone[id.chunk()].set(id.place(), true);
        }
        for tree in known.trees.get_mut().into_iter().flatten() {
            tree.retain(|id| !gone[id.chunk()].has(id.place()));
        }
        let followed = !known.plan.incoming.is_empty();
        let (mut hidden, mut kept, mut deleted) = (Vec::new(), Vec::new(), 0);
        // The last comes first, so that the numbers at the end become free altogether.
        for (number, places) in
            gone.iter().enumerate().rev().filter(|(_, places)| **places != Bits::default())
        {
            let ids: Vec<RowId> = places.places().rev().map(|place| RowId::of(number, place)).collect();
            let known = self.known_mut(table)?;
            let before: Vec<Row> =
                ids.iter().filter(|_| followed).filter_map(|id| known.rows.row(*id)).collect();
            match known.rows.hide(number, places) {
                Some(chunk) => hidden.push(chunk),
                None => {
                    kept.extend(ids.first().and_then(|id| known.rows.keep(*id)));
                    ids.iter().for_each(|id| _ = known.rows.remove(*id));
                }
            }
            before.iter().for_each(|row| self.follow_delete(table, row));
            if self.database.log.records {
                ids.iter().for_each(|id| records::push_remove(&mut self.database.log.redo, table, *id));
            }
            deleted += ids.len();
        }
        self.database.log.undo.extend([Undo::Chunks(table, kept), Undo::Hidden(table, hidden)]);
        Ok(deleted)
    }

    /// Changes the same columns of rows, whose values come row by row; how many rows were there. Of many rows this
    /// is much faster than one by one.
    ///
    /// # Errors
    /// As [`Statement::update`].
    pub fn update_many(
        &mut self,
        table: TableId,
        ids: &[RowId],
        columns: &[usize],
        values: Vec<Value>,
    ) -> Result<usize, StoreError> {
        let known = self.known(table)?;
        let plain = columns.iter().all(|position| known.plan.plain.get(*position) == Some(&true));
        let mut values = values.into_iter();
        if ids.len() < MANY || !plain || !known.plan.checks.is_empty() {
            let changes =
                |values: &mut std::vec::IntoIter<Value>| columns.iter().copied().zip(values).collect();
            let updated = ids.iter().map(|id| self.update(table, *id, changes(&mut values)).map(usize::from));
            return updated.sum();
        }
        let Database { catalogue, log, .. } = &mut *self.database;
        let known = catalogue.table_mut(table).ok_or_else(no_table)?;
        let kept = firsts(ids).filter_map(|id| known.rows.keep_columns(id, columns)).collect();
        log.undo.push(Undo::Columns(table, kept));
        let mut updated = 0;
        let mut row = Vec::with_capacity(columns.len());
        for id in ids {
            row.clear();
            for position in columns {
                let value = known.admit(*position, values.next().unwrap_or_default())?;
                known.not_null(*position, &value)?;
                row.push((*position, value));
            }
            if !known.rows.has(*id) {
                continue;
            }
            for (position, value) in &row {
                known.rows.set(*id, *position, value);
            }
            if log.records {
                let changes = row.iter().map(|(position, value)| (*position, value));
                records::push_change(&mut log.redo, table, *id, changes);
            }
            updated += 1;
        }
        Ok(updated)
    }
}

/// Of each run of rows in one chunk the first.
fn firsts(ids: &[RowId]) -> impl Iterator<Item = RowId> {
    ids.chunk_by(|one, other| one.chunk() == other.chunk()).filter_map(|run| run.first().copied())
}
