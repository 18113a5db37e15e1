//! The databases a repo can stand on.

pub mod glue;
