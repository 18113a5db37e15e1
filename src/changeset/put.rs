//! `change`, `put_change` and their like: trusted values become changes.

use super::parts::{Change, Parts};
use super::relation;
use crate::mistake::Mistake;
use crate::rules::Update;
use crate::schema::FieldKind;
use crate::value::{Str, Value, trim};
use alloc::string::String;

/// Sets the change of `field`, or takes it out if the value equals the data's. Relations take what
/// [`put_relation`](relation::put_relation) takes.
pub(super) fn put_change(parts: &mut Parts, field: &str, value: Value) -> Result<(), Mistake> {
    let position = parts.schema().expect_position(field)?;
    let schema = parts.schema().clone();
    match &schema.fields()[position].kind {
        FieldKind::Value(kind) => {
            if kind.equal(parts.data.slot(position).value(), &value) {
                parts.changes.remove(position);
            } else {
                parts.changes.put(position, Change::Value(value));
            }
            Ok(())
        }
        FieldKind::Relation(relation) => {
            let input = relation::Input::from_notation(&value, relation, parts, position)?;
            relation::put(parts, position, relation, input)
        }
        FieldKind::Through { .. } => Err(schema.unknown_field(field)),
    }
}

/// Sets the change of `field` even if it equals the data's.
pub(super) fn force_change(parts: &mut Parts, field: &str, value: Value) -> Result<(), Mistake> {
    let schema = parts.schema().clone();
    let position = schema.expect_position(field)?;
    match &schema.fields()[position].kind {
        FieldKind::Value(_) => {
            parts.changes.put(position, Change::Value(value));
            Ok(())
        }
        FieldKind::Relation(relation) => {
            let tag = relation.tag();
            Err(Mistake::about("force_change: `%` is an %; use put_% instead", &[field, tag, tag]))
        }
        FieldKind::Through { .. } => Err(schema.unknown_field(field)),
    }
}

/// Applies `update` to the change of `field`, if there is one.
pub(super) fn update_change(parts: &mut Parts, field: &str, update: &Update) -> Result<(), Mistake> {
    let Some(position) = parts.schema().position(field) else { return Ok(()) };
    let Some(Change::Value(value)) = parts.changes.get(position) else { return Ok(()) };
    let value = updated(update, value.clone()).map_err(|value| {
        Mistake::about(
            "update_change: cannot % `%`, it is %",
            &[update.name().unwrap_or("update"), field, value],
        )
    })?;
    put_change(parts, field, value)
}

/// Takes the change of `field` out, if there is one.
pub(super) fn delete_change(parts: &mut Parts, field: &str) {
    if let Some(position) = parts.schema().position(field) {
        parts.changes.remove(position);
    }
}

/// Puts the position of a child among its siblings into `field`.
pub(super) fn put_index(parts: &mut Parts, field: &Str) -> Result<(), Mistake> {
    match parts.index {
        Some(index) => put_change(parts, field, Value::Integer(index as i64)),
        None => Err(Mistake::about("put_index: `%` is not in a list of children (with_arity 3)", &[field])),
    }
}

fn updated(update: &Update, value: Value) -> Result<Value, &'static str> {
    let kind = value.kind();
    Ok(match (update, value) {
        (Update::Identity, value) => value,
        (Update::Nil, _) => Value::Null,
        (Update::Function(function), value) => function(value),
        (Update::Upcase, Value::String(text)) => Value::from(change_case(&text, true)),
        (Update::Downcase, Value::String(text)) => Value::from(change_case(&text, false)),
        (Update::Trim, Value::String(text)) => Value::from(trim(&text)),
        (Update::Increment, Value::Integer(number)) => Value::Integer(number.checked_add(1).ok_or(kind)?),
        (Update::Increment, Value::Float(number)) => Value::Float(number + 1.0),
        (Update::ReverseList, Value::List(mut list)) => {
            list.reverse();
            Value::List(list)
        }
        _ => return Err(kind),
    })
}

/// Unicode's full case mapping, character by character: `ß` becomes `SS`, a final `Σ` becomes `σ`.
#[cfg(any(not(target_arch = "wasm32"), feature = "std"))]
fn change_case(text: &str, upper: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if upper {
            out.extend(character.to_uppercase());
        } else {
            out.extend(character.to_lowercase());
        }
    }
    out
}

/// The page has the tables already.
#[cfg(all(target_arch = "wasm32", not(feature = "std")))]
fn change_case(text: &str, upper: bool) -> String {
    crate::host::change_case(text, upper)
}
