//! [`Input`]: what can be put into a relation.

use crate::changeset::error::FieldError;
use crate::changeset::parts::Parts;
use crate::changeset::put::put_change;
use crate::mistake::Mistake;
use crate::rules::Finding;
use crate::schema::{FieldKind, Record, RecordState, Relation, Schema, Slot};
use crate::types::Type;
use crate::value::{Map, Str, Value};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What `put_embed` and `put_assoc` take: attributes, records, changesets, or a list of those.
#[derive(Clone, Debug)]
pub enum Input {
    /// No child.
    Null,
    /// Field to value, for a new child or the one that is there. Values of relations may be inputs in notation.
    Attributes(Map),
    /// A record: a new child, or one that exists.
    Record(Arc<Record>),
    /// A changeset of such a record.
    Changeset(Box<Parts>),
    /// Several.
    List(Vec<Input>),
    /// Anything else, which the relation refuses.
    Other,
}

impl Input {
    /// Reads the notation of documents: null, an object of attributes, `{"$struct": fields, "state": ..}`,
    /// `{"$existing": i}`, `{"$changeset": {"of", "changes", "errors", "action"}}`, or a list of those.
    pub(in crate::changeset) fn from_notation(
        value: &Value,
        relation: &Relation,
        parent: &Parts,
        position: usize,
    ) -> Result<Input, Mistake> {
        Ok(match value {
            Value::Null => Input::Null,
            Value::List(list) => {
                let mut inputs = Vec::with_capacity(list.len());
                for value in list {
                    inputs.push(Input::from_notation(value, relation, parent, position)?);
                }
                Input::List(inputs)
            }
            Value::Map(map) => {
                let related = relation.related.schema();
                if let Some(fields) = map.get("$struct") {
                    Input::Record(Arc::new(record_from_notation(&related, fields, map.get("state"))?))
                } else if let Some(index) = map.get("$existing") {
                    Input::Record(existing(parent, position, index)?)
                } else if let Some(Value::Map(changeset)) = map.get("$changeset") {
                    Input::Changeset(Box::new(changeset_from_notation(
                        changeset, relation, parent, position,
                    )?))
                } else {
                    Input::Attributes(map.clone())
                }
            }
            _ => Input::Other,
        })
    }
}

/// A record of a schema from an object of field values; children of relations are objects and lists of them.
///
/// Children have the state `loaded`, as rows that were read have; embedded ones have none.
pub fn record_from_notation(
    schema: &Arc<Schema>,
    fields: &Value,
    state: Option<&Value>,
) -> Result<Record, Mistake> {
    read_record(schema, fields, state, &|_, value| Ok(value.clone()))
}

/// How a value of a record is read, by the type of its field.
pub type ReadValue<'a> = dyn Fn(&Type, &Value) -> Result<Value, Mistake> + 'a;

/// As [`record_from_notation`], with values read in a way of their own: a host may have no dates, or write decimals as
/// text.
///
/// # Errors
///
/// As [`record_from_notation`], and those of `read`.
pub fn read_record(
    schema: &Arc<Schema>,
    fields: &Value,
    state: Option<&Value>,
    read: &ReadValue,
) -> Result<Record, Mistake> {
    let mut record = Record::new(schema);
    record.state = read_state(state)?;
    let Value::Map(fields) = fields else {
        return Err(Mistake::about(
            "the data of `%` must be an object, got %",
            &[schema.name(), fields.kind()],
        ));
    };
    for (name, value) in fields.iter() {
        let position = schema.expect_position(name)?;
        record.set_slot(position, read_slot(schema, position, value, read)?);
    }
    Ok(record)
}

/// The state of a record, by its word; without one, it is new.
pub fn read_state(state: Option<&Value>) -> Result<RecordState, Mistake> {
    match state.and_then(Value::as_str) {
        None => Ok(RecordState::Built),
        Some(name) => RecordState::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| {
            Mistake::about("unknown record state `%`; it is one of built, loaded, deleted", &[name])
        }),
    }
}

/// What the field at a position holds of a value.
pub fn read_slot(schema: &Schema, position: usize, value: &Value, read: &ReadValue) -> Result<Slot, Mistake> {
    Ok(match &schema.fields()[position].kind {
        FieldKind::Value(kind) => Slot::Value(read(kind, value)?),
        FieldKind::Relation(relation) => read_related(relation, value, read)?,
        FieldKind::Through { .. } => Slot::NotLoaded,
    })
}

fn read_related(relation: &Relation, value: &Value, read: &ReadValue) -> Result<Slot, Mistake> {
    let related = relation.related.schema();
    let child = |value: &Value| -> Result<Arc<Record>, Mistake> {
        let mut record = read_record(&related, value, None, read)?;
        if !related.is_embedded() {
            record.state = RecordState::Loaded;
        }
        Ok(Arc::new(record))
    };
    Ok(match value {
        Value::Null => Slot::One(None),
        Value::List(list) => {
            let mut children = Vec::with_capacity(list.len());
            for value in list {
                children.push(child(value)?);
            }
            Slot::Many(children)
        }
        Value::Map(map) if map.contains_key("$not_loaded") => Slot::NotLoaded,
        other => Slot::One(Some(child(other)?)),
    })
}

fn existing(parent: &Parts, position: usize, index: &Value) -> Result<Arc<Record>, Mistake> {
    let records = parent.data.slot(position).records();
    let index = index.as_integer().and_then(|index| usize::try_from(index).ok());
    index
        .and_then(|index| records.get(index))
        .cloned()
        .ok_or_else(|| Mistake::new("`$existing` names a child that the data does not have"))
}

fn changeset_from_notation(
    changeset: &Map,
    relation: &Relation,
    parent: &Parts,
    position: usize,
) -> Result<Parts, Mistake> {
    let of = changeset.get("of").unwrap_or(&Value::Null);
    let record = match Input::from_notation(of, relation, parent, position)? {
        Input::Record(record) => record,
        _ => return Err(Mistake::new("`$changeset` needs `of`: a `$struct` or an `$existing`")),
    };
    let mut parts = Parts::new(record);
    if let Some(Value::Map(changes)) = changeset.get("changes") {
        for (field, value) in changes.iter() {
            put_change(&mut parts, field, value.clone())?;
        }
    }
    for error in changeset.get("errors").and_then(Value::as_list).unwrap_or(&[]) {
        if let Some([Value::String(field), Value::String(message), ..]) = error.as_list() {
            parts.push_error(FieldError::from(Finding::new(field, message)));
        }
    }
    if let Some(Value::String(action)) = changeset.get("action") {
        parts.action = Some(Str::from(action));
    }
    Ok(parts)
}
