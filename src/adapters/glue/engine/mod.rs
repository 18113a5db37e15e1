//! GlueSQL on our tables: joins of plans, and SQL as text.
//!
//! Joins go to its executor as plans over *handles*: of each source it sees the columns that conditions compare and
//! the number of the row, already restricted by what could be pushed down (conditions, index ranges, params). What it
//! answers are numbers of rows, from which our own code goes on with the borrowed rows themselves. So no value is
//! converted twice, no param enters a plan, and what GlueSQL computes is equality of keys and simple comparisons of
//! one kind of values, which `join` knows to be SQL's. On wasm32 our own executor runs all joins, and that is left out.

mod error;
#[cfg(not(target_arch = "wasm32"))]
mod handles;
#[cfg(not(target_arch = "wasm32"))]
mod join;
mod parse;
mod prefix;
mod raw;
mod storage;
mod values;

#[cfg(not(target_arch = "wasm32"))]
pub(super) use join::Joins;
