//! Entries of a map while it is being read.

use crate::value::Str;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Keys with their slots, in order of first insertion, found in logarithmic time however many there are.
///
/// A hash table would have to be seeded against chosen collisions; an ordered index needs no seed.
pub(super) struct Entries<V> {
    list: Vec<(Str, V)>,
    // Filled once there are more than `SMALL` keys: most maps have a few.
    index: BTreeMap<Str, usize>,
}

const SMALL: usize = 16;

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Entries { list: Vec::new(), index: BTreeMap::new() }
    }
}

impl<V: Default> Entries<V> {
    /// Where `key` stands, if it was seen.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        if self.list.len() <= SMALL {
            self.list.iter().position(|(name, _)| name.as_str() == key)
        } else {
            self.index.get(key).copied()
        }
    }

    /// Appends a key that [`find`](Self::find) did not find, with an empty slot.
    pub(super) fn push(&mut self, key: Str) -> usize {
        let at = self.list.len();
        if at > SMALL {
            self.index.insert(key.clone(), at);
        } else if at == SMALL {
            self.index.extend(self.list.iter().map(|(name, _)| name).chain([&key]).cloned().zip(0..));
        }
        self.list.push((key, V::default()));
        at
    }

    /// The slot at a place that `find` or `push` gave.
    pub(super) fn slot(&mut self, at: usize) -> &mut V {
        &mut self.list[at].1
    }

    /// The entries, in order of first insertion.
    pub(super) fn into_list(self) -> Vec<(Str, V)> {
        self.list
    }
}
