//! How the rows of an answer are read: as what their types are stored as, and by whom.

use super::Driver;
use super::kinds::{Kind, has_rows};
use crate::adapter::{AdapterError, Outcome, Row, RowSink, RowView, Statement};
use crate::value::ValueRef;

/// How the rows of an answer are read.
pub struct Reading<'a> {
    /// Of each column the kind, if its values may be others than the database gave. None: all columns are read as they are.
    kinds: Option<Vec<Option<Kind<'a>>>>,
    /// How many columns stand before the first.
    skipped: usize,
    into: Option<&'a dyn RowSink>,
}

/// A row of a driver, as the database sent it.
pub trait Stored {
    /// How many columns it has.
    fn count(&self) -> usize;

    /// The value of a column, as the database gave it; it is asked for once.
    ///
    /// # Errors
    ///
    /// What was sent is no such value.
    fn value(&mut self, at: usize) -> Result<ValueRef<'_>, String>;
}

impl<'a> Reading<'a> {
    /// All columns as they are.
    pub fn plain() -> Reading<'static> {
        Reading { kinds: None, skipped: 0, into: None }
    }

    /// That of a statement's answer; none if it has no rows.
    pub fn of<D: Driver>(statement: &'a Statement<'a>) -> Option<Reading<'a>> {
        if !has_rows(statement) {
            return None;
        }
        let kinds = Kind::of(statement).into_iter().map(|kind| D::loads(kind).then_some(kind)).collect();
        let into = match statement {
            Statement::Query(query) => query.into,
            _ => None,
        };
        Some(Reading { kinds: Some(kinds), skipped: 0, into })
    }

    /// The same, behind columns that nobody asked for.
    pub(super) fn after(self, skipped: usize) -> Self {
        Reading { skipped, ..self }
    }

    /// Reads a row: into the sink, or onto the others.
    ///
    /// # Errors
    ///
    /// As [`Stored::value`].
    pub fn read<D: Driver>(&self, row: &mut impl Stored, rows: &mut Vec<Row>) -> Result<(), String> {
        let mut view = View::<D, _> { reading: self, row, driver: std::marker::PhantomData };
        match self.into {
            Some(sink) => sink.row(&mut view),
            None => rows.push(view.values()?),
        }
        Ok(())
    }
}

/// A row with its values as their types are stored.
struct View<'r, 'a, D, S> {
    reading: &'r Reading<'a>,
    row: &'r mut S,
    driver: std::marker::PhantomData<fn() -> D>,
}

impl<D: Driver, S: Stored> View<'_, '_, D, S> {
    #[inline]
    fn stored(&mut self, place: usize) -> Result<ValueRef<'_>, String> {
        let kind = self.reading.kinds.as_ref().and_then(|kinds| *kinds.get(place)?);
        let Some(kind) = kind else { return self.row.value(place + self.reading.skipped) };
        let stored = self.row.value(place + self.reading.skipped)?;
        Ok(if stored.is_null() { stored } else { D::load(kind, stored) })
    }

    fn values(&mut self) -> Result<Row, String> {
        let there = self.row.count().saturating_sub(self.reading.skipped);
        let count = self.reading.kinds.as_ref().map_or(there, |kinds| kinds.len().min(there));
        let mut values = Vec::with_capacity(count);
        for place in 0..count {
            values.push(self.stored(place)?.into_value());
        }
        Ok(values)
    }
}

impl<D: Driver, S: Stored> RowView for View<'_, '_, D, S> {
    fn value(&mut self, place: usize) -> Outcome<ValueRef<'_>> {
        match self.stored(place) {
            Ok(value) => Ok(value),
            Err(why) => Err(AdapterError::query(why)),
        }
    }

    fn take_row(&mut self) -> Outcome<Row> {
        self.values().map_err(AdapterError::query)
    }
}
