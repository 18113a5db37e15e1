//! Foreign keys: rows must refer to rows that are there.
//!
//! A row that refers is looked at when it is written; if what it refers to is not there yet, again when the statement
//! ends. When a row goes or changes its key, what refers to it is looked after when the statement ends: first
//! what acts (restrict, cascade, nilify, default), and what that causes, level by level; then what only checks.

use super::database::Catalogue;
use super::definition::{Action, Default};
use super::error::{StoreError, ViolationKind};
use super::slab::{Row, RowId};
use super::statement::Statement;
use super::table::{Foreign, Table, TableId};
use crate::value::Value;
use std::collections::VecDeque;

/// What the statement has to look after before it ends.
#[derive(Default)]
pub(super) struct Pending {
    events: VecDeque<Event>,
    /// Rows that refer to what was not there: the table, the row, the position in its foreign keys.
    unfounded: Vec<(TableId, RowId, usize)>,
    /// Keys that are gone, which nothing may refer to: the table that refers, the position in its foreign keys, the row
    /// that had the key.
    left: Vec<(TableId, usize, Row)>,
}

/// A row that others may refer to has gone, or has another key.
struct Event {
    table: TableId,
    before: Row,
    after: Option<Row>,
}

impl Pending {
    pub(super) fn clear(&mut self) {
        self.events.clear();
        self.unfounded.clear();
        self.left.clear();
    }
}

impl Statement<'_> {
    pub(super) fn follow_insert(&mut self, table: TableId, id: RowId, row: &[Value]) {
        let Some(known) = self.database.table(table) else { return };
        if known.plan.foreign.is_empty() {
            return;
        }
        let unfounded: Vec<_> = (0..known.plan.foreign.len())
            .filter(|at| !self.is_founded(known, *at, row))
            .map(|at| (table, id, at))
            .collect();
        self.database.log.pending.unfounded.extend(unfounded);
    }

    pub(super) fn follow_update(
        &mut self,
        table: TableId,
        id: RowId,
        before: Row,
        after: Row,
    ) -> Result<(), StoreError> {
        let known = self.known(table)?;
        let unfounded: Vec<_> = known
            .plan
            .foreign
            .iter()
            .enumerate()
            .filter(|(_, foreign)| !same(&foreign.columns, &before, &after))
            .filter(|(at, _)| !self.is_founded(known, *at, &after))
            .map(|(at, _)| (table, id, at))
            .collect();
        let referred = !known.plan.incoming.is_empty();
        let pending = &mut self.database.log.pending;
        pending.unfounded.extend(unfounded);
        if referred {
            pending.events.push_back(Event { table, before, after: Some(after) });
        }
        Ok(())
    }

    pub(super) fn follow_delete(&mut self, table: TableId, before: &[Value]) {
        if self.database.table(table).is_some_and(|known| !known.plan.incoming.is_empty()) {
            let before = before.into();
            self.database.log.pending.events.push_back(Event { table, before, after: None });
        }
    }

    /// Looks after everything that is pending.
    pub(super) fn finish(&mut self) -> Result<(), StoreError> {
        while let Some(event) = self.database.log.pending.events.pop_front() {
            self.act(&event)?;
        }
        let left = std::mem::take(&mut self.database.log.pending.left);
        for (child, at, before) in &left {
            self.check_left(*child, *at, before)?;
        }
        let unfounded = std::mem::take(&mut self.database.log.pending.unfounded);
        for (table, id, at) in unfounded {
            let Some(known) = self.database.table(table) else { continue };
            if let Some(row) = known.row(id)
                && !self.is_founded(known, at, &row)
            {
                return Err(broken(ViolationKind::ForeignKey, known, at));
            }
        }
        Ok(())
    }

    fn act(&mut self, event: &Event) -> Result<(), StoreError> {
        let Some(parent) = self.database.table(event.table) else { return Ok(()) };
        for (child_id, at) in parent.plan.incoming.clone() {
            let child = self.known(child_id)?;
            let foreign = child.plan.foreign[at].clone();
            if event.after.as_ref().is_some_and(|after| same(&foreign.referenced, &event.before, after)) {
                continue;
            }
            let children = referring(child, &foreign, &event.before);
            if children.is_empty() {
                continue;
            }
            let definition = &child.definition.foreign_keys[at];
            let action = if event.after.is_some() { &definition.on_update } else { &definition.on_delete };
            let values = match action {
                Action::Nothing => {
                    self.database.log.pending.left.push((child_id, at, event.before.clone()));
                    continue;
                }
                Action::Restrict => return Err(broken(ViolationKind::Referenced, child, at)),
                Action::Cascade => match &event.after {
                    None => {
                        for id in children {
                            self.delete(child_id, id)?;
                        }
                        continue;
                    }
                    Some(after) => foreign
                        .columns
                        .iter()
                        .zip(&foreign.referenced)
                        .map(|(column, referenced)| (*column, after[*referenced].clone()))
                        .collect(),
                },
                Action::Nilify(only) => emptied(child, &foreign, only.as_deref(), |_| Value::Null),
                Action::Default(only) => emptied(child, &foreign, only.as_deref(), |default| match default {
                    Default::Value(value) => value.clone(),
                    _ => Value::Null,
                }),
            };
            let to_default = matches!(action, Action::Default(_));
            for id in children {
                self.update(child_id, id, values.clone())?;
                // The default may be the very key that is gone.
                if to_default {
                    self.database.log.pending.unfounded.push((child_id, id, at));
                }
            }
        }
        Ok(())
    }

    /// Nothing may refer to a key that is gone, unless another row has it now.
    fn check_left(&self, child_id: TableId, at: usize, before: &[Value]) -> Result<(), StoreError> {
        let child = self.known(child_id)?;
        let foreign = &child.plan.foreign[at];
        for id in referring(child, foreign, before) {
            if child.row(id).is_some_and(|row| !self.is_founded(child, at, &row)) {
                return Err(broken(ViolationKind::Referenced, child, at));
            }
        }
        Ok(())
    }

    pub(super) fn is_founded(&self, child: &Table, at: usize, row: &[Value]) -> bool {
        self.database.catalogue.is_founded(child, at, row)
    }
}

impl Catalogue {
    /// Whether a row refers to a row that is there, or to none.
    pub(super) fn is_founded(&self, child: &Table, at: usize, row: &[Value]) -> bool {
        let foreign = &child.plan.foreign[at];
        let nulls = foreign.columns.iter().filter(|column| row[**column].is_null()).count();
        if nulls > 0 {
            // Partly null: not checked, unless the whole must match.
            return nulls == foreign.columns.len() || !child.definition.foreign_keys[at].full;
        }
        let Some(parent) = self.table(foreign.parent) else { return false };
        parent
            .find_by(foreign.parent_index, &|part| (&row[foreign.columns[foreign.parent_key[part]]]).into())
            .is_some()
    }
}

/// The rows that refer to a key.
fn referring(child: &Table, foreign: &Foreign, parent: &[Value]) -> Vec<RowId> {
    let key: Vec<Value> =
        foreign.child_key.iter().map(|part| parent[foreign.referenced[*part]].clone()).collect();
    if key.iter().any(Value::is_null) {
        return Vec::new();
    }
    let index = super::table::IndexId(foreign.child_index);
    child.scan(index, &super::scan::Range::equal(&key)).ids().collect()
}

/// The columns of a foreign key, or some of them, without what they had.
fn emptied(
    child: &Table,
    foreign: &Foreign,
    only: Option<&[crate::value::Str]>,
    value: impl Fn(&Default) -> Value,
) -> Vec<(usize, Value)> {
    let columns = &child.definition.columns;
    foreign
        .columns
        .iter()
        .filter(|column| only.is_none_or(|only| only.contains(&columns[**column].name)))
        .map(|column| (*column, value(&columns[*column].default)))
        .collect()
}

fn same(columns: &[usize], left: &[Value], right: &[Value]) -> bool {
    columns.iter().all(|column| super::key::order(&left[*column], &right[*column]).is_eq())
}

fn broken(kind: ViolationKind, child: &Table, at: usize) -> StoreError {
    let foreign_key = &child.definition.foreign_keys[at];
    StoreError::broken(kind, &foreign_key.name, &child.definition.name.name, &foreign_key.columns)
}
