//! The rows of a table by number, in chunks that copies share.

use super::bits::{Bits, CHUNK};
use super::cells::{Cell, Cells};
use super::chunk::{Chunk, Stretch};
use super::key::order_cells;
use crate::value::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// A row: a value for each column.
pub type Row = Box<[Value]>;

/// The number of a row in its table. It stays the same as long as the row lives, whatever changes in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub(super) u32);

impl RowId {
    /// The number so many further on.
    pub fn plus(self, count: usize) -> RowId {
        RowId(self.0.saturating_add(u32::try_from(count).unwrap_or(u32::MAX)))
    }

    /// That of a place in a chunk.
    pub(super) fn of(chunk: usize, place: usize) -> RowId {
        RowId((chunk * CHUNK + place) as u32)
    }

    /// As a number.
    pub fn number(self) -> i64 {
        self.0.into()
    }

    pub(super) fn chunk(self) -> usize {
        self.0 as usize / CHUNK
    }

    pub(super) fn place(self) -> usize {
        self.0 as usize % CHUNK
    }
}

/// Rows by number. A clone shares all chunks, and costs a copy of each chunk that is written to afterwards.
#[derive(Clone, Debug, Default)]
pub(super) struct Slab {
    chunks: Vec<Arc<Chunk>>,
    /// One more than the largest number that was given out, or moved down when that row went.
    end: u32,
    /// Every number below the end that is not in use, the next to be given out at the end; and some that are in use.
    free: Vec<u32>,
    count: usize,
}

/// The number of a chunk that rows went from, and their places.
pub(super) type Hidden = (u32, Bits);

/// The number of a chunk, and columns of it.
pub(super) type KeptColumns = (u32, Vec<(usize, Cells)>);

impl Slab {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// One more than the largest number that may be in use.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    /// A copy of a row.
    pub(super) fn row(&self, id: RowId) -> Option<Row> {
        self.chunks.get(id.chunk())?.row(id.place())
    }

    pub(super) fn has(&self, id: RowId) -> bool {
        self.chunks.get(id.chunk()).is_some_and(|chunk| chunk.has(id.place()))
    }

    /// A value of a row; null if there is no such.
    #[inline]
    pub(super) fn cell(&self, id: RowId, column: usize) -> Cell<'_> {
        self.chunks.get(id.chunk()).map_or(Cell::Null, |chunk| chunk.cell(id.place(), column))
    }

    /// The values of some columns of a row.
    pub(super) fn key<'a>(&'a self, id: RowId, columns: &'a [usize]) -> impl Iterator<Item = Cell<'a>> + 'a {
        columns.iter().map(move |column| self.cell(id, *column))
    }

    /// How two rows stand by some columns.
    pub(super) fn order(&self, left: RowId, right: RowId, columns: &[usize]) -> Ordering {
        let orders = self.key(left, columns).zip(self.key(right, columns));
        orders.map(|(a, b)| order_cells(a, b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Whether a row went that may come back.
    fn is_hidden(&self, id: RowId) -> bool {
        self.chunks.get(id.chunk()).is_some_and(|chunk| chunk.hidden.has(id.place()))
    }

    /// The number that the next row gets; none if there is no more room.
    pub(super) fn next_id(&mut self) -> Option<RowId> {
        while let Some(id) = self.free.last().copied() {
            if id < self.end && !self.has(RowId(id)) && !self.is_hidden(RowId(id)) {
                return Some(RowId(id));
            }
            self.free.pop();
        }
        (self.end < u32::MAX).then_some(RowId(self.end))
    }

    /// Puts a row where there may be one. Numbers that are skipped are free.
    pub(super) fn put(&mut self, id: RowId, row: &[Value]) {
        self.extend(id.0.saturating_add(1));
        if self.free.last() == Some(&id.0) {
            self.free.pop();
        }
        let new = Arc::make_mut(&mut self.chunks[id.chunk()]).put(id.place(), row);
        self.count += usize::from(new);
    }

    /// Changes a value of a row that is there.
    pub(super) fn set(&mut self, id: RowId, column: usize, value: &Value) {
        if let Some(chunk) = self.chunks.get_mut(id.chunk()) {
            Arc::make_mut(chunk).set(id.place(), column, value);
        }
    }

    /// Moves the end up. Numbers between are free.
    fn extend(&mut self, end: u32) {
        if end > self.end {
            self.free.extend(self.end..end - 1);
            self.end = end;
            let chunks = (end as usize).div_ceil(CHUNK);
            self.chunks.resize_with(chunks.max(self.chunks.len()), Arc::default);
        }
    }

    /// Takes a row out; whether it was there. If it was the last, the end moves down, so that undoing an insertion
    /// leaves no trace.
    pub(super) fn remove(&mut self, id: RowId) -> bool {
        let Some(chunk) = self.chunks.get_mut(id.chunk()).filter(|chunk| chunk.has(id.place())) else {
            return false;
        };
        Arc::make_mut(chunk).remove(id.place());
        self.count -= 1;
        if id.0 + 1 == self.end {
            self.end -= 1;
            self.chunks.truncate((self.end as usize).div_ceil(CHUNK));
        } else {
            self.free.push(id.0);
        }
        true
    }

    /// How many chunks there are.
    pub(super) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// Takes rows that are there out of a chunk, whose values and numbers stay what they are until [`Slab::release`] or
    /// [`Slab::restore`]. None for the last chunk, whose numbers become free at once.
    pub(super) fn hide(&mut self, number: usize, gone: &Bits) -> Option<Hidden> {
        if number + 1 >= self.chunks.len() {
            return None;
        }
        let chunk = Arc::make_mut(self.chunks.get_mut(number)?);
        chunk.present = chunk.present.without(gone);
        chunk.hidden = chunk.hidden.with(gone);
        self.count -= gone.count();
        Some((number as u32, *gone))
    }

    /// Lets go of what was hidden.
    pub(super) fn release(&mut self, (number, gone): &Hidden) {
        let Some(chunk) = self.chunks.get_mut(*number as usize) else { return };
        let chunk = Arc::make_mut(chunk);
        chunk.hidden = chunk.hidden.without(gone);
        chunk.let_go();
        let chunk = *number as usize;
        self.free.extend(gone.places().rev().map(|place| RowId::of(chunk, place).0));
    }

    /// Brings back what was hidden, and tells which rows are there again.
    pub(super) fn restore(&mut self, (number, gone): &Hidden) -> Vec<RowId> {
        let Some(chunk) = self.chunks.get_mut(*number as usize) else { return Vec::new() };
        let chunk = Arc::make_mut(chunk);
        chunk.hidden = chunk.hidden.without(gone);
        chunk.present = chunk.present.with(gone);
        self.count += gone.count();
        gone.places().map(|place| RowId::of(*number as usize, place)).collect()
    }

    /// A chunk as it is, to be put back later: where a row is, and what is there now.
    pub(super) fn keep(&self, id: RowId) -> Option<(u32, Arc<Chunk>)> {
        Some((id.0 / CHUNK as u32, self.chunks.get(id.chunk())?.clone()))
    }

    /// Puts a chunk back, and tells which rows are there again.
    pub(super) fn put_back(&mut self, number: u32, chunk: Arc<Chunk>) -> Vec<RowId> {
        let first = RowId(number.saturating_mul(CHUNK as u32));
        self.extend(first.plus(chunk.present.places().next_back().map_or(0, |last| last + 1)).0);
        let Some(there) = self.chunks.get_mut(number as usize) else { return Vec::new() };
        let again = chunk.present.without(&there.present);
        self.count = self.count - there.present.count() + chunk.present.count();
        *there = chunk;
        again.places().map(|place| first.plus(place)).collect()
    }

    /// Columns of a chunk as they are, to be put back later.
    pub(super) fn keep_columns(&self, id: RowId, columns: &[usize]) -> Option<KeptColumns> {
        let chunk = self.chunks.get(id.chunk())?;
        let kept =
            columns.iter().map(|column| (*column, chunk.columns.get(*column).cloned().unwrap_or_default()));
        Some((id.chunk() as u32, kept.collect()))
    }

    /// Gives all rows of a chunk the values back that they had when columns of it were kept.
    pub(super) fn put_back_columns(&mut self, (number, columns): &KeptColumns) {
        let Some(chunk) = self.chunks.get_mut(*number as usize) else { return };
        let chunk = Arc::make_mut(chunk);
        // What came behind these rows meanwhile has left its places.
        for place in chunk.present.places().collect::<Vec<_>>() {
            for (column, cells) in columns {
                chunk.set(place, *column, &cells.get(place).to_value());
            }
        }
    }

    /// Room for numbers up to an end, none of which is free before the slab is settled.
    pub(super) fn of_end(end: u32) -> Slab {
        let chunks = std::iter::repeat_with(Arc::default).take((end as usize).div_ceil(CHUNK)).collect();
        Slab { chunks, end, ..Slab::default() }
    }

    /// Puts a whole chunk where nothing is; false if it does not belong there. Without gaps it must be the next.
    pub(super) fn load(&mut self, number: u32, chunk: Chunk, dense: bool) -> bool {
        let count = chunk.present.count();
        let last = chunk.present.places().next_back().unwrap_or(0);
        let first = u64::from(number) * CHUNK as u64;
        let Ok(end) = u32::try_from(first + last as u64 + 1) else { return false };
        if dense {
            if u64::from(self.end) != first || count != last + 1 {
                return false;
            }
            self.chunks.push(Arc::default());
            self.end = end;
        }
        let Some(place) = self.chunks.get_mut(number as usize) else { return false };
        if end > self.end || place.length > 0 {
            return false;
        }
        *place = Arc::new(chunk);
        self.count += count;
        true
    }

    /// Finds out which numbers are free, when everything is loaded.
    pub(super) fn settle(&mut self) {
        self.free = (0..self.end).filter(|id| !self.has(RowId(*id))).collect();
    }

    /// The chunks: where each begins, and its rows with gaps between them.
    pub(super) fn stretches(&self) -> impl Iterator<Item = Stretch<'_>> {
        let stretch = |(at, chunk)| Stretch { first: RowId((at * CHUNK) as u32), chunk };
        self.chunks.iter().map(|chunk| &**chunk).enumerate().map(stretch)
    }

    /// The numbers of all rows, in order.
    pub(super) fn ids(&self) -> impl Iterator<Item = RowId> {
        self.stretches().flat_map(|stretch| stretch.places().map(move |place| stretch.id(place)))
    }

    /// Copies of all rows, in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (RowId, Row)> {
        self.ids().filter_map(|id| Some((id, self.row(id)?)))
    }

    /// The same rows in another shape, under the same numbers.
    pub(super) fn reshaped<E>(&self, mut change: impl FnMut(Row) -> Result<Row, E>) -> Result<Slab, E> {
        let mut slab = Slab { free: self.free.clone(), ..Slab::of_end(self.end) };
        for (id, row) in self.iter() {
            slab.put(id, &change(row)?);
        }
        Ok(slab)
    }

    /// The same rows, numbered anew without gaps, and packed anew: nothing of what once was shows.
    pub(super) fn dense(&self) -> Slab {
        let mut slab = Slab::default();
        for (number, (_, row)) in (0..).zip(self.iter()) {
            slab.put(RowId(number), &row);
        }
        slab
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: i64) -> Row {
        [Value::from(number)].into()
    }

    #[test]
    fn numbers_are_given_out_again_and_copies_do_not_change() {
        let mut slab = Slab::default();
        for number in 0..600 {
            let id = slab.next_id().unwrap();
            assert_eq!(id, RowId(number));
            slab.put(id, &row(number.into()));
        }
        let copy = slab.clone();
        assert!(slab.remove(RowId(300)) && !slab.remove(RowId(300)));
        assert_eq!(slab.next_id(), Some(RowId(300)));
        assert!(slab.remove(RowId(599)));
        assert_eq!((slab.len(), slab.end()), (598, 599));
        slab.put(RowId(300), &row(-1));
        assert_eq!(slab.next_id(), Some(RowId(599)));
        slab.put(RowId(300), &row(-2));
        assert_eq!(slab.row(RowId(300)), Some(row(-2)));
        assert_eq!(copy.row(RowId(300)), Some(row(300)));
        assert_eq!((copy.len(), copy.iter().count()), (600, 600));
        assert_eq!(slab.iter().last(), Some((RowId(598), row(598))));
    }

    #[test]
    fn numbers_that_were_skipped_are_free() {
        let mut slab = Slab::default();
        slab.put(RowId(700), &row(1));
        let mut numbers: Vec<u32> = (0..700)
            .map(|_| {
                let id = slab.next_id().unwrap();
                slab.put(id, &row(0));
                id.0
            })
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..700).collect::<Vec<_>>());
        assert_eq!(slab.next_id(), Some(RowId(701)));
    }

    #[test]
    fn what_was_kept_is_there_again_when_it_is_put_back() {
        let mut slab = Slab::default();
        (0..600).for_each(|number| slab.put(RowId(number), &row(number.into())));
        let before: Vec<_> = slab.iter().collect();
        let kept: Vec<_> = [0, 256, 599].into_iter().filter_map(|number| slab.keep(RowId(number))).collect();
        (100..600).rev().for_each(|number| assert!(slab.remove(RowId(number))));
        slab.set(RowId(7), 0, &"seven".into());
        assert_eq!((slab.len(), slab.end()), (100, 100));
        let again: Vec<u32> = kept
            .into_iter()
            .flat_map(|(number, chunk)| slab.put_back(number, chunk))
            .map(|id| id.0)
            .collect();
        assert_eq!(again, (100..600).collect::<Vec<_>>());
        assert_eq!(slab.iter().collect::<Vec<_>>(), before);
        assert_eq!((slab.len(), slab.end(), slab.next_id()), (600, 600, Some(RowId(600))));
    }

    #[test]
    fn in_another_shape_the_same_numbers_are_free() {
        let mut slab = Slab::default();
        (0..600).for_each(|number| slab.put(RowId(number), &row(number.into())));
        for number in [300, 598, 599] {
            assert!(slab.remove(RowId(number)));
        }
        let wider = slab.reshaped(|row| Ok::<_, ()>([row[0].clone(), Value::Null].into())).unwrap();
        assert_eq!((&wider.free, wider.end(), wider.len()), (&slab.free, slab.end(), slab.len()));
        assert_eq!(wider.row(RowId(597)), Some([Value::from(597), Value::Null].into()));
    }

    #[test]
    fn without_gaps_rows_keep_their_order() {
        let mut slab = Slab::default();
        (0..600).for_each(|number| slab.put(RowId(number), &row(number.into())));
        (0..600).filter(|number| number % 3 == 1).for_each(|number| assert!(slab.remove(RowId(number))));
        let dense = slab.dense();
        let rows = |slab: &Slab| slab.iter().map(|(_, row)| row).collect::<Vec<_>>();
        assert_eq!(rows(&dense), rows(&slab));
        assert_eq!((dense.len(), dense.end()), (400, 400));
    }
}
