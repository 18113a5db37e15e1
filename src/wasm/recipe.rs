//! Recipes: what a changeset is made of, from the host, and making it.

use super::describe::Shape;
use super::of_host::value_of_host;
use super::unpack::Reader;
use crate::changeset::{Parts, read_record, run_all, run_steps};
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
    let (data, state) = (reader.value(None)?, reader.value(None)?);
    let params = reader.value(Some(&compiled.shape))?;
    let extra = reader.value(None)?;
    let record = match (&data, &state) {
        (Value::Null, Value::Null) => compiled.blank.clone(),
        (Value::Null, _) => record(&compiled.schema, &Value::Map(Map::new()), &state)?,
        (data @ Value::Map(_), _) => record(&compiled.schema, data, &state)?,
        (other, _) => return Err(Mistake::about("data must be an object, got %", &[other.kind()])),
    };
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

/// A record from the host's data: text where the host has no type of its own.
fn record(schema: &Arc<Schema>, data: &Value, state: &Value) -> Result<Arc<Record>, Mistake> {
    let record = read_record(schema, data, Some(state), &|kind, value| {
        let value = notation::decode(value.clone()).map_err(|error| Mistake::new(error.message()))?;
        Ok(value_of_host(kind, value))
    })?;
    Ok(Arc::new(record))
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
