//! Entries of a map while it is being read.

use crate::value::Str;
#[cfg(feature = "std")]
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

/// Keys with their slots, in order of first insertion.
///
/// A server finds each key in logarithmic time however many there are; a hash table would have to be
/// seeded against chosen collisions, an ordered index needs no seed. A page has nobody to defend against
/// but itself: there the index would only make the artifact larger, and keys are looked through.
pub(super) struct Entries<V> {
    list: Vec<(Str, V)>,
    // Filled once there are more than `SMALL` keys: most maps have a few.
    #[cfg(feature = "std")]
    index: BTreeMap<Str, usize>,
}

#[cfg(feature = "std")]
const SMALL: usize = 16;

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Entries {
            list: Vec::new(),
            #[cfg(feature = "std")]
            index: BTreeMap::new(),
        }
    }
}

impl<V: Default> Entries<V> {
    /// Room for so many keys.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let mut entries = Entries::default();
        entries.list.reserve_exact(capacity);
        entries
    }

    /// Where `key` stands, if it was seen.
    pub(super) fn find(&self, key: &str) -> Option<usize> {
        #[cfg(feature = "std")]
        if self.list.len() > SMALL {
            return self.index.get(key).copied();
        }
        self.list.iter().position(|(name, _)| name.as_str() == key)
    }

    /// Appends a key that [`find`](Self::find) did not find, with an empty slot.
    pub(super) fn push(&mut self, key: Str) -> usize {
        let at = self.list.len();
        self.list.push((key, V::default()));
        #[cfg(feature = "std")]
        if at >= SMALL {
            let unseen = if at == SMALL { 0 } else { at };
            self.index.extend(self.list[unseen..].iter().map(|(name, _)| name.clone()).zip(unseen..));
        }
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
