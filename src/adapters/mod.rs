//! The databases a repo can stand on.

pub mod define;
pub mod glue;
mod refusal;
pub mod sql;
