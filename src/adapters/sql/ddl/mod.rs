//! Migration commands as SQL, in four dialects.
//!
//! The text is that of Ecto's adapters, option by option: what one of them refuses is refused here with the name of
//! the feature, and what one of them leaves out (a comment on SQLite, an engine on PostgreSQL) is left out here.
//! Names are quoted, and refused when they hold the quote; values are escaped. What a migration says in the words of
//! the database (checks, conditions, fragments, options, names of types) stands as it is.

mod expression;
mod mssql;
mod mysql;
mod postgres;
mod sqlite;
mod text;

pub use mssql::Mssql;
pub use mysql::MySql;
pub use postgres::Postgres;
pub use sqlite::Sqlite;

use super::query::whole;
use crate::adapter::AdapterError;
use crate::migration::Command;

/// A dialect of the statements that create and change tables.
///
/// ```
/// use ectomorph::adapters::sql::ddl::{Ddl, MySql, Postgres};
/// use ectomorph::migration::{Command, unique_index};
///
/// let create = Command::CreateIndex { index: unique_index("users", ["email"]), if_not_exists: false };
/// let statement = r#"CREATE UNIQUE INDEX "users_email_index" ON "users" ("email")"#;
/// assert_eq!(Postgres.statements(&create), Ok(vec![statement.to_owned()]));
/// assert_eq!(MySql.statements(&create).unwrap()[0], statement.replace('"', "`"));
/// ```
pub trait Ddl {
    /// The name of the database: `postgres`.
    fn name(&self) -> &'static str;

    /// The statements that execute a command, in order.
    ///
    /// # Errors
    ///
    /// [`AdapterError::Unsupported`] with the feature the database lacks; [`AdapterError::Query`] for a name that
    /// can't be quoted or a default that can't be written.
    fn statements(&self, command: &Command) -> Result<Vec<String>, AdapterError> {
        let texts = self.texts(command)?;
        texts.iter().try_for_each(|sql| whole(sql))?;
        Ok(texts)
    }

    /// [`Ddl::statements`] as they come, before anybody looked whether a text in them ends them early.
    ///
    /// # Errors
    ///
    /// As [`Ddl::statements`].
    fn texts(&self, command: &Command) -> Result<Vec<String>, AdapterError>;
}

/// Every dialect.
pub const DIALECTS: [&(dyn Ddl + Sync); 4] = [&Postgres, &MySql, &Sqlite, &Mssql];
