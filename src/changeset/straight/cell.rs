//! Cells: the params that are asked for, and the changes that come of them, record after record.

use super::plan::Plan;
use crate::params::{Json, Token};
use crate::value::{Map, Value};
use alloc::vec::Vec;

/// A param where it lies.
#[derive(Clone, Copy)]
pub(super) enum Given<'a> {
    Missing,
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(&'a str),
    /// Something larger, at its place in the JSON text.
    Token(&'a Json<'a>, usize),
    /// Any value of a map.
    Value(&'a Value),
}

/// What becomes of a field.
pub(super) enum Change<'a> {
    None,
    Text(&'a str),
    Value(Value),
    /// So many children, from this cell on.
    Children {
        first: usize,
        count: usize,
    },
}

/// A lane of a record.
pub(super) struct Cell<'a> {
    pub(super) given: Given<'a>,
    pub(super) change: Change<'a>,
}

/// The lanes of all records.
#[derive(Default)]
pub(super) struct Cells<'a> {
    all: Vec<Cell<'a>>,
}

impl<'a> Cells<'a> {
    /// Empty cells for so many records, and where they begin.
    pub(super) fn open(&mut self, plan: &Plan, records: usize) -> usize {
        let first = self.all.len();
        let count = plan.lanes.len() * records;
        self.all.extend((0..count).map(|_| Cell { given: Given::Missing, change: Change::None }));
        first
    }

    #[inline]
    pub(super) fn at(&self, place: usize) -> &Cell<'a> {
        &self.all[place]
    }

    #[inline]
    pub(super) fn at_mut(&mut self, place: usize) -> &mut Cell<'a> {
        &mut self.all[place]
    }

    /// Notes the params of a record whose cells begin at `first`.
    pub(super) fn fill(&mut self, plan: &Plan, source: Source<'a>, first: usize) {
        let mut expected = 0;
        let mut note = |name: &str, given: Given<'a>| {
            if let Some(lane) = plan.find(name, expected) {
                expected = lane + 1;
                self.all[first + lane].given = given;
            }
        };
        match source {
            Source::Map(map) => map.iter().for_each(|(name, value)| note(name, Given::of_value(value))),
            Source::Json { json, at, end } => {
                for (name, place, token) in json.entries(at, end) {
                    note(name, Given::of_token(json, place, token));
                }
            }
        }
    }
}

/// The params of a record.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Map(&'a Map),
    /// A map in a JSON text: its first key, and its end.
    Json {
        json: &'a Json<'a>,
        at: usize,
        end: usize,
    },
}

impl<'a> Source<'a> {
    /// The map at a place of a JSON text.
    pub(super) fn of_json(json: &'a Json<'a>, at: usize) -> Option<Self> {
        match json.token(at) {
            Token::Map { end, .. } => Some(Source::Json { json, at: at + 1, end }),
            _ => None,
        }
    }
}

impl<'a> Given<'a> {
    #[inline]
    fn of_value(value: &'a Value) -> Self {
        match value {
            Value::Null => Given::Null,
            Value::Bool(flag) => Given::Bool(*flag),
            Value::Integer(number) => Given::Integer(*number),
            Value::Float(number) => Given::Float(*number),
            Value::String(text) => Given::Text(text),
            other => Given::Value(other),
        }
    }

    #[inline]
    fn of_token(json: &'a Json<'a>, at: usize, token: Token<'a>) -> Self {
        match token {
            Token::Null => Given::Null,
            Token::Bool(flag) => Given::Bool(flag),
            Token::Integer(number) => Given::Integer(number),
            Token::Float(number) => Given::Float(number),
            Token::Text(text) => Given::Text(text),
            Token::Escaped(_) => json.text_of(token).map_or(Given::Missing, Given::Text),
            Token::Decimal(_) | Token::List { .. } | Token::Map { .. } => Given::Token(json, at),
        }
    }

    /// The param, made a value.
    pub(super) fn to_value(self) -> Option<Value> {
        Some(match self {
            Given::Missing => return None,
            Given::Null => Value::Null,
            Given::Bool(flag) => Value::Bool(flag),
            Given::Integer(number) => Value::Integer(number),
            Given::Float(number) => Value::Float(number),
            Given::Text(text) => Value::from(text),
            Given::Token(json, at) => json.value_at(at),
            Given::Value(value) => value.clone(),
        })
    }

    /// The maps of a list, or the one map; none if it is anything else.
    pub(super) fn children(self, is_list: bool) -> Option<Vec<Source<'a>>> {
        match self {
            Given::Value(Value::List(list)) if is_list => {
                list.iter().map(|value| value.as_map().map(Source::Map)).collect()
            }
            Given::Value(Value::Map(map)) if !is_list => Some(Vec::from([Source::Map(map)])),
            Given::Token(json, at) => match json.token(at) {
                Token::List { length, .. } if is_list => {
                    let mut sources = Vec::with_capacity(length);
                    let mut place = at + 1;
                    for _ in 0..length {
                        sources.push(Source::of_json(json, place)?);
                        place = json.after(place);
                    }
                    Some(sources)
                }
                Token::Map { .. } if !is_list => Some(Vec::from([Source::of_json(json, at)?])),
                _ => None,
            },
            _ => None,
        }
    }
}
