//! The databases a repo can stand on.

pub mod define;
pub mod sql;
