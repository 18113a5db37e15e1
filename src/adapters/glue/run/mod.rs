//! The executor: borrowed rows, joined, grouped, ordered and cut.

mod aggregate;
mod combine;
mod copies;
mod count;
mod find;
mod first;
mod group;
mod hash;
mod join;
mod lying;
mod order;
mod out;
mod portions;
mod scan;
mod select;
mod take;
mod test;
mod window;

use order::compare_by;
pub(super) use out::Given;
#[cfg(all(feature = "glue", not(target_arch = "wasm32")))]
pub(super) use {copies::Reading, scan::Held, select::Set};

use crate::value::Value;

/// Rows that a query made.
pub(super) type Rows = Vec<Vec<Value>>;
