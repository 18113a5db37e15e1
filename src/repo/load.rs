//! From stored values to values of fields, and back.

use super::RepoError;
use crate::query::plan::Load;
use crate::schema::{Cardinality, Field, FieldKind, Record, Relation, Schema, Slot};
use crate::types::{DumpError, LoadError, Type};
use crate::value::{Map, Value, ValueRef, to_text};
use std::sync::Arc;

/// Loads a stored value as a query says.
pub(super) fn load(how: &Load, value: Value, field: &str) -> Result<Slot, RepoError> {
    Ok(match how {
        Load::Any => Slot::Value(value),
        Load::Type(kind) => Slot::Value(load_value(kind, value, field)?),
        Load::Try(kind) => Slot::Value(kind.adapter_load(&value).unwrap_or(value)),
        Load::Embed(schema, cardinality) => load_embed(schema, *cardinality, value)?,
    })
}

/// Loads a stored value of a type. What is stored as it is, is moved.
pub(super) fn load_value(kind: &Type, value: Value, field: &str) -> Result<Value, RepoError> {
    if loads_as_it_is(kind, &value) {
        return Ok(value);
    }
    // Databases keep microseconds, the type has none.
    if let (Type::NaiveDatetime, Value::NaiveDatetime(naive)) = (kind, &value) {
        return Ok(naive.truncated().into());
    }
    kind.adapter_load(&value).map_err(|error| load_error(kind, &value, field, &error))
}

/// Loads a stored value of a type from where it lies.
#[inline]
pub(super) fn load_ref<'v>(kind: &Type, value: ValueRef<'v>, field: &str) -> Result<ValueRef<'v>, RepoError> {
    match (kind, value) {
        // What most columns hold.
        (_, value @ ValueRef::Made(Value::Null))
        | (Type::Id | Type::Integer, value @ ValueRef::Made(Value::Integer(_)))
        | (Type::String, value @ ValueRef::Text(_)) => Ok(value),
        (Type::NaiveDatetime, ValueRef::Made(Value::NaiveDatetime(naive))) => {
            Ok(ValueRef::Made(naive.truncated().into()))
        }
        (kind, value) => load_any(kind, value, field),
    }
}

fn load_any<'v>(kind: &Type, value: ValueRef<'v>, field: &str) -> Result<ValueRef<'v>, RepoError> {
    let is_loaded = match &value {
        ValueRef::Text(_) => matches!(kind, Type::String | Type::BinaryId | Type::Binary | Type::Any),
        ValueRef::Bytes(_) => matches!(kind, Type::Binary | Type::Any),
        ValueRef::Lent(value) => loads_as_it_is(kind, value),
        ValueRef::Made(value) => loads_as_it_is(kind, value),
    };
    if is_loaded { Ok(value) } else { load_value(kind, value.into_value(), field).map(ValueRef::Made) }
}

/// Whether a stored value is one of the type already.
pub(crate) fn loads_as_it_is(kind: &Type, value: &Value) -> bool {
    matches!(
        (kind, value),
        (_, Value::Null)
            | (Type::Id | Type::Integer, Value::Integer(_))
            | (Type::String | Type::BinaryId | Type::Binary, Value::String(_))
            | (Type::Boolean, Value::Bool(_))
            | (Type::Float, Value::Float(_))
            | (Type::Decimal, Value::Decimal(_))
            | (Type::Date, Value::Date(_))
            | (Type::Map, Value::Map(_))
            | (Type::Any, _)
    ) || matches!((kind, value), (Type::NaiveDatetime, Value::NaiveDatetime(naive)) if naive.time().precision() == 0)
}

#[cold]
fn load_error(kind: &Type, value: &Value, field: &str, error: &LoadError) -> RepoError {
    let message = match error {
        LoadError::Invalid => {
            format!("cannot load {} as type {} for `{field}`", shown(value), kind.describe())
        }
        LoadError::Refused(message) => format!("cannot load `{field}`: {message}"),
    };
    RepoError::Load { message }
}

/// Loads a column of a table into the slot of its field.
pub(super) fn load_field(field: &Field, value: Value) -> Result<Slot, RepoError> {
    match &field.kind {
        FieldKind::Value(kind) => load_value(kind, value, &field.name).map(Slot::Value),
        FieldKind::Relation(relation) => {
            load_embed(&relation.related.schema(), relation.cardinality(), value)
        }
        FieldKind::Through { .. } => Ok(Slot::NotLoaded),
    }
}

/// Loads records that are kept inside a row.
fn load_embed(schema: &Arc<Schema>, cardinality: Cardinality, value: Value) -> Result<Slot, RepoError> {
    match (cardinality, value) {
        (Cardinality::One, Value::Null) => Ok(Slot::One(None)),
        (Cardinality::Many, Value::Null) => Ok(Slot::Many(Vec::new())),
        (Cardinality::One, Value::Map(map)) => Ok(Slot::One(Some(load_embedded(schema, &map)?))),
        (Cardinality::Many, Value::List(list)) => {
            let load = |value: &Value| match value {
                Value::Map(map) => load_embedded(schema, map),
                other => Err(unfit(schema, other)),
            };
            Ok(Slot::Many(list.iter().map(load).collect::<Result<_, _>>()?))
        }
        (_, other) => Err(unfit(schema, &other)),
    }
}

fn unfit(schema: &Schema, value: &Value) -> RepoError {
    RepoError::Load { message: format!("cannot load {} as embedded `{}`", shown(value), schema.name()) }
}

fn load_embedded(schema: &Arc<Schema>, map: &Map) -> Result<Arc<Record>, RepoError> {
    let mut record = Record::new(schema);
    for (at, field) in schema.fields().iter().enumerate() {
        let Some(value) = map.get(field.column()).filter(|_| !field.is_virtual) else { continue };
        let slot = match &field.kind {
            // What JSON has no word for is text there: it is read as a param would be.
            FieldKind::Value(kind) => match kind.cast(value) {
                Ok(value) => Slot::Value(value),
                Err(_) => Slot::Value(load_value(kind, value.clone(), &field.name)?),
            },
            FieldKind::Relation(relation) if relation.is_embed() => {
                load_embed(&relation.related.schema(), relation.cardinality(), value.clone())?
            }
            _ => continue,
        };
        record.set_slot(at, slot);
    }
    Ok(Arc::new(record))
}

/// Dumps the value of a field.
pub(crate) fn dump_value(
    action: &str,
    schema: &str,
    field: &str,
    kind: &Type,
    value: &Value,
) -> Result<Value, RepoError> {
    match (kind, value) {
        (_, Value::Null)
        | (Type::Id | Type::Integer, Value::Integer(_))
        | (Type::String | Type::Binary, Value::String(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Any, _) => Ok(value.clone()),
        _ => kind.adapter_dump(value).map_err(|error| dump_error(action, schema, field, kind, value, &error)),
    }
}

#[cold]
fn dump_error(
    action: &str,
    schema: &str,
    field: &str,
    kind: &Type,
    value: &Value,
    error: &DumpError,
) -> RepoError {
    match error {
        DumpError::Invalid => RepoError::Change {
            message: format!(
                "value {} for `{schema}.{field}` in `{action}` does not match type {}",
                shown(value),
                kind.describe()
            ),
        },
        DumpError::Refused(message) => {
            RepoError::mistake(format!("`{schema}.{field}` in `{action}`: {message}"))
        }
    }
}

/// Dumps the records of an embed: what JSON has no word for becomes text, as it would in a JSON column.
pub(super) fn dump_embed(relation: &Relation, slot: &Slot) -> Result<Value, RepoError> {
    Ok(match (slot, relation.cardinality()) {
        (Slot::One(Some(record)), Cardinality::One) => Value::Map(dump_embedded(record)?),
        (Slot::Many(records), Cardinality::Many) => {
            let dump = |record: &Arc<Record>| dump_embedded(record).map(Value::Map);
            Value::List(records.iter().map(dump).collect::<Result<_, _>>()?)
        }
        _ => Value::Null,
    })
}

fn dump_embedded(record: &Record) -> Result<Map, RepoError> {
    let schema = record.schema();
    let mut map = Map::with_capacity(schema.fields().len());
    for (at, field) in schema.fields().iter().enumerate() {
        let value = match &field.kind {
            _ if field.is_virtual => continue,
            FieldKind::Value(_) => json_form(record.slot(at).value()),
            FieldKind::Relation(relation) if relation.is_embed() => dump_embed(relation, record.slot(at))?,
            _ => continue,
        };
        map.push_new(field.column().clone(), value);
    }
    Ok(map)
}

fn json_form(value: &Value) -> Value {
    match value {
        Value::NaiveDatetime(datetime) => iso(|text| datetime.push_iso(text, 'T')),
        Value::UtcDatetime(datetime) => iso(|text| datetime.push_iso(text, 'T')),
        Value::Decimal(_) | Value::Date(_) | Value::Time(_) => {
            to_text(value).map_or(Value::Null, Value::from)
        }
        Value::List(list) => Value::List(list.iter().map(json_form).collect()),
        Value::Map(map) => {
            Value::Map(map.iter().map(|(key, value)| (key.clone(), json_form(value))).collect())
        }
        other => other.clone(),
    }
}

fn iso(push: impl FnOnce(&mut String)) -> Value {
    let mut text = String::new();
    push(&mut text);
    text.into()
}

/// A value in a message.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.as_str()),
        other => match to_text(other) {
            Some(text) => format!("`{text}`"),
            None => other.kind().to_owned(),
        },
    }
}
