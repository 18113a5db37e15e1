//! Straight from params to the record: what rules make of them where nobody looks at the changeset on the way.
//!
//! A [`Plan`] is made of the steps that most rules are of: a cast, required fields, rules of single values, children that
//! are cast. It goes through them in their order on cells that lie side by side, with texts where the params have them,
//! and asks the rules that changesets ask. What it does not cover (a step that puts something, a param of a surprising
//! shape, a mistake of the program) it leaves to the changeset, which begins anew.

mod cell;
mod check;
mod later;
mod plan;
mod view;

use check::Wrong;
pub(super) use later::Later;
pub(super) use plan::Plan;

use super::typed::Params;
use crate::mistake::Mistake;
use crate::schema::{Fields, Record};
use alloc::sync::Arc;
use cell::{Cells, Source};

/// What came of params.
pub(super) enum Outcome<T> {
    /// Nothing is wrong: what was read from the record with its changes.
    Right(T),
    /// What is wrong.
    Wrong(Wrong),
    /// The changeset says it.
    Unclear,
}

/// Goes through a plan on a record with params, and reads from it if nothing is wrong.
pub(super) fn run<T>(
    plan: &Plan,
    record: &Arc<Record>,
    params: Params,
    read: fn(&mut dyn Fields) -> Result<T, Mistake>,
) -> Outcome<T> {
    let source = match params {
        Params::Valid(map) => Source::Map(map),
        Params::Json(json) => match Source::of_json(json, 0) {
            Some(source) => source,
            None => return Outcome::Unclear,
        },
        Params::Invalid | Params::NoMap(_) => return Outcome::Unclear,
    };
    if !plan.fits(record) {
        return Outcome::Unclear;
    }
    let mut cells = Cells::default();
    let at = cells.open(plan, 1);
    match check::check(&mut cells, plan, record, source, at) {
        None => Outcome::Unclear,
        Some(wrong) if wrong.is_empty() => match read(&mut view::View::new(&cells, plan, record, at)) {
            Ok(data) => Outcome::Right(data),
            Err(_) => Outcome::Unclear,
        },
        Some(wrong) => Outcome::Wrong(wrong),
    }
}
