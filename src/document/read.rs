//! Reading documents.

use super::{Document, MAX_BYTES, VERSION};
use crate::mistake::Mistake;
use crate::params::{Limits, MAX_DEPTH, from_json};
use crate::rules::{Validators, read_steps, unknown};
use crate::schema::read_schema;
use crate::types::Types;
use crate::value::{Map, Str, Value, notation, push_integer};
use alloc::string::String;

const KEYS: [&str; 4] = ["version", "name", "schema", "steps"];

/// Keys and list elements of a whole document.
const MAX_ENTRIES: usize = 100_000;

impl Document {
    /// Reads a document whose tagged literals are decoded ([`value::notation`](crate::value::notation)).
    ///
    /// `types` are the custom types, `validators` the rules of your own that it may name.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] with the place and what is wrong: a version that is newer than this program, a key that is not
    /// known, and all that [`read_schema`], [`read_steps`] and [`check`](super::check) refuse.
    pub fn read(document: &Value, types: &Types, validators: &dyn Validators) -> Result<Document, Mistake> {
        let Value::Map(map) = document else {
            return Err(Mistake::about("a rules document must be an object, got %", &[document.kind()]));
        };
        read_version(map)?;
        if let Some(key) = map.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(unknown("key of a rules document", key, KEYS.into_iter()));
        }
        let name = match map.get("name") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name.clone()),
            Some(other) => return Err(Mistake::about("name must be a string, got %", &[other.kind()])),
        };
        let schema =
            read_schema(part(map, "schema")?, types, validators).map_err(|mistake| mistake.at("schema"))?;
        let steps = read_steps(part(map, "steps")?, validators).map_err(|mistake| mistake.at("steps"))?;
        super::check(&schema, &steps).map_err(|mistake| mistake.at("steps"))?;
        Ok(Document { name, schema, steps })
    }

    /// Reads a document from JSON text of at most [`MAX_BYTES`].
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if it is no JSON or too much of it, and as [`Document::read`].
    pub fn from_json(
        json: impl AsRef<[u8]>,
        types: &Types,
        validators: &dyn Validators,
    ) -> Result<Document, Mistake> {
        let limits = Limits { bytes: MAX_BYTES, depth: MAX_DEPTH, entries: MAX_ENTRIES };
        let value = from_json(json, &limits)
            .map_err(|error| Mistake::new(error.message()).at("the JSON of the document"))?;
        let value = notation::decode(value).map_err(|error| Mistake::new(error.message()))?;
        Document::read(&value, types, validators)
    }
}

fn read_version(map: &Map) -> Result<(), Mistake> {
    match map.get("version") {
        Some(Value::Integer(VERSION)) => Ok(()),
        Some(Value::Integer(newer)) if *newer > VERSION => Err(Mistake::about(
            "version % is newer than this ectomorph understands (%); update it",
            &[&digits(*newer), &digits(VERSION)],
        )),
        Some(Value::Integer(other)) => Err(Mistake::about("there is no version %", &[&digits(*other)])),
        Some(other) => Err(Mistake::about("version must be an integer, got %", &[other.kind()])),
        None => Err(Mistake::new("a rules document needs its version: {\"version\": 1, ..}")),
    }
}

fn part<'a>(map: &'a Map, key: &'static str) -> Result<&'a Value, Mistake> {
    map.get(key).ok_or_else(|| Mistake::about("a rules document needs its %", &[key]))
}

fn digits(number: i64) -> Str {
    let mut text = String::new();
    push_integer(&mut text, number);
    text.into()
}
