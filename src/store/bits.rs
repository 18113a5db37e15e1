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

    /// The places that are set, in order.
    pub(super) fn places(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..CHUNK).filter(move |at| self.has(*at))
    }
}
