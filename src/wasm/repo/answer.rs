//! Answers: packed values, and records whose fields are named once.
//!
//! | tag | content |
//! |---|---|
//! | 20 | a record: its shape (2 bytes), its state (1 byte), the value of each field, missing where nothing is loaded |
//! | 21 | a map: its shape (2 bytes), the value of each key |
//! | 22 | a list of records or maps of one shape: the shape (2 bytes), the state of records (1 byte), and [rows](crate::wasm::rows) |
//!
//! An answer begins with the place of the shapes that are new to the host (4 bytes; 0 for none), which follow what they
//! are for: a count, then `[is a record, name, [field, ..]]` each.

use crate::repo::{Flat, Output};
use crate::schema::{Record, RecordState, Schema, Slot};
use crate::value::{Str, Value};
use crate::wasm::pack::{self, count, pack};
use std::sync::Arc;

const RECORD: u8 = 20;
const KEYED: u8 = 21;
const ROWS: u8 = 22;
/// The state of records that were read.
const LOADED: u8 = 1;
/// So many forms of maps have a shape; more are written with their keys.
const MAX_SHAPES: usize = 4096;

/// What a request answers.
pub(super) enum Reply {
    Value(Value),
    Output(Output),
    Outputs(Vec<Output>),
    /// What each result is, and all of them written.
    Rows(Flat, Vec<u8>),
    /// How many rows, and those that were asked for.
    Counted(usize, Option<Vec<Output>>),
}

impl From<Option<Output>> for Reply {
    fn from(output: Option<Output>) -> Self {
        Reply::Output(output.unwrap_or(Output::NULL))
    }
}

impl From<Arc<Record>> for Reply {
    fn from(record: Arc<Record>) -> Self {
        Reply::Output(Output::Record(record))
    }
}

/// The shapes that answers refer to, by number.
#[derive(Default)]
pub(super) struct Shapes {
    all: Vec<Shape>,
    /// How many of them the host has.
    sent: usize,
}

enum Shape {
    Record(Arc<Schema>),
    Keys(Vec<Str>),
}

impl Shapes {
    /// Writes a whole answer.
    pub(super) fn answer(&mut self, out: &mut Vec<u8>, reply: &Reply) {
        out.clear();
        count(out, 0);
        match reply {
            Reply::Value(value) => pack(out, value),
            Reply::Output(output) => self.output(out, output),
            Reply::Outputs(outputs) => self.list(out, outputs),
            Reply::Rows(flat, rows) => {
                let (shape, state) = match flat {
                    Flat::Record(schema) => (self.of_records(schema), LOADED),
                    Flat::Map(keys) => (self.of_keys(keys), 0),
                };
                out.push(ROWS);
                out.extend_from_slice(&(shape as u16).to_le_bytes());
                out.push(state);
                out.extend_from_slice(rows);
            }
            Reply::Counted(rows, outputs) => {
                out.push(pack::LIST);
                count(out, 2);
                pack(out, &Value::Integer(*rows as i64));
                match outputs {
                    Some(outputs) => self.list(out, outputs),
                    None => out.push(pack::NULL),
                }
            }
        }
        if self.sent < self.all.len() {
            let at = out.len();
            out[..4].copy_from_slice(&(at as u32).to_le_bytes());
            let fresh = &self.all[self.sent..];
            count(out, fresh.len());
            for shape in fresh {
                pack(out, &shape.describe());
            }
            self.sent = self.all.len();
        }
    }

    /// Whether one more form of maps would have a shape.
    pub(super) fn has_room(&self) -> bool {
        self.all.len() < MAX_SHAPES
    }

    fn list(&mut self, out: &mut Vec<u8>, outputs: &[Output]) {
        out.push(pack::LIST);
        count(out, outputs.len());
        for output in outputs {
            self.output(out, output);
        }
    }

    fn output(&mut self, out: &mut Vec<u8>, output: &Output) {
        match output {
            Output::Value(value) => pack(out, value),
            Output::Record(record) => self.record(out, record),
            Output::Tuple(list) | Output::List(list) => self.list(out, list),
            Output::Map(entries) => {
                let shape = self.keys(entries);
                match shape {
                    Some(shape) => {
                        out.push(KEYED);
                        out.extend_from_slice(&(shape as u16).to_le_bytes());
                    }
                    None => {
                        out.push(pack::MAP);
                        count(out, entries.len());
                    }
                }
                for (key, value) in entries {
                    if shape.is_none() {
                        pack::text(out, &crate::value::to_text(key).unwrap_or_default().into());
                    }
                    self.output(out, value);
                }
            }
        }
    }

    fn record(&mut self, out: &mut Vec<u8>, record: &Record) {
        let schema = record.schema();
        let number = self.of_records(schema);
        out.push(RECORD);
        out.extend_from_slice(&(number as u16).to_le_bytes());
        out.push(match record.state {
            RecordState::Built => 0,
            RecordState::Loaded => LOADED,
            RecordState::Deleted => 2,
        });
        for position in 0..schema.fields().len() {
            match record.slot(position) {
                Slot::Value(value) => pack(out, value),
                Slot::One(Some(child)) => self.record(out, child),
                Slot::One(None) => out.push(pack::NULL),
                Slot::Many(children) => {
                    out.push(pack::LIST);
                    count(out, children.len());
                    for child in children {
                        self.record(out, child);
                    }
                }
                Slot::Absent | Slot::NotLoaded => out.push(pack::MISSING),
            }
        }
    }

    /// The shape of records.
    fn of_records(&mut self, schema: &Arc<Schema>) -> usize {
        let known = |shape: &Shape| matches!(shape, Shape::Record(known) if Arc::ptr_eq(known, schema));
        self.number_of(known, || Shape::Record(schema.clone()))
    }

    /// The shape of maps with these keys.
    fn of_keys(&mut self, keys: &[Str]) -> usize {
        self.number_of(
            |shape| matches!(shape, Shape::Keys(known) if known == keys),
            || Shape::Keys(keys.to_vec()),
        )
    }

    fn number_of(&mut self, is: impl Fn(&Shape) -> bool, make: impl FnOnce() -> Shape) -> usize {
        self.all.iter().position(is).unwrap_or_else(|| {
            self.all.push(make());
            self.all.len() - 1
        })
    }

    /// The shape of a map, unless there are too many or a key is no text.
    fn keys(&mut self, entries: &[(Value, Output)]) -> Option<usize> {
        let known = |shape: &Shape| {
            matches!(shape, Shape::Keys(keys) if keys.len() == entries.len()
                && keys.iter().zip(entries).all(|(key, (other, _))| other.as_str() == Some(key)))
        };
        if let Some(number) = self.all.iter().position(known) {
            return Some(number);
        }
        if !self.has_room() {
            return None;
        }
        let text = |(key, _): &(Value, Output)| match key {
            Value::String(key) => Some(key.clone()),
            _ => None,
        };
        let keys = entries.iter().map(text).collect::<Option<Vec<Str>>>()?;
        self.all.push(Shape::Keys(keys));
        Some(self.all.len() - 1)
    }
}

impl Shape {
    fn describe(&self) -> Value {
        let (is_record, name, fields) = match self {
            Shape::Record(schema) => {
                let fields = schema.fields().iter().map(|field| Value::String(field.name.clone()));
                (true, Value::String(schema.name().clone()), fields.collect())
            }
            Shape::Keys(keys) => (false, Value::Null, keys.iter().cloned().map(Value::String).collect()),
        };
        Value::List(vec![Value::Bool(is_record), name, Value::List(fields)])
    }
}
