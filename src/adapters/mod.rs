//! The databases a repo can stand on.

#[cfg(any(feature = "mssql", feature = "mysql", feature = "postgres", feature = "sqlite"))]
mod connect;
pub mod define;
pub mod glue;
#[cfg(feature = "mssql")]
pub mod mssql;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
mod refusal;
#[cfg(any(feature = "mssql", feature = "mysql", feature = "postgres", feature = "sqlite"))]
pub mod server;
pub mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;

#[cfg(any(feature = "mssql", feature = "mysql", feature = "postgres", feature = "sqlite"))]
pub use connect::connect;
