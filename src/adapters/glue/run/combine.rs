//! Unions, differences, intersections, and common table expressions.

use super::Rows;
use super::hash::{Places, alike, hash_of};
use crate::adapters::glue::node::{Env, Row};
use crate::adapters::glue::select::Cte;
use crate::adapters::glue::value::{Cast, Fault, cast};
use crate::query::SetOperation;
use crate::value::Value;
use std::rc::Rc;

/// More rows than this no recursion makes.
const RECURSION: usize = 10_000_000;

/// Rows counted by what they are.
#[derive(Default)]
struct Counted {
    places: Places,
    rows: Rows,
    counts: Vec<usize>,
}

impl Counted {
    fn find(&self, hash: u64, row: &[Value]) -> Option<usize> {
        self.places.of(hash).find(|place| {
            let has = &self.rows[*place];
            has.len() == row.len() && has.iter().zip(row).all(|(a, b)| alike(a, b))
        })
    }

    /// Whether the row is there for the first time.
    fn add(&mut self, row: Vec<Value>) -> bool {
        let hash = hash_of(row.iter());
        match self.find(hash, &row) {
            Some(place) => {
                self.counts[place] += 1;
                false
            }
            None => {
                self.places.push(hash);
                self.rows.push(row);
                self.counts.push(1);
                true
            }
        }
    }

    /// Whether a row like this is left, which then is one less.
    fn take(&mut self, row: &[Value]) -> bool {
        match self.find(hash_of(row.iter()), row) {
            Some(place) if self.counts[place] > 0 => {
                self.counts[place] -= 1;
                true
            }
            _ => false,
        }
    }

    fn has(&self, row: &[Value]) -> bool {
        self.find(hash_of(row.iter()), row).is_some()
    }
}

/// The rows, each once.
pub(super) fn distinct(rows: Rows) -> Rows {
    let mut counted = Counted::default();
    for row in rows {
        counted.add(row);
    }
    counted.rows
}

/// The rows of two queries as one.
pub(super) fn combine(operation: SetOperation, mut left: Rows, right: Rows) -> Rows {
    let counted = |rows: Rows| {
        let mut counted = Counted::default();
        for row in rows {
            counted.add(row);
        }
        counted
    };
    match operation {
        SetOperation::UnionAll => {
            left.extend(right);
            left
        }
        SetOperation::Union => {
            left.extend(right);
            distinct(left)
        }
        SetOperation::Except => {
            let right = counted(right);
            distinct(left).into_iter().filter(|row| !right.has(row)).collect()
        }
        SetOperation::ExceptAll => {
            let mut right = counted(right);
            left.into_iter().filter(|row| !right.take(row)).collect()
        }
        SetOperation::Intersect => {
            let right = counted(right);
            distinct(left).into_iter().filter(|row| right.has(row)).collect()
        }
        SetOperation::IntersectAll => {
            let mut right = counted(right);
            left.into_iter().filter(|row| right.take(row)).collect()
        }
    }
}

impl Cte {
    /// Makes its rows, so that those who name it find them.
    pub(super) fn make(&self, env: &Env<'_>, parent: Option<&Row<'_>>) -> Result<(), Fault> {
        let rows = self.body.run(env, parent, None)?;
        if self.steps.is_empty() {
            env.named.borrow_mut().insert(self.number, Rc::new(rows));
            return Ok(());
        }
        let repeat = self.steps.iter().all(|(repeat, _)| *repeat);
        let mut all = Counted::default();
        let mut every: Rows = Vec::new();
        let mut newest: Rows = Vec::new();
        let mut keep = |rows: Rows, every: &mut Rows| {
            let mut kept = Vec::new();
            for row in rows {
                if repeat || all.add(row.clone()) {
                    every.push(row.clone());
                    kept.push(row);
                }
            }
            kept
        };
        newest.extend(keep(rows, &mut every));
        while !newest.is_empty() {
            env.named.borrow_mut().insert(self.number, Rc::new(newest));
            let mut made = Vec::new();
            for (_, step) in &self.steps {
                for mut row in step.run(env, parent, None)? {
                    for (value, to) in row.iter_mut().zip(&self.casts) {
                        if *to != Cast::Any {
                            *value = cast(value, to)?;
                        }
                    }
                    made.push(row);
                }
            }
            newest = keep(made, &mut every);
            if every.len() > RECURSION {
                return Err(Fault::new("program_limit_exceeded", "the recursion makes too many rows"));
            }
        }
        env.named.borrow_mut().insert(self.number, Rc::new(every));
        Ok(())
    }
}
