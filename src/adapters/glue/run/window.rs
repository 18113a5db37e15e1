//! Window functions.

use super::aggregate::State;
use super::hash::{Places, alike, hash_of};
use super::order::Sorter;
use super::select::Set;
use crate::adapters::glue::node::{Env, Row};
use crate::adapters::glue::select::{Bound, FrameUnit, WindowCall, WindowFunction};
use crate::adapters::glue::value::{Arithmetic, Cast, Fault, arithmetic, cast, compare};
use crate::value::Value;
use core::cmp::Ordering;
use std::borrow::Cow;

impl WindowCall {
    /// Adds the result of the function to every row.
    pub(super) fn extend(
        &self,
        set: &mut Set<'_>,
        env: &Env<'_>,
        parent: Option<&Row<'_>>,
    ) -> Result<(), Fault> {
        let results = self.results(set, env, parent)?;
        let width = set.window_width;
        let mut slots = Vec::with_capacity(set.len() * (width + 1));
        let mut old = std::mem::take(&mut set.windows).into_iter();
        for result in results {
            slots.extend(old.by_ref().take(width));
            slots.push(result);
        }
        set.windows = slots;
        set.window_width = width + 1;
        Ok(())
    }

    fn results(&self, set: &Set<'_>, env: &Env<'_>, parent: Option<&Row<'_>>) -> Result<Vec<Value>, Fault> {
        let rows: Vec<Row<'_>> = (0..set.len()).map(|at| set.row(at, parent, env)).collect();
        let mut sorter = Sorter::new(&self.orders, rows.len());
        for row in &rows {
            sorter.push(row)?;
        }
        let mut results = vec![Value::Null; rows.len()];
        for mut partition in self.partitions(&rows)? {
            partition.sort_by(|a, b| sorter.compare(*a, *b));
            let peers = Peers::of(&partition, &sorter);
            self.fill(&rows, &partition, &peers, &mut results)?;
        }
        Ok(results)
    }

    /// The rows that belong together, as they come.
    fn partitions(&self, rows: &[Row<'_>]) -> Result<Vec<Vec<usize>>, Fault> {
        if self.partition.is_empty() {
            return Ok(vec![(0..rows.len()).collect()]);
        }
        let mut places = Places::default();
        let mut keys: Vec<Vec<Cow<'_, Value>>> = Vec::new();
        let mut partitions: Vec<Vec<usize>> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let values: Vec<Cow<'_, Value>> =
                self.partition.iter().map(|node| node.value(row)).collect::<Result<_, _>>()?;
            let hash = hash_of(values.iter().map(|value| &**value));
            let found =
                places.of(hash).find(|place| values.iter().zip(&keys[*place]).all(|(a, b)| alike(a, b)));
            match found {
                Some(place) => partitions[place].push(at),
                None => {
                    places.push(hash);
                    keys.push(values);
                    partitions.push(vec![at]);
                }
            }
        }
        Ok(partitions)
    }

    fn fill(
        &self,
        rows: &[Row<'_>],
        partition: &[usize],
        peers: &Peers,
        results: &mut [Value],
    ) -> Result<(), Fault> {
        let count = partition.len();
        for at in 0..count {
            let row = &rows[partition[at]];
            let operand = |number: usize, at: usize| -> Result<Value, Fault> {
                match (self.operands.get(number), partition.get(at)) {
                    (Some(node), Some(place)) => Ok(node.value(&rows[*place])?.into_owned()),
                    _ => Ok(Value::Null),
                }
            };
            let result = match &self.function {
                WindowFunction::Aggregate(_) => break,
                WindowFunction::RowNumber => Value::Integer(at as i64 + 1),
                WindowFunction::Rank => Value::Integer(peers.start(at) as i64 + 1),
                WindowFunction::DenseRank => Value::Integer(peers.group[at] as i64 + 1),
                WindowFunction::PercentRank if count == 1 => Value::Float(0.0),
                WindowFunction::PercentRank => Value::Float(peers.start(at) as f64 / (count - 1) as f64),
                WindowFunction::CumeDist => Value::Float(peers.end(at) as f64 / count as f64),
                WindowFunction::Ntile => {
                    let buckets = cast(&operand(0, at)?, &Cast::Integer)?.as_integer().unwrap_or(0);
                    let buckets =
                        usize::try_from(buckets).ok().filter(|buckets| *buckets > 0).ok_or_else(|| {
                            Fault::new(
                                "invalid_argument_for_ntile_function",
                                "argument of ntile must be greater than zero",
                            )
                        })?;
                    let (size, larger) = (count / buckets, count % buckets);
                    let bucket = if at < larger * (size + 1) {
                        at / (size + 1)
                    } else {
                        larger + (at - larger * (size + 1)) / size.max(1)
                    };
                    Value::Integer(bucket as i64 + 1)
                }
                WindowFunction::Lag | WindowFunction::Lead => {
                    let offset = match self.operands.get(1) {
                        Some(node) => cast(&*node.value(row)?, &Cast::Integer)?,
                        None => Value::Integer(1),
                    };
                    match offset.as_integer() {
                        None => Value::Null,
                        Some(offset) => {
                            let offset = if self.function == WindowFunction::Lag { -offset } else { offset };
                            let place =
                                usize::try_from(at as i64 + offset).ok().filter(|place| *place < count);
                            match place {
                                Some(place) => operand(0, place)?,
                                None => operand(2, at)?,
                            }
                        }
                    }
                }
                WindowFunction::FirstValue | WindowFunction::LastValue | WindowFunction::NthValue => {
                    let (start, end) = self.frame(rows, partition, peers, at)?;
                    let place = match self.function {
                        WindowFunction::FirstValue => Some(start),
                        WindowFunction::LastValue => end.checked_sub(1),
                        _ => {
                            let number = cast(&operand(1, at)?, &Cast::Integer)?.as_integer().unwrap_or(0);
                            let number = usize::try_from(number)
                                .ok()
                                .filter(|number| *number > 0)
                                .ok_or_else(|| {
                                    Fault::new(
                                        "invalid_argument_for_nth_value_function",
                                        "argument of nth_value must be greater than zero",
                                    )
                                })?;
                            Some(start + number - 1)
                        }
                    };
                    match place.filter(|place| (start..end).contains(place)) {
                        Some(place) => operand(0, place)?,
                        None => Value::Null,
                    }
                }
            };
            results[partition[at]] = result;
        }
        if let WindowFunction::Aggregate(aggregate) = &self.function {
            // While the frame only grows at its end, what is gathered stays.
            let growing = self.frame.start == Bound::First;
            let (mut state, mut taken) = (State::new(), 0);
            for at in 0..count {
                let (start, end) = self.frame(rows, partition, peers, at)?;
                if !growing || end < taken {
                    (state, taken) = (State::new(), start);
                }
                while taken < end {
                    state.take(aggregate, &rows[partition[taken]])?;
                    taken += 1;
                }
                results[partition[at]] = state.finish(aggregate)?;
            }
        }
        Ok(())
    }

    /// The frame of a row, as places in the partition; its end is not in it.
    fn frame(
        &self,
        rows: &[Row<'_>],
        partition: &[usize],
        peers: &Peers,
        at: usize,
    ) -> Result<(usize, usize), Fault> {
        let count = partition.len();
        let start = match &self.frame.start {
            Bound::First => 0,
            Bound::Last => count,
            Bound::Current => match self.frame.unit {
                FrameUnit::Rows => at,
                _ => peers.start(at),
            },
            Bound::Preceding(by) => self.moved(rows, partition, peers, at, by, -1, Edge::Start)?,
            Bound::Following(by) => self.moved(rows, partition, peers, at, by, 1, Edge::Start)?,
        };
        let end = match &self.frame.end {
            Bound::First => 0,
            Bound::Last => count,
            Bound::Current => match self.frame.unit {
                FrameUnit::Rows => at + 1,
                _ => peers.end(at),
            },
            Bound::Preceding(by) => self.moved(rows, partition, peers, at, by, -1, Edge::End)?,
            Bound::Following(by) => self.moved(rows, partition, peers, at, by, 1, Edge::End)?,
        };
        Ok((start, end.max(start)))
    }

    #[allow(clippy::too_many_arguments)]
    fn moved(
        &self,
        rows: &[Row<'_>],
        partition: &[usize],
        peers: &Peers,
        at: usize,
        by: &crate::adapters::glue::node::Node,
        sign: i64,
        edge: Edge,
    ) -> Result<usize, Fault> {
        let count = partition.len();
        let row = &rows[partition[at]];
        let by = by.value(row)?.into_owned();
        if self.frame.unit != FrameUnit::Range {
            let by = cast(&by, &Cast::Integer)?.as_integer().filter(|by| *by >= 0).ok_or_else(|| {
                Fault::new("invalid_preceding_or_following_size", "frame offset must not be negative or null")
            })?;
            let move_from = |at: usize| at as i64 + sign * by;
            return Ok(match self.frame.unit {
                FrameUnit::Rows => {
                    (move_from(at) + i64::from(edge == Edge::End)).clamp(0, count as i64) as usize
                }
                _ => {
                    let group = move_from(peers.group[at]);
                    let groups = peers.starts.len() as i64;
                    if group < 0 {
                        0
                    } else if group >= groups {
                        count
                    } else {
                        let group = group as usize;
                        match edge {
                            Edge::Start => peers.starts[group],
                            Edge::End => peers.starts.get(group + 1).copied().unwrap_or(count),
                        }
                    }
                }
            });
        }
        // By value: the rows whose only key is at most so far away.
        let [order] = self.orders.as_slice() else {
            return Err(Fault::new("windowing_error", "RANGE with an offset needs exactly one ORDER BY"));
        };
        let key = order.by.value(row)?.into_owned();
        if key.is_null() {
            return Ok(if edge == Edge::Start { peers.start(at) } else { peers.end(at) });
        }
        let operation = if (sign < 0) != order.descending { Arithmetic::Subtract } else { Arithmetic::Add };
        let limit = arithmetic(operation, &key, &by)?;
        for (place, other) in partition.iter().enumerate() {
            let value = order.by.value(&rows[*other])?;
            if value.is_null() {
                if order.nulls_first {
                    continue;
                }
                return Ok(place);
            }
            let Some(mut ordering) = compare(&value, &limit) else { continue };
            if order.descending {
                ordering = ordering.reverse();
            }
            let reached = match edge {
                Edge::Start => ordering != Ordering::Less,
                Edge::End => ordering == Ordering::Greater,
            };
            if reached {
                return Ok(place);
            }
        }
        Ok(count)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Edge {
    Start,
    End,
}

/// Which rows of a partition are equal in its order.
struct Peers {
    /// The number of the group of peers of each row.
    group: Vec<usize>,
    /// The first row of each group.
    starts: Vec<usize>,
}

impl Peers {
    fn of(partition: &[usize], sorter: &Sorter<'_, '_>) -> Peers {
        let mut peers = Peers { group: Vec::with_capacity(partition.len()), starts: Vec::new() };
        for (at, place) in partition.iter().enumerate() {
            if at == 0 || sorter.compare(partition[at - 1], *place).is_ne() {
                peers.starts.push(at);
            }
            peers.group.push(peers.starts.len() - 1);
        }
        peers
    }

    fn start(&self, at: usize) -> usize {
        self.starts[self.group[at]]
    }

    fn end(&self, at: usize) -> usize {
        self.starts.get(self.group[at] + 1).copied().unwrap_or(self.group.len())
    }
}
