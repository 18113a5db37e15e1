//! What a type makes of a value, for the conformance tests: no page asks it.

use super::exports::{finish, take_input};
use super::unpack::unpack;
use crate::mistake::Mistake;
use crate::types::{DumpError, LoadError, Type, Types};
use crate::value::{Map, Value, notation};
use wasm_bindgen::prelude::wasm_bindgen;

/// Casts, dumps, loads or compares by a type: `[op, type, value, value?]`.
#[wasm_bindgen]
pub fn type_call(length: usize) -> u32 {
    let answer = take_input(length).and_then(|bytes| {
        let input = notation::decode(unpack(&bytes, None)?).map_err(|error| Mistake::new(error.message()))?;
        match input.as_list() {
            Some([Value::String(op), kind, value, rest @ ..]) => {
                let kind = Types::default().read(kind).map_err(|error| Mistake::new(error.message()))?;
                call_type(op, &kind, value, rest.first().unwrap_or(&Value::Null))
            }
            _ => Err(Mistake::new("type_call takes [op, type, value, value?]")),
        }
    });
    finish(answer.map(Value::Map))
}

fn call_type(op: &str, kind: &Type, a: &Value, b: &Value) -> Result<Map, Mistake> {
    let done = |value: Value| Map::from([("ok", value)]);
    let failed = || Map::from([("error", true)]);
    Ok(match op {
        "cast" => match kind.cast(a) {
            Ok(value) => done(value),
            Err(error) => {
                let mut metadata = error.metadata;
                if !error.source.is_empty() {
                    metadata.set("source", Value::List(error.source));
                }
                let mut map = failed();
                if !metadata.is_empty() {
                    map.set("meta", metadata);
                }
                map
            }
        },
        "dump" => match kind.dump(a) {
            Ok(value) => done(value),
            Err(DumpError::Invalid) => failed(),
            Err(DumpError::Refused(why)) => return Err(Mistake::new(&*why)),
        },
        "load" => match kind.load(a) {
            Ok(value) => done(value),
            Err(LoadError::Invalid) => failed(),
            Err(LoadError::Refused(why)) => return Err(Mistake::new(&*why)),
        },
        "equal" => Map::from([("equal", kind.equal(a, b))]),
        other => return Err(Mistake::about("type_call has no op `%`", &[other])),
    })
}
