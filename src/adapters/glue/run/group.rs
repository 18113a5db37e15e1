//! Groups of rows.

use super::aggregate::State;
use super::copies::Reading;
use super::hash::{Places, alike, hash_of};
use super::scan::holds;
use super::select::Set;
use super::take::Take;
use crate::adapters::glue::node::{Env, Row};
use crate::adapters::glue::select::Grouping;
use crate::adapters::glue::value::Fault;
use crate::store::{RowId, Stretch};
use crate::value::Value;
use std::borrow::Cow;

/// The keys of so many rows are computed before the first is looked up: rows lie far apart in memory, and while one is
/// waited for, the next are on their way.
const BATCH: usize = 256;

/// Groups as rows come: nothing is kept of a row but the first of its group.
pub(super) struct Groups<'g, 't> {
    grouping: &'g Grouping,
    env: &'t Env<'t>,
    parent: Option<&'g Row<'g>>,
    stride: usize,
    places: Places,
    /// The keys, group by group.
    keys: Vec<Value>,
    /// The results of the aggregates, group by group.
    states: Vec<State>,
    /// The first row of each group; none of the one group of no rows.
    firsts: Vec<&'t [Value]>,
    count: usize,
    /// Values of rows that are looked at.
    scratch: Vec<Value>,
}

impl Grouping {
    /// One row a group: its first row, and the results of the aggregates.
    pub(super) fn group<'t>(
        &self,
        set: Set<'t>,
        env: &'t Env<'t>,
        parent: Option<&Row<'_>>,
    ) -> Result<Set<'t>, Fault> {
        let mut groups = Groups::new(self, set.stride, env, parent);
        for start in (0..set.len()).step_by(BATCH) {
            let rows: Vec<Row<'_>> =
                (start..set.len().min(start + BATCH)).map(|at| set.row(at, parent, env)).collect();
            for new in groups.add(&rows)? {
                groups.firsts.extend_from_slice(set.tuple(start + new));
            }
        }
        groups.set()
    }
}

impl<'g, 't> Groups<'g, 't> {
    /// No groups yet of rows of so many sources.
    pub(super) fn new(
        grouping: &'g Grouping,
        stride: usize,
        env: &'t Env<'t>,
        parent: Option<&'g Row<'g>>,
    ) -> Groups<'g, 't> {
        let mut groups = Groups {
            grouping,
            env,
            parent,
            stride,
            places: Places::default(),
            keys: Vec::new(),
            states: Vec::new(),
            firsts: Vec::new(),
            count: 0,
            scratch: Vec::new(),
        };
        if grouping.keys.is_empty() {
            // Without keys there is one group, also of no rows.
            groups.begin();
        }
        groups
    }

    fn begin(&mut self) {
        self.count += 1;
        self.states.extend(self.grouping.aggregates.iter().map(|_| State::new()));
    }

    /// Adds rows; which of them are the first of their groups.
    fn add(&mut self, rows: &[Row<'_>]) -> Result<Vec<usize>, Fault> {
        let Grouping { keys, aggregates, .. } = self.grouping;
        let mut firsts = Vec::new();
        if keys.is_empty() && self.firsts.is_empty() && !rows.is_empty() {
            firsts.push(0);
        }
        let mut of_rows: Vec<Cow<'_, Value>> = Vec::with_capacity(rows.len() * keys.len());
        for row in rows {
            for key in keys {
                of_rows.push(key.value(row)?);
            }
        }
        for (at, row) in rows.iter().enumerate() {
            let mut group = 0;
            if !keys.is_empty() {
                let values = &of_rows[at * keys.len()..][..keys.len()];
                let hash = hash_of(values.iter().map(|value| &**value));
                let is = |group: &usize| {
                    values.iter().zip(&self.keys[group * keys.len()..]).all(|(a, b)| alike(a, b))
                };
                let known = self.places.of(hash).find(is);
                group = known.unwrap_or_else(|| {
                    self.places.push(hash);
                    self.keys.extend(values.iter().map(|value| Value::clone(value)));
                    self.begin();
                    firsts.push(at);
                    self.count - 1
                });
            }
            for (aggregate, state) in aggregates.iter().zip(&mut self.states[group * aggregates.len()..]) {
                state.take(aggregate, row)?;
            }
        }
        Ok(firsts)
    }

    /// One row a group.
    pub(super) fn set(self) -> Result<Set<'t>, Fault> {
        let Groups { grouping, env, parent, stride, .. } = self;
        let count = grouping.aggregates.len();
        let mut grouped = Set { width: count, ..Set::new(stride) };
        for group in 0..self.count {
            let start = grouped.slots.len();
            for (aggregate, state) in grouping.aggregates.iter().zip(&self.states[group * count..]) {
                grouped.slots.push(state.finish(aggregate)?);
            }
            match self.firsts.get(group * stride..(group + 1) * stride) {
                Some(tuple) => grouped.tuples.extend_from_slice(tuple),
                None => grouped.tuples.extend(std::iter::repeat_n(&[][..], stride)),
            }
            grouped.rows += 1;
            let last = grouped.rows - 1;
            if !grouping.having.is_empty() && !holds(&grouping.having, &grouped.row(last, parent, env))? {
                grouped.rows -= 1;
                grouped.slots.truncate(start);
                grouped.tuples.truncate(last * stride);
            }
        }
        Ok(grouped)
    }
}

impl<'t> Take<'t> for Groups<'_, 't> {
    fn row(&mut self, _: Option<RowId>, row: &'t [Value]) -> Result<bool, Fault> {
        let sources = [row];
        if !self.add(&[Row::new(&sources, self.parent, self.env)])?.is_empty() {
            self.firsts.push(row);
        }
        Ok(false)
    }

    fn rows(
        &mut self,
        stretch: &Stretch<'t>,
        chosen: &[u32],
        reading: &mut Reading<'t>,
    ) -> Result<bool, Fault> {
        let mut scratch = core::mem::take(&mut self.scratch);
        let width = reading.fill_all(stretch, chosen, &mut scratch);
        let of = |at: usize| scratch.get(at * width..(at + 1) * width).unwrap_or_default();
        let sources: Vec<[&[Value]; 1]> = (0..chosen.len()).map(|at| [of(at)]).collect();
        let (parent, env) = (self.parent, self.env);
        let rows: Vec<Row<'_>> = sources.iter().map(|row| Row::new(row, parent, env)).collect();
        for new in self.add(&rows)? {
            self.firsts.push(reading.keep(of(new).to_vec()));
        }
        self.scratch = scratch;
        Ok(false)
    }
}
