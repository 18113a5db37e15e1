//! The program `ectomorph`, run as its users run it, on SQLite, PostgreSQL and MariaDB.

mod compiled;
mod errors;
mod generators;
mod hostile;
mod project;
mod runner;
#[path = "../../../tests/servers/mod.rs"]
mod servers;
mod settings;
mod snapshots;
mod structure;
mod terminal;
mod together;
