//! Rows and their numbers, in some order.

use super::slab::{Row, RowId};
use super::table::Table;
use super::tree::{Place, Tree};
use crate::value::Value;
use std::ops::Bound;

/// A range of keys of an index: the first columns equal some values, and the next one lies between two others.
///
/// Null is neither greater nor less than anything: it is outside of every range that has a bound, and inside of one that
/// has none. `equal` to null finds nulls, as `is null` does.
#[derive(Clone, Copy, Debug)]
pub struct Range<'a> {
    pub(super) equal: &'a [Value],
    pub(super) from: Bound<&'a Value>,
    pub(super) to: Bound<&'a Value>,
}

impl<'a> Range<'a> {
    /// All keys.
    pub fn all() -> Range<'a> {
        Range { equal: &[], from: Bound::Unbounded, to: Bound::Unbounded }
    }

    /// The keys whose first values are these.
    pub fn equal(values: &'a [Value]) -> Range<'a> {
        Range { equal: values, ..Range::all() }
    }

    /// The same, where the next value is at least this one.
    #[must_use]
    pub fn from(self, value: &'a Value) -> Range<'a> {
        Range { from: Bound::Included(value), ..self }
    }

    /// The same, where the next value is greater than this one.
    #[must_use]
    pub fn above(self, value: &'a Value) -> Range<'a> {
        Range { from: Bound::Excluded(value), ..self }
    }

    /// The same, where the next value is at most this one.
    #[must_use]
    pub fn to(self, value: &'a Value) -> Range<'a> {
        Range { to: Bound::Included(value), ..self }
    }

    /// The same, where the next value is less than this one.
    #[must_use]
    pub fn below(self, value: &'a Value) -> Range<'a> {
        Range { to: Bound::Excluded(value), ..self }
    }
}

/// Copies of rows of a table with their numbers, from both ends.
#[derive(Clone, Debug)]
pub struct Rows<'a>(Ids<'a>);

/// Numbers of rows of a table, from both ends.
#[derive(Clone, Debug)]
pub struct Ids<'a> {
    table: &'a Table,
    way: Way<'a>,
}

#[derive(Clone, Debug)]
enum Way<'a> {
    Numbers(u32, u32),
    Keys(&'a Tree, Place, Place),
}

impl<'a> Rows<'a> {
    pub(super) fn none(table: &'a Table) -> Rows<'a> {
        Rows(Ids { table, way: Way::Numbers(0, 0) })
    }

    pub(super) fn by_number(table: &'a Table) -> Rows<'a> {
        Rows(Ids { table, way: Way::Numbers(0, table.rows.end()) })
    }

    pub(super) fn by_key(table: &'a Table, tree: &'a Tree, from: Place, to: Place) -> Rows<'a> {
        Rows(Ids { table, way: Way::Keys(tree, from, to) })
    }

    /// Their numbers alone, without copies.
    pub fn ids(self) -> Ids<'a> {
        self.0
    }
}

impl Iterator for Rows<'_> {
    type Item = (RowId, Row);

    fn next(&mut self) -> Option<(RowId, Row)> {
        let id = self.0.next()?;
        Some((id, self.0.table.row(id)?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }

    fn count(self) -> usize {
        self.0.count()
    }
}

impl DoubleEndedIterator for Rows<'_> {
    fn next_back(&mut self) -> Option<(RowId, Row)> {
        let id = self.0.next_back()?;
        Some((id, self.0.table.row(id)?))
    }
}

impl Iterator for Ids<'_> {
    type Item = RowId;

    fn next(&mut self) -> Option<RowId> {
        match &mut self.way {
            Way::Numbers(from, to) => {
                let id = (*from..*to).map(RowId).find(|id| self.table.rows.has(*id));
                *from = id.map_or(*to, |id| id.0 + 1);
                id
            }
            Way::Keys(tree, from, to) => {
                if *from >= *to {
                    return None;
                }
                let (id, next) = tree.next(*from)?;
                *from = next;
                Some(id)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.way {
            Way::Numbers(from, to) => (0, Some((*to - *from) as usize)),
            Way::Keys(tree, from, to) => {
                let count = tree.distance(*from, *to);
                (count, Some(count))
            }
        }
    }

    fn count(self) -> usize {
        match self.way {
            Way::Numbers(..) => self.fold(0, |count, _| count + 1),
            Way::Keys(tree, from, to) => tree.distance(from, to),
        }
    }
}

impl DoubleEndedIterator for Ids<'_> {
    fn next_back(&mut self) -> Option<RowId> {
        match &mut self.way {
            Way::Numbers(from, to) => {
                let id = (*from..*to).rev().map(RowId).find(|id| self.table.rows.has(*id));
                *to = id.map_or(*from, |id| id.0);
                id
            }
            Way::Keys(tree, from, to) => {
                if *from >= *to {
                    return None;
                }
                let (id, previous) = tree.previous(*to)?;
                *to = previous;
                Some(id)
            }
        }
    }
}
