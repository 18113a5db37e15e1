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

    /// The same of a row that nobody keeps.
    pub(super) fn push_copy(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        for order in self.orders {
            self.keys.push(Cow::Owned(order.by.value(row)?.into_owned()));
        }
        Ok(())
    }

    /// How two rows stand.
    pub(in super::super) fn compare(&self, a: usize, b: usize) -> Ordering {
        let count = self.orders.len();
        for (at, order) in self.orders.iter().enumerate() {
            let ordering = compare_by(order, &self.keys[a * count + at], &self.keys[b * count + at]);
            if ordering.is_ne() {
                return ordering;
            }
        }
        Ordering::Equal
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
