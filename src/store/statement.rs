//! Writes: insert, update, delete, and the checks of one row.

use super::database::{Database, Outcome};
use super::ddl::Ddl;
use super::definition::Default;
use super::error::{DefinitionErrorKind, Misfit, MisfitKind, StoreError, ViolationKind};
use super::key::prefix;
use super::records;
use super::slab::{Row, RowId};
use super::table::{IndexId, Named, Ordered, Table, TableId};
use super::transaction::Undo;
use super::tree::Probe;
use crate::value::Value;
use std::sync::Arc;

/// Writes that happen together: see [`Database::statement`].
pub struct Statement<'a> {
    pub(super) database: &'a mut Database,
}

impl<'a> Statement<'a> {
    pub(super) fn new(database: &'a mut Database) -> Statement<'a> {
        Statement { database }
    }

    /// The database, with what the statement has done so far.
    pub fn database(&self) -> &Database {
        self.database
    }

    /// A table, with what the statement has done so far.
    pub fn table(&self, id: TableId) -> Option<&Table> {
        self.database.table(id)
    }

    /// Inserts a row: the values of some columns, and the defaults of all others.
    ///
    /// # Errors
    /// A value that does not fit into its column, a broken constraint, a table or column that is not there. Foreign keys
    /// are looked at when the statement ends.
    pub fn insert(
        &mut self,
        table: TableId,
        columns: &[usize],
        values: Vec<Value>,
    ) -> Result<RowId, StoreError> {
        let row = self.complete(table, columns, values)?;
        self.insert_row(table, row)
    }

    /// Inserts a row, if no other has its key in the index, or in any unique index if none is named: SQL's
    /// `on conflict`.
    ///
    /// # Errors
    /// As [`Statement::insert`].
    pub fn try_insert(
        &mut self,
        table: TableId,
        columns: &[usize],
        values: Vec<Value>,
        target: Option<IndexId>,
    ) -> Result<Outcome, StoreError> {
        let proposed = self.complete(table, columns, values)?;
        match self.known(table)?.conflict(&proposed, target) {
            Some((row, index)) => Ok(Outcome::Conflict { row, index, proposed }),
            None => self.insert_row(table, proposed).map(Outcome::Inserted),
        }
    }

    /// Changes columns of a row; false if there is no such row.
    ///
    /// # Errors
    /// As [`Statement::insert`]; and that the row is referred to, when the statement ends.
    pub fn update(
        &mut self,
        table: TableId,
        id: RowId,
        changes: Vec<(usize, Value)>,
    ) -> Result<bool, StoreError> {
        let known = self.known_mut(table)?;
        if changes.iter().all(|(position, _)| known.plan.plain.get(*position) == Some(&true)) {
            return self.update_plain(table, id, changes);
        }
        let Some(before) = known.rows.get(id).cloned() else { return Ok(false) };
        let mut after = before.to_vec();
        let mut written = Vec::with_capacity(changes.len());
        for (position, value) in changes {
            let value = known.admit(position, value)?;
            if let Some(place) = after.get_mut(position) {
                *place = value;
                written.push(position);
            }
        }
        let after: Row = after.into();
        known.check(&after)?;
        known.replace(id, after.clone()).map_err(|index| known.taken(index))?;
        self.database.log_update(table, id, &before, &after, &written);
        self.follow_update(table, id, before, after)?;
        Ok(true)
    }

    /// Deletes a row; false if there is no such row.
    ///
    /// # Errors
    /// That the row is referred to, when the statement ends.
    pub fn delete(&mut self, table: TableId, id: RowId) -> Result<bool, StoreError> {
        let known = self.known_mut(table)?;
        known.unlink(id, &|_| true);
        let Some(before) = known.rows.remove(id) else { return Ok(false) };
        self.follow_delete(table, &before);
        self.database.log_delete(table, id, before);
        Ok(true)
    }

    /// Deletes rows; how many of them were there. Of many rows this is much faster than one by one.
    ///
    /// # Errors
    /// As [`Statement::delete`].
    pub fn delete_many(&mut self, table: TableId, ids: &[RowId]) -> Result<usize, StoreError> {
        let known = self.known_mut(table)?;
        if ids.len() < 64 || ids.len() < known.len() / 32 {
            let deleted = ids.iter().map(|id| self.delete(table, *id).map(usize::from));
            return deleted.sum();
        }
        let mut gone = vec![false; known.rows.end() as usize];
        for id in ids.iter().filter(|id| known.rows.get(**id).is_some()) {
            gone[id.0 as usize] = true;
        }
        for tree in &mut known.trees {
            tree.retain(|id| !gone[id.0 as usize]);
        }
        let followed = !known.plan.incoming.is_empty();
        let mut deleted = 0;
        // The last comes first, so that the numbers at the end become free altogether.
        for at in (0..gone.len()).rev().filter(|at| gone[*at]) {
            let id = RowId(at as u32);
            let Some(before) = self.known_mut(table)?.rows.remove(id) else { continue };
            if followed {
                self.follow_delete(table, &before);
            }
            self.database.log_delete(table, id, before);
            deleted += 1;
        }
        Ok(deleted)
    }

    /// Sets the number that the sequence of a column gives next. It stays when the transaction is undone.
    ///
    /// # Errors
    /// The column has no sequence.
    pub fn set_sequence(&mut self, table: TableId, column: usize, next: i64) -> Result<(), StoreError> {
        let known = self.known_mut(table)?;
        match known.definition.columns.get(column).map(|column| &column.default) {
            Some(Default::Sequence) => known.sequences[column] = next,
            _ => {
                return Err(StoreError::definition(
                    DefinitionErrorKind::UnknownColumn,
                    format!("table \"{}\" has no sequence at position {column}", known.definition.name),
                ));
            }
        }
        self.database.moved_sequence(table, column);
        self.database.log.set_sequence = true;
        Ok(())
    }

    /// Changes columns that no index has, in place: nothing but the row itself has to be looked at.
    fn update_plain(
        &mut self,
        table: TableId,
        id: RowId,
        mut changes: Vec<(usize, Value)>,
    ) -> Result<bool, StoreError> {
        let known = self.known_mut(table)?;
        for (position, value) in &mut changes {
            *value = known.admit(*position, std::mem::take(value))?;
        }
        if !known.swap(id, changes.iter_mut()) {
            return Ok(false);
        }
        let row = known.rows.values(id);
        let columns = &known.definition.columns;
        let null = |position: usize| !columns[position].nullable && row[position].is_null();
        // What did not change keeps what it met; checks may be about several columns.
        if (!known.plan.checks.is_empty() || changes.iter().any(|(position, _)| null(*position)))
            && let Err(error) = known.check(row)
        {
            known.swap(id, changes.iter_mut().rev());
            return Err(error);
        }
        self.database.log_change(table, id, changes);
        Ok(true)
    }

    pub(super) fn insert_row(&mut self, table: TableId, row: Row) -> Result<RowId, StoreError> {
        let known = self.known_mut(table)?;
        let Some(id) = known.rows.next_id() else {
            return Err(StoreError::definition(DefinitionErrorKind::Invalid, "the table is full"));
        };
        known.rows.put(id, row.clone());
        if let Err(index) = known.link(id, &|_| true) {
            known.rows.remove(id);
            return Err(known.taken(index));
        }
        self.database.log_insert(table, id, &row);
        self.follow_insert(table, id, &row);
        Ok(id)
    }

    /// The whole row, its values as they are stored, which keeps all but keys.
    fn complete(&mut self, table: TableId, columns: &[usize], values: Vec<Value>) -> Result<Row, StoreError> {
        let functions = self.database.functions.clone();
        let known = self.known_mut(table)?;
        let width = known.definition.columns.len();
        if columns.len() != values.len() {
            return Err(StoreError::definition(
                DefinitionErrorKind::Invalid,
                format!("{} values were given for {} columns", values.len(), columns.len()),
            ));
        }
        if columns.iter().copied().eq(0..width) {
            // Every column in its place: nothing is left to a default.
            let mut row = values;
            for (position, value) in row.iter_mut().enumerate() {
                *value = known.admit(position, std::mem::take(value))?;
            }
            known.check(&row)?;
            return Ok(row.into());
        }
        let mut row = vec![Value::Null; width];
        let mut given = vec![false; width];
        for (position, value) in columns.iter().zip(values) {
            let value = known.admit(*position, value)?;
            if let (Some(place), Some(given)) = (row.get_mut(*position), given.get_mut(*position)) {
                *place = value;
                *given = true;
            }
        }
        let definition = known.definition.clone();
        let mut moved = Vec::new();
        for (position, _) in given.iter().enumerate().filter(|(_, given)| !**given) {
            let value = match &definition.columns[position].default {
                Default::Null => continue,
                Default::Value(value) => value.clone(),
                Default::Sequence => {
                    let next = known.sequences[position];
                    known.sequences[position] = next.saturating_add(1);
                    moved.push(position);
                    known.admit(position, Value::Integer(next))?
                }
                Default::Function(name) => {
                    let value = functions.as_ref().and_then(|functions| functions(name));
                    let value = value.ok_or_else(|| {
                        StoreError::definition(
                            DefinitionErrorKind::Invalid,
                            format!("no function \"{name}\" was given to the database for a default"),
                        )
                    })?;
                    known.admit(position, value)?
                }
            };
            row[position] = value;
        }
        let checked = known.check(&row);
        for column in moved {
            self.database.moved_sequence(table, column);
        }
        checked.map(|()| row.into())
    }

    pub(super) fn known(&self, table: TableId) -> Result<&Table, StoreError> {
        self.database.table(table).ok_or_else(no_table)
    }

    pub(super) fn known_mut(&mut self, table: TableId) -> Result<&mut Table, StoreError> {
        self.database.catalogue.table_mut(table).ok_or_else(no_table)
    }
}

fn no_table() -> StoreError {
    StoreError::definition(DefinitionErrorKind::UnknownTable, "the table is not there any more")
}

impl Table {
    /// A value as its column stores it.
    pub(super) fn admit(&self, position: usize, value: Value) -> Result<Value, StoreError> {
        let Some(column) = self.definition.columns.get(position) else {
            return Err(StoreError::definition(
                DefinitionErrorKind::UnknownColumn,
                format!("table \"{}\" has no column at position {position}", self.definition.name),
            ));
        };
        column.kind.admit(value).map_err(|(kind, message)| self.misfit(position, kind, message))
    }

    #[cold]
    pub(super) fn misfit(&self, position: usize, kind: MisfitKind, message: String) -> StoreError {
        let (table, column) = (&self.definition.name.name, &self.definition.columns[position].name);
        StoreError::Misfit(Box::new(Misfit { kind, table: table.clone(), column: column.clone(), message }))
    }

    /// Not-null, then checks in the order of their names.
    pub(super) fn check(&self, row: &[Value]) -> Result<(), StoreError> {
        let Table { definition, plan, .. } = self;
        for (column, value) in definition.columns.iter().zip(row) {
            if !column.nullable && value.is_null() {
                let columns = [column.name.clone()];
                return Err(StoreError::broken(
                    ViolationKind::NotNull,
                    &column.name,
                    &definition.name.name,
                    &columns,
                ));
            }
        }
        for check in plan.checks.iter().filter_map(|at| definition.checks.get(*at)) {
            if check.condition.holds(&Named { columns: &definition.columns, row }) == Some(false) {
                return Err(StoreError::broken(
                    ViolationKind::Check,
                    &check.name,
                    &definition.name.name,
                    &check.condition.fields(),
                ));
            }
        }
        Ok(())
    }

    /// Another row with the key of this one, which is not in the table.
    fn conflict(&self, row: &Row, target: Option<IndexId>) -> Option<(RowId, IndexId)> {
        let indexes = self.plan.indexes.iter().enumerate();
        indexes
            .filter(|(at, index)| target.is_none_or(|target| target.0 == *at) && index.is_exclusive(row))
            .filter(|(_, index)| index.covers(&self.definition.columns, row))
            .find_map(|(at, index)| {
                let id = self.find_by(at, &|part| &row[index.columns[part]])?;
                Some((id, IndexId(at)))
            })
    }

    #[cold]
    fn taken(&self, index: usize) -> StoreError {
        let index = &self.plan.indexes[index];
        let columns = &self.definition.columns;
        let names: Vec<_> = index.columns.iter().map(|column| columns[*column].name.clone()).collect();
        StoreError::broken(ViolationKind::Unique, &index.name, &self.definition.name.name, &names)
    }

    /// Exchanges values of a row with others; false if there is no such row.
    pub(super) fn swap<'v>(
        &mut self,
        id: RowId,
        values: impl Iterator<Item = &'v mut (usize, Value)>,
    ) -> bool {
        let Some(row) = self.rows.get_mut(id) else { return false };
        let row = Arc::make_mut(row);
        for (position, value) in values {
            if let Some(place) = row.get_mut(*position) {
                std::mem::swap(place, value);
            }
        }
        true
    }

    /// Puts a row in the place of another, and moves it in the indexes whose keys differ.
    ///
    /// # Errors
    /// The unique index in which its key is taken; nothing has changed then.
    pub(super) fn replace(&mut self, id: RowId, after: Row) -> Result<(), usize> {
        let Some(before) = self.rows.get(id).cloned() else { return Ok(()) };
        let definition = self.definition.clone();
        let moved = |index: &Ordered| {
            index.order(&before, &after).is_ne()
                || (index.filter.is_some()
                    && index.covers(&definition.columns, &before)
                        != index.covers(&definition.columns, &after))
        };
        self.unlink(id, &moved);
        self.rows.put(id, after.clone());
        let linked = self.link(id, &moved);
        if linked.is_err() {
            self.rows.put(id, before.clone());
            self.link(id, &moved).ok();
        }
        linked
    }

    /// Adds a row, which is among the rows already, to indexes.
    ///
    /// # Errors
    /// The unique index in which its key is taken; it is in none of them then.
    pub(super) fn link(&mut self, id: RowId, wanted: &dyn Fn(&Ordered) -> bool) -> Result<(), usize> {
        let Table { definition, plan, rows, trees, .. } = self;
        let Some(row) = rows.get(id) else { return Ok(()) };
        for (at, index) in plan.indexes.iter().enumerate() {
            if !wanted(index) || !index.covers(&definition.columns, row) {
                continue;
            }
            let compare = |other: RowId| index.order(rows.values(other), row);
            let probe = Probe::whole(prefix(index.key(row)), &compare);
            if trees[at].insert(&probe, id, index.is_exclusive(row)).is_err() {
                self.unlink_first(id, at, wanted);
                return Err(at);
            }
        }
        Ok(())
    }

    /// Takes a row, which is still among the rows, out of indexes.
    pub(super) fn unlink(&mut self, id: RowId, wanted: &dyn Fn(&Ordered) -> bool) {
        self.unlink_first(id, usize::MAX, wanted);
    }

    fn unlink_first(&mut self, id: RowId, count: usize, wanted: &dyn Fn(&Ordered) -> bool) {
        let Table { definition, plan, rows, trees, .. } = self;
        let Some(row) = rows.get(id) else { return };
        for (index, tree) in plan.indexes.iter().zip(trees).take(count) {
            if wanted(index) && index.covers(&definition.columns, row) {
                let compare = |other: RowId| index.order(rows.values(other), row);
                tree.remove(&Probe::whole(prefix(index.key(row)), &compare), id);
            }
        }
    }
}

impl Database {
    fn log_insert(&mut self, table: TableId, id: RowId, row: &Row) {
        self.log.undo.push(Undo::Insert(table, id));
        if self.log.records {
            records::push_put(&mut self.log.redo, table, id, row);
        }
    }

    fn log_update(&mut self, table: TableId, id: RowId, before: &Row, after: &Row, written: &[usize]) {
        self.log.undo.push(Undo::Update(table, id, Arc::clone(before)));
        if self.log.records {
            records::push_change(&mut self.log.redo, table, id, after, written);
        }
    }

    fn log_change(&mut self, table: TableId, id: RowId, before: Vec<(usize, Value)>) {
        if self.log.records
            && let Some(row) = self.catalogue.table(table).and_then(|known| known.rows.get(id))
        {
            let written: Vec<usize> = before.iter().map(|(position, _)| *position).collect();
            records::push_change(&mut self.log.redo, table, id, row, &written);
        }
        self.log.undo.push(Undo::Change(table, id, before));
    }

    fn log_delete(&mut self, table: TableId, id: RowId, before: Row) {
        self.log.undo.push(Undo::Delete(table, id, before));
        if self.log.records {
            records::push_remove(&mut self.log.redo, table, id);
        }
    }

    pub(super) fn log_define(&mut self, ddl: &Ddl) {
        if self.log.records {
            records::push_define(&mut self.log.redo, ddl);
            self.log.all_moved = true;
        }
    }

    fn moved_sequence(&mut self, table: TableId, column: usize) {
        if self.log.records && !self.log.moved.contains(&(table, column)) {
            self.log.moved.push((table, column));
        }
    }

    /// Adds the sequences that have moved to the records.
    pub(super) fn push_sequences(&mut self) {
        let Database { catalogue, log, .. } = self;
        for table in catalogue.tables.iter().flatten() {
            for (at, column) in table.definition.columns.iter().enumerate() {
                let moved = log.all_moved || log.moved.contains(&(table.id, at));
                if moved && column.default == Default::Sequence {
                    records::push_sequence(&mut log.redo, table.id, at, table.sequences[at]);
                }
            }
        }
    }
}
