//! Finding rows by values: for joins, groups and distinct rows.

use crate::adapters::glue::value::equal;
use crate::value::Value;
use core::hash::Hasher;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Places found by hash. It holds no values: whoever asks compares.
#[derive(Default)]
pub(super) struct Places {
    first: HashMap<u64, u32, BuildHasherDefault<Same>>,
    next: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Places {
    pub(super) fn with_capacity(capacity: usize) -> Places {
        Places {
            first: HashMap::with_capacity_and_hasher(capacity, BuildHasherDefault::default()),
            next: Vec::with_capacity(capacity),
        }
    }

    /// Adds the next place, which comes before those with the same hash.
    pub(super) fn push(&mut self, hash: u64) {
        let place = self.next.len() as u32;
        let before = self.first.insert(hash, place);
        self.next.push(before.unwrap_or(NONE));
    }

    /// The places with that hash, the newest first.
    pub(super) fn of(&self, hash: u64) -> impl Iterator<Item = usize> + '_ {
        let mut at = self.first.get(&hash).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let place = usize::try_from(at).ok()?;
            at = *self.next.get(place)?;
            Some(place)
        })
    }
}

/// The hash of a key is its own hash.
#[derive(Default)]
pub(super) struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A fast hasher for values that nobody chose against it: collisions cost time, no more.
#[derive(Default)]
pub(super) struct Quick(u64);

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        // Whole numbers as floats differ in their highest bits only; the table takes bits of both ends.
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(FACTOR);
        mixed ^ (mixed >> 29)
    }
    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.write_u64(u64::from_le_bytes(*chunk));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.write_u64(u64::from_le_bytes(last) ^ bytes.len() as u64);
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(FACTOR);
    }
}

/// Hashes values so that equal ones are alike; nulls too.
pub(super) fn hash_of<'v>(values: impl Iterator<Item = &'v Value>) -> u64 {
    let mut hasher = Quick::default();
    for value in values {
        crate::adapters::glue::value::hash(value, &mut hasher);
    }
    hasher.finish()
}

/// Whether two values belong to one group: equal, or both null.
pub(super) fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        _ => equal(a, b) == Some(true),
    }
}
