//! The databases a repo can stand on.

pub mod define;
pub mod glue;
pub mod sql;
