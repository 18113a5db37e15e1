//! Queries on the store: beside SQLite, on both executors, and what GlueSQL alone gets wrong.

mod generate;
mod host;
mod raw;
mod sqlite;
mod writes;
mod wrong;
