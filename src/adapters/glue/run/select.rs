//! One query, from its sources to its rows.

use super::Rows;
use super::first::{FEW, First};
use super::group::Groups;
use super::hash::{Places, alike, hash_of};
use super::lying::Lying;
use super::order::Sorter;
use super::out::{Lent, Out};
use super::scan::{Held, holds};
use crate::adapters::glue::node::{Env, Node, Row};
use crate::adapters::glue::select::{Core, Distinct, Order, Select};
use crate::adapters::glue::value::{Cast, Fault, cast};
use crate::store::RowId;
use crate::value::Value;
use core::cell::OnceCell;
use std::borrow::Cow;

/// Rows of all sources, and the results of aggregates and windows with them.
pub(in super::super) struct Set<'t> {
    /// How many sources a row has.
    pub(in super::super) stride: usize,
    pub(in super::super) tuples: Vec<&'t [Value]>,
    /// How many results of aggregates a row has.
    pub(in super::super) width: usize,
    pub(in super::super) slots: Vec<Value>,
    /// How many results of window functions a row has.
    pub(in super::super) window_width: usize,
    pub(in super::super) windows: Vec<Value>,
    pub(in super::super) rows: usize,
}

impl<'t> Set<'t> {
    pub(in super::super) fn new(stride: usize) -> Set<'t> {
        Set {
            stride,
            tuples: Vec::new(),
            width: 0,
            slots: Vec::new(),
            window_width: 0,
            windows: Vec::new(),
            rows: 0,
        }
    }

    /// Rows of one source.
    pub(super) fn of(tuples: Vec<&'t [Value]>) -> Set<'t> {
        Set { rows: tuples.len(), tuples, ..Set::new(1) }
    }

    pub(super) fn empty(&self) -> Set<'t> {
        Set::new(self.stride)
    }

    pub(super) fn len(&self) -> usize {
        self.rows
    }

    pub(super) fn tuple(&self, at: usize) -> &[&'t [Value]] {
        &self.tuples[at * self.stride..(at + 1) * self.stride]
    }

    pub(super) fn row<'r>(&'r self, at: usize, parent: Option<&'r Row<'r>>, env: &'r Env<'r>) -> Row<'r> {
        Row {
            sources: self.tuple(at),
            slots: &self.slots[at * self.width..(at + 1) * self.width],
            windows: &self.windows[at * self.window_width..(at + 1) * self.window_width],
            parent,
            env,
        }
    }
}

/// What looks at rows, and their numbers where they have one.
pub(in super::super) type Visit<'v> = &'v mut dyn FnMut(Option<RowId>, &Row<'_>) -> Result<(), Fault>;

impl Select {
    /// Makes the rows of the common table expressions.
    pub(in super::super) fn make_ctes(&self, env: &Env<'_>, parent: Option<&Row<'_>>) -> Result<(), Fault> {
        let outside = Row::new(&[], parent, env);
        self.ctes.iter().try_for_each(|cte| cte.make(env, Some(&outside)))
    }

    /// The rows of the query; no more than `wanted`, if it says so.
    pub(in super::super) fn run(
        &self,
        env: &Env<'_>,
        parent: Option<&Row<'_>>,
        wanted: Option<usize>,
    ) -> Result<Rows, Fault> {
        let mut rows = Rows::new();
        self.give(env, parent, wanted, &mut rows)?;
        Ok(rows)
    }

    /// Gives the rows of the query to `out`; no more than `wanted`, if it says so.
    pub(in super::super) fn give(
        &self,
        env: &Env<'_>,
        parent: Option<&Row<'_>>,
        wanted: Option<usize>,
        out: &mut dyn Out,
    ) -> Result<(), Fault> {
        let outside = Row::new(&[], parent, env);
        self.make_ctes(env, parent)?;
        let cut = self.cut(&outside, wanted)?;
        if self.combinations.is_empty() {
            if cut.offset == 0
                && cut.limit != Some(0)
                && let Some(count) = self.core.count_of_all(env)
            {
                out.row(&mut vec![count]);
                return Ok(());
            }
            return self.core.run(env, parent, &self.orders, cut, out);
        }
        let mut rows = Rows::new();
        let all = Cut { offset: 0, limit: None, with_ties: false };
        self.core.run(env, parent, &[], all, &mut rows)?;
        for (operation, select) in &self.combinations {
            rows = super::combine::combine(*operation, rows, select.run(env, parent, None)?);
        }
        order_rows(rows, &self.orders, env, parent, cut)?.iter_mut().for_each(|row| out.row(row));
        Ok(())
    }

    /// Which rows the query asks for, and no more than `wanted` if that says so.
    pub(super) fn cut(&self, outside: &Row<'_>, wanted: Option<usize>) -> Result<Cut, Fault> {
        let offset = match &self.offset {
            Some(node) => count_of(node, outside, "OFFSET")?.unwrap_or(0),
            None => 0,
        };
        let limit = match &self.limit {
            Some(node) => count_of(node, outside, "LIMIT")?,
            None => None,
        };
        let limit = match (limit, wanted) {
            (Some(limit), Some(wanted)) if !self.with_ties => Some(limit.min(wanted)),
            (Some(limit), _) => Some(limit),
            (None, wanted) if !self.with_ties => wanted,
            (None, _) => None,
        };
        Ok(Cut { offset, limit, with_ties: self.with_ties })
    }
}

/// Which of the rows in order are wanted.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub(super) offset: usize,
    limit: Option<usize>,
    with_ties: bool,
}

impl Cut {
    /// How many rows in order there are up to the last one that is wanted; none if all are.
    pub(super) fn end(self) -> Option<usize> {
        self.limit.map(|limit| self.offset.saturating_add(limit))
    }
}

fn count_of(node: &Node, row: &Row<'_>, what: &str) -> Result<Option<usize>, Fault> {
    let count = cast(&*node.value(row)?, &Cast::Integer)?;
    match count.as_integer() {
        None => Ok(None),
        Some(count) => usize::try_from(count).map(Some).map_err(|_| {
            Fault::new("invalid_row_count_in_limit_clause", format!("{what} must not be negative"))
        }),
    }
}

/// Rows that are made already, in order and cut.
fn order_rows(
    rows: Rows,
    orders: &[Order],
    env: &Env<'_>,
    parent: Option<&Row<'_>>,
    cut: Cut,
) -> Result<Rows, Fault> {
    let places: Vec<usize> = {
        let tuples: Vec<[&[Value]; 1]> = rows.iter().map(|row| [row.as_slice()]).collect();
        let mut sorter = Sorter::new(orders, if orders.is_empty() { 0 } else { rows.len() });
        if orders.is_empty() {
            (0..rows.len()).collect()
        } else {
            for tuple in &tuples {
                sorter.push(&Row::new(tuple, parent, env))?;
            }
            let mut places = sorter.places(rows.len(), if cut.with_ties { None } else { cut.end() });
            cut_ties(&mut places, &sorter, cut);
            places
        }
    };
    let end = if cut.with_ties { None } else { cut.end() };
    let mut rows: Vec<Option<Vec<Value>>> = rows.into_iter().map(Some).collect();
    Ok(places
        .into_iter()
        .take(end.unwrap_or(usize::MAX))
        .skip(cut.offset)
        .filter_map(|place| rows.get_mut(place).and_then(Option::take))
        .collect())
}

/// With ties, the rows that are equal in order to the last one stay.
fn cut_ties(places: &mut Vec<usize>, sorter: &Sorter<'_, '_>, cut: Cut) {
    if let (true, Some(end)) = (cut.with_ties, cut.end())
        && end < places.len()
    {
        let mut keep = end;
        if end > cut.offset {
            let last = places[end - 1];
            while keep < places.len() && sorter.compare(places[keep], last).is_eq() {
                keep += 1;
            }
        }
        places.truncate(keep);
    }
}

impl Core {
    fn run(
        &self,
        env: &Env<'_>,
        parent: Option<&Row<'_>>,
        orders: &[Order],
        cut: Cut,
        out: &mut dyn Out,
    ) -> Result<(), Fault> {
        let held: Vec<Held> = self.sources.iter().map(|_| OnceCell::new()).collect();
        let orders = if self.ordered { &[] } else { orders };
        let plain = self.is_plain() && !cut.with_ties;
        if plain
            && orders.is_empty()
            && let Some(source) = self.lying()
            && let Some(mut lying) = Lying::new(&self.fields, cut, out)
        {
            return source.read(0, 1, env, parent, &held[0], &mut lying);
        }
        if let ([source], false, Some(wanted)) = (self.sources.as_slice(), orders.is_empty(), cut.end())
            && plain
            && (1..=FEW).contains(&wanted)
        {
            let mut first = First::new(&self.filters, orders, wanted, env, parent);
            source.read(0, 1, env, parent, &held[0], &mut first)?;
            let set = first.set();
            return self.project(&set, cut.offset..set.len(), env, parent, out);
        }
        let stop = if plain && orders.is_empty() && self.joins.is_empty() { cut.end() } else { None };
        let mut set = match (&self.grouping, self.sources.as_slice()) {
            (Some(grouping), [source]) if self.filters.is_empty() => {
                let mut groups = Groups::new(grouping, 1, env, parent);
                source.read(0, 1, env, parent, &held[0], &mut groups)?;
                groups.set()?
            }
            (Some(grouping), _) => grouping.group(self.joined(env, parent, &held, stop)?, env, parent)?,
            (None, _) => self.joined(env, parent, &held, stop)?,
        };
        for window in &self.windows {
            window.extend(&mut set, env, parent)?;
        }
        let end = if self.distinct == Distinct::No && !cut.with_ties { cut.end() } else { None };
        let places: Vec<usize> = if orders.is_empty() {
            (0..set.len()).take(end.unwrap_or(usize::MAX)).collect()
        } else {
            let rows: Vec<Row<'_>> = (0..set.len()).map(|at| set.row(at, parent, env)).collect();
            let mut sorter = Sorter::new(orders, rows.len());
            for row in &rows {
                sorter.push(row)?;
            }
            let mut places = sorter.places(rows.len(), end);
            if self.distinct == Distinct::No {
                cut_ties(&mut places, &sorter, cut);
            }
            places
        };
        if let Distinct::On(keys) = &self.distinct {
            let places = first_of_each(&set, places, keys, env, parent)?;
            let end = cut.end().unwrap_or(usize::MAX);
            return self.project(&set, places.into_iter().take(end).skip(cut.offset), env, parent, out);
        }
        if self.distinct == Distinct::Rows {
            let mut rows = Rows::new();
            self.project(&set, places.into_iter(), env, parent, &mut rows)?;
            let mut rows = super::combine::distinct(rows);
            let end = cut.end().unwrap_or(usize::MAX);
            rows.iter_mut().take(end).skip(cut.offset).for_each(|row| out.row(row));
            return Ok(());
        }
        self.project(&set, places.into_iter().skip(cut.offset), env, parent, out)
    }

    /// Whether each row of the sources that meets the conditions is one of the query.
    pub(in super::super) fn is_plain(&self) -> bool {
        self.grouping.is_none() && self.windows.is_empty() && self.distinct == Distinct::No
    }

    /// Shows every row of the sources that meets the conditions, with its number if the only source is a table.
    pub(in super::super) fn matches(&self, env: &Env<'_>, visit: Visit<'_>) -> Result<(), Fault> {
        let held: Vec<Held> = self.sources.iter().map(|_| OnceCell::new()).collect();
        if let [source] = self.sources.as_slice() {
            return source.read(0, 1, env, None, &held[0], &mut |id: Option<RowId>, row| {
                let sources = [row];
                let row = Row::new(&sources, None, env);
                if holds(&self.filters, &row)? {
                    visit(id, &row)?;
                }
                Ok(false)
            });
        }
        let set = self.joined(env, None, &held, None)?;
        (0..set.len()).try_for_each(|at| visit(None, &set.row(at, None, env)))
    }

    /// The rows of all sources that meet the conditions; no more than `stop`.
    fn joined<'t>(
        &'t self,
        env: &'t Env<'t>,
        parent: Option<&Row<'_>>,
        held: &'t [Held],
        stop: Option<usize>,
    ) -> Result<Set<'t>, Fault> {
        let stride = self.sources.len();
        let mut set = Set::new(stride);
        let (Some(first), Some(keep)) = (self.sources.first(), held.first()) else {
            // No source at all is one row without columns.
            set.rows = 1;
            return Ok(set);
        };
        if stop == Some(0) {
            return Ok(set);
        }
        #[cfg(all(feature = "glue", not(target_arch = "wasm32")))]
        if let Some(joins) = self.engine.as_ref().filter(|_| env.engine) {
            return self.kept(joins.run(self, env, parent, held)?, env, parent);
        }
        let alone = self.joins.is_empty();
        first.read(0, stride, env, parent, keep, &mut |_: Option<RowId>, row: &'t [Value]| {
            if alone && !self.filters.is_empty() && !holds(&self.filters, &Row::new(&[row], parent, env))? {
                return Ok(false);
            }
            set.tuples.push(row);
            set.tuples.extend(std::iter::repeat_n(&[][..], stride - 1));
            set.rows += 1;
            Ok(stop.is_some_and(|stop| set.rows >= stop))
        })?;
        for join in &self.joins {
            let Some(keep) = held.get(join.source) else { continue };
            set = join.join(self, set, env, parent, keep)?;
        }
        if alone { Ok(set) } else { self.kept(set, env, parent) }
    }

    /// The joined rows that meet the conditions.
    fn kept<'t>(&self, set: Set<'t>, env: &'t Env<'t>, parent: Option<&Row<'_>>) -> Result<Set<'t>, Fault> {
        if self.filters.is_empty() {
            return Ok(set);
        }
        let mut kept = set.empty();
        for at in 0..set.len() {
            if holds(&self.filters, &set.row(at, parent, env))? {
                kept.tuples.extend_from_slice(set.tuple(at));
                kept.rows += 1;
            }
        }
        Ok(kept)
    }

    fn project(
        &self,
        set: &Set<'_>,
        places: impl Iterator<Item = usize>,
        env: &Env<'_>,
        parent: Option<&Row<'_>>,
        out: &mut dyn Out,
    ) -> Result<(), Fault> {
        out.reserve(places.size_hint().0);
        let borrows = out.borrows();
        for at in places {
            let row = set.row(at, parent, env);
            if borrows {
                let values: Vec<Cow<'_, Value>> =
                    self.fields.iter().map(|field| of(field, &row)).collect::<Result<_, _>>()?;
                out.row(&mut Lent(values));
            } else {
                let values = self.fields.iter().map(|field| Ok(of(field, &row)?.into_owned()));
                out.row(&mut values.collect::<Result<Vec<Value>, Fault>>()?);
            }
        }
        Ok(())
    }
}

/// The value of a field, which is mostly one that is there.
fn of<'r>(field: &'r Node, row: &Row<'r>) -> Result<Cow<'r, Value>, Fault> {
    field.peek(row).map_or_else(|| field.value(row), |value| Ok(Cow::Borrowed(value)))
}

fn first_of_each(
    set: &Set<'_>,
    places: Vec<usize>,
    keys: &[Node],
    env: &Env<'_>,
    parent: Option<&Row<'_>>,
) -> Result<Vec<usize>, Fault> {
    let mut seen = Places::default();
    let mut values: Vec<Value> = Vec::new();
    let mut firsts = Vec::new();
    for place in places {
        let row = set.row(place, parent, env);
        let of_row: Vec<Cow<'_, Value>> = keys.iter().map(|key| key.value(&row)).collect::<Result<_, _>>()?;
        let hash = hash_of(of_row.iter().map(|value| &**value));
        let known =
            seen.of(hash).any(|at| of_row.iter().zip(&values[at * keys.len()..]).all(|(a, b)| alike(a, b)));
        if !known {
            seen.push(hash);
            values.extend(of_row.into_iter().map(Cow::into_owned));
            firsts.push(place);
        }
    }
    Ok(firsts)
}
