//! Order, and the first rows of it.

use crate::adapters::glue::node::Row;
use crate::adapters::glue::select::Order;
use crate::adapters::glue::value::{Fault, order};
use crate::value::Value;
use core::cmp::Ordering;
use std::borrow::Cow;

/// How two values stand by one order.
pub(in super::super) fn compare_by(by: &Order, a: &Value, b: &Value) -> Ordering {
    match (a.is_null(), b.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) if by.nulls_first => Ordering::Less,
        (true, false) => Ordering::Greater,
        (false, true) if by.nulls_first => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) if by.descending => order(b, a),
        (false, false) => order(a, b),
    }
}

fn compare_keys(orders: &[Order], a: &[Cow<'_, Value>], b: &[Cow<'_, Value>]) -> Ordering {
    for (order, (a, b)) in orders.iter().zip(a.iter().zip(b)) {
        let ordering = compare_by(order, a, b);
        if ordering.is_ne() {
            return ordering;
        }
    }
    Ordering::Equal
}

/// The keys of rows by which they are put in order.
pub(in super::super) struct Sorter<'o, 'r> {
    orders: &'o [Order],
    keys: Vec<Cow<'r, Value>>,
}

impl<'o: 'r, 'r> Sorter<'o, 'r> {
    pub(in super::super) fn new(orders: &'o [Order], rows: usize) -> Self {
        Sorter { orders, keys: Vec::with_capacity(orders.len() * rows) }
    }

    /// Adds the keys of the next row.
    pub(in super::super) fn push(&mut self, row: &Row<'r>) -> Result<(), Fault> {
        for order in self.orders {
            self.keys.push(order.by.value(row)?);
        }
        Ok(())
    }

    /// How two rows stand.
    pub(in super::super) fn compare(&self, a: usize, b: usize) -> Ordering {
        let count = self.orders.len();
        let of = |row: usize| &self.keys[row * count..(row + 1) * count];
        compare_keys(self.orders, of(a), of(b))
    }

    /// The first `wanted` rows in order; equal ones as they came.
    pub(in super::super) fn places(&self, rows: usize, wanted: Option<usize>) -> Vec<usize> {
        let mut places: Vec<usize> = (0..rows).collect();
        let stable = |a: &usize, b: &usize| self.compare(*a, *b).then(a.cmp(b));
        if let Some(wanted) = wanted {
            if wanted == 0 {
                return Vec::new();
            }
            if wanted < rows {
                places.select_nth_unstable_by(wanted - 1, stable);
                places.truncate(wanted);
            }
        }
        places.sort_unstable_by(stable);
        places
    }
}

/// So many first rows are found without putting the others in order.
pub(super) const FEW: usize = 100;

/// The keys of so many rows are looked at before the first is compared: rows lie far apart in memory, and while one is
/// waited for, the next are on their way.
const BATCH: usize = 256;

/// The places of the first `wanted` rows in order; equal ones as they came. Only those that are among the first so far
/// are kept.
pub(super) fn first_places<'r>(
    orders: &'r [Order],
    mut rows: impl Iterator<Item = Row<'r>>,
    wanted: usize,
) -> Result<Vec<usize>, Fault> {
    let Some((leading, rest)) = orders.split_first().filter(|_| wanted > 0) else { return Ok(Vec::new()) };
    let mut first: Vec<(usize, Vec<Cow<'r, Value>>)> = Vec::with_capacity(wanted);
    let mut worst = None;
    let mut batch: Vec<(Row<'r>, Cow<'r, Value>)> = Vec::with_capacity(BATCH);
    let mut sketches = Vec::with_capacity(BATCH);
    let mut start = 0;
    loop {
        (batch.clear(), sketches.clear());
        for row in rows.by_ref().take(BATCH) {
            let lead = leading.by.value(&row)?;
            batch.push((row, lead));
        }
        if batch.is_empty() {
            return Ok(first.into_iter().map(|(at, _)| at).collect());
        }
        sketches.extend(batch.iter().map(|(_, lead)| Sketch::of(lead)));
        for (at, ((row, lead), sketch)) in batch.drain(..).zip(&sketches).enumerate() {
            // Mostly the beginning of the first key says that a row comes after all that are kept.
            if worst.as_ref().is_some_and(|worst| sketch.comes_after(worst, leading)) {
                continue;
            }
            let mut keys = Vec::with_capacity(orders.len());
            keys.push(lead);
            for order in rest {
                keys.push(order.by.value(&row)?);
            }
            let place = first.partition_point(|(_, other)| compare_keys(orders, other, &keys).is_le());
            if place < wanted {
                first.truncate(wanted - 1);
                first.insert(place, (start + at, keys));
                worst = first.last().filter(|_| first.len() == wanted).map(|(_, keys)| Sketch::of(&keys[0]));
            }
        }
        start += sketches.len();
    }
}

/// The beginning of a value: of two of one kind, other than [`Sketch::NONE`], the lesser number is that of the lesser
/// value, and equal numbers say nothing.
#[derive(Clone, Copy)]
struct Sketch(u8, u64);

impl Sketch {
    const NONE: u8 = 0;

    fn of(value: &Value) -> Sketch {
        match value {
            Value::Integer(number) => Sketch(1, *number as u64 ^ 1 << 63),
            Value::String(text) => {
                let bytes = text.as_bytes();
                let beginning = bytes.first_chunk::<8>().copied().unwrap_or_else(|| {
                    let mut padded = [0; 8];
                    padded[..bytes.len()].copy_from_slice(bytes);
                    padded
                });
                Sketch(2, u64::from_be_bytes(beginning))
            }
            _ => Sketch(Sketch::NONE, 0),
        }
    }

    /// Whether it is sure that its value comes after that of the other.
    fn comes_after(self, other: &Sketch, by: &Order) -> bool {
        let Sketch(kind, number) = self;
        kind == other.0
            && kind != Sketch::NONE
            && if by.descending { number < other.1 } else { number > other.1 }
    }
}
