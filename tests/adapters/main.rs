//! One suite for the adapters of servers: values, constraints, conflicts, transactions, streams, writers at once,
//! migrations, and what happens when the server is not there.

mod blog;
mod broken;
mod memory;
#[cfg(feature = "mssql")]
mod mssql;
#[path = "../servers/mod.rs"]
mod servers;
mod suite;
