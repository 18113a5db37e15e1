//! The first rows of one source in order, the others forgotten as they are read.

use super::compare_by;
use super::copies::Reading;
use super::scan::holds;
use super::select::Set;
use super::take::Take;
use crate::adapters::glue::node::{Env, Node, Row};
use crate::adapters::glue::select::Order;
use crate::adapters::glue::value::Fault;
use crate::store::{Cell, Form, RowId, Stretch};
use crate::value::Value;
use core::cmp::Ordering;

/// So many rows at most are kept in order while others are read.
pub(super) const FEW: usize = 100;

/// Keeps the first rows in order; equal ones as they came.
pub(super) struct First<'o, 't> {
    filters: &'o [Node],
    orders: &'o [Order],
    wanted: usize,
    env: &'t Env<'t>,
    parent: Option<&'o Row<'o>>,
    kept: Vec<&'t [Value]>,
    /// The beginning of the first key of the last one, if there are as many as wanted.
    worst: Option<Sketch>,
    /// The column that is the first key, if it is one.
    column: Option<usize>,
}

impl<'o, 't> First<'o, 't> {
    /// The first `wanted` of the rows that meet the conditions.
    pub(super) fn new(
        filters: &'o [Node],
        orders: &'o [Order],
        wanted: usize,
        env: &'t Env<'t>,
        parent: Option<&'o Row<'o>>,
    ) -> First<'o, 't> {
        let column = match orders.first().map(|order| &order.by) {
            Some(Node::Column { up: 0, source: 0, column }) => Some(*column),
            _ => None,
        };
        First { filters, orders, wanted, env, parent, kept: Vec::new(), worst: None, column }
    }

    /// What was kept.
    pub(super) fn set(self) -> Set<'t> {
        Set::of(self.kept)
    }

    /// Whether the beginning of the first key says that a row comes after all that are kept: so it is mostly.
    #[inline(always)]
    fn is_late(&self, key: Cell<'_>) -> bool {
        match (self.worst, self.orders) {
            (Some(worst), [order, ..]) => Sketch::of(key).comes_after(worst, order.descending),
            _ => false,
        }
    }

    fn keep(&mut self, row: &'t [Value]) -> Result<(), Fault> {
        if let Some(last) = self.kept.get(self.wanted - 1)
            && self.compare(last, row)?.is_le()
        {
            return Ok(());
        }
        let (mut low, mut high) = (0, self.kept.len());
        while low < high {
            let middle = (low + high) / 2;
            if self.compare(self.kept[middle], row)?.is_le() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.kept.truncate(self.wanted - 1);
        self.kept.insert(low, row);
        let last = self.kept.get(self.wanted - 1);
        self.worst = last.and_then(|last| last.get(self.column?)).map(|key| Sketch::of(key.into()));
        Ok(())
    }

    fn compare(&self, a: &[Value], b: &[Value]) -> Result<Ordering, Fault> {
        let (a, b) = ([a], [b]);
        let (a, b) = (Row::new(&a, self.parent, self.env), Row::new(&b, self.parent, self.env));
        for order in self.orders {
            let ordering = compare_by(order, &*order.by.value(&a)?, &*order.by.value(&b)?);
            if ordering.is_ne() {
                return Ok(ordering);
            }
        }
        Ok(Ordering::Equal)
    }
}

impl<'t> Take<'t> for First<'_, 't> {
    fn row(&mut self, _: Option<RowId>, row: &'t [Value]) -> Result<bool, Fault> {
        let passes =
            self.filters.is_empty() || holds(self.filters, &Row::new(&[row], self.parent, self.env))?;
        if passes
            && !self.column.and_then(|column| row.get(column)).is_some_and(|key| self.is_late(key.into()))
        {
            self.keep(row)?;
        }
        Ok(false)
    }

    fn rows(
        &mut self,
        stretch: &Stretch<'t>,
        chosen: &[u32],
        reading: &mut Reading<'t>,
    ) -> Result<bool, Fault> {
        for place in chosen {
            let place = *place as usize;
            // Nothing is copied of a row that comes too late.
            if !self.column.is_some_and(|column| self.is_late(stretch.cell(place, column))) {
                self.row(None, reading.row(stretch.id(place)))?;
            }
        }
        Ok(false)
    }
}

/// The beginning of a value: of two of one kind, the lesser number is that of the lesser value, and equal numbers say
/// nothing.
#[derive(Clone, Copy)]
struct Sketch {
    kind: Kind,
    number: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Integer,
    Text,
    /// Nothing is known of it.
    Other,
}

impl Sketch {
    #[inline(always)]
    fn of(cell: Cell<'_>) -> Sketch {
        match cell {
            Cell::Word(Form::Integer, number) => {
                Sketch { kind: Kind::Integer, number: number as u64 ^ 1 << 63 }
            }
            Cell::Text(bytes) => {
                let beginning = bytes.first_chunk::<8>().copied().unwrap_or_else(|| {
                    let mut padded = [0; 8];
                    padded[..bytes.len()].copy_from_slice(bytes);
                    padded
                });
                Sketch { kind: Kind::Text, number: u64::from_be_bytes(beginning) }
            }
            _ => Sketch { kind: Kind::Other, number: 0 },
        }
    }

    /// Whether it is sure that its value comes after that of the other.
    #[inline(always)]
    fn comes_after(self, other: Sketch, descending: bool) -> bool {
        self.kind == other.kind
            && self.kind != Kind::Other
            && if descending { self.number < other.number } else { self.number > other.number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::cell::RefCell;
    use std::collections::HashMap;

    #[test]
    fn the_first_rows_are_those_of_all_rows_put_in_order() {
        let env = Env {
            tables: &[],
            params: &[],
            cache: Vec::new(),
            named: RefCell::new(HashMap::new()),
            now: None,
            engine: false,
        };
        let column = |column: usize| Node::Column { up: 0, source: 0, column };
        let names = ["", "a", "ab", "the same eight", "the same eight letters", "the same", "z", "é"];
        let rows: Vec<Vec<Value>> = (0..700_i64)
            .map(|at| {
                let spread = at * 7919 % 701;
                let name = names.get((spread % 9) as usize).map_or(Value::Null, |name| Value::from(*name));
                let mixed = if spread % 3 == 0 { Value::Float(spread as f64 / 2.0) } else { spread.into() };
                vec![name, (spread % 50 - 25).into(), mixed, at.into()]
            })
            .collect();
        for (descending, nulls_first) in [(false, false), (false, true), (true, false), (true, true)] {
            for keys in [
                vec![column(0)],
                vec![column(1), column(0)],
                vec![column(2)],
                vec![Node::Negate(Box::new(column(1))), column(2)],
            ] {
                let orders: Vec<Order> =
                    keys.into_iter().map(|by| Order { by, descending, nulls_first }).collect();
                for wanted in [1, 2, 20, FEW] {
                    let mut first = First::new(&[], &orders, wanted, &env, None);
                    for row in &rows {
                        assert_eq!(first.row(None, row), Ok(false));
                    }
                    let mut sorted: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
                    sorted.sort_by(|a, b| first.compare(a, b).unwrap());
                    let numbers =
                        |rows: &[&[Value]]| rows.iter().map(|row| row[3].as_integer()).collect::<Vec<_>>();
                    assert_eq!(numbers(&first.set().tuples), numbers(&sorted[..wanted]), "{orders:?}");
                }
            }
        }
    }
}
