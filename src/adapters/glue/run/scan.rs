//! Reading the rows of a source.

use super::Rows;
use crate::adapters::glue::node::{Env, Node, Row};
use crate::adapters::glue::select::{Access, Origin, Source};
use crate::adapters::glue::value::{Arithmetic, Fault, Unit, add_interval, arithmetic, compare, order};
use crate::store::{Kind, Range, Row as StoredRow, RowId, Rows as StoredRows};
use crate::value::Value;
use core::cell::OnceCell;
use core::cmp::Ordering;
use std::rc::Rc;

/// What holds the rows that a source made, while others borrow them.
pub(in super::super) type Held = OnceCell<Kept>;

pub(in super::super) enum Kept {
    Rows(Rows),
    Shared(Rc<Rows>),
    /// One list of rows for each row on the left: of a lateral join.
    Each(Vec<Rows>),
}

/// More rows than this no series makes.
const SERIES: usize = 10_000_000;

impl Source {
    /// Hands the rows of the source that meet its own conditions to `take`, until it says no.
    pub(in super::super) fn read<'t>(
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
            Origin::Table { table, access } => scan(*table, access, env, None, parent, &mut |row| {
                Ok(self.passes(row, at, stride, env, parent)? && !take(row))
            }),
            _ => {
                if held.get().is_none() {
                    let made = self.make(env, &Row::new(&[], parent, env))?;
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
    pub(in super::super) fn passes(
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
            return holds(&self.filters, &Row::new(&[row], parent, env));
        }
        let mut sources: [&[Value]; 8] = [&[]; 8];
        if at < sources.len() {
            sources[at] = row;
            return holds(&self.filters, &Row::new(&sources, parent, env));
        }
        let mut sources: Vec<&[Value]> = vec![&[]; at + 1];
        sources[at] = row;
        holds(&self.filters, &Row::new(&sources, parent, env))
    }

    /// The rows of a source that is no table, given the row of the sources that it sees.
    pub(super) fn make(&self, env: &Env<'_>, row: &Row<'_>) -> Result<Kept, Fault> {
        Ok(match &self.rows {
            Origin::Cte(number) => match env.named.borrow().get(number) {
                Some(rows) => Kept::Shared(rows.clone()),
                None => return Err(Fault::new("internal_error", "a common table expression is not there")),
            },
            Origin::Query(select) => Kept::Rows(select.run(env, Some(row), None)?),
            Origin::Values(rows) => Kept::Rows(
                rows.iter()
                    .map(|cells| cells.iter().map(|node| Ok(node.value(row)?.into_owned())).collect())
                    .collect::<Result<_, Fault>>()?,
            ),
            Origin::Series { from, to, step } => {
                Kept::Rows(series(&*from.value(row)?, &*to.value(row)?, &*step.value(row)?)?)
            }
            Origin::Elements(list) => match &*list.value(row)? {
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
    let outside = Row::new(&[], parent, env);
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
    let Some(known) = env.tables.get(table) else { return Ok(()) };
    let columns = access
        .index
        .and_then(|index| known.indexes().find(|info| info.id == index))
        .map_or(&[][..], |info| info.columns);
    // A value of another kind than the column's has no place in the index: all rows are then compared with it.
    let fits = |place: usize, value: &Value| {
        columns
            .get(place)
            .and_then(|column| known.columns().get(*column))
            .is_some_and(|column| fits(&column.kind, value))
    };
    let all = equal.iter().enumerate().all(|(place, value)| fits(place, value));
    let Some(index) = access.index.filter(|_| all) else {
        return each(known.unordered(), take);
    };
    if let Some(any) = &access.any {
        let list = any.value(row)?;
        let Value::List(list) = &*list else { return Ok(()) };
        if !list.iter().all(|value| value.is_null() || fits(equal.len(), value)) {
            return each(known.unordered(), take);
        }
        // In the order of the index, and each once.
        let mut sorted: Vec<&Value> = list.iter().filter(|value| !value.is_null()).collect();
        sorted.sort_by(|a, b| order(a, b));
        sorted.dedup_by(|a, b| order(a, b).is_eq());
        if access.reverse {
            sorted.reverse();
        }
        let mut done = false;
        for value in sorted {
            let mut equal = equal.clone();
            equal.push(value.clone());
            way(known.scan(index, &Range::equal(&equal)), access.reverse, &mut |row| {
                done = take(row)?;
                Ok(done)
            })?;
            if done {
                break;
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
            if !fits(equal.len(), &value) {
                return each(known.unordered(), take);
            }
            bounds[at] = Some((value.into_owned(), *included));
        }
    }
    let mut range = Range::equal(&equal);
    match &bounds[0] {
        Some((value, true)) => range = range.from(value),
        Some((value, false)) => range = range.above(value),
        None => {}
    }
    match &bounds[1] {
        Some((value, true)) => range = range.to(value),
        Some((value, false)) => range = range.below(value),
        None => {}
    }
    way(known.scan(index, &range), access.reverse, take)
}

type Take<'a, 't> = &'a mut dyn FnMut(&'t [Value]) -> Result<bool, Fault>;

fn way<'t>(rows: StoredRows<'t>, reverse: bool, take: Take<'_, 't>) -> Result<(), Fault> {
    if reverse { each(rows.rev(), take) } else { each(rows, take) }
}

fn each<'t>(rows: impl Iterator<Item = (RowId, &'t StoredRow)>, take: Take<'_, 't>) -> Result<(), Fault> {
    for (_, row) in rows {
        if take(row)? {
            break;
        }
    }
    Ok(())
}

/// Whether a value compares with those of a column as the column's index orders them.
fn fits(kind: &Kind, value: &Value) -> bool {
    matches!(
        (kind, value),
        (Kind::Integer(_) | Kind::Decimal(_), Value::Integer(_) | Value::Decimal(_))
            | (Kind::Float, Value::Float(_) | Value::Integer(_))
            | (Kind::Text(_), Value::String(_))
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Binary | Kind::Uuid, Value::Binary(_))
            | (Kind::Date, Value::Date(_))
            | (Kind::Time(_), Value::Time(_))
            | (Kind::NaiveDatetime(_), Value::NaiveDatetime(_))
            | (Kind::UtcDatetime(_), Value::UtcDatetime(_))
    )
}

fn series(from: &Value, to: &Value, step: &Value) -> Result<Rows, Fault> {
    if from.is_null() || to.is_null() || step.is_null() {
        return Ok(Vec::new());
    }
    let forward = match step {
        Value::List(interval) => {
            interval.first().is_none_or(|amount| compare(amount, &Value::Integer(0)) != Some(Ordering::Less))
        }
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
