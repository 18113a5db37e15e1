//! Many rows at once: what rules make of each, and the errors of all by row and column.
//!
//! [`cast_all`] takes params one after the other, [`cast_csv`] reads them out of a CSV. Both are iterators: nothing is read
//! before somebody asks for it, so files may be longer than memory, and progress is a matter of counting. What becomes of
//! a row is what [`Rules::apply`] makes of it, to the last message. Rows gather in a [`Batch`]:
//!
//! ```
//! use ectomorph::batch::{Batch, cast_all};
//! use ectomorph::changeset::Rules;
//! use ectomorph::schema::{Field, Record, Schema};
//! use ectomorph::types::Type;
//! use ectomorph::value::Map;
//!
//! let user = Schema::build("User", "users")
//!     .field(Field::new("name", Type::String))
//!     .field(Field::new("age", Type::Integer))
//!     .finish()?;
//! let rules = Rules::cast(["name", "age"]).validate_required(["name"]);
//!
//! let rows = [Map::from([("name", "Ada"), ("age", "36")]), Map::from([("age", "many")])];
//! let batch: Batch<Record> = cast_all(&rules, || Record::new(&user), rows).collect();
//! assert_eq!((batch.rows, batch.values.len()), (2, 1));
//! let errors: Vec<String> = batch.errors.iter().map(|error| error.to_string()).collect();
//! assert_eq!(errors, ["row 1: name can't be blank", "row 1: age is invalid"]);
//! # Ok::<(), ectomorph::mistake::Mistake>(())
//! ```

#[cfg(feature = "std")]
mod csv;

#[cfg(test)]
mod tests;

#[cfg(feature = "std")]
pub use csv::{CsvError, CsvOptions, CsvRows, cast_csv};

use crate::changeset::{Change, Data, FieldError, Parts, Rules};
use crate::value::{Map, Str, Value, push_integer};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Applies rules to each of many params, as to the record that `new` makes.
pub fn cast_all<'r, T: Data>(
    rules: &'r Rules<T>,
    mut new: impl FnMut() -> T + 'r,
    rows: impl IntoIterator<Item = Map, IntoIter: 'r>,
) -> impl Iterator<Item = Row<T>> + 'r {
    let rows = rows.into_iter().enumerate();
    rows.map(move |(row, params)| Row { row, line: None, outcome: outcome(rules, new(), &params, row) })
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<T> {
    /// The number of the row, from 0; of a CSV, without the header.
    pub row: usize,
    /// Of a CSV, the line that the record begins on, from 1.
    pub line: Option<u64>,
    /// The record with its changes, or what is wrong.
    pub outcome: Result<T, Vec<RowError>>,
}

/// What is wrong with a row, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct RowError {
    /// The number of the row, from 0.
    pub row: usize,
    /// Of a CSV, the line that the record begins on, from 1.
    pub line: Option<u64>,
    /// Of a CSV, the name of the column, if the field is one.
    pub column: Option<Str>,
    /// The field, in children with the way to it: `lines.3.qty`. None where the whole row is wrong.
    pub field: Option<Str>,
    /// The message, with its values filled in.
    pub message: String,
    /// What explains the error, as in a changeset.
    pub metadata: Map,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::from(if self.line.is_some() { "line " } else { "row " });
        let place = self.line.map_or(self.row as i64, |line| line as i64);
        push_integer(&mut text, place);
        text.push_str(": ");
        if let Some(name) = self.column.as_ref().or(self.field.as_ref()) {
            text.push_str(name);
            text.push(' ');
        }
        text.push_str(&self.message);
        f.write_str(&text)
    }
}

/// Many rows: the records of those that are valid, and the errors of the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch<T> {
    /// How many rows there were.
    pub rows: usize,
    /// The valid ones, each with its number.
    pub values: Vec<(usize, T)>,
    /// What is wrong, row after row.
    pub errors: Vec<RowError>,
}

impl<T> Batch<T> {
    /// Whether all rows are valid.
    pub fn is_valid(&self) -> bool {
        self.values.len() == self.rows
    }
}

impl<T> FromIterator<Row<T>> for Batch<T> {
    fn from_iter<I: IntoIterator<Item = Row<T>>>(rows: I) -> Self {
        let mut batch = Batch { rows: 0, values: Vec::new(), errors: Vec::new() };
        for Row { row, outcome, .. } in rows {
            batch.rows += 1;
            match outcome {
                Ok(value) => batch.values.push((row, value)),
                Err(errors) => batch.errors.extend(errors),
            }
        }
        batch
    }
}

/// What rules make of params.
fn outcome<T: Data>(rules: &Rules<T>, data: T, params: &Map, row: usize) -> Result<T, Vec<RowError>> {
    rules.apply_action(data, params, "insert").map_err(|changeset| {
        let mut errors = Vec::new();
        if let Some(mistake) = &changeset.mistake {
            errors.push(whole(row, mistake.message(), "mistake"));
        }
        collect(&changeset, "", row, &mut errors);
        errors
    })
}

/// An error of a whole row.
fn whole(row: usize, message: impl Into<String>, validation: &'static str) -> RowError {
    let metadata = Map::from([("validation", validation)]);
    RowError { row, line: None, column: None, field: None, message: message.into(), metadata }
}

/// Takes the errors of a changeset and its children, as [`Parts::traverse_errors`] goes through them.
fn collect(parts: &Parts, place: &str, row: usize, errors: &mut Vec<RowError>) {
    let path = |name: &str| {
        let mut path = String::from(place);
        path.push_str(name);
        path
    };
    let mut below = Vec::new();
    let mut replaced = Vec::new();
    for (position, change) in parts.changes.iter() {
        let Some(field) = parts.schema().fields().get(position) else { continue };
        let before = below.len();
        match change {
            Change::Value(_) | Change::One(None) => {}
            Change::One(Some(child)) => collect(child, &(path(&field.name) + "."), row, &mut below),
            Change::Many(children) => {
                for (index, child) in children.iter().enumerate() {
                    let mut place = path(&field.name);
                    place.push('.');
                    push_integer(&mut place, index as i64);
                    place.push('.');
                    collect(child, &place, row, &mut below);
                }
            }
        }
        if below.len() > before {
            replaced.push(field.name.clone());
        }
    }
    let own = parts.errors.iter().filter(|error| !replaced.contains(&error.field));
    errors.extend(own.map(|error: &FieldError| RowError {
        row,
        line: None,
        column: None,
        field: Some(path(&error.field).into()),
        message: error.text(),
        metadata: error.metadata.clone(),
    }));
    errors.append(&mut below);
}

impl From<&RowError> for Value {
    /// The error as JSON has it.
    fn from(error: &RowError) -> Value {
        let text = |text: &Option<Str>| text.clone().map_or(Value::Null, Value::String);
        let mut map = Map::new();
        map.insert("row", Value::from(error.row as i64));
        map.insert("line", error.line.map_or(Value::Null, |line| Value::from(line as i64)));
        map.insert("column", text(&error.column));
        map.insert("field", text(&error.field));
        map.insert("message", Value::from(error.message.as_str()));
        map.insert("metadata", Value::Map(error.metadata.clone()));
        Value::Map(map)
    }
}
