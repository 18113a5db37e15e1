//! Reading the rows of a source.

use super::Rows;
use crate::adapters::glue::node::{Env, Node, Row};
use crate::adapters::glue::select::{Access, Origin, Source};
use crate::adapters::glue::value::{Arithmetic, Fault, Key, Unit, add_interval, arithmetic, compare};
use crate::value::Value;
use core::cell::OnceCell;
use core::cmp::Ordering;
use core::ops::Bound;
use std::collections::HashSet;
use std::rc::Rc;

/// The tables that a statement reads.
pub(in super::super) trait Tables {
    /// How many rows a table has.
    fn count(&self, table: usize) -> usize;

    /// The rows of a table in the order of an index, `None` being the primary key.
    fn scan<'t>(&'t self, table: usize, range: Range<'_>) -> Box<dyn Iterator<Item = &'t [Value]> + 't>;

    /// The only row with such a primary key.
    fn get<'t>(&'t self, table: usize, key: &[Value]) -> Option<&'t [Value]>;
}

/// A part of an index.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Range<'a> {
    pub(in super::super) index: Option<usize>,
    /// What the first columns equal.
    pub(in super::super) equal: &'a [Value],
    pub(in super::super) lower: Bound<&'a Value>,
    pub(in super::super) upper: Bound<&'a Value>,
    pub(in super::super) reverse: bool,
}

/// What holds the rows that a source made, while others borrow them.
pub(super) type Held = OnceCell<Kept>;

pub(super) enum Kept {
    Rows(Rows),
    Shared(Rc<Rows>),
    /// One list of rows for each row on the left: of a lateral join.
    Each(Vec<Rows>),
}

/// More rows than this no series makes.
const SERIES: usize = 10_000_000;

impl Source {
    /// Hands the rows of the source that meet its own conditions to `take`, until it says no.
    pub(super) fn read<'t>(
        &self,
        at: usize,
        stride: usize,
        env: &'t Env<'t>,
        parent: Option<&Row<'_>>,
        held: &'t Held,
        take: &mut dyn FnMut(&'t [Value]) -> bool,
    ) -> Result<(), Fault> {
        match &self.rows {
            Origin::Nothing => {
                take(&[]);
                Ok(())
            }
            Origin::Table { table, access } => {
                scan(*table, access, env, None, parent, &mut |row| Ok(self.passes(row, at, stride, env, parent)? && !take(row)))
            }
            _ => {
                if held.get().is_none() {
                    let made = self.make(env, parent)?;
                    held.get_or_init(|| made);
                }
                let rows: &'t Rows = match held.get() {
                    Some(Kept::Rows(rows)) => rows,
                    Some(Kept::Shared(rows)) => rows,
                    _ => return Ok(()),
                };
                for row in rows {
                    if self.passes(row, at, stride, env, parent)? && !take(row) {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// Whether the conditions of the source alone hold for a row.
    pub(super) fn passes(
        &self,
        row: &[Value],
        at: usize,
        stride: usize,
        env: &Env<'_>,
        parent: Option<&Row<'_>>,
    ) -> Result<bool, Fault> {
        if self.filters.is_empty() {
            return Ok(true);
        }
        if stride == 1 {
            return holds(&self.filters, &Row { sources: &[row], slots: &[], parent, env });
        }
        let mut sources: [&[Value]; 8] = [&[]; 8];
        if at < sources.len() {
            sources[at] = row;
            return holds(&self.filters, &Row { sources: &sources, slots: &[], parent, env });
        }
        let mut sources: Vec<&[Value]> = vec![&[]; at + 1];
        sources[at] = row;
        holds(&self.filters, &Row { sources: &sources, slots: &[], parent, env })
    }

    /// The rows of a source that is no table.
    pub(super) fn make(&self, env: &Env<'_>, parent: Option<&Row<'_>>) -> Result<Kept, Fault> {
        let empty = Row { sources: &[], slots: &[], parent, env };
        Ok(match &self.rows {
            Origin::Cte(number) => match env.named.borrow().get(number) {
                Some(rows) => Kept::Shared(rows.clone()),
                None => return Err(Fault::new("internal_error", "a common table expression is not there")),
            },
            Origin::Query(select) => Kept::Rows(select.run(env, parent, None)?),
            Origin::Values(rows) => Kept::Rows(
                rows.iter()
                    .map(|row| row.iter().map(|node| Ok(node.value(&empty)?.into_owned())).collect())
                    .collect::<Result<_, Fault>>()?,
            ),
            Origin::Series { from, to, step } => {
                Kept::Rows(series(&*from.value(&empty)?, &*to.value(&empty)?, &*step.value(&empty)?)?)
            }
            Origin::Elements(list) => match &*list.value(&empty)? {
                Value::List(list) => Kept::Rows(list.iter().map(|element| vec![element.clone()]).collect()),
                _ => Kept::Rows(Vec::new()),
            },
            Origin::Nothing | Origin::Table { .. } => Kept::Rows(Vec::new()),
        })
    }
}

/// Whether all conditions hold.
pub(super) fn holds(conditions: &[Node], row: &Row<'_>) -> Result<bool, Fault> {
    for condition in conditions {
        if condition.holds(row)? != Some(true) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Hands the rows that an access finds to `take`, until it says that it has enough.
pub(super) fn scan<'t>(
    table: usize,
    access: &Access,
    env: &'t Env<'t>,
    row: Option<&Row<'_>>,
    parent: Option<&Row<'_>>,
    take: &mut dyn FnMut(&'t [Value]) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let outside = Row { sources: &[], slots: &[], parent, env };
    let row = row.unwrap_or(&outside);
    let mut equal = Vec::with_capacity(access.equal.len() + 1);
    for node in &access.equal {
        let value = node.value(row)?;
        // Nothing equals null.
        if value.is_null() {
            return Ok(());
        }
        equal.push(value.into_owned());
    }
    let tables = env.tables;
    if let Some(any) = &access.any {
        let list = any.value(row)?;
        let Value::List(list) = &*list else { return Ok(()) };
        // In the order of the index, and each once.
        let mut seen = HashSet::new();
        let mut sorted: Vec<&Value> = list
            .iter()
            .filter(|value| !value.is_null() && seen.insert(Key(vec![(*value).clone()])))
            .collect();
        sorted.sort_by(|a, b| compare(a, b).unwrap_or(Ordering::Equal));
        if access.reverse {
            sorted.reverse();
        }
        for value in sorted {
            let mut equal = equal.clone();
            equal.push(value.clone());
            let range = Range { index: access.index, equal: &equal, lower: Bound::Unbounded, upper: Bound::Unbounded, reverse: access.reverse };
            for row in tables.scan(table, range) {
                if take(row)? {
                    return Ok(());
                }
            }
        }
        return Ok(());
    }
    let mut bounds = [None, None];
    for (bound, at) in [(&access.lower, 0), (&access.upper, 1)] {
        if let Some((node, included)) = bound {
            let value = node.value(row)?;
            if value.is_null() {
                return Ok(());
            }
            bounds[at] = Some((value.into_owned(), *included));
        }
    }
    let [lower, upper] = &bounds;
    let bound = |bound: &'_ Option<(Value, bool)>| match bound {
        Some((value, true)) => Bound::Included(value.clone()),
        Some((value, false)) => Bound::Excluded(value.clone()),
        None => Bound::Unbounded,
    };
    let (lower, upper) = (bound(lower), bound(upper));
    let range = Range { index: access.index, equal: &equal, lower: lower.as_ref(), upper: upper.as_ref(), reverse: access.reverse };
    for row in tables.scan(table, range) {
        if take(row)? {
            break;
        }
    }
    Ok(())
}

fn series(from: &Value, to: &Value, step: &Value) -> Result<Rows, Fault> {
    if from.is_null() || to.is_null() || step.is_null() {
        return Ok(Vec::new());
    }
    let forward = match step {
        Value::List(interval) => interval.first().is_none_or(|amount| compare(amount, &Value::Integer(0)) != Some(Ordering::Less)),
        step => match compare(step, &Value::Integer(0)) {
            Some(Ordering::Equal) | None => {
                return Err(Fault::new("invalid_parameter_value", "step size cannot equal zero"));
            }
            Some(ordering) => ordering.is_gt(),
        },
    };
    let mut rows = Vec::new();
    let mut at = from.clone();
    loop {
        let past = if forward { Ordering::Greater } else { Ordering::Less };
        if compare(&at, to).is_none_or(|ordering| ordering == past) {
            return Ok(rows);
        }
        if rows.len() >= SERIES {
            return Err(Fault::new("program_limit_exceeded", "the series is too long"));
        }
        let next = match step {
            // An interval: its amount and unit.
            Value::List(interval) => match interval.as_slice() {
                [amount, unit] => {
                    let unit = unit.as_str().and_then(Unit::named).unwrap_or(Unit::Day);
                    add_interval(&at, amount, unit)?
                }
                _ => return Ok(rows),
            },
            step => arithmetic(Arithmetic::Add, &at, step)?,
        };
        rows.push(vec![std::mem::replace(&mut at, next)]);
    }
}
