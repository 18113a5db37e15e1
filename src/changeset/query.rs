//! Asking a changeset: fields, changes, the record with its changes.

use super::parts::{Change, Parts};
use super::relation::counts;
use super::validate::field_missing;
use crate::mistake::Mistake;
use crate::schema::{Record, RelationKind, Slot};
use crate::value::{Str, Value, sorted_positions};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Where a field's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The changes.
    Changes,
    /// The data.
    Data,
}

impl Parts {
    /// The value of a field with its changes applied, and where it comes from; `None` if there is no such field.
    ///
    /// Relations give their records, without those on their way out.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if the field is an association that was not loaded.
    pub fn fetch_field(&self, name: &str) -> Result<Option<(Origin, Slot)>, Mistake> {
        let Some(position) = self.schema().position(name) else { return Ok(None) };
        if let Some(change) = self.changes.get(position) {
            return Ok(Some((Origin::Changes, applied(change))));
        }
        Ok(match self.data.slot(position) {
            Slot::Absent => None,
            Slot::NotLoaded => {
                self.current_children(position)?;
                Some((Origin::Data, self.empty_relation(position)))
            }
            slot => Some((Origin::Data, slot.clone())),
        })
    }

    /// The value of a field: its change, else its data, else `default` if there is no such field.
    ///
    /// # Errors
    ///
    /// As [`Parts::fetch_field`].
    pub fn get_field(&self, name: &str, default: Value) -> Result<Slot, Mistake> {
        Ok(self.fetch_field(name)?.map_or(Slot::Value(default), |(_, slot)| slot))
    }

    /// The changed value of a field; `None` if it does not change or is a relation.
    pub fn fetch_change(&self, name: &str) -> Option<&Value> {
        match self.change(name)? {
            Change::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Whether a field changes; `from` and `to` narrow it to a change from and to these values. A relation changes
    /// if a child does.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if there is no such field, or if `from` or `to` is given for a relation.
    pub fn changed(&self, name: &str, from: Option<&Value>, to: Option<&Value>) -> Result<bool, Mistake> {
        let position = self.schema().expect_position(name)?;
        let Some(change) = self.changes.get(position) else { return Ok(false) };
        let field = &self.schema().fields()[position];
        match (change, field.value_type()) {
            (Change::Value(value), Some(kind)) => {
                let data = self.data.slot(position).value();
                Ok(from.is_none_or(|from| kind.equal(data, from))
                    && to.is_none_or(|to| kind.equal(value, to)))
            }
            _ if from.is_some() || to.is_some() => {
                Err(Mistake::about("changed: `%` is a relation; it has no from and to", &[name]))
            }
            (Change::One(None), _) => Ok(true),
            (change, _) => Ok(change.changesets().iter().any(child_changed)),
        }
    }

    /// Whether a field has no value: null or empty. See [`validate_required`](crate::rules::Step::Required).
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if there is no such field or it is an association that was not loaded.
    pub fn field_missing(&self, name: &str) -> Result<bool, Mistake> {
        field_missing(self, name)
    }

    /// The record with the changes applied, valid or not.
    pub fn apply_changes(&self) -> Arc<Record> {
        if self.changes.is_empty() {
            return self.data.clone();
        }
        let mut record = Record::clone(&self.data);
        let schema = self.schema().clone();
        // By name, as Ecto goes through its map of changes: a belongs_to sets its key before the key's own change.
        let changes = self.changes.entries();
        let name = |at: usize| schema.fields()[changes[at].0].name.as_str();
        for at in sorted_positions(changes.len(), &|a, b| name(a).cmp(name(b))) {
            let (position, change) = (changes[at].0, &changes[at].1);
            let slot = applied(change);
            if let Some(relation) = schema.fields()[position].relation()
                && matches!(relation.kind, RelationKind::BelongsTo)
            {
                let key = slot
                    .records()
                    .first()
                    .map_or(Value::Null, |parent| parent.value(&relation.related_key).clone());
                let _ = record.set(&relation.owner_key, Slot::Value(key));
            }
            record.set_slot(position, slot);
        }
        Arc::new(record)
    }

    /// The record with the changes applied if the changeset is valid; else the changeset with the action set.
    ///
    /// # Errors
    ///
    /// The changeset itself, invalid.
    pub fn apply_action(mut self, action: impl Into<Str>) -> Result<Arc<Record>, alloc::boxed::Box<Parts>> {
        if self.valid {
            return Ok(self.apply_changes());
        }
        self.action = Some(action.into());
        Err(alloc::boxed::Box::new(self))
    }

    /// The changesets of a relation: the changed ones, else one without changes for each record.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if there is no such relation or it was not loaded.
    pub fn get_relation(&self, embed: bool, name: &str) -> Result<Change, Mistake> {
        let schema = self.schema();
        let (position, relation) = super::relation::expect_relation(schema, "get", embed, name)?;
        if let Some(change) = self.changes.get(position) {
            return Ok(change.clone());
        }
        let records = self.current_children(position)?;
        let mut children = records.iter().map(|record| Parts::new(record.clone()));
        Ok(match relation.cardinality() {
            crate::schema::Cardinality::One => Change::One(children.next().map(alloc::boxed::Box::new)),
            crate::schema::Cardinality::Many => Change::Many(children.collect()),
        })
    }

    fn empty_relation(&self, position: usize) -> Slot {
        match self.schema().fields()[position].relation().map(|relation| relation.cardinality()) {
            Some(crate::schema::Cardinality::One) => Slot::One(None),
            _ => Slot::Many(Vec::new()),
        }
    }
}

fn child_changed(child: &Parts) -> bool {
    child.action.as_deref() != Some("update") || !child.changes.is_empty()
}

fn applied(change: &Change) -> Slot {
    match change {
        Change::Value(value) => Slot::Value(value.clone()),
        Change::One(child) => {
            Slot::One(child.as_deref().filter(|child| counts(child)).map(Parts::apply_changes))
        }
        Change::Many(children) => {
            Slot::Many(children.iter().filter(|child| counts(child)).map(Parts::apply_changes).collect())
        }
    }
}
