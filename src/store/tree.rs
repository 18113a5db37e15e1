//! Row numbers in the order of keys.

use super::key::is_exact;
use super::search::{partition, share};
use super::slab::RowId;
use std::cmp::Ordering;
use std::sync::Arc;

/// How many entries a block holds at most.
const BLOCK: usize = 256;

/// Row numbers in the order of keys: a list of sorted blocks.
///
/// An entry is the beginning of a key as [bits](super::key::prefix) and the number of the row; keys themselves are in
/// the rows alone. A clone shares all blocks, and costs a copy of each block that is written to afterwards.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    /// The bits of the first entry of each block: looking for a block stays within one allocation.
    firsts: Vec<(u128, RowId)>,
    blocks: Vec<Arc<Block>>,
}

#[derive(Clone, Debug, Default)]
struct Block {
    bits: Halves,
    ids: Vec<RowId>,
}

/// Bits of keys. Those of small numbers have nothing in the lower half, which is then left out.
#[derive(Clone, Debug, Default)]
struct Halves {
    upper: Vec<u64>,
    /// As many, or none, which are all 0.
    lower: Vec<u64>,
}

impl Halves {
    fn get(&self, at: usize) -> Option<u128> {
        let upper = *self.upper.get(at)?;
        Some(u128::from(upper) << 64 | u128::from(self.lower.get(at).copied().unwrap_or(0)))
    }

    fn insert(&mut self, at: usize, bits: u128) {
        if bits as u64 != 0 && self.lower.is_empty() {
            self.lower = vec![0; self.upper.len()];
        }
        if bits as u64 != 0 || !self.lower.is_empty() {
            self.lower.insert(at, bits as u64);
        }
        self.upper.insert(at, (bits >> 64) as u64);
    }

    fn remove(&mut self, at: usize) {
        self.upper.remove(at);
        if !self.lower.is_empty() {
            self.lower.remove(at);
        }
    }

    /// Takes the last ones, from a place on.
    fn split_off(&mut self, at: usize) -> Halves {
        let lower = if self.lower.is_empty() { Vec::new() } else { self.lower.split_off(at) };
        Halves { upper: self.upper.split_off(at), lower }
    }

    fn append(&mut self, other: &Halves) {
        if !(self.lower.is_empty() && other.lower.is_empty()) {
            self.lower.resize(self.upper.len(), 0);
            self.lower.extend_from_slice(&other.lower);
            self.lower.resize(self.upper.len() + other.upper.len(), 0);
        }
        self.upper.extend_from_slice(&other.upper);
    }

    /// Moves one to an earlier place.
    fn shift(&mut self, from: usize, to: usize) {
        self.upper[to] = self.upper[from];
        if !self.lower.is_empty() {
            self.lower[to] = self.lower[from];
        }
    }

    fn truncate(&mut self, length: usize) {
        self.upper.truncate(length);
        self.lower.truncate(length);
    }
}

impl Block {
    fn with_room() -> Block {
        let bits = Halves { upper: Vec::with_capacity(BLOCK), lower: Vec::new() };
        Block { bits, ids: Vec::with_capacity(BLOCK) }
    }

    fn get(&self, at: usize) -> Option<(u128, RowId)> {
        Some((self.bits.get(at)?, *self.ids.get(at)?))
    }

    fn insert(&mut self, at: usize, bits: u128, id: RowId) {
        self.bits.insert(at, bits);
        self.ids.insert(at, id);
    }

    fn append(&mut self, other: &Block) {
        self.bits.append(&other.bits);
        self.ids.extend_from_slice(&other.ids);
    }
}

/// A place between two entries, or at an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    block: usize,
    at: usize,
}

/// What entries are compared with.
pub(super) struct Probe<'a> {
    /// The bits of the key sought.
    pub bits: u128,
    /// Which of them count: all, or those of the first columns.
    pub mask: u128,
    /// Whether equal bits are equal keys.
    pub exact: bool,
    /// How the key of a row stands to the key sought, asked when bits do not tell.
    pub compare: &'a dyn Fn(RowId) -> Ordering,
}

impl<'a> Probe<'a> {
    /// For a key of all columns.
    pub(super) fn whole(bits: u128, compare: &'a dyn Fn(RowId) -> Ordering) -> Probe<'a> {
        Probe { bits, mask: u128::MAX, exact: is_exact(bits), compare }
    }

    /// How an entry stands to the key sought.
    fn order(&self, bits: u128, id: RowId) -> Ordering {
        match (bits & self.mask).cmp(&(self.bits & self.mask)) {
            Ordering::Equal if !self.exact => (self.compare)(id),
            order => order,
        }
    }
}

impl Tree {
    /// The place before all entries.
    pub(super) fn start(&self) -> Place {
        Place { block: 0, at: 0 }
    }

    /// The place after all entries.
    pub(super) fn end(&self) -> Place {
        Place { block: self.blocks.len(), at: 0 }
    }

    /// The place before the first entry that is not less than the key.
    pub(super) fn lower(&self, probe: &Probe<'_>) -> Place {
        self.place(probe.bits, |bits, id| probe.order(bits, id).is_lt())
    }

    /// The place after the last entry that is not greater than the key.
    pub(super) fn upper(&self, probe: &Probe<'_>) -> Place {
        self.place(probe.bits, |bits, id| probe.order(bits, id).is_le())
    }

    /// The row with the key, if there is one.
    pub(super) fn find(&self, probe: &Probe<'_>) -> Option<RowId> {
        let place = self.lower(probe);
        let (bits, id) = self.entry(place)?;
        probe.order(bits, id).is_eq().then_some(id)
    }

    /// Adds a row; among equal keys, in the order of the numbers.
    ///
    /// # Errors
    /// If it must be the only one with its key: the one that is there.
    pub(super) fn insert(&mut self, probe: &Probe<'_>, id: RowId, unique: bool) -> Result<(), RowId> {
        let order = |bits: u128, other: RowId| probe.order(bits, other).then(other.cmp(&id));
        // Rows mostly come in the order of their keys.
        let last = self.entry_before(self.end());
        let place = match last {
            Some((bits, last)) if order(bits, last).is_gt() => {
                self.place(probe.bits, |bits, id| order(bits, id).is_lt())
            }
            _ => self.end(),
        };
        if unique {
            for (bits, other) in [self.entry_before(place), self.entry(place)].into_iter().flatten() {
                if probe.order(bits, other).is_eq() {
                    return Err(other);
                }
            }
        }
        self.insert_at(place, probe.bits, id);
        Ok(())
    }

    /// Takes a row out; whether it was there.
    pub(super) fn remove(&mut self, probe: &Probe<'_>, id: RowId) -> bool {
        let place =
            self.place(probe.bits, |bits, other| probe.order(bits, other).then(other.cmp(&id)).is_lt());
        if self.entry(place).is_none_or(|(_, other)| other != id) {
            return false;
        }
        let block = Arc::make_mut(&mut self.blocks[place.block]);
        block.bits.remove(place.at);
        block.ids.remove(place.at);
        if block.ids.is_empty() {
            self.blocks.remove(place.block);
            self.firsts.remove(place.block);
        } else {
            if place.at == 0 {
                self.firsts[place.block] = block.get(0).unwrap_or_default();
            }
            if block.ids.len() < BLOCK / 4 {
                self.merge(place.block);
            }
        }
        true
    }

    /// Takes out all rows but the wanted ones, in one walk. Blocks without unwanted ones stay as they are.
    pub(super) fn retain(&mut self, wanted: impl Fn(RowId) -> bool) {
        let blocks = std::mem::take(&mut self.blocks);
        self.firsts.clear();
        for mut block in blocks {
            if let Some(first) = block.ids.iter().position(|id| !wanted(*id)) {
                let block = Arc::make_mut(&mut block);
                let mut kept = first;
                for at in first + 1..block.ids.len() {
                    if wanted(block.ids[at]) {
                        block.bits.shift(at, kept);
                        block.ids[kept] = block.ids[at];
                        kept += 1;
                    }
                }
                block.bits.truncate(kept);
                block.ids.truncate(kept);
            }
            match self.blocks.last_mut() {
                _ if block.ids.is_empty() => {}
                Some(last) if last.ids.len() + block.ids.len() <= BLOCK * 3 / 4 => {
                    Arc::make_mut(last).append(&block);
                }
                _ => self.push_shared(block),
            }
        }
    }

    /// A tree of entries that are in order.
    pub(super) fn from_sorted(entries: impl Iterator<Item = (u128, RowId)>) -> Tree {
        let mut tree = Tree::default();
        let mut block = Block::default();
        for (bits, id) in entries {
            if block.ids.len() == BLOCK {
                tree.push_block(std::mem::take(&mut block));
            }
            if block.ids.is_empty() {
                block = Block::with_room();
            }
            block.insert(block.ids.len(), bits, id);
        }
        if !block.ids.is_empty() {
            tree.push_block(block);
        }
        tree
    }

    /// The row after a place, and the place after that row.
    pub(super) fn next(&self, place: Place) -> Option<(RowId, Place)> {
        let block = self.blocks.get(place.block)?;
        let id = *block.ids.get(place.at)?;
        let at = place.at + 1;
        let next = if at < block.ids.len() {
            Place { at, ..place }
        } else {
            Place { block: place.block + 1, at: 0 }
        };
        Some((id, next))
    }

    /// The row before a place, and the place before that row.
    pub(super) fn previous(&self, place: Place) -> Option<(RowId, Place)> {
        let place = match place.at.checked_sub(1) {
            Some(at) => Place { at, ..place },
            None => {
                let block = place.block.checked_sub(1)?;
                Place { block, at: self.blocks.get(block)?.ids.len().checked_sub(1)? }
            }
        };
        Some((*self.blocks.get(place.block)?.ids.get(place.at)?, place))
    }

    /// How many entries are between two places.
    pub(super) fn distance(&self, from: Place, to: Place) -> usize {
        if from >= to {
            return 0;
        }
        let blocks = self.blocks.get(from.block..to.block).unwrap_or_default();
        blocks.iter().map(|block| block.ids.len()).sum::<usize>() + to.at - from.at
    }

    /// The place before the first entry that is not `before`. Entries that are come first. The bits sought say where
    /// to look first.
    fn place(&self, bits: u128, before: impl Fn(u128, RowId) -> bool) -> Place {
        let blocks = &self.firsts;
        let (Some((least, _)), Some((most, _))) = (blocks.first(), blocks.last()) else {
            return self.start();
        };
        let block = partition(blocks.len(), share(bits, *least, *most, blocks.len()), |at| {
            let (bits, id) = blocks[at];
            before(bits, id)
        });
        let Some(block) = block.checked_sub(1) else { return self.start() };
        let within = &*self.blocks[block];
        let count = within.ids.len();
        let last = || within.get(count.saturating_sub(1));
        let next = blocks.get(block + 1).copied().or_else(last).unwrap_or_default();
        let guess = share(bits, blocks[block].0, next.0, count);
        let at = partition(count, guess, |at| within.get(at).is_some_and(|(bits, id)| before(bits, id)));
        if at == count { Place { block: block + 1, at: 0 } } else { Place { block, at } }
    }

    fn entry(&self, place: Place) -> Option<(u128, RowId)> {
        self.blocks.get(place.block)?.get(place.at)
    }

    fn entry_before(&self, place: Place) -> Option<(u128, RowId)> {
        self.previous(place).and_then(|(_, place)| self.entry(place))
    }

    fn insert_at(&mut self, place: Place, bits: u128, id: RowId) {
        // Between two blocks it goes to the end of the first.
        let (mut index, mut at) = match (place.at, place.block.checked_sub(1)) {
            (0, Some(before)) => (before, self.blocks[before].ids.len()),
            _ => (place.block, place.at),
        };
        if self.blocks.is_empty() {
            self.push_block(Block::default());
            self.firsts[0] = (bits, id);
        }
        let length = self.blocks[index].ids.len();
        if length == BLOCK {
            // At the very end nothing will come between: the full block stays full.
            let middle = if at == BLOCK && index + 1 == self.blocks.len() { BLOCK } else { BLOCK / 2 };
            let block = Arc::make_mut(&mut self.blocks[index]);
            let mut right = Block::with_room();
            right.append(&Block { bits: block.bits.split_off(middle), ids: block.ids.split_off(middle) });
            let first = right.get(0).unwrap_or((bits, id));
            self.blocks.insert(index + 1, Arc::new(right));
            self.firsts.insert(index + 1, first);
            if at > middle || middle == BLOCK {
                (index, at) = (index + 1, at - middle);
            }
        }
        Arc::make_mut(&mut self.blocks[index]).insert(at, bits, id);
        if at == 0 {
            self.firsts[index] = (bits, id);
        }
    }

    fn push_block(&mut self, block: Block) {
        self.push_shared(Arc::new(block));
    }

    fn push_shared(&mut self, block: Arc<Block>) {
        self.firsts.push(block.get(0).unwrap_or_default());
        self.blocks.push(block);
    }

    /// Joins a small block with the next one if both fit into one.
    fn merge(&mut self, index: usize) {
        let Some(next) = self.blocks.get(index + 1) else { return };
        if self.blocks[index].ids.len() + next.ids.len() > BLOCK * 3 / 4 {
            return;
        }
        let next = self.blocks.remove(index + 1);
        self.firsts.remove(index + 1);
        Arc::make_mut(&mut self.blocks[index]).append(&next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Keys are the numbers of the rows themselves, of which the bits are the tens.
    fn probe<'a>(key: u32, compare: &'a dyn Fn(RowId) -> Ordering) -> Probe<'a> {
        Probe { bits: u128::from(key / 10), mask: u128::MAX, exact: false, compare }
    }

    fn ids(tree: &Tree) -> Vec<u32> {
        let mut place = tree.start();
        let mut ids = Vec::new();
        while let Some((id, next)) = tree.next(place) {
            ids.push(id.0);
            place = next;
        }
        ids
    }

    #[test]
    fn a_tree_holds_what_a_sorted_set_holds() {
        let mut tree = Tree::default();
        let mut model = BTreeSet::new();
        let mut state = 1_u64;
        for step in 0..60_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let key = (state >> 33) as u32 % 8_000;
            // It grows, shrinks and grows again.
            let grow = (state >> 20) % 10 < if (step / 15_000) % 2 == 0 { 8 } else { 2 };
            let compare = |id: RowId| id.0.cmp(&key);
            if grow {
                assert_eq!(tree.insert(&probe(key, &compare), RowId(key), true).is_ok(), model.insert(key));
            } else {
                assert_eq!(tree.remove(&probe(key, &compare), RowId(key)), model.remove(&key));
            }
            let found = tree.find(&probe(key, &compare)).map(|id| id.0);
            assert_eq!(found, model.get(&key).copied());
            let lower = tree.lower(&probe(key, &compare));
            assert_eq!(tree.next(lower).map(|(id, _)| id.0), model.range(key..).next().copied());
            let upper = tree.upper(&probe(key, &compare));
            assert_eq!(tree.previous(upper).map(|(id, _)| id.0), model.range(..=key).next_back().copied());
            if step % 5_000 == 0 {
                assert_eq!(ids(&tree), model.iter().copied().collect::<Vec<_>>());
                assert_eq!(tree.distance(tree.start(), lower), model.range(..key).count());
            }
        }
        assert_eq!(ids(&tree).len(), model.len());
    }

    #[test]
    fn what_is_not_wanted_is_taken_out_in_one_walk() {
        for wanted in [
            |id: u32| id % 10 != 3,
            |id: u32| id % 10 == 3,
            |id: u32| !(300..900).contains(&id),
            |_: u32| false,
        ] {
            let entries = (0..2_000).map(|id| (u128::from(id) << 64, RowId(id)));
            let mut tree = Tree::from_sorted(entries);
            let copy = tree.clone();
            tree.retain(|id| wanted(id.0));
            let left: Vec<u32> = (0..2_000).filter(|id| wanted(*id)).collect();
            assert_eq!(ids(&tree), left);
            assert_eq!(ids(&copy).len(), 2_000);
            let never = |_: RowId| Ordering::Equal;
            for id in 0..2_000_u32 {
                let probe =
                    Probe { bits: u128::from(id) << 64, mask: u128::MAX, exact: true, compare: &never };
                assert_eq!(tree.find(&probe).is_some(), wanted(id));
            }
        }
    }

    #[test]
    fn equal_keys_stand_in_the_order_of_their_rows() {
        let mut tree = Tree::default();
        let same = |_: RowId| Ordering::Equal;
        let probe = |bits: u128| Probe { bits, mask: u128::MAX, exact: true, compare: &same };
        for id in (0..2_000).rev() {
            tree.insert(&probe(u128::from(id % 3)), RowId(id), false).unwrap();
        }
        let expected: Vec<u32> = (0..3).flat_map(|key| (0..2_000).filter(move |id| id % 3 == key)).collect();
        assert_eq!(ids(&tree), expected);
        let (from, to) = (tree.lower(&probe(1)), tree.upper(&probe(1)));
        assert_eq!(tree.distance(from, to), 667);
        assert!(tree.remove(&probe(1), RowId(1_000)) && !tree.remove(&probe(1), RowId(1_001)));
        let sorted = Tree::from_sorted(
            (0..1_000).map(|id| (u128::from(id), RowId(id))).collect::<Vec<_>>().into_iter(),
        );
        assert_eq!(ids(&sorted), (0..1_000).collect::<Vec<_>>());
    }
}
