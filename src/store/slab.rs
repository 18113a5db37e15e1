//! The rows of a table by number, in chunks that copies share.

use crate::value::Value;
use std::sync::Arc;

/// A row: a value for each column.
pub type Row = Arc<[Value]>;

/// The number of a row in its table. It stays the same as long as the row lives, whatever changes in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub(super) u32);

impl RowId {
    /// The number so many further on.
    pub fn plus(self, count: usize) -> RowId {
        RowId(self.0.saturating_add(u32::try_from(count).unwrap_or(u32::MAX)))
    }
}

/// How many rows a chunk has: what is copied when a row of a shared chunk changes.
const CHUNK: usize = 256;

type Chunk = [Option<Row>; CHUNK];

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

impl Slab {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// One more than the largest number that may be in use.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    pub(super) fn get(&self, id: RowId) -> Option<&Row> {
        self.chunks.get(id.0 as usize / CHUNK)?[id.0 as usize % CHUNK].as_ref()
    }

    pub(super) fn get_mut(&mut self, id: RowId) -> Option<&mut Row> {
        let chunk = self.chunks.get_mut(id.0 as usize / CHUNK)?;
        Arc::make_mut(chunk)[id.0 as usize % CHUNK].as_mut()
    }

    /// The values of a row; none if there is no such row.
    pub(super) fn values(&self, id: RowId) -> &[Value] {
        self.get(id).map_or(&[], |row| row)
    }

    /// The number that the next row gets; none if there is no more room.
    pub(super) fn next_id(&mut self) -> Option<RowId> {
        while let Some(id) = self.free.last().copied() {
            if id < self.end && self.get(RowId(id)).is_none() {
                return Some(RowId(id));
            }
            self.free.pop();
        }
        (self.end < u32::MAX).then_some(RowId(self.end))
    }

    /// Puts a row where there may be one, and gives back what was there. Numbers that are skipped are free.
    pub(super) fn put(&mut self, id: RowId, row: Row) -> Option<Row> {
        self.extend(id.0.saturating_add(1));
        if self.free.last() == Some(&id.0) {
            self.free.pop();
        }
        let slot = &mut Arc::make_mut(&mut self.chunks[id.0 as usize / CHUNK])[id.0 as usize % CHUNK];
        let before = slot.replace(row);
        self.count += usize::from(before.is_none());
        before
    }

    /// Moves the end up. Numbers between are free.
    pub(super) fn extend(&mut self, end: u32) {
        if end > self.end {
            self.free.extend(self.end..end - 1);
            self.end = end;
            let chunks = (end as usize).div_ceil(CHUNK);
            while self.chunks.len() < chunks {
                self.chunks.push(Arc::new([const { None }; CHUNK]));
            }
        }
    }

    /// Takes a row out. If it was the last, the end moves down, so that undoing an insertion leaves no trace.
    pub(super) fn remove(&mut self, id: RowId) -> Option<Row> {
        let chunk = self.chunks.get_mut(id.0 as usize / CHUNK)?;
        let row = Arc::make_mut(chunk)[id.0 as usize % CHUNK].take()?;
        self.count -= 1;
        if id.0 + 1 == self.end {
            self.end -= 1;
            self.chunks.truncate((self.end as usize).div_ceil(CHUNK));
        } else {
            self.free.push(id.0);
        }
        Some(row)
    }

    /// The chunks: where each begins, and its rows with gaps between them.
    pub(super) fn chunks(&self) -> impl Iterator<Item = (RowId, &[Option<Row>])> {
        self.chunks.iter().enumerate().map(|(at, rows)| (RowId((at * CHUNK) as u32), &rows[..]))
    }

    /// Rows in the order of their numbers.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (RowId, &Row)> {
        self.chunks.iter().enumerate().flat_map(|(chunk, rows)| {
            let start = chunk * CHUNK;
            rows.iter()
                .enumerate()
                .filter_map(move |(at, row)| Some((RowId((start + at) as u32), row.as_ref()?)))
        })
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
            assert_eq!(slab.put(id, row(number.into())), None);
        }
        let copy = slab.clone();
        assert_eq!(slab.remove(RowId(300)), Some(row(300)));
        assert_eq!(slab.remove(RowId(300)), None);
        assert_eq!(slab.next_id(), Some(RowId(300)));
        assert_eq!(slab.remove(RowId(599)), Some(row(599)));
        assert_eq!((slab.len(), slab.end()), (598, 599));
        assert_eq!(slab.put(RowId(300), row(-1)), None);
        assert_eq!(slab.next_id(), Some(RowId(599)));
        assert_eq!(slab.put(RowId(300), row(-2)), Some(row(-1)));
        assert_eq!(copy.get(RowId(300)), Some(&row(300)));
        assert_eq!((copy.len(), copy.iter().count()), (600, 600));
        assert_eq!(slab.iter().next_back(), Some((RowId(598), &row(598))));
    }

    #[test]
    fn numbers_that_were_skipped_are_free() {
        let mut slab = Slab::default();
        slab.put(RowId(700), row(1));
        let mut numbers: Vec<u32> = (0..700)
            .map(|_| {
                let id = slab.next_id().unwrap();
                slab.put(id, row(0));
                id.0
            })
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..700).collect::<Vec<_>>());
        assert_eq!(slab.next_id(), Some(RowId(701)));
    }
}
