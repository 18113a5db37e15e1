//! Rows that become results while they come.

use super::build::{Builder, slots};
use super::load::{load, load_field, load_ref};
use super::read::{as_map, root};
use super::{FromOutput, Output, RepoError};
use crate::adapter::{Row, RowSink, RowView};
use crate::mistake::Mistake;
use crate::query::Postprocess;
use crate::query::plan::{Build, Field};
use crate::schema::{FieldKind, Fields, Record, Schema, Slot};
use crate::value::{Str, ValueRef};
use std::sync::{Arc, Mutex, PoisonError};

/// Results in the making, one of each row.
pub(super) struct Collect<'q, T> {
    shape: Shape<'q>,
    builder: Builder<'q>,
    made: Mutex<Made<T>>,
}

struct Made<T> {
    results: Vec<T>,
    error: Option<RepoError>,
}

/// What is made of a row.
enum Shape<'q> {
    /// The record of the first source.
    Record(Columns<'q>),
    /// A value and that record, as preloads ask for them.
    Pair(usize, Columns<'q>),
    /// Anything else.
    Other(&'q Postprocess),
}

/// Which columns of a row the fields of a record are.
pub(super) struct Columns<'q> {
    schema: &'q Arc<Schema>,
    prefix: &'q Option<Str>,
    fields: &'q [(usize, usize)],
    /// For each field of the schema, its place in the row.
    places: Vec<Option<usize>>,
}

impl<'q> Columns<'q> {
    pub(super) fn new(schema: &'q Arc<Schema>, prefix: &'q Option<Str>, fields: &'q [(usize, usize)]) -> Self {
        let mut places = vec![None; schema.fields().len()];
        fields.iter().for_each(|(position, place)| places[*position] = Some(*place));
        Columns { schema, prefix, fields, places }
    }

    /// What a row becomes.
    pub(super) fn read<T>(
        &self,
        row: &mut dyn RowView,
        make: impl FnOnce(&mut dyn Fields) -> Result<T, Mistake>,
    ) -> Result<T, RepoError> {
        let mut fields = OfRow { columns: self, row, slot: Slot::Absent, error: None };
        let read = make(&mut fields);
        match fields.error {
            Some(error) => Err(error),
            None => Ok(read?),
        }
    }
}

impl<'q, T: FromOutput> Collect<'q, T> {
    /// Results of what a query selects, whose preloads are none or come later.
    pub(super) fn new(fields: &'q [Field], select: &'q Postprocess) -> Self {
        let mut builds = vec![&select.build];
        builds.extend(&select.from);
        let builder = Builder::new(fields, &builds);
        let shape = match (&select.build, &select.from) {
            _ if select.from_as_map || !builder.once => Shape::Other(select),
            (Build::From, Some(Build::Record { schema, prefix, fields, .. })) => {
                Shape::Record(Columns::new(schema, prefix, fields))
            }
            (Build::Tuple(parts), Some(Build::Record { schema, prefix, fields, .. })) => match &parts[..] {
                [Build::Field(place), Build::From] => {
                    Shape::Pair(*place, Columns::new(schema, prefix, fields))
                }
                _ => Shape::Other(select),
            },
            _ => Shape::Other(select),
        };
        Collect { shape, builder, made: Mutex::new(Made { results: Vec::new(), error: None }) }
    }

    /// The results, once all rows came; `rows` are those that the adapter answered with.
    pub(super) fn finish(self, rows: Vec<Row>) -> Result<Vec<T>, RepoError> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).results.reserve(rows.len());
        for mut row in rows {
            self.row(&mut row);
        }
        let Made { results, error } = self.made.into_inner().unwrap_or_else(PoisonError::into_inner);
        error.map_or(Ok(results), Err)
    }

    fn result(&self, row: &mut dyn RowView) -> Result<T, RepoError> {
        match &self.shape {
            Shape::Record(columns) => columns.read(row, T::from_fields),
            Shape::Pair(place, columns) => {
                let field = &self.builder.fields[*place];
                let name = field.alias.as_deref().unwrap_or("select");
                let first = load(&field.load, row.value(*place)?.into_value(), name)?;
                columns.read(row, |fields| T::from_pair(first.into(), fields))
            }
            Shape::Other(select) => {
                let mut row = row.take_row()?;
                let root = match &select.from {
                    Some(from) => root(&self.builder, from, &mut row)?,
                    None => Output::NULL,
                };
                let root = if select.from_as_map { as_map(root, &select.take) } else { root };
                Ok(T::from_output(match &select.build {
                    Build::From => root,
                    build => self.builder.build(build, &mut row, &root)?,
                })?)
            }
        }
    }
}

impl<T: FromOutput> RowSink for Collect<'_, T> {
    fn row(&self, row: &mut dyn RowView) {
        // Rows come one after the other, so nobody waits here.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.error.is_some() {
            return;
        }
        match self.result(row) {
            Ok(result) => made.results.push(result),
            Err(error) => made.error = Some(error),
        }
    }
}

/// The fields of a row.
struct OfRow<'r> {
    columns: &'r Columns<'r>,
    row: &'r mut dyn RowView,
    /// What was asked for last.
    slot: Slot,
    /// What a value was that could not be loaded, better said than by a mistake.
    error: Option<RepoError>,
}

impl OfRow<'_> {
    fn kept<T>(error: &mut Option<RepoError>, loaded: Result<T, RepoError>) -> Result<T, Mistake> {
        loaded.map_err(|why| {
            let mistake = Mistake::new(why.to_string());
            error.get_or_insert(why);
            mistake
        })
    }
}

impl Fields for OfRow<'_> {
    fn schema(&self) -> &Arc<Schema> {
        self.columns.schema
    }

    fn value(&mut self, position: usize) -> Result<ValueRef<'_>, Mistake> {
        let field = &self.columns.schema.fields()[position];
        let Some(place) = self.columns.places[position] else {
            self.slot = Slot::new(self.columns.schema, field);
            return Ok(ValueRef::Lent(self.slot.value()));
        };
        let stored = self.row.value(place).map_err(RepoError::from);
        let loaded = stored.and_then(|stored| match &field.kind {
            FieldKind::Value(kind) => load_ref(kind, stored, &field.name),
            _ => Ok(stored),
        });
        OfRow::kept(&mut self.error, loaded)
    }

    fn slot(&mut self, position: usize) -> Result<&Slot, Mistake> {
        let field = &self.columns.schema.fields()[position];
        self.slot = match self.columns.places[position] {
            None => Slot::new(self.columns.schema, field),
            Some(place) => {
                let stored = self.row.value(place).map_err(RepoError::from);
                let loaded = stored.and_then(|stored| load_field(field, stored.into_value()));
                OfRow::kept(&mut self.error, loaded)?
            }
        };
        Ok(&self.slot)
    }

    fn to_record(&mut self) -> Result<Record, Mistake> {
        let Columns { schema, prefix, fields, .. } = self.columns;
        let loaded = slots(schema, fields, self.row);
        let slots = OfRow::kept(&mut self.error, loaded)?;
        Ok(Record::loaded(schema, (*prefix).clone(), slots))
    }
}
