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
        put_unless_empty(&mut report, "validations", each(&self.validations, validation));
        put_unless_empty(&mut report, "constraints", each(&self.constraints, constraint));
        if !self.filters.is_empty() {
            report.set("filters", Value::Map(self.filters.clone()));
        }
        if !self.prepare.is_empty() {
            report.set("prepare_count", Value::Integer(self.prepare.len() as i64));
        }
        if self.force {
            report.set("force", Value::Bool(true));
        }
        report
    }

    /// Validity, changes, errors and action.
    pub fn summary(&self) -> Map {
        let mut summary = Map::with_capacity(4);
        summary.set("valid", Value::Bool(self.valid));
        summary.set("changes", changes(self.schema(), &self.changes));
        summary.set("errors", Value::List(each(&self.errors, error)));
        if let Some(action) = &self.action {
            summary.set("action", Value::String(action.clone()));
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
        Slot::NotLoaded => tagged("$not_loaded", Value::Bool(true)),
        Slot::One(one) => one.as_deref().map_or(Value::Null, record),
        Slot::Many(many) => Value::List(each(many, |one| record(one))),
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
    map.set("$struct", Value::String(schema.name().clone()));
    map.set("fields", Value::Map(fields));
    Value::Map(map)
}

/// The change of a field: a value, or the changesets of a relation.
pub fn change(change: &Change) -> Value {
    match change {
        Change::Value(value) => value.clone(),
        Change::One(None) => Value::Null,
        Change::One(Some(parts)) => child(parts),
        Change::Many(many) => Value::List(each(many, child)),
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
        report.set("action", Value::Null);
    }
    put_unless_empty(&mut report, "required", names(&parts.required));
    report.set("data", differing(&parts.data));
    tagged("$changeset", Value::Map(report))
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
    map.set("type", Value::String(Str::Static(constraint.violation())));
    map.set("constraint", name);
    map.set("match", Value::String(Str::Static(constraint.matching.name())));
    map.set("field", Value::String(constraint.field.clone()));
    map.set("error_message", Value::String(constraint.message.clone()));
    map.set("error_type", Value::String(Str::Static(constraint.error_type())));
    Value::Map(map)
}

fn names(names: &[Str]) -> Vec<Value> {
    each(names, |name| Value::String(name.clone()))
}

/// The values of some things: one loop where every adapter of iterators would be compiled anew.
pub(super) fn each<T>(things: &[T], value: fn(&T) -> Value) -> Vec<Value> {
    let mut values = Vec::with_capacity(things.len());
    for thing in things {
        values.push(value(thing));
    }
    values
}

/// An object with one key.
fn tagged(key: &'static str, value: Value) -> Value {
    let mut map = Map::with_capacity(1);
    map.set(key, value);
    Value::Map(map)
}

fn put_unless_empty(map: &mut Map, key: &'static str, list: Vec<Value>) {
    if !list.is_empty() {
        map.set(key, Value::List(list));
    }
}
