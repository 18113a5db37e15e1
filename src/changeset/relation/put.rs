//! `put_embed` and `put_assoc`: trusted children.

use super::cast::build;
use super::children::{self, Allowed, Invalid, Maker, Outcome, action_of, invalid_type, put_new_action};
use super::expect_relation;
use super::input::Input;
use crate::changeset::error::FieldError;
use crate::changeset::parts::{Change, Parts};
use crate::changeset::put::put_change;
use crate::mistake::Mistake;
use crate::schema::{Cardinality, Record, Relation, Schema, Slot};
use crate::value::{Map, Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Sets the children of the relation `field`.
pub(in crate::changeset) fn put_relation(
    parts: &mut Parts,
    embed: bool,
    field: &str,
    value: &Value,
) -> Result<(), Mistake> {
    let schema = parts.schema().clone();
    let (position, relation) = expect_relation(&schema, "put", embed, field)?;
    let input = Input::from_notation(value, relation, parts, position)?;
    put(parts, position, relation, input)
}

/// Sets the children of the relation at a position.
pub(in crate::changeset) fn put(
    parts: &mut Parts,
    position: usize,
    relation: &Relation,
    input: Input,
) -> Result<(), Mistake> {
    let current = parts.current_children(position)?;
    let original = parts.data.slot(position);
    let owner = parts.schema().name();
    let related = relation.related.schema();
    let change = match relation.cardinality() {
        Cardinality::One => {
            let inputs = match &input {
                Input::Null => &[],
                Input::Other => return put_invalid(parts, relation),
                input => core::slice::from_ref(input),
            };
            let maker = PutMaker { relation, owner, related: &related, inputs };
            match children::one(relation, owner, current.first(), &maker)? {
                Ok(Outcome::Changed(None, _)) if *original == Slot::One(None) => None,
                Ok(Outcome::Changed(child, valid)) => Some((Change::One(child.map(Box::new)), valid)),
                Ok(Outcome::Ignored) => None,
                Err(Invalid) => return put_invalid(parts, relation),
            }
        }
        Cardinality::Many => {
            let Input::List(inputs) = &input else { return put_invalid(parts, relation) };
            if inputs.iter().any(|input| matches!(input, Input::Other | Input::Null)) {
                return put_invalid(parts, relation);
            }
            let maker = PutMaker { relation, owner, related: &related, inputs };
            match children::many(relation, owner, current, &maker)? {
                Ok(Outcome::Changed(children, _))
                    if children.is_empty() && *original == Slot::Many(Vec::new()) =>
                {
                    None
                }
                Ok(Outcome::Changed(children, valid)) => Some((Change::Many(children), valid)),
                Ok(Outcome::Ignored) => None,
                Err(Invalid) => return put_invalid(parts, relation),
            }
        }
    };
    match change {
        Some((change, valid)) => {
            parts.changes.put(position, change);
            parts.valid &= valid;
        }
        None => {
            parts.changes.remove(position);
        }
    }
    Ok(())
}

fn put_invalid(parts: &mut Parts, relation: &Relation) -> Result<(), Mistake> {
    let metadata = Map::from([(Str::Static("type"), invalid_type(relation))]);
    parts.push_error(FieldError::of_rule(&relation.field, None, "is invalid", metadata));
    Ok(())
}

struct PutMaker<'a> {
    relation: &'a Relation,
    owner: &'a str,
    related: &'a Arc<Schema>,
    inputs: &'a [Input],
}

impl PutMaker<'_> {
    /// A new child, or the one that is there, with changes.
    fn changed(&self, attributes: &Map, current: Option<&Arc<Record>>) -> Result<Parts, Mistake> {
        let record = match current {
            Some(record) => record.clone(),
            None => Arc::new(build(self.relation, self.related)),
        };
        let mut child = Parts::new(record);
        for (field, value) in attributes.iter() {
            put_change(&mut child, field, value.clone())
                .map_err(|mistake| mistake.at(&self.relation.field))?;
        }
        let action = action_of(&child, current);
        Ok(put_new_action(child, action))
    }

    fn check_schema(&self, parts: &Parts) -> Result<(), Mistake> {
        if Arc::ptr_eq(parts.schema(), self.related) || parts.schema().name() == self.related.name() {
            return Ok(());
        }
        Err(Mistake::about(
            "`%` of `%` holds `%`, got a changeset of `%`",
            &[&self.relation.field, self.owner, self.related.name(), parts.schema().name()],
        ))
    }
}

impl Maker for PutMaker<'_> {
    fn count(&self) -> usize {
        self.inputs.len()
    }

    fn key(&self, input: usize) -> Vec<Value> {
        match &self.inputs[input] {
            Input::Record(record) => record.primary_key(),
            Input::Changeset(parts) => parts.data.primary_key(),
            Input::Attributes(attributes) => {
                let names = self.related.primary_key_names();
                names.iter().map(|name| attributes.get(name).cloned().unwrap_or_default()).collect()
            }
            _ => self.related.primary_key().iter().map(|_| Value::Null).collect(),
        }
    }

    fn make(&self, input: usize, current: Option<&Arc<Record>>, allowed: Allowed) -> Result<Parts, Mistake> {
        let given = match &self.inputs[input] {
            Input::Record(record) => Parts::new(record.clone()),
            Input::Changeset(parts) => (**parts).clone(),
            Input::Attributes(attributes) => self.changed(attributes, current)?,
            // An empty list stands for no attributes, as an empty keyword list does in Ecto.
            Input::List(list) if list.is_empty() => self.changed(&Map::new(), current)?,
            Input::List(_) | Input::Null | Input::Other => {
                return Err(Mistake::about(
                    "`%` takes attributes, a record or a changeset for each child, got something else",
                    &[&self.relation.field],
                ));
            }
        };
        self.check_schema(&given)?;
        match current {
            None => {
                let action = action_of(&given, None);
                Ok(put_new_action(given, action))
            }
            Some(_) => allowed.check(put_new_action(given, "update")),
        }
    }

    fn check_update(&self, input: usize) -> Result<(), Mistake> {
        match &self.inputs[input] {
            Input::Record(_) | Input::Changeset(_) => Err(Mistake::about(
                "`%` of `%` has on_replace `update`: put attributes or null, not a record or changeset",
                &[&self.relation.field, self.owner],
            )),
            _ => Ok(()),
        }
    }
}
