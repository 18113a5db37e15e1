//! Writes: insert, update, delete, and the checks of one row.

use super::database::{Database, Outcome};
use super::ddl::Ddl;
use super::definition::Default;
use super::error::{DefinitionErrorKind, Misfit, MisfitKind, StoreError, ViolationKind};
use super::key::prefix;
use super::records;
use super::slab::{Row, RowId};
use super::table::{IndexId, Named, Ordered, Plan, Table, TableId};
use super::transaction::Undo;
use super::tree::Probe;
use crate::value::Value;

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
        self.insert_row(table, &row)
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
            None => self.insert_row(table, &proposed).map(Outcome::Inserted),
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
        let Some(before) = known.rows.row(id) else { return Ok(false) };
        let mut after = before.clone();
        let mut written = Vec::with_capacity(changes.len());
        for (position, value) in changes {
            let value = known.admit(position, value)?;
            if let Some(place) = after.get_mut(position) {
                *place = value;
                written.push(position);
            }
        }
        known.plan.follow(&mut after);
        written.extend(known.plan.folded.iter().map(|(at, ..)| *at));
        known.check(&after)?;
        known.replace(id, &before, &after).map_err(|index| known.taken(index))?;
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
        let Some(before) = known.rows.row(id) else { return Ok(false) };
        known.unlink(id, &|_| true);
        known.rows.remove(id);
        self.follow_delete(table, &before);
        self.database.log_delete(table, id, before);
        Ok(true)
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
        if !known.rows.has(id) {
            return Ok(false);
        }
        let before: Vec<(usize, Value)> = changes
            .iter()
            .map(|(position, value)| {
                let before = known.rows.cell(id, *position).to_value();
                known.rows.set(id, *position, value);
                (*position, before)
            })
            .collect();
        let columns = &known.definition.columns;
        let null = |(position, value): &(usize, Value)| !columns[*position].nullable && value.is_null();
        // What did not change keeps what it met; checks may be about several columns.
        if (!known.plan.checks.is_empty() || changes.iter().any(null))
            && let Some(row) = known.rows.row(id)
            && let Err(error) = known.check(&row)
        {
            known.set_back(id, &before);
            return Err(error);
        }
        self.database.log_change(table, id, before, &changes);
        Ok(true)
    }

    pub(super) fn insert_row(&mut self, table: TableId, row: &[Value]) -> Result<RowId, StoreError> {
        let known = self.known_mut(table)?;
        let Some(id) = known.rows.next_id() else {
            return Err(StoreError::definition(DefinitionErrorKind::Invalid, "the table is full"));
        };
        known.rows.put(id, row);
        if let Err(index) = known.link(id, &|_| true) {
            known.rows.remove(id);
            return Err(known.taken(index));
        }
        self.database.log_insert(table, id, row);
        self.follow_insert(table, id, row);
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
            known.plan.follow(&mut row);
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
                Default::Null | Default::Folded(..) => continue,
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
        known.plan.follow(&mut row);
        let checked = known.check(&row);
        for column in moved {
            self.database.moved_sequence(table, column);
        }
        checked.map(|()| row.into())
    }

    pub(super) fn known(&self, table: TableId) -> Result<&Table, StoreError> {
        self.database.table(table).ok_or_else(no_table)
    }

    /// A table that is about to be written to: its trees are there from now on, and follow its rows.
    pub(super) fn known_mut(&mut self, table: TableId) -> Result<&mut Table, StoreError> {
        let known = self.database.catalogue.table_mut(table).ok_or_else(no_table)?;
        known.trees();
        Ok(known)
    }
}

pub(super) fn no_table() -> StoreError {
    StoreError::definition(DefinitionErrorKind::UnknownTable, "the table is not there any more")
}

impl Plan {
    /// Makes columns follow those that they are folded of.
    fn follow(&self, row: &mut [Value]) {
        for (at, fold, source) in &self.folded {
            let folded = row.get(*source).map(|value| fold.fold(value)).unwrap_or_default();
            if let Some(place) = row.get_mut(*at) {
                *place = folded;
            }
        }
    }
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
        for (position, value) in row.iter().enumerate() {
            self.not_null(position, value)?;
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

    pub(super) fn not_null(&self, position: usize, value: &Value) -> Result<(), StoreError> {
        match self.definition.columns.get(position) {
            Some(column) if !column.nullable && value.is_null() => {
                let (table, name) = (&self.definition.name.name, &column.name);
                Err(StoreError::broken(ViolationKind::NotNull, name, table, std::slice::from_ref(name)))
            }
            _ => Ok(()),
        }
    }

    /// Another row with the key of this one, which is not in the table.
    fn conflict(&self, row: &[Value], target: Option<IndexId>) -> Option<(RowId, IndexId)> {
        let indexes = self.plan.indexes.iter().enumerate();
        indexes
            .filter(|(at, index)| {
                target.is_none_or(|target| target.0 == *at) && index.is_exclusive(index.key(row))
            })
            .filter(|(_, index)| index.covers(&self.definition.columns, row))
            .find_map(|(at, index)| {
                let id = self.find_by(at, &|part| (&row[index.columns[part]]).into())?;
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

    /// Gives values of a row back what they were, the last first.
    pub(super) fn set_back(&mut self, id: RowId, before: &[(usize, Value)]) {
        for (position, value) in before.iter().rev() {
            self.rows.set(id, *position, value);
        }
    }

    /// Puts a row in the place of another, and moves it in the indexes whose keys differ.
    ///
    /// # Errors
    /// The unique index in which its key is taken; nothing has changed then.
    pub(super) fn replace(&mut self, id: RowId, before: &[Value], after: &[Value]) -> Result<(), usize> {
        let definition = self.definition.clone();
        let moved = |index: &Ordered| {
            index.order(before, after).is_ne()
                || (index.filter.is_some()
                    && index.covers(&definition.columns, before) != index.covers(&definition.columns, after))
        };
        self.unlink(id, &moved);
        self.rows.put(id, after);
        let linked = self.link(id, &moved);
        if linked.is_err() {
            self.rows.put(id, before);
            self.link(id, &moved).ok();
        }
        linked
    }

    /// Adds a row, which is among the rows already, to indexes.
    ///
    /// # Errors
    /// The unique index in which its key is taken; it is in none of them then.
    pub(super) fn link(&mut self, id: RowId, wanted: &dyn Fn(&Ordered) -> bool) -> Result<(), usize> {
        let plan = self.plan.clone();
        for (at, index) in plan.indexes.iter().enumerate() {
            if !wanted(index) || !self.is_in(id, index) {
                continue;
            }
            let Table { rows, trees, .. } = self;
            let compare = |other: RowId| rows.order(other, id, &index.columns);
            let key = || rows.key(id, &index.columns);
            let probe = Probe::whole(prefix(key()), &compare);
            let Some(tree) = trees.get_mut().and_then(|trees| trees.get_mut(at)) else { continue };
            if tree.insert(&probe, id, index.is_exclusive(key())).is_err() {
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
        let plan = self.plan.clone();
        for (at, index) in plan.indexes.iter().enumerate().take(count) {
            if wanted(index) && self.rows.has(id) && self.is_in(id, index) {
                let Table { rows, trees, .. } = self;
                let compare = |other: RowId| rows.order(other, id, &index.columns);
                let Some(tree) = trees.get_mut().and_then(|trees| trees.get_mut(at)) else { continue };
                tree.remove(&Probe::whole(prefix(rows.key(id, &index.columns)), &compare), id);
            }
        }
    }
}

impl Database {
    fn log_insert(&mut self, table: TableId, id: RowId, row: &[Value]) {
        self.log.undo.push(Undo::Insert(table, id));
        if self.log.records {
            records::push_put(&mut self.log.redo, table, id, row);
        }
    }

    fn log_update(&mut self, table: TableId, id: RowId, before: &Row, after: &Row, written: &[usize]) {
        self.log.undo.push(Undo::Update(table, id, before.clone()));
        if self.log.records {
            let changes = written.iter().map(|position| (*position, &after[*position]));
            records::push_change(&mut self.log.redo, table, id, changes);
        }
    }

    fn log_change(
        &mut self,
        table: TableId,
        id: RowId,
        before: Vec<(usize, Value)>,
        after: &[(usize, Value)],
    ) {
        if self.log.records {
            let changes = after.iter().map(|(position, value)| (*position, value));
            records::push_change(&mut self.log.redo, table, id, changes);
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
