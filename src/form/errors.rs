//! The errors of a changeset as a server answers with them, and such an answer put on a changeset.

use super::nested::stays;
use crate::changeset::{Change, FieldError, Parts};
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// What a server answers with when a changeset is not valid, with the status 422:
///
/// ```json
/// {"errors": {"number": [{"message": "has already been taken", "template": "has already been taken",
///                         "metadata": {"constraint": "unique", "constraint_name": "orders_number_index"}}],
///             "lines": [{}, {"qty": [{"message": "can't be blank", "template": "can't be blank",
///                                     "metadata": {"validation": "required"}}]}]}}
/// ```
///
/// Of a relation of many, the list has an object for each child in the order of its form; children on their way out
/// have none. A relation of one has an object. Where a relation has errors of its own and its children have some too,
/// the children's are given, as in [`Parts::traverse_errors`].
///
/// ```
/// # use ectomorph::{changeset::Parts, form::errors_json, schema::{Field, Record, Schema}, types::Type, value::Map};
/// # use std::sync::Arc;
/// # let user = Schema::build("User", "users").field(Field::new("name", Type::String)).finish().unwrap();
/// let changeset = Parts::new(Arc::new(Record::new(&user)));
/// assert_eq!(errors_json(&changeset), Map::from([("errors", Map::new())]));
/// ```
pub fn errors_json(parts: &Parts) -> Map {
    Map::from([(Str::Static("errors"), tree(parts))])
}

fn tree(parts: &Parts) -> Map {
    let mut tree = Map::new();
    for error in &parts.errors {
        match tree.get_mut(&error.field) {
            Some(Value::List(list)) => list.push(error_value(error)),
            _ => {
                tree.insert(&error.field, Value::List(alloc::vec![error_value(error)]));
            }
        }
    }
    for (position, change) in parts.changes.iter() {
        let children: Vec<Map> =
            change.changesets().iter().filter(|child| stays(child)).map(self::tree).collect();
        if children.iter().all(Map::is_empty) {
            continue;
        }
        let mut children = children.into_iter().map(Value::Map);
        let value = match change {
            Change::Many(_) => Value::List(children.collect()),
            _ => children.next().unwrap_or_default(),
        };
        tree.insert(&parts.schema().fields()[position].name, value);
    }
    tree
}

/// `{"message": text, "template": msgid, "metadata": {...}}`.
pub(super) fn error_value(error: &FieldError) -> Value {
    let mut map = Map::with_capacity(3);
    map.set("message", error.text());
    map.set("template", &error.message);
    map.set("metadata", error.metadata.clone());
    Value::Map(map)
}

/// Puts the errors of a server's answer on the fields they are about, children included: what [`errors_json`] gave
/// there. Errors that are there already are not doubled, and what is no error is left out.
///
/// A list of plain messages (`{"name": ["is taken"]}`) is read as well. Errors of a child that is not there go to the
/// relation, which then "is invalid".
///
/// ```
/// # use ectomorph::{changeset::Parts, schema::{Field, Record, Schema}, types::Type, value::{Map, Value}};
/// # use ectomorph::form::apply_server_errors;
/// # use std::sync::Arc;
/// # let user = Schema::build("User", "users").field(Field::new("email", Type::String)).finish().unwrap();
/// # let mut changeset = Parts::new(Arc::new(Record::new(&user)));
/// let taken = Map::from([("message", "has already been taken")]);
/// let answer = Map::from([("errors", Map::from([("email", Value::List(vec![taken.into()]))]))]);
/// apply_server_errors(&mut changeset, &answer);
/// assert!(!changeset.valid);
/// assert_eq!(changeset.errors[0].text(), "has already been taken");
/// ```
pub fn apply_server_errors(parts: &mut Parts, answer: &Map) {
    if let Some(Value::Map(errors)) = answer.get("errors") {
        put_tree(parts, errors);
    }
}

fn put_tree(parts: &mut Parts, tree: &Map) {
    for (field, value) in tree.iter() {
        let own = value.as_list().unwrap_or_default().iter().filter_map(|value| read_error(field, value));
        own.for_each(|error| put_error(parts, error));
        put_children(parts, field, value);
    }
}

fn put_children(parts: &mut Parts, field: &Str, value: &Value) {
    let children: Vec<&Map> = match value {
        Value::Map(child) => alloc::vec![child],
        Value::List(list) => {
            let is_child = |value: &&Value| value.as_map().is_some() && read_error(field, value).is_none();
            list.iter().filter(is_child).filter_map(Value::as_map).collect()
        }
        _ => return,
    };
    if children.iter().all(|child| child.is_empty()) {
        return;
    }
    parts.valid = false;
    let position = parts.schema().position(field);
    // Put back in its place, so that the order of the changes stays.
    let mut change = position.and_then(|position| parts.changes.get(position)).cloned();
    let there: &mut [Parts] = match &mut change {
        Some(Change::One(Some(child))) => core::slice::from_mut(child),
        Some(Change::Many(many)) => many,
        _ => &mut [],
    };
    let mut there = there.iter_mut().filter(|child| stays(child));
    let mut missing = false;
    for errors in children {
        match there.next() {
            Some(child) => put_tree(child, errors),
            None => missing |= !errors.is_empty(),
        }
    }
    if let (Some(position), Some(change)) = (position, change) {
        parts.changes.put(position, change);
    }
    if missing {
        put_error(
            parts,
            FieldError { field: field.clone(), message: Str::Static("is invalid"), metadata: Map::new() },
        );
    }
}

/// An error as [`error_value`] gives it, or a plain message. A child has no text under "message" but a list.
fn read_error(field: &Str, value: &Value) -> Option<FieldError> {
    let (message, metadata) = match value {
        Value::String(message) => (message, None),
        Value::Map(map) => match (map.get("template"), map.get("message")) {
            (Some(Value::String(message)), Some(Value::String(_))) => (message, map.get("metadata")),
            (None, Some(Value::String(message))) => (message, map.get("metadata")),
            _ => return None,
        },
        _ => return None,
    };
    let metadata = metadata.and_then(Value::as_map).cloned().unwrap_or_default();
    Some(FieldError { field: field.clone(), message: message.clone(), metadata })
}

fn put_error(parts: &mut Parts, error: FieldError) {
    parts.valid = false;
    let same = |old: &FieldError| old.field == error.field && old.text() == error.text();
    if !parts.errors.iter().any(same) {
        parts.errors.push(error);
    }
}
