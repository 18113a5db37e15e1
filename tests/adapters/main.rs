//! One suite for the adapters of servers: values, constraints, conflicts, transactions, streams, writers at once,
//! migrations, and what happens when the server is not there.

mod blog;
mod broken;
mod load;
mod manner;
mod memory;
#[path = "../servers/mod.rs"]
mod servers;
mod suite;
