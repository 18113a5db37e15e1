//! The clock and the randomness that a repo and its adapter use, handed in by the program.

/// What a repo needs to know of the world.
///
/// ```
/// use ectomorph::adapter::Environment;
///
/// /// A clock that stands still: for tests that compare whole rows.
/// struct Noon;
///
/// impl Environment for Noon {
///     fn unix_microseconds(&self) -> i64 {
///         1_704_110_400_000_000
///     }
///     fn ticks(&self) -> u64 {
///         0
///     }
///     fn fill(&self, random: &mut [u8]) {
///         random.fill(7);
///     }
/// }
/// ```
pub trait Environment: Send + Sync {
    /// The time of day: microseconds since the start of 1970, in UTC.
    fn unix_microseconds(&self) -> i64;

    /// Nanoseconds of a clock that only goes forward, to measure with.
    fn ticks(&self) -> u64;

    /// Fills a buffer with random bytes.
    fn fill(&self, random: &mut [u8]);
}

/// The clock and the randomness of the operating system. In a browser the host hands in its own.
#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

#[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
impl Environment for System {
    fn unix_microseconds(&self) -> i64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn ticks(&self) -> u64 {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        let start = START.get_or_init(std::time::Instant::now);
        u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// # Panics
    ///
    /// If the operating system gives no randomness, which happens in sandboxes that forbid it.
    fn fill(&self, random: &mut [u8]) {
        if let Err(error) = getrandom::getrandom(random) {
            panic!("the operating system gives no randomness: {error}");
        }
    }
}
