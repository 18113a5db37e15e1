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

/// The places of the first `wanted` rows in order; equal ones as they came. Only those that are among the first so far
/// are kept.
pub(super) fn first_places<'r>(
    orders: &'r [Order],
    rows: impl Iterator<Item = Row<'r>>,
    wanted: usize,
) -> Result<Vec<usize>, Fault> {
    let mut first: Vec<(usize, Vec<Cow<'r, Value>>)> = Vec::with_capacity(wanted);
    let Some(([leading], rest)) = orders.split_at_checked(1).filter(|_| wanted > 0) else {
        return Ok(Vec::new());
    };
    for (at, row) in rows.enumerate() {
        let lead = leading.by.value(&row)?;
        // Mostly the first key says that a row comes after all that are kept.
        if first.len() == wanted
            && let Some((_, last)) = first.last()
            && compare_by(leading, &lead, &last[0]).is_gt()
        {
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
            first.insert(place, (at, keys));
        }
    }
    Ok(first.into_iter().map(|(at, _)| at).collect())
}
