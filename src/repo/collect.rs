//! Rows that become results while they come.

use super::build::{Builder, slots};
use super::key::Key;
use super::load::{load_field, load_ref};
use super::read::{as_map, root};
use super::{FromOutput, Output, RepoError};
use crate::adapter::{Row, RowSink, RowView};
use crate::mistake::Mistake;
use crate::query::Postprocess;
use crate::query::plan::{Build, Field};
use crate::schema::{FieldKind, Fields, Many, Record, Schema, Slot};
use crate::value::{Str, ValueRef};
use std::sync::{Arc, Mutex, PoisonError};

/// Results in the making, one of each row.
pub(super) struct Collect<'q, T> {
    shape: Shape<'q>,
    builder: Builder<'q>,
    made: Made<Vec<T>>,
}

/// What was made of rows so far, and what was wrong with one of them: the others are not looked at any more.
pub(super) struct Made<R>(Mutex<(R, Option<RepoError>)>);

impl<R> Made<R> {
    pub(super) fn new(nothing: R) -> Self {
        Made(Mutex::new((nothing, None)))
    }

    pub(super) fn add(&self, add: impl FnOnce(&mut R) -> Result<(), RepoError>) {
        // Rows come one after the other, so nobody waits here.
        let (results, error) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if error.is_none() {
            *error = add(results).err();
        }
    }

    pub(super) fn finish(self) -> Result<R, RepoError> {
        let (results, error) = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        error.map_or(Ok(results), Err)
    }
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
    pub(super) fn new(
        schema: &'q Arc<Schema>,
        prefix: &'q Option<Str>,
        fields: &'q [(usize, usize)],
    ) -> Self {
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
        let (builder, shape) = Shape::of(fields, select);
        Collect { shape, builder, made: Made::new(Vec::new()) }
    }

    /// The results, once all rows came; `rows` are those that the adapter answered with.
    pub(super) fn finish(self, rows: Vec<Row>) -> Result<Vec<T>, RepoError> {
        self.made.add(|results| {
            results.reserve(rows.len());
            Ok(())
        });
        for mut row in rows {
            self.row(&mut row);
        }
        self.made.finish()
    }

    fn result(&self, row: &mut dyn RowView) -> Result<T, RepoError> {
        match &self.shape {
            Shape::Record(columns) => columns.read(row, T::from_fields),
            Shape::Pair(place, columns) => {
                let first = self.builder.field(*place, row)?;
                columns.read(row, |fields| T::from_pair(first, fields))
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
        self.made.add(|results| {
            results.push(self.result(row)?);
            Ok(())
        });
    }
}

impl<'q> Shape<'q> {
    fn of(fields: &'q [Field], select: &'q Postprocess) -> (Builder<'q>, Shape<'q>) {
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
        (builder, shape)
    }
}

/// Structs in the making, which become the association of others: each with the key of its parent, if it is selected.
pub(super) struct CollectMany<'q> {
    builder: Builder<'q>,
    key: Option<usize>,
    columns: Columns<'q>,
    made: Made<(Vec<Key>, Box<dyn Many>)>,
}

impl<'q> CollectMany<'q> {
    /// Structs to add to `many`; the list itself, if the query selects no such records.
    pub(super) fn new(
        fields: &'q [Field],
        select: &'q Postprocess,
        many: Box<dyn Many>,
    ) -> Result<Self, Box<dyn Many>> {
        let (builder, key, columns) = match Shape::of(fields, select) {
            (builder, Shape::Record(columns)) => (builder, None, columns),
            (builder, Shape::Pair(place, columns)) => (builder, Some(place), columns),
            (_, Shape::Other(_)) => return Err(many),
        };
        if !select.assocs.is_empty() || !Arc::ptr_eq(columns.schema, &many.schema()) {
            return Err(many);
        }
        Ok(CollectMany { builder, key, columns, made: Made::new((Vec::new(), many)) })
    }

    /// The prefix that their table has.
    pub(super) fn prefix(&self) -> Option<&'q Str> {
        self.columns.prefix.as_ref()
    }

    /// The keys and the structs, once all rows came; `rows` are those that the adapter answered with.
    pub(super) fn finish(self, rows: Vec<Row>) -> Result<(Vec<Key>, Box<dyn Many>), RepoError> {
        for mut row in rows {
            self.row(&mut row);
        }
        self.made.finish()
    }
}

impl RowSink for CollectMany<'_> {
    fn row(&self, row: &mut dyn RowView) {
        self.made.add(|(keys, many)| {
            if let Some(place) = self.key {
                keys.push(self.builder.key(place, row)?);
            }
            self.columns.read(row, |fields| many.read(fields))
        });
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
    /// Keeps what is wrong, and says it as a mistake to whoever reads.
    #[cold]
    fn failed(error: &mut Option<RepoError>, why: RepoError) -> Mistake {
        let mistake = Mistake::new(why.to_string());
        error.get_or_insert(why);
        mistake
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
        // Most values are what they are: what is passed on is not moved from result to result.
        let stored = match self.row.value(place) {
            Ok(stored) => stored,
            Err(why) => return Err(OfRow::failed(&mut self.error, why.into())),
        };
        match &field.kind {
            FieldKind::Value(kind) => match load_ref(kind, stored, &field.name) {
                Ok(value) => Ok(value),
                Err(why) => Err(OfRow::failed(&mut self.error, why)),
            },
            _ => Ok(stored),
        }
    }

    fn slot(&mut self, position: usize) -> Result<&Slot, Mistake> {
        let field = &self.columns.schema.fields()[position];
        self.slot = match self.columns.places[position] {
            None => Slot::new(self.columns.schema, field),
            Some(place) => {
                let stored = self.row.value(place).map_err(RepoError::from);
                let loaded = stored.and_then(|stored| load_field(field, stored.into_value()));
                loaded.map_err(|why| OfRow::failed(&mut self.error, why))?
            }
        };
        Ok(&self.slot)
    }

    fn to_record(&mut self) -> Result<Record, Mistake> {
        let Columns { schema, prefix, fields, .. } = self.columns;
        let loaded = slots(schema, fields, self.row);
        let slots = loaded.map_err(|why| OfRow::failed(&mut self.error, why))?;
        Ok(Record::loaded(schema, (*prefix).clone(), slots))
    }
}
