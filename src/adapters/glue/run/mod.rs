//! The executor: borrowed rows, joined, grouped, ordered and cut.

mod aggregate;
mod combine;
mod count;
mod find;
mod first;
mod group;
mod hash;
mod join;
mod order;
mod scan;
mod select;
mod take;
mod test;
mod window;

use order::compare_by;
#[cfg(feature = "glue")]
pub(super) use {scan::Held, select::Set};

use crate::value::Value;

/// Rows that a query made.
pub(super) type Rows = Vec<Vec<Value>>;
