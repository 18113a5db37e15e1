//! Records: the data of a schema.

use super::relation::Cardinality;
use super::{Field, FieldKind, Schema};
use crate::value::{Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Whether a record is new, in the database, or deleted from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordState {
    /// Made in the program.
    #[default]
    Built,
    /// Read from or written to a database.
    Loaded,
    /// Deleted from it.
    Deleted,
}

impl RecordState {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            RecordState::Built => "built",
            RecordState::Loaded => "loaded",
            RecordState::Deleted => "deleted",
        }
    }

    /// Every state.
    pub const ALL: [RecordState; 3] = [RecordState::Built, RecordState::Loaded, RecordState::Deleted];
}

/// What a field of a record holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// Nothing at all; only in schemaless data, where a key may be missing.
    Absent,
    /// A value.
    Value(Value),
    /// An association that was not read.
    NotLoaded,
    /// One related record, or none.
    One(Option<Arc<Record>>),
    /// Related records.
    Many(Vec<Arc<Record>>),
}

impl Slot {
    /// What a new record of `schema` holds in a field: its default.
    pub(crate) fn new(schema: &Schema, field: &Field) -> Slot {
        match &field.kind {
            _ if schema.is_schemaless() => Slot::Absent,
            FieldKind::Value(_) => Slot::Value(field.default.clone()),
            FieldKind::Through { .. } => Slot::NotLoaded,
            FieldKind::Relation(relation) => match relation.cardinality() {
                _ if !relation.is_embed() => Slot::NotLoaded,
                Cardinality::Many => Slot::Many(Vec::new()),
                Cardinality::One if relation.defaults_to_struct() => {
                    Slot::One(Some(Arc::new(Record::new(&relation.related.schema()))))
                }
                Cardinality::One => Slot::One(None),
            },
        }
    }

    /// The value; null where there is none.
    #[inline]
    pub fn value(&self) -> &Value {
        match self {
            Slot::Value(value) => value,
            _ => &Value::Null,
        }
    }

    /// Whether it is null or an empty relation of one.
    pub fn is_null(&self) -> bool {
        matches!(self, Slot::Value(Value::Null) | Slot::One(None))
    }

    /// The related records, be it one or many.
    pub fn records(&self) -> &[Arc<Record>] {
        match self {
            Slot::One(Some(record)) => core::slice::from_ref(record),
            Slot::Many(records) => records,
            _ => &[],
        }
    }
}

/// A record of a schema: Ecto's struct, with the fields of `__meta__`.
#[derive(Clone, Debug)]
pub struct Record {
    schema: Arc<Schema>,
    /// New, loaded or deleted. Embedded records stay `Built`.
    pub state: RecordState,
    /// The prefix (PostgreSQL's schema) it came from or goes to, where it differs from the schema's.
    pub prefix: Option<Str>,
    slots: Vec<Slot>,
}

impl Record {
    /// A new record: every field has its default.
    pub fn new(schema: &Arc<Schema>) -> Self {
        let slots = schema.fields().iter().map(|field| Slot::new(schema, field)).collect();
        Record { schema: schema.clone(), state: RecordState::Built, prefix: None, slots }
    }

    /// A loaded record, whose slots are those of the fields of `schema`, one by one.
    #[cfg(feature = "repo")]
    pub(crate) fn loaded(schema: &Arc<Schema>, prefix: Option<Str>, slots: Vec<Slot>) -> Self {
        debug_assert!(slots.len() == schema.fields().len());
        Record { schema: schema.clone(), state: RecordState::Loaded, prefix, slots }
    }

    /// The schema.
    #[inline]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// What `field` holds; `None` if the schema has no such field.
    pub fn get(&self, field: &str) -> Option<&Slot> {
        self.schema.position(field).map(|at| &self.slots[at])
    }

    /// The value of `field`: null for unknown, missing and related ones.
    pub fn value(&self, field: &str) -> &Value {
        self.get(field).map_or(&Value::Null, Slot::value)
    }

    /// What the field at a position of [`Schema::fields`] holds.
    #[inline]
    pub fn slot(&self, position: usize) -> &Slot {
        &self.slots[position]
    }

    /// Sets the field at a position of [`Schema::fields`].
    pub fn set_slot(&mut self, position: usize, slot: Slot) {
        self.slots[position] = slot;
    }

    /// Sets `field`; whether the schema has it.
    #[must_use]
    pub fn set(&mut self, field: &str, slot: Slot) -> bool {
        match self.schema.position(field) {
            Some(at) => {
                self.slots[at] = slot;
                true
            }
            None => false,
        }
    }

    /// Sets a value, for chains.
    ///
    /// An unknown field is left out: use [`Record::set`] to know.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        let _ = self.set(field, Slot::Value(value.into()));
        self
    }

    /// The values of the primary key, in order; empty where the schema has none.
    pub fn primary_key(&self) -> Vec<Value> {
        self.schema.primary_key().iter().map(|at| self.slots[*at].value().clone()).collect()
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.schema, &other.schema)
            && self.state == other.state
            && self.prefix == other.prefix
            && self.slots == other.slots
    }
}
