//! A changeset as a [`Value`]: what crosses to JavaScript, what a server answers with, what a test compares.
//!
//! The form is that of the conformance vectors: children are `{"$changeset": {...}}`, records
//! `{"$struct": name, "fields": {...}}`. Keys that would be empty are left out.

use super::constraint::Constraint;
use super::error::FieldError;
use super::parts::{Change, Changes, Parts, Validation};
use crate::rules::{ConstraintName, validation_argument};
use crate::schema::{Record, Schema, Slot};
use crate::value::{Map, Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

impl Parts {
    /// All there is to say of the changeset, but for data and params.
    pub fn report(&self) -> Map {
        let mut report = self.summary();
        put_unless_empty(&mut report, "required", names(&self.required));
        put_unless_empty(&mut report, "validations", self.validations.iter().map(validation).collect());
        put_unless_empty(&mut report, "constraints", self.constraints.iter().map(constraint).collect());
        if !self.filters.is_empty() {
            report.insert(Str::Static("filters"), self.filters.clone());
        }
        if !self.prepare.is_empty() {
            report.insert(Str::Static("prepare_count"), self.prepare.len() as i64);
        }
        if self.force {
            report.insert(Str::Static("force"), true);
        }
        report
    }

    /// Validity, changes, errors and action.
    pub fn summary(&self) -> Map {
        let mut summary = Map::with_capacity(4);
        summary.insert(Str::Static("valid"), self.valid);
        summary.insert(Str::Static("changes"), changes(self.schema(), &self.changes));
        summary.insert(Str::Static("errors"), Value::List(self.errors.iter().map(error).collect()));
        if let Some(action) = &self.action {
            summary.insert(Str::Static("action"), action);
        }
        summary
    }
}

/// An error: `[field, message, metadata]`.
pub fn error(error: &FieldError) -> Value {
    Value::List(alloc::vec![
        Value::String(error.field.clone()),
        Value::String(error.message.clone()),
        Value::Map(error.metadata.clone()),
    ])
}

/// What a field holds: a value, a record, a list of records, or that it was not loaded.
pub fn slot(slot: &Slot) -> Value {
    match slot {
        Slot::Absent => Value::Null,
        Slot::Value(value) => value.clone(),
        Slot::NotLoaded => Value::Map(Map::from([(Str::Static("$not_loaded"), true)])),
        Slot::One(one) => one.as_deref().map_or(Value::Null, record),
        Slot::Many(many) => Value::List(many.iter().map(|each| record(each)).collect()),
    }
}

/// A record with all its fields; of plain data, those that are there.
pub fn record(record: &Record) -> Value {
    let schema = record.schema();
    let mut fields = Map::with_capacity(schema.fields().len());
    for (position, field) in schema.fields().iter().enumerate() {
        if *record.slot(position) != Slot::Absent {
            fields.push_new(field.name.clone(), slot(record.slot(position)));
        }
    }
    if schema.is_schemaless() {
        return Value::Map(fields);
    }
    let mut map = Map::with_capacity(2);
    map.insert(Str::Static("$struct"), schema.name());
    map.insert(Str::Static("fields"), fields);
    Value::Map(map)
}

/// The change of a field: a value, or the changesets of a relation.
pub fn change(change: &Change) -> Value {
    match change {
        Change::Value(value) => value.clone(),
        Change::One(None) => Value::Null,
        Change::One(Some(parts)) => child(parts),
        Change::Many(many) => Value::List(many.iter().map(child).collect()),
    }
}

/// `[field, name, argument]`.
pub fn validation(validation: &Validation) -> Value {
    Value::List(alloc::vec![
        Value::String(validation.field.clone()),
        Value::from(validation.rule.name()),
        validation_argument(&validation.rule),
    ])
}

fn changes(schema: &Arc<Schema>, changes: &Changes) -> Value {
    let mut map = Map::with_capacity(changes.len());
    for (position, entry) in changes.iter() {
        map.push_new(schema.fields()[position].name.clone(), change(entry));
    }
    Value::Map(map)
}

fn child(parts: &Parts) -> Value {
    let mut report = parts.summary();
    if parts.action.is_none() {
        report.insert(Str::Static("action"), Value::Null);
    }
    put_unless_empty(&mut report, "required", names(&parts.required));
    report.insert(Str::Static("data"), differing(&parts.data));
    Value::Map(Map::from([(Str::Static("$changeset"), report)]))
}

/// The fields of a record that differ from those of a new one.
pub(crate) fn differing(record: &Record) -> Value {
    let new = Record::new(record.schema());
    let mut map = Map::new();
    for (position, field) in record.schema().fields().iter().enumerate() {
        if record.slot(position) != new.slot(position) {
            map.push_new(field.name.clone(), slot(record.slot(position)));
        }
    }
    Value::Map(map)
}

fn constraint(constraint: &Constraint) -> Value {
    let name = match &constraint.name {
        ConstraintName::Text(name) => Value::String(name.clone()),
        ConstraintName::Pattern(pattern) => crate::rules::write_pattern(pattern),
    };
    let mut map = Map::with_capacity(6);
    map.insert(Str::Static("type"), Str::Static(constraint.violation()));
    map.insert(Str::Static("constraint"), name);
    map.insert(Str::Static("match"), Str::Static(constraint.matching.name()));
    map.insert(Str::Static("field"), &constraint.field);
    map.insert(Str::Static("error_message"), &constraint.message);
    map.insert(Str::Static("error_type"), Str::Static(constraint.error_type()));
    Value::Map(map)
}

fn names(names: &[Str]) -> Vec<Value> {
    names.iter().map(Value::from).collect()
}

fn put_unless_empty(map: &mut Map, key: &'static str, list: Vec<Value>) {
    if !list.is_empty() {
        map.insert(Str::Static(key), list);
    }
}
