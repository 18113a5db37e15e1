//! A flag for each place of a chunk.

/// How many rows a chunk has: what is copied when a row of a shared chunk changes.
pub(super) const CHUNK: usize = 256;

/// Flags by place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits(pub [u64; CHUNK / 64]);

impl Bits {
    /// Set for the first places.
    pub(super) fn first(count: usize) -> Bits {
        let mut bits = Bits::default();
        for (at, word) in bits.0.iter_mut().enumerate() {
            *word = match count.saturating_sub(at * 64) {
                64.. => u64::MAX,
                some => (1 << some) - 1,
            };
        }
        bits
    }

    #[inline]
    pub(super) fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    pub(super) fn set(&mut self, at: usize, flag: bool) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word = *word & !(1 << (at % 64)) | u64::from(flag) << (at % 64);
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// What is set here and not there.
    pub(super) fn without(&self, other: &Bits) -> Bits {
        let mut bits = *self;
        bits.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= !other);
        bits
    }

    /// What is set here or there.
    pub(super) fn with(&self, other: &Bits) -> Bits {
        let mut bits = *self;
        bits.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
        bits
    }

    /// The places that are set, in order.
    pub(super) fn places(self) -> Places {
        Places(self)
    }
}

/// The places that are set, in order.
pub(super) struct Places(Bits);

impl Iterator for Places {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (at, word) = self.0.0.iter_mut().enumerate().find(|(_, word)| **word != 0)?;
        let bit = word.trailing_zeros() as usize;
        *word &= *word - 1;
        Some(at * 64 + bit)
    }
}

impl DoubleEndedIterator for Places {
    fn next_back(&mut self) -> Option<usize> {
        let (at, word) = self.0.0.iter_mut().enumerate().rfind(|(_, word)| **word != 0)?;
        let bit = word.ilog2() as usize;
        *word ^= 1 << bit;
        Some(at * 64 + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_in_order_from_both_ends() {
        let mut bits = Bits::default();
        let set = [0, 1, 63, 64, 130, 191, 192, 255];
        set.into_iter().for_each(|at| bits.set(at, true));
        assert_eq!(bits.places().collect::<Vec<_>>(), set);
        assert_eq!(bits.places().rev().collect::<Vec<_>>(), [255, 192, 191, 130, 64, 63, 1, 0]);
        let mut both = bits.places();
        assert_eq!(
            (both.next(), both.next_back(), both.next(), both.nth(3)),
            (Some(0), Some(255), Some(1), Some(191))
        );
        assert_eq!(Bits::default().places().next_back(), None);
    }
}
