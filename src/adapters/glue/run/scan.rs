//! Reading the rows of a source.

use super::Rows;
use super::copies::{Copies, Reading};
use super::find::{Found, find};
use super::take::Take;
use super::test::{Chosen, Test};
use crate::adapters::glue::node::{Env, Node, Row};
use crate::adapters::glue::select::{Access, Origin, Source};
use crate::adapters::glue::value::{Arithmetic, Fault, Unit, add_interval, arithmetic, compare};
use crate::store::RowId;
use crate::value::Value;
use core::cell::OnceCell;
use core::cmp::Ordering;
use std::rc::Rc;

/// What holds the rows that a source made, while others borrow them.
pub(in super::super) type Held = OnceCell<Kept>;

pub(in super::super) enum Kept {
    Rows(Rows),
    Shared(Rc<Rows>),
    /// Of a table.
    Copies(Copies),
    /// One list of rows for each row on the left: of a lateral join.
    Each(Vec<Rows>),
}

/// More rows than this no series makes.
const SERIES: usize = 10_000_000;

impl Source {
    /// Hands the rows of the source that meet its own conditions to `take`, until it has enough.
    pub(in super::super) fn read<'t>(
        &self,
        at: usize,
        stride: usize,
        env: &'t Env<'t>,
        parent: Option<&Row<'_>>,
        held: &'t Held,
        take: &mut dyn Take<'t>,
    ) -> Result<(), Fault> {
        match &self.rows {
            Origin::Nothing => {
                take.row(None, &[])?;
            }
            Origin::Table { table, access } => {
                if let Some(table) = env.tables.get(*table) {
                    let outside = Row::new(&[], parent, env);
                    if let Some(reading) = self.reading(table, held) {
                        self.read_table(reading, access, at, &outside, stride, take)?;
                    }
                }
            }
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
                    if self.passes(row, at, stride, env, parent)? && take.row(None, row)? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    fn read_table<'t>(
        &self,
        mut reading: Reading<'t>,
        access: &Access,
        at: usize,
        outside: &Row<'_>,
        stride: usize,
        take: &mut dyn Take<'t>,
    ) -> Result<(), Fault> {
        let passes = |conditions: &[Node], row: &[Value]| {
            passes(conditions, row, at, stride, outside.env, outside.parent)
        };
        let table = match find(reading.table(), access, outside)? {
            Found::All(table) => table,
            found if access.whole => return found.each(access.reverse, &mut reading, take),
            found => {
                return found.each(
                    access.reverse,
                    &mut reading,
                    &mut |id: Option<RowId>, row: &'t [Value]| {
                        Ok(passes(&self.filters, row)? && take.row(id, row)?)
                    },
                );
            }
        };
        // The first condition is looked at for many rows at once. What comes after it is seen by those that meet it.
        let test = self.filters.first().and_then(|condition| Test::of(condition, at, outside));
        let rest = &self.filters[usize::from(test.is_some())..];
        let mut chosen = Chosen::default();
        let mut row = Vec::new();
        for stretch in table.stretches() {
            let sure = match &test {
                Some(test) => test.choose(&stretch, &mut chosen),
                None => {
                    chosen.all(&stretch);
                    true
                }
            };
            let conditions = if sure { rest } else { &self.filters };
            if !conditions.is_empty() {
                chosen.keep(|place| {
                    reading.fill(&stretch, place, &mut row);
                    passes(conditions, &row)
                })?;
            }
            if take.rows(&stretch, chosen.places(), &mut reading)? {
                break;
            }
        }
        Ok(())
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
        passes(&self.filters, row, at, stride, env, parent)
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

/// Whether conditions of one source hold for a row of it.
fn passes(
    conditions: &[Node],
    row: &[Value],
    at: usize,
    stride: usize,
    env: &Env<'_>,
    parent: Option<&Row<'_>>,
) -> Result<bool, Fault> {
    if conditions.is_empty() {
        return Ok(true);
    }
    if stride == 1 {
        return holds(conditions, &Row::new(&[row], parent, env));
    }
    let mut sources: [&[Value]; 8] = [&[]; 8];
    if at < sources.len() {
        sources[at] = row;
        return holds(conditions, &Row::new(&sources, parent, env));
    }
    let mut sources: Vec<&[Value]> = vec![&[]; at + 1];
    sources[at] = row;
    holds(conditions, &Row::new(&sources, parent, env))
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
