//! Text for databases that speak SQL, one dialect a database.

pub mod ddl;
pub mod query;
