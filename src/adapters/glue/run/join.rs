//! Joins: by index, by hash, or all pairs.

use super::find::find;
use super::hash::{Places, alike, hash_of};
use super::scan::{Held, Kept, holds};
use super::select::Set;
use crate::adapters::glue::node::{Env, Row};
use crate::adapters::glue::select::{Core, Join, Origin};
use crate::adapters::glue::value::{Fault, equal};
use crate::query::JoinKind;
use crate::store::RowId;
use crate::value::Value;
use std::borrow::Cow;

/// An index is used where the table has so many times the rows on the left.
const PROBE: usize = 4;

impl Join {
    /// The rows on the left, each with the rows of the source that it is joined with.
    pub(super) fn join<'t>(
        &self,
        core: &Core,
        left: Set<'t>,
        env: &'t Env<'t>,
        parent: Option<&Row<'_>>,
        held: &'t Held,
    ) -> Result<Set<'t>, Fault> {
        let Some(source) = core.sources.get(self.source) else { return Ok(left) };
        let (keep_left, keep_right) = match self.kind {
            JoinKind::Left | JoinKind::LeftLateral => (true, false),
            JoinKind::Right => (false, true),
            JoinKind::Full => (true, true),
            _ => (false, false),
        };
        let mut pairs = Pairs { join: self, out: left.empty(), env, parent, tuple: Vec::new() };
        if self.kind.is_lateral() {
            let mut each = Vec::with_capacity(left.len());
            for at in 0..left.len() {
                let row = left.row(at, parent, env);
                // A lateral source sees the sources before it as those of the query around it.
                each.push(match source.make(env, &row)? {
                    Kept::Rows(rows) => rows,
                    Kept::Shared(rows) => rows.to_vec(),
                    Kept::Each(_) | Kept::Copies(_) => Vec::new(),
                });
            }
            let each: &'t Kept = held.get_or_init(|| Kept::Each(each));
            let Kept::Each(each) = each else { return Ok(pairs.out) };
            for (at, rows) in each.iter().enumerate() {
                let mut found = false;
                for row in rows {
                    if source.passes(row, self.source, left.stride, env, parent)? {
                        found |= pairs.offer(left.tuple(at), row)?;
                    }
                }
                if !found && keep_left {
                    pairs.push(left.tuple(at), &[]);
                }
            }
            return Ok(pairs.out);
        }
        if let (Some(probe), Origin::Table { table, .. }, false) = (&self.probe, &source.rows, keep_right)
            && let Some(table) = env.tables.get(*table)
            && left.len() * PROBE <= table.len()
            && let Some(mut reading) = source.reading(table, held)
        {
            for at in 0..left.len() {
                let row = left.row(at, parent, env);
                let mut found = false;
                find(table, probe, &row)?.each(
                    probe.reverse,
                    &mut reading,
                    &mut |_: Option<RowId>, right: &'t [Value]| {
                        // The index knows of some of the columns that must be equal, not of all.
                        if source.passes(right, self.source, left.stride, env, parent)?
                            && pairs.equal(left.tuple(at), right)?
                        {
                            found |= pairs.offer(left.tuple(at), right)?;
                        }
                        Ok(false)
                    },
                )?;
                if !found && keep_left {
                    pairs.push(left.tuple(at), &[]);
                }
            }
            return Ok(pairs.out);
        }
        let mut right: Vec<&'t [Value]> = Vec::new();
        source.read(
            self.source,
            left.stride,
            env,
            parent,
            held,
            &mut |_: Option<RowId>, row: &'t [Value]| {
                right.push(row);
                Ok(false)
            },
        )?;
        let mut matched = vec![false; if keep_right { right.len() } else { 0 }];
        let mut mark = |place: usize| {
            if let Some(matched) = matched.get_mut(place) {
                *matched = true;
            }
        };
        if self.equal.is_empty() {
            for at in 0..left.len() {
                let mut found = false;
                for (place, row) in right.iter().enumerate() {
                    if pairs.offer(left.tuple(at), row)? {
                        mark(place);
                        found = true;
                    }
                }
                if !found && keep_left {
                    pairs.push(left.tuple(at), &[]);
                }
            }
        } else {
            let table = Table::build(self, &right, left.stride, env, parent)?;
            for at in 0..left.len() {
                let row = left.row(at, parent, env);
                let mut found = false;
                let mut keys: Vec<Cow<'_, Value>> = Vec::with_capacity(self.equal.len());
                for (key, _) in &self.equal {
                    keys.push(key.value(&row)?);
                }
                if !keys.iter().any(|key| key.is_null()) {
                    for place in table.find(&keys) {
                        if pairs.offer(left.tuple(at), right[place])? {
                            mark(place);
                            found = true;
                        }
                    }
                }
                if !found && keep_left {
                    pairs.push(left.tuple(at), &[]);
                }
            }
        }
        if keep_right {
            let nothing = vec![&[][..]; left.stride];
            for (place, row) in right.iter().enumerate() {
                if !matched[place] {
                    pairs.push(&nothing, row);
                }
            }
        }
        Ok(pairs.out)
    }
}

/// The pairs made so far.
struct Pairs<'j, 't, 'p> {
    join: &'j Join,
    out: Set<'t>,
    env: &'t Env<'t>,
    parent: Option<&'p Row<'p>>,
    tuple: Vec<&'t [Value]>,
}

impl<'t> Pairs<'_, 't, '_> {
    /// Whether the keys of a pair are equal.
    fn equal(&mut self, left: &[&'t [Value]], right: &'t [Value]) -> Result<bool, Fault> {
        self.tuple.clear();
        self.tuple.extend_from_slice(left);
        self.tuple[self.join.source] = right;
        let row = Row::new(&self.tuple, self.parent, self.env);
        for (a, b) in &self.join.equal {
            if equal(&*a.value(&row)?, &*b.value(&row)?) != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Adds a pair if the rest of the condition holds.
    fn offer(&mut self, left: &[&'t [Value]], right: &'t [Value]) -> Result<bool, Fault> {
        if !self.join.on.is_empty() {
            self.tuple.clear();
            self.tuple.extend_from_slice(left);
            self.tuple[self.join.source] = right;
            let row = Row::new(&self.tuple, self.parent, self.env);
            if !holds(&self.join.on, &row)? {
                return Ok(false);
            }
        }
        self.push(left, right);
        Ok(true)
    }

    fn push(&mut self, left: &[&'t [Value]], right: &'t [Value]) {
        let start = self.out.tuples.len();
        self.out.tuples.extend_from_slice(left);
        self.out.tuples[start + self.join.source] = right;
        self.out.rows += 1;
    }
}

/// The rows on the right by their keys.
struct Table {
    keys: Vec<Value>,
    /// Which row has the keys at that place.
    rows: Vec<u32>,
    places: Places,
    width: usize,
}

impl Table {
    fn build(
        join: &Join,
        right: &[&[Value]],
        stride: usize,
        env: &Env<'_>,
        parent: Option<&Row<'_>>,
    ) -> Result<Table, Fault> {
        let width = join.equal.len();
        let mut table = Table {
            keys: Vec::with_capacity(right.len() * width),
            rows: Vec::with_capacity(right.len()),
            places: Places::with_capacity(right.len()),
            width,
        };
        let mut tuple: Vec<&[Value]> = vec![&[]; stride];
        // From the last to the first, so that the places of one hash come in the order of the rows.
        for (place, row) in right.iter().enumerate().rev() {
            tuple[join.source] = row;
            let row = Row::new(&tuple, parent, env);
            let start = table.keys.len();
            for (_, key) in &join.equal {
                table.keys.push(key.value(&row)?.into_owned());
            }
            if table.keys[start..].iter().any(Value::is_null) {
                table.keys.truncate(start);
                continue;
            }
            table.places.push(hash_of(table.keys[start..].iter()));
            table.rows.push(place as u32);
        }
        Ok(table)
    }

    fn find<'a>(&'a self, keys: &'a [Cow<'_, Value>]) -> impl Iterator<Item = usize> + 'a {
        let hash = hash_of(keys.iter().map(|key| &**key));
        self.places
            .of(hash)
            .filter(|place| {
                keys.iter().zip(&self.keys[place * self.width..]).all(|(key, has)| alike(key, has))
            })
            .map(|place| self.rows[place] as usize)
    }
}
