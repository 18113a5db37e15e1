//! What happens just before a write.

use super::parts::{Change, Parts};
use crate::mistake::Mistake;
use crate::value::{Str, Value};
use alloc::sync::Arc;
#[cfg(feature = "repo")]
use core::any::Any;
use core::fmt;

/// Something a repo does to a changeset inside the transaction, just before the statement.
#[derive(Clone)]
pub enum Prepare {
    /// Counts up the lock field, from the value it had when the lock was taken.
    Lock(Str, Value),
    /// A function of the program.
    Function(Arc<dyn Fn(Parts) -> Parts + Send + Sync>),
    /// Something that only a repo knows how to run.
    #[cfg(feature = "repo")]
    Hook(Arc<dyn Any + Send + Sync>),
}

impl fmt::Debug for Prepare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Prepare::Lock(field, _) => {
                f.write_str("lock ")?;
                f.write_str(field)
            }
            Prepare::Function(_) => f.write_str("a function"),
            #[cfg(feature = "repo")]
            Prepare::Hook(_) => f.write_str("a function"),
        }
    }
}

/// The largest value of a lock; the next is 1, so that the field may be a 32-bit integer (Ecto's rule).
const LOCK_MAX: i64 = 2_147_483_647;

/// `optimistic_lock`: writes only if the stored `field` still has the value it was read with, and counts it up.
///
/// A null lock value is no filter.
pub(super) fn optimistic_lock(parts: &mut Parts, field: &Str) -> Result<(), Mistake> {
    let position = parts.schema().expect_position(field)?;
    let current = parts.field_value(position).clone();
    parts.prepare.insert(0, Prepare::Lock(field.clone(), current.clone()));
    if !current.is_null() {
        parts.filters.insert(field, current);
    }
    Ok(())
}

/// Runs what was prepared, oldest first, as a repo does before it writes.
pub(super) fn run_prepared(parts: &mut Parts) -> Result<(), Mistake> {
    for prepare in parts.prepare.clone().iter().rev() {
        run_prepare(parts, prepare)?;
    }
    Ok(())
}

/// Runs one thing that was prepared; a [`Prepare::Hook`] is its repo's business.
pub(crate) fn run_prepare(parts: &mut Parts, prepare: &Prepare) -> Result<(), Mistake> {
    match prepare {
        Prepare::Lock(field, current) => {
            let next = match current.as_integer() {
                Some(number) if number >= LOCK_MAX => 1,
                None if current.is_null() => 1,
                Some(number) => number + 1,
                None => {
                    return Err(Mistake::about(
                        "the lock field `%` holds %; give it an integer default",
                        &[field, current.kind()],
                    ));
                }
            };
            let position = parts.schema().expect_position(field)?;
            parts.changes.put(position, Change::Value(Value::Integer(next)));
        }
        Prepare::Function(function) => {
            let taken = core::mem::replace(parts, Parts::new(parts.data.clone()));
            *parts = function(taken);
        }
        #[cfg(feature = "repo")]
        Prepare::Hook(_) => {}
    }
    Ok(())
}
