//! Groups of rows.

use super::aggregate::State;
use super::hash::{Places, alike, hash_of};
use super::scan::holds;
use super::select::Set;
use crate::adapters::glue::node::{Env, Row};
use crate::adapters::glue::select::Grouping;
use crate::adapters::glue::value::Fault;
use crate::value::Value;
use std::borrow::Cow;

/// The keys of so many rows are computed before the first is looked up: rows lie far apart in memory, and while one is
/// waited for, the next are on their way.
const BATCH: usize = 256;

impl Grouping {
    /// One row a group: its first row, and the results of the aggregates.
    pub(super) fn group<'t>(
        &self,
        set: Set<'t>,
        env: &'t Env<'t>,
        parent: Option<&Row<'_>>,
    ) -> Result<Set<'t>, Fault> {
        let stride = set.stride;
        let width = self.keys.len();
        let mut places = Places::default();
        let mut keys: Vec<Value> = Vec::new();
        let mut firsts: Vec<usize> = Vec::new();
        let mut states: Vec<State> = Vec::new();
        let count = self.aggregates.len();
        let begin = |first: usize, firsts: &mut Vec<usize>, states: &mut Vec<State>| {
            firsts.push(first);
            states.extend((0..count).map(|_| State::new()));
        };
        if width == 0 {
            // Without keys there is one group, also of no rows.
            begin(0, &mut firsts, &mut states);
        }
        let mut of_rows: Vec<Cow<'_, Value>> = Vec::new();
        let mut hashes: Vec<u64> = Vec::new();
        for start in (0..set.len()).step_by(BATCH) {
            let end = (start + BATCH).min(set.len());
            of_rows.clear();
            hashes.clear();
            if width > 0 {
                for at in start..end {
                    let row = set.row(at, parent, env);
                    for key in &self.keys {
                        of_rows.push(key.value(&row)?);
                    }
                    hashes.push(hash_of(of_rows[of_rows.len() - width..].iter().map(|value| &**value)));
                }
            }
            for at in start..end {
                let group = match hashes.get(at - start) {
                    None => 0,
                    Some(hash) => {
                        let values = &of_rows[(at - start) * width..][..width];
                        let is = |group: &usize| {
                            values.iter().zip(&keys[group * width..]).all(|(a, b)| alike(a, b))
                        };
                        let known = places.of(*hash).find(is);
                        known.unwrap_or_else(|| {
                            places.push(*hash);
                            keys.extend(values.iter().map(|value| Value::clone(value)));
                            begin(at, &mut firsts, &mut states);
                            firsts.len() - 1
                        })
                    }
                };
                let row = set.row(at, parent, env);
                for (aggregate, state) in self.aggregates.iter().zip(&mut states[group * count..]) {
                    state.take(aggregate, &row)?;
                }
            }
        }
        let mut grouped =
            Set { width: count, tuples: Vec::with_capacity(firsts.len() * stride), ..set.empty() };
        for (group, first) in firsts.into_iter().enumerate() {
            let start = grouped.slots.len();
            for (aggregate, state) in self.aggregates.iter().zip(&states[group * count..]) {
                grouped.slots.push(state.finish(aggregate)?);
            }
            match set.tuples.get(first * stride..(first + 1) * stride) {
                Some(tuple) => grouped.tuples.extend_from_slice(tuple),
                None => grouped.tuples.extend(std::iter::repeat_n(&[][..], stride)),
            }
            grouped.rows += 1;
            let last = grouped.rows - 1;
            if !self.having.is_empty() && !holds(&self.having, &grouped.row(last, parent, env))? {
                grouped.rows -= 1;
                grouped.slots.truncate(start);
                grouped.tuples.truncate(last * stride);
            }
        }
        Ok(grouped)
    }
}
