//! Updating a record.

use super::insert::{drop_unwritable, load_returned, loaded, merge};
use super::{Action, Written, is_parent, violation};
use crate::adapter::{Statement, Update};
use crate::changeset::Parts;
use crate::repo::load::dump_value;
use crate::repo::{Options, Repo, RepoError, WriteError};
use crate::schema::{Record, RecordState, Slot};
use crate::value::{Str, Value};

impl Repo {
    pub(super) async fn update_parts(&self, mut parts: Parts, options: &Options) -> Written {
        drop_unwritable(&mut parts, Action::Update);
        // The row is found by the key it was read with, whatever becomes of the key.
        let filters = filters(&parts, Action::Update)?;
        if !parts.prepare.is_empty() {
            self.run_prepared(&mut parts).await?;
            drop_unwritable(&mut parts, Action::Update);
        }
        let mut data = Record::clone(&parts.data);
        let keys = match self.write_parents(&mut parts, &mut data, Action::Update, options).await? {
            Some(keys) => keys,
            None => return Err(WriteError::Invalid(Box::new(parts))),
        };
        reset_parents(&parts, &mut data);
        let schema = parts.schema().clone();
        let mut written = self.row(&parts, keys, Action::Update).await?;
        let force = options.force || parts.force;
        // The time of the update alone is no reason to write.
        if written.changes == 0 && (!force || written.fields.is_empty()) {
            written.forget_generated();
            merge(&mut data, &parts, written.slots);
        } else {
            let meta = self.meta_of(&parts.data, options);
            let returning = self.returning_of(&schema, options, None)?;
            let fields = std::mem::take(&mut written.fields);
            let update = Update { meta: &meta, fields, filters, returning: &returning.columns };
            let answer = match self.statement(Statement::Update(update), options).await {
                Ok(answer) => answer,
                Err(error) => return Err(violation::explain(parts, Action::Update, error)),
            };
            if answer.count == 0 {
                parts = violation::stale(parts, Action::Update, options)?;
            }
            merge(&mut data, &parts, written.slots);
            load_returned(&mut data, &schema, &returning.positions, answer.rows)?;
        }
        loaded(&mut data, RecordState::Loaded, options);
        self.write_children(parts, data, Action::Update, options).await
    }
}

/// The columns that a row is found by: its primary key, and what optimistic locks ask for.
pub(super) fn filters(parts: &Parts, action: Action) -> Result<Vec<(Str, Value)>, RepoError> {
    let schema = parts.schema();
    if schema.primary_key().is_empty() {
        return Err(RepoError::mistake(format!(
            "cannot {} a record of `{}`: it has no primary key; use {}_all",
            action.name(),
            schema.name(),
            action.name()
        )));
    }
    let mut filters = Vec::with_capacity(schema.primary_key().len() + parts.filters.len());
    let mut push = |name: &str, value: &Value| -> Result<(), RepoError> {
        let field = &schema.fields()[schema.expect_position(name)?];
        let Some(kind) = field.value_type() else {
            return Err(RepoError::mistake(format!("`{name}` is no column to find a row by")));
        };
        filters.push((field.column().clone(), dump_value(action.name(), schema.name(), name, kind, value)?));
        Ok(())
    };
    for at in schema.primary_key() {
        let value = parts.data.slot(*at).value();
        if value.is_null() {
            return Err(RepoError::NoPrimaryKeyValue { schema: schema.name().clone() });
        }
        push(&schema.fields()[*at].name, value)?;
    }
    for (name, value) in parts.filters.iter() {
        push(name, value)?;
    }
    Ok(filters)
}

/// A parent that was loaded is no longer the parent when the key to it changes alone: it counts as not loaded.
fn reset_parents(parts: &Parts, data: &mut Record) {
    let schema = parts.schema().clone();
    for (at, field) in schema.fields().iter().enumerate() {
        let Some(relation) = field.relation().filter(|relation| is_parent(&relation.kind)) else { continue };
        if parts.changes.get(at).is_some() {
            continue;
        }
        let Some(change) = schema.position(&relation.owner_key).and_then(|key| parts.changes.get(key)) else {
            continue;
        };
        let stays = match data.slot(at) {
            Slot::One(Some(parent)) => parent.value(&relation.related_key) == change.value(),
            Slot::One(None) => change.value().is_null(),
            _ => true,
        };
        if !stays {
            data.set_slot(at, Slot::NotLoaded);
        }
    }
}
