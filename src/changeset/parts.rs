//! [`Parts`]: what a changeset holds, whatever the type of its data.

use super::constraint::Constraint;
use super::error::FieldError;
use super::prepare::Prepare;
use crate::mistake::Mistake;
use crate::rules::Rule;
use crate::schema::{Record, Schema, Slot};
use crate::value::{Map, Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The change of a field: a value, or the changesets of a relation.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A new value.
    Value(Value),
    /// The changeset of one related record, or none.
    One(Option<Box<Parts>>),
    /// The changesets of related records, in order.
    Many(Vec<Parts>),
}

impl Change {
    /// The value; null for a relation.
    pub fn value(&self) -> &Value {
        match self {
            Change::Value(value) => value,
            _ => &Value::Null,
        }
    }

    /// The changesets of a relation.
    pub fn changesets(&self) -> &[Parts] {
        match self {
            Change::One(Some(parts)) => core::slice::from_ref(parts),
            Change::Many(many) => many,
            _ => &[],
        }
    }
}

/// The changes of a changeset, by the position of their field in the schema.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    entries: Vec<(usize, Change)>,
}

impl Changes {
    /// How many fields change.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The change of the field at a position.
    pub fn get(&self, position: usize) -> Option<&Change> {
        self.entries.iter().find(|(at, _)| *at == position).map(|(_, change)| change)
    }

    /// Sets the change of the field at a position.
    pub fn put(&mut self, position: usize, change: Change) {
        match self.entries.iter_mut().find(|(at, _)| *at == position) {
            Some((_, old)) => *old = change,
            None => self.entries.push((position, change)),
        }
    }

    /// Takes a change out.
    pub fn remove(&mut self, position: usize) -> Option<Change> {
        let at = self.entries.iter().position(|(at, _)| *at == position)?;
        Some(self.entries.remove(at).1)
    }

    /// Positions and changes, in the order they were first put.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Change)> {
        self.entries.iter().map(|(at, change)| (*at, change))
    }

    pub(super) fn entries(&self) -> &[(usize, Change)] {
        &self.entries
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (usize, &mut Change)> {
        self.entries.iter_mut().map(|(at, change)| (*at, change))
    }
}

impl IntoIterator for Changes {
    type Item = (usize, Change);
    type IntoIter = alloc::vec::IntoIter<(usize, Change)>;
    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl PartialEq for Changes {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(at, change)| other.get(at) == Some(change))
    }
}

/// A rule the changeset went through.
#[derive(Clone, Debug)]
pub struct Validation {
    /// The field.
    pub field: Str,
    /// The rule with its options.
    pub rule: Rule,
}

/// What a changeset holds: data, params, changes, errors and what was declared on the way.
///
/// Lists are in Ecto's order: `errors`, `required`, `validations` and `constraints` mostly newest first.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The record as it was.
    pub data: Arc<Record>,
    /// The params of all casts together; none before the first, and none when they were invalid as a whole.
    pub params: Option<Map>,
    /// What changes.
    pub changes: Changes,
    /// What is wrong with the input.
    pub errors: Vec<FieldError>,
    /// Whether nothing is wrong, here and in all children.
    pub valid: bool,
    /// What a repo is to do: insert, update, delete, replace, ignore or a word of the user's.
    pub action: Option<Str>,
    /// Fields that were declared required.
    pub required: Vec<Str>,
    /// Rules that were gone through.
    pub validations: Vec<Validation>,
    /// Constraints that were declared.
    pub constraints: Vec<Constraint>,
    /// What counts as empty where a field is required.
    pub empty_values: Arc<[Value]>,
    /// Fields whose stored value must be this for a write to happen (optimistic locks).
    pub filters: Map,
    /// Functions to run just before the write, newest first.
    pub prepare: Vec<Prepare>,
    /// Whether a repo writes the record although only a child changed.
    pub force: bool,
    /// A mistake of the program, if one was made; see [`Mistake`].
    pub mistake: Option<Mistake>,
    /// The position among the siblings, for the steps of a child.
    pub(super) index: Option<usize>,
    /// Whether no step ran yet.
    pub(super) fresh: bool,
}

impl Parts {
    /// A changeset without changes.
    pub fn new(data: Arc<Record>) -> Self {
        Parts {
            data,
            params: None,
            changes: Changes::default(),
            errors: Vec::new(),
            valid: true,
            action: None,
            required: Vec::new(),
            validations: Vec::new(),
            constraints: Vec::new(),
            empty_values: default_empty_values(),
            filters: Map::new(),
            prepare: Vec::new(),
            force: false,
            mistake: None,
            index: None,
            fresh: true,
        }
    }

    /// The schema of the data.
    pub fn schema(&self) -> &Arc<Schema> {
        self.data.schema()
    }

    /// The value of a plain field: its change, else its data, else null.
    pub fn field_value(&self, position: usize) -> &Value {
        match self.changes.get(position) {
            Some(change) => change.value(),
            None => self.data.slot(position).value(),
        }
    }

    /// The change of a field by name.
    pub fn change(&self, field: &str) -> Option<&Change> {
        self.schema().position(field).and_then(|at| self.changes.get(at))
    }

    /// Whether there is an error on `field`.
    pub fn has_error(&self, field: &str) -> bool {
        self.errors.iter().any(|error| error.field == *field)
    }

    /// The data of a relation as a list of current children; a mistake if it was never loaded.
    pub(super) fn current_children(&self, position: usize) -> Result<&[Arc<Record>], Mistake> {
        let slot = self.data.slot(position);
        if *slot == Slot::NotLoaded && self.data.state != crate::schema::RecordState::Built {
            let field = &self.schema().fields()[position];
            return Err(Mistake::about(
                "attempting to cast or change association `%` of `%` that was not loaded; preload it before it is changed",
                &[&field.name, self.schema().name()],
            ));
        }
        Ok(slot.records())
    }

    #[cold]
    #[inline(never)]
    pub(super) fn push_error(&mut self, error: FieldError) {
        self.errors.insert(0, error);
        self.valid = false;
    }

    /// Remembers that a rule was gone through.
    pub(super) fn push_validation(&mut self, field: &Str, rule: &Rule) {
        self.validations.insert(0, Validation { field: field.clone(), rule: rule.clone() });
    }

    /// Puts errors that were found together in front of those that are there.
    pub(super) fn push_errors(&mut self, mut found: Vec<FieldError>) {
        if !found.is_empty() {
            found.append(&mut self.errors);
            self.errors = found;
            self.valid = false;
        }
    }
}

impl PartialEq for Parts {
    fn eq(&self, other: &Self) -> bool {
        self.data == other.data
            && self.changes == other.changes
            && self.errors == other.errors
            && self.valid == other.valid
            && self.action == other.action
            && self.params == other.params
    }
}

fn default_empty_values() -> Arc<[Value]> {
    Arc::from([Value::String(Str::Static(""))])
}
