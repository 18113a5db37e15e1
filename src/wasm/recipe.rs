//! Recipes: what a changeset is made of, from the host, and making it.

use super::of_host::value_of_host;
use super::shape::Shape;
use super::unpack::Reader;
use crate::changeset::{Parts, ReadValue, read_record, read_slot, read_state, run_all, run_steps};
use crate::mistake::Mistake;
use crate::rules::{Step, Validators, read_steps};
use crate::schema::{Record, Schema};
use crate::value::{Map, Value, notation};
use alloc::sync::Arc;

/// Rules that were compiled once.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) schema: Arc<Schema>,
    pub(crate) steps: Arc<[Step]>,
    pub(crate) shape: Shape,
    /// A new record, shared by all changesets that start from one.
    blank: Arc<Record>,
}

impl Compiled {
    pub(crate) fn new(schema: Arc<Schema>, steps: Arc<[Step]>) -> Self {
        let shape = Shape::of(&schema, &steps);
        let blank = Arc::new(Record::new(&schema));
        Compiled { schema, steps, shape, blank }
    }
}

/// Reads the recipe `[data, state, params, extra steps]` and makes its changeset.
pub(crate) fn make(
    compiled: &Compiled,
    reader: &mut Reader,
    validators: &dyn Validators,
) -> Result<Parts, Mistake> {
    if reader.list()? != 4 {
        return Err(Mistake::new("a recipe is [data, state, params, extra steps]"));
    }
    let record = data(compiled, reader)?;
    let params = reader.value(Some(&compiled.shape))?;
    let extra = reader.value(None)?;
    let params = match &params {
        Value::Map(map) if map.contains_key("$invalid") => None,
        Value::Map(map) => Some(map),
        Value::Null => None,
        other => return Err(Mistake::about("params must be an object, got %", &[other.kind()])),
    };
    if extra.is_null() {
        return run_steps(record, &compiled.steps, params);
    }
    let extra = notation::decode(extra).map_err(|error| Mistake::new(error.message()))?;
    let mut extra = read_steps(&extra, validators)?;
    // Nobody else has these steps yet, so they are changed in place.
    for step in Arc::get_mut(&mut extra).unwrap_or_default() {
        of_host(&compiled.schema, step);
    }
    run_all(record, &[&compiled.steps, &extra], params)
}

/// The record `data, state`: null for a new one, an object, or the values of the fields in their order, where those that
/// are missing are as in a new record.
fn data(compiled: &Compiled, reader: &mut Reader) -> Result<Arc<Record>, Mistake> {
    let schema = &compiled.schema;
    // Text where the host has no type of its own.
    let read: &ReadValue = &|kind, value| {
        let value = notation::decode(value.clone()).map_err(|error| Mistake::new(error.message()))?;
        Ok(value_of_host(kind, value))
    };
    if reader.is_shaped() {
        let mut record = Record::clone(&compiled.blank);
        reader.places(schema.fields().len(), &mut |at, value| {
            record.set_slot(at, read_slot(schema, at, &value, read)?);
            Ok(())
        })?;
        record.state = read_state(Some(&reader.value(None)?))?;
        return Ok(Arc::new(record));
    }
    let (data, state) = (reader.value(None)?, reader.value(None)?);
    let data = match data {
        Value::Null if state.is_null() => return Ok(compiled.blank.clone()),
        Value::Null => Value::Map(Map::new()),
        data @ Value::Map(_) => data,
        other => return Err(Mistake::about("data must be an object, got %", &[other.kind()])),
    };
    Ok(Arc::new(read_record(schema, &data, Some(&state), read)?))
}

/// The values of a step written by the host become those of the types of their fields.
fn of_host(schema: &Schema, step: &mut Step) {
    let typed = |field: &str, value: &mut Value| {
        if let Some(kind) = schema.field_type(field) {
            *value = value_of_host(kind, core::mem::take(value));
        }
    };
    match step {
        Step::PutChange(field, value) | Step::ForceChange(field, value) => typed(field, value),
        Step::Change(changes) => changes.iter_mut().for_each(|(field, value)| typed(field, value)),
        _ => {}
    }
}
