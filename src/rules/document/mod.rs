//! Steps in documents: `["validate_length", "bio", {"min": 2}]`.
//!
//! The reader takes [`Value`]s whose tagged literals are decoded ([`value::notation`](crate::value::notation)), and
//! refuses what it does not know, by name: a rule that is not understood must not pass silently.

mod arguments;
mod read;
mod write;

pub(crate) use arguments::{Arguments, unknown};
pub use read::read_steps;
pub(crate) use write::write_pattern;
pub use write::{validation_argument, write_message, write_steps};

/// How deep steps may be nested (`merge`, `when`, `with`).
pub const MAX_DEPTH: usize = 32;

/// How many steps a document may hold, nested ones included.
pub const MAX_STEPS: usize = 10_000;
