//! One suite for the adapters of servers: values, constraints, conflicts, transactions, streams, writers at once,
//! migrations, and what happens when the server is not there.

mod blog;
mod broken;
mod bulk;
#[cfg(feature = "postgres")]
mod exclusion;
mod injection;
mod load;
mod log;
mod manner;
mod memory;
#[cfg(feature = "mssql")]
mod mssql;
#[cfg(feature = "sqlite")]
mod place;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod server;
#[path = "../servers/mod.rs"]
mod servers;
mod suite;
mod tenants;
#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
mod waiting;
