//! Migrations: commands as data, their reversal, and what runs them.

mod command;

pub use command::*;
