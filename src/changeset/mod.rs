//! Changesets: what of the input may change a record, and what is wrong with it.

mod ask;
pub(crate) mod cast;
mod constraint;
mod error;
mod inspect;
mod merge;
mod parts;
mod prepare;
mod put;
mod query;
pub(crate) mod relation;
pub mod report;
mod run;
#[cfg(feature = "std")]
mod straight;
mod traverse;
mod typed;
pub(crate) mod validate;

pub use ask::{QUESTIONS, ask};
pub use constraint::Constraint;
pub use error::FieldError;
pub use parts::{Change, Changes, Parts, Validation};
pub use prepare::Prepare;
#[cfg(feature = "repo")]
pub(crate) use prepare::run_prepare;
pub use query::Origin;
pub use relation::{Input, ReadValue, read_record, read_slot, read_state, record_from_notation};
pub use typed::{Changeset, Data, IntoChangeset, IntoPattern, Params, Rules};

use crate::mistake::Mistake;
use crate::rules::Step;
use crate::schema::Record;
use crate::value::Map;
use alloc::sync::Arc;

/// Runs `steps` on `record` with `params`; `None` stands for params that are invalid as a whole.
///
/// # Errors
///
/// A [`Mistake`] of the program, where Ecto raises.
pub fn run_steps(record: Arc<Record>, steps: &[Step], params: Option<&Map>) -> Result<Parts, Mistake> {
    run::run(record, &[steps], params)
}

/// As [`run_steps`], with the steps in several lists.
#[cfg(any(test, all(target_arch = "wasm32", feature = "wasm")))]
pub(crate) fn run_all(
    record: Arc<Record>,
    lists: &[&[Step]],
    params: Option<&Map>,
) -> Result<Parts, Mistake> {
    run::run(record, lists, params)
}
