//! Inserting a record.

use super::relation::{children_of, parents_of, patch};
use super::{Action, Written, embed, generate, is_written, violation};
use crate::adapter::{ConflictAction, Insert, Row, Statement};
use crate::changeset::{Change, Changeset, Input, Parts};
use crate::repo::load::{dump_embed, dump_value, load_field};
use crate::repo::{Options, Repo, RepoError, WriteError};
use crate::schema::{Cardinality, FieldKind, Record, RecordState, Schema, Slot};
use crate::value::{Str, Value};
use std::sync::Arc;

/// Makes changes of all that the record holds: an insert writes the whole record.
pub(super) fn surface(parts: &mut Parts) -> Result<(), RepoError> {
    let schema = parts.schema().clone();
    for (at, field) in schema.fields().iter().enumerate() {
        if parts.changes.get(at).is_some() {
            continue;
        }
        match (&field.kind, parts.data.slot(at)) {
            (FieldKind::Value(_), Slot::Value(value))
                if !value.is_null() && is_written(field, Action::Insert) =>
            {
                let value = value.clone();
                parts.changes.put(at, Change::Value(value));
            }
            (FieldKind::Relation(relation), slot) if !slot.records().is_empty() => {
                let records = slot.records().iter().cloned();
                let (empty, input) = match relation.cardinality() {
                    Cardinality::One => {
                        (Slot::One(None), records.map(Input::Record).next().unwrap_or(Input::Null))
                    }
                    Cardinality::Many => {
                        (Slot::Many(Vec::new()), Input::List(records.map(Input::Record).collect()))
                    }
                };
                // Put into a record that has none, so that they are new to it.
                let mut bare = Record::clone(&parts.data);
                bare.set_slot(at, empty);
                let changeset = Changeset::<Record>::of_parts(Parts::new(Arc::new(bare)));
                let name = field.name.clone();
                let mut surfaced = match relation.is_embed() {
                    true => changeset.put_embed(name, input),
                    false => changeset.put_assoc(name, input),
                }
                .into_parts();
                if let Some(mistake) = surfaced.mistake {
                    return Err(RepoError::Mistake(mistake));
                }
                parts.valid &= surfaced.valid;
                parts.errors.append(&mut surfaced.errors);
                if let Some(change) = surfaced.changes.remove(at) {
                    parts.changes.put(at, change);
                }
            }
            _ => {}
        }
    }
    drop_unwritable(parts, Action::Insert);
    Ok(())
}

/// Takes out changes of columns that the action must not write.
pub(super) fn drop_unwritable(parts: &mut Parts, action: Action) {
    let schema = parts.schema().clone();
    for (at, field) in schema.fields().iter().enumerate() {
        if field.value_type().is_some() && !field.is_virtual && !is_written(field, action) {
            parts.changes.remove(at);
        }
    }
}

impl Repo {
    pub(super) async fn insert_parts(&self, mut parts: Parts, options: &Options) -> Written {
        if !parts.prepare.is_empty() {
            self.run_prepared(&mut parts).await?;
            drop_unwritable(&mut parts, Action::Insert);
        }
        let mut data = Record::clone(&parts.data);
        let keys = match self.write_parents(&mut parts, &mut data, Action::Insert, options).await? {
            Some(keys) => keys,
            None => return Err(WriteError::Invalid(Box::new(parts))),
        };
        let schema = parts.schema().clone();
        let meta = self.meta_of(&parts.data, options);
        let written = self.row(&parts, keys, Action::Insert).await?;
        let returning = self.returning_of(&schema, options, Some(&written.positions))?;
        let on_conflict = self.conflict(&meta, options)?;
        let insert = Insert {
            meta: &meta,
            fields: written.fields,
            on_conflict: &on_conflict,
            returning: &returning.columns,
        };
        let answer = match self.statement(Statement::Insert(insert), options).await {
            Ok(answer) => answer,
            Err(error) => return Err(violation::explain(parts, Action::Insert, error)),
        };
        if answer.count == 0 && matches!(on_conflict.action, ConflictAction::Query(..)) {
            parts = violation::stale(parts, Action::Insert, options)?;
        }
        merge(&mut data, &parts, written.slots);
        load_returned(&mut data, &schema, &returning.positions, answer.rows)?;
        loaded(&mut data, RecordState::Loaded, options);
        self.write_children(parts, data, Action::Insert, options).await
    }

    /// Writes the parents of a record, and gives the keys it gets from them; `None` if one is invalid, which then is in
    /// the changeset.
    pub(super) async fn write_parents(
        &self,
        parts: &mut Parts,
        data: &mut Record,
        action: Action,
        options: &Options,
    ) -> Result<Option<Vec<(usize, Value)>>, RepoError> {
        let parents = parents_of(parts);
        if parents.is_empty() {
            return Ok(parts.valid.then(Vec::new));
        }
        let positions: Vec<usize> = parents.iter().map(|(at, _)| *at).collect();
        let patches = self.change_relations(data, action, parents, &options.inherited()).await?;
        if !patches.is_empty() {
            patch(parts, patches);
        }
        if !parts.valid {
            return Ok(None);
        }
        let schema = parts.schema().clone();
        let mut keys = Vec::with_capacity(positions.len());
        for at in positions {
            let Some(relation) = schema.fields()[at].relation() else { continue };
            let parent = data.slot(at).records().first();
            let value = parent.map_or(Value::Null, |parent| parent.value(&relation.related_key).clone());
            let key = schema.expect_position(&relation.owner_key)?;
            if parts.changes.get(key).is_some_and(|change| *change.value() != value) {
                return Err(RepoError::mistake(format!(
                    "cannot change the association `{}`: its key `{}` is changed too, to something else",
                    relation.field, relation.owner_key
                )));
            }
            keys.push((key, value));
        }
        Ok(Some(keys))
    }

    /// Writes the children of a record that was just written, and gives the whole.
    pub(super) async fn write_children(
        &self,
        mut parts: Parts,
        mut data: Record,
        action: Action,
        options: &Options,
    ) -> Written {
        let children = children_of(&parts);
        if !children.is_empty() {
            let patches = self.change_relations(&mut data, action, children, &options.inherited()).await?;
            if !patches.is_empty() {
                patch(&mut parts, patches);
                return Err(WriteError::Invalid(Box::new(parts)));
            }
        }
        Ok(Arc::new(data))
    }

    /// What is written of a changeset: its plain changes, embeds, keys of parents and generated values.
    pub(super) async fn row(
        &self,
        parts: &Parts,
        keys: Vec<(usize, Value)>,
        action: Action,
    ) -> Result<WrittenRow, RepoError> {
        let schema = parts.schema();
        let count = parts.changes.len() + keys.len() + 2;
        let mut row = WrittenRow {
            fields: Vec::with_capacity(count),
            positions: Vec::with_capacity(count),
            slots: Vec::new(),
            changes: 0,
        };
        for (at, change) in parts.changes.iter() {
            let field = &schema.fields()[at];
            if keys.iter().any(|(key, _)| *key == at) || !is_written(field, action) {
                continue;
            }
            let value = match (&field.kind, change) {
                (FieldKind::Value(kind), Change::Value(value)) => {
                    dump_value(action.name(), schema.name(), &field.name, kind, value)?
                }
                (FieldKind::Relation(relation), change) => {
                    let slot = Box::pin(embed::prepare(self, relation, change, action)).await?;
                    let dumped = dump_embed(relation, &slot)?;
                    row.slots.push((at, slot));
                    dumped
                }
                _ => continue,
            };
            row.push(at, field.column(), value);
        }
        for (at, value) in keys {
            let field = &schema.fields()[at];
            let Some(kind) = field.value_type() else { continue };
            let dumped = dump_value(action.name(), schema.name(), &field.name, kind, &value)?;
            row.slots.push((at, Slot::Value(value)));
            row.push(at, field.column(), dumped);
        }
        row.changes = row.fields.len();
        for (at, value) in generate::generated(self, parts, action)? {
            let field = &schema.fields()[at];
            let Some(kind) = field.value_type() else { continue };
            let dumped = dump_value(action.name(), schema.name(), &field.name, kind, &value)?;
            row.slots.push((at, Slot::Value(value)));
            row.push(at, field.column(), dumped);
        }
        Ok(row)
    }
}

/// The columns of a write, and what the record holds afterwards where that is not simply the change.
pub(super) struct WrittenRow {
    pub fields: Vec<(Str, Value)>,
    /// The positions of `fields` in the schema.
    pub positions: Vec<usize>,
    pub slots: Vec<(usize, Slot)>,
    /// How many of `fields` are changes; the rest is generated.
    pub changes: usize,
}

impl WrittenRow {
    fn push(&mut self, at: usize, column: &Str, value: Value) {
        self.fields.push((column.clone(), value));
        self.positions.push(at);
    }

    /// Takes out what was generated, with its slots.
    pub fn forget_generated(&mut self) {
        self.fields.truncate(self.changes);
        let kept = &self.positions[..self.changes];
        self.slots.retain(|(at, _)| kept.contains(at));
        self.positions.truncate(self.changes);
    }
}

/// Puts changes into the record, associations excepted, and then what the write made of some.
pub(super) fn merge(data: &mut Record, parts: &Parts, slots: Vec<(usize, Slot)>) {
    for (at, change) in parts.changes.iter() {
        if let Change::Value(value) = change {
            data.set_slot(at, Slot::Value(value.clone()));
        }
    }
    slots.into_iter().for_each(|(at, slot)| data.set_slot(at, slot));
}

/// Puts columns that a write gave back, if it did, into the record.
pub(super) fn load_returned(
    data: &mut Record,
    schema: &Schema,
    positions: &[usize],
    rows: Vec<Row>,
) -> Result<(), RepoError> {
    let row = rows.into_iter().next().unwrap_or_default();
    for (at, value) in positions.iter().zip(row) {
        data.set_slot(*at, load_field(&schema.fields()[*at], value)?);
    }
    Ok(())
}

/// Marks a record as written.
pub(super) fn loaded(data: &mut Record, state: RecordState, options: &Options) {
    data.state = state;
    if let Some(prefix) = &options.prefix {
        data.prefix = Some(prefix.clone());
    }
}
