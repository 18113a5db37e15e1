//! Rounds in which everybody does the same, one after the other.

use std::time::{Duration, Instant};

/// How long is measured.
pub struct Settings {
    /// How many rounds there are.
    pub rounds: usize,
    /// How long one of a round's turns takes, about.
    pub milliseconds: usize,
    /// The only case to run, if one is named.
    pub case: Option<String>,
    /// The only one to do it, if one is named: for a profiler.
    pub peer: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { rounds: 15, milliseconds: 150, case: None, peer: None }
    }
}

impl Settings {
    /// How often something that took so long is done in a turn.
    pub fn times(&self, once: Duration) -> usize {
        let target = Duration::from_millis(self.milliseconds as u64);
        (target.as_nanos() / once.as_nanos().max(1)).clamp(1, 1_000_000) as usize
    }
}

/// What one peer took in each round, for one operation.
#[derive(Clone, Debug, Default)]
pub struct Took(pub Vec<f64>);

impl Took {
    /// Notes a turn.
    pub fn push(&mut self, since: Instant, times: usize) {
        self.0.push(since.elapsed().as_secs_f64() / times as f64);
    }

    /// Seconds of one operation.
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// How many times as many operations this one does in the same time: the median of the rounds' ratios, which a
    /// machine that is slow for a while does not bend.
    pub fn throughput_over(&self, other: &Took) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(own, other)| other / own).collect())
    }
}

/// A time with its unit.
pub fn shown(seconds: f64) -> String {
    match seconds {
        s if s < 1e-6 => format!("{:.0} ns", s * 1e9),
        s if s < 1e-3 => format!("{:.1} µs", s * 1e6),
        s => format!("{:.2} ms", s * 1e3),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
