//! A small ordered map with text keys.

use super::{Str, Value};
use alloc::vec::Vec;

/// A map from text to [`Value`] that remembers the order of insertion.
///
/// Maps of params, documents and metadata are small, so keys stand in a vector and are found by
/// looking through it. Two maps are equal when they hold the same keys and values, in any order.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<(Str, Value)>,
}

impl Map {
    /// An empty map.
    pub const fn new() -> Self {
        Map { entries: Vec::new() }
    }

    /// An empty map with room for `capacity` entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Map { entries: Vec::with_capacity(capacity) }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).map(|at| &self.entries[at].1)
    }

    /// The value of `key`, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let at = self.position(key)?;
        Some(&mut self.entries[at].1)
    }

    /// Whether `key` is there, be its value null or not.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Sets `key`, and gives back the value it had. A new key goes to the end.
    pub fn insert(&mut self, key: impl Into<Str>, value: impl Into<Value>) -> Option<Value> {
        self.put(key.into(), value.into())
    }

    fn put(&mut self, key: Str, value: Value) -> Option<Value> {
        match self.position(&key) {
            Some(at) => Some(core::mem::replace(&mut self.entries[at].1, value)),
            None => {
                self.entries.push((key, value));
                None
            }
        }
    }

    /// Sets `key`, a literal; what it had is gone. A call of it takes less room than one of [`Map::insert`].
    pub(crate) fn set(&mut self, key: &'static str, value: impl Into<Value>) {
        self.put_literal(key, value.into());
    }

    #[inline(never)]
    fn put_literal(&mut self, key: &'static str, value: Value) {
        self.put(Str::Static(key), value);
    }

    /// Appends an entry whose key the caller knows to be new.
    ///
    /// Readers of long inputs use it with an index of their own: [`Map::insert`] looks through all keys.
    pub fn push_new(&mut self, key: Str, value: Value) {
        debug_assert!(!self.contains_key(&key));
        self.entries.push((key, value));
    }

    /// A map of entries whose keys the caller knows to differ from each other, without looking.
    pub(crate) fn from_distinct(entries: Vec<(Str, Value)>) -> Self {
        Map { entries }
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.position(key).map(|at| self.entries.remove(at).1)
    }

    /// Keys and values, in order of insertion.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Str, &Value)> + ExactSizeIterator {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// Keys and values, in order of insertion, as a slice.
    pub fn entries(&self) -> &[(Str, Value)] {
        &self.entries
    }

    /// Keys, in order of insertion.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Str> + ExactSizeIterator {
        self.entries.iter().map(|(key, _)| key)
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.entries.iter().position(|(name, _)| core::ptr::eq(name.as_str(), key) || name.as_str() == key)
    }
}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        // Maps that are compared mostly have their keys in the same order: then no key is looked for.
        self.len() == other.len()
            && self.iter().zip(other.iter()).all(|((key, value), (their_key, theirs))| {
                let theirs = if key == their_key { Some(theirs) } else { other.get(key) };
                theirs.is_some_and(|theirs| theirs == value)
            })
    }
}

impl<K: Into<Str>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Map::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl<K: Into<Str>, V: Into<Value>, const N: usize> From<[(K, V); N]> for Map {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl IntoIterator for Map {
    type Item = (Str, Value);
    type IntoIter = alloc::vec::IntoIter<(Str, Value)>;
    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}
