//! Schemas, steps and values from JSON text.

use ectomorph::changeset::{Parts, record_from_notation, run_steps};
use ectomorph::params::{Limits, from_json};
use ectomorph::rules::{NoValidators, Step, read_steps};
use ectomorph::schema::{Schema, read_schema};
use ectomorph::types::Types;
use ectomorph::value::{Map, Value, notation};
use std::sync::Arc;

pub fn value(text: &str) -> Value {
    let json = from_json(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}: {text}"));
    notation::decode(json).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub fn map(text: &str) -> Map {
    match value(text) {
        Value::Map(map) => map,
        other => panic!("{} is no map: {text}", other.kind()),
    }
}

pub fn schema(text: &str) -> Arc<Schema> {
    read_schema(&value(text), &Types::default(), &NoValidators).unwrap_or_else(|mistake| panic!("{mistake}"))
}

pub fn steps(text: &str) -> Arc<[Step]> {
    read_steps(&value(text), &NoValidators).unwrap_or_else(|mistake| panic!("{mistake}"))
}

/// The changeset of a record of `schema` with `data` after `steps`; empty `params` stand for none at all.
pub fn changeset(schema: &Arc<Schema>, data: &str, params: &str, steps: &[Step]) -> Parts {
    let record =
        record_from_notation(schema, &value(data), None).unwrap_or_else(|mistake| panic!("{mistake}"));
    let params = if params.is_empty() { Map::new() } else { map(params) };
    run_steps(Arc::new(record), steps, Some(&params)).unwrap_or_else(|mistake| panic!("{mistake}"))
}
