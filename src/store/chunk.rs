//! A chunk of rows, by columns; and what is lent of it.

use super::bits::{Bits, CHUNK};
use super::cells::{Cell, Cells, Form};
use super::slab::{Row, RowId};
use crate::value::Value;

/// Rows at places, some of which may be free.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    /// The places that have a row.
    pub present: Bits,
    /// The places of rows that went, and may come back: nothing is let go of until then.
    pub hidden: Bits,
    /// One more than the last place that ever had a row: so many values each column has.
    pub length: usize,
    pub columns: Vec<Cells>,
}

impl Chunk {
    pub(super) fn has(&self, place: usize) -> bool {
        self.present.has(place)
    }

    /// A value of a row; null if there is no such.
    #[inline]
    pub(super) fn cell(&self, place: usize, column: usize) -> Cell<'_> {
        match self.columns.get(column) {
            Some(cells) if self.has(place) => cells.get(place),
            _ => Cell::Null,
        }
    }

    pub(super) fn row(&self, place: usize) -> Option<Row> {
        self.has(place).then(|| self.columns.iter().map(|cells| cells.get(place).to_value()).collect())
    }

    /// Puts a row where there may be one; whether there was none.
    pub(super) fn put(&mut self, place: usize, row: &[Value]) -> bool {
        if self.columns.len() < row.len() {
            self.columns.resize_with(row.len(), Cells::default);
        }
        let added = place >= self.length;
        while self.length < place {
            for cells in &mut self.columns {
                cells.put(self.length, self.length, &Value::Null);
            }
            self.length += 1;
        }
        for (cells, value) in self.columns.iter_mut().zip(row) {
            cells.put(place, self.length, value);
        }
        self.length = self.length.max(place + 1);
        if added && self.length == CHUNK {
            self.columns.iter_mut().for_each(Cells::shrink);
        }
        let new = !self.has(place);
        self.present.set(place, true);
        new
    }

    /// Changes a value of a row that is there.
    pub(super) fn set(&mut self, place: usize, column: usize, value: &Value) {
        if self.has(place)
            && let Some(cells) = self.columns.get_mut(column)
        {
            cells.put(place, self.length, value);
        }
    }

    /// Takes a row out; whether it was there. What it held goes when half of the rows have gone, and half of those again; but
    /// not as long as rows may come back.
    pub(super) fn remove(&mut self, place: usize) -> bool {
        if !self.has(place) {
            return false;
        }
        self.present.set(place, false);
        if self.hidden != Bits::default() {
            return true;
        }
        let left = self.present.count();
        if left == 0 {
            *self = Chunk::default();
            return true;
        }
        self.columns.iter_mut().for_each(|cells| cells.forget(place));
        if left * 2 <= self.length && left.is_power_of_two() {
            self.columns.iter_mut().for_each(|cells| cells.compact(&self.present));
        }
        true
    }

    /// Lets go of what rows held that have gone, unless some may come back.
    pub(super) fn let_go(&mut self) {
        if self.hidden != Bits::default() {
            return;
        }
        let left = self.present.count();
        if left == 0 {
            *self = Chunk::default();
            return;
        }
        let gone = Bits::first(self.length).without(&self.present);
        for cells in &mut self.columns {
            if matches!(cells, Cells::Values(_)) {
                gone.places().for_each(|place| cells.forget(place));
            } else if left * 2 <= self.length {
                cells.compact(&self.present);
            }
        }
    }
}

/// Rows that lie together, as they lie: what looks at a few columns of every row is fastest so.
#[derive(Clone, Copy, Debug)]
pub struct Stretch<'a> {
    pub(super) first: RowId,
    pub(super) chunk: &'a Chunk,
}

/// How many places a stretch has at most.
pub const STRETCH: usize = CHUNK;

impl<'a> Stretch<'a> {
    /// The number of the row at a place.
    pub fn id(&self, place: usize) -> RowId {
        self.first.plus(place)
    }

    /// The places that have a row, in order.
    pub fn places(&self) -> impl Iterator<Item = usize> + use<> {
        self.chunk.present.places()
    }

    /// A value of the row at a place; null if there is no such.
    #[inline]
    pub fn cell(&self, place: usize, column: usize) -> Cell<'a> {
        self.chunk.cell(place, column)
    }

    /// The places whose rows have an integer in a column that is not less than `low` nor more than `high`, a bit each; or one
    /// that is, unless they are wanted `inside`. None if the column holds anything but integers and nulls.
    pub fn integers(&self, column: usize, low: i64, high: i64, inside: bool) -> Option<[u64; STRETCH / 64]> {
        let Some(Cells::Words(words)) = self.chunk.columns.get(column) else { return None };
        if words.form != Form::Integer {
            return None;
        }
        let within = words.within(low, high);
        let known = self.chunk.present.without(&words.nulls);
        let outside = known.without(&within);
        Some(if inside { known.without(&outside) } else { outside }.0)
    }
}
