//! Connections of SQLite in sqlx's pool.
//!
//! The pool asks for a database of sqlx. Of one, only what opens, checks and ends connections and transactions is used
//! here: statements go to SQLite itself.

use super::connection::is_busy;
use super::run::script;
use super::unused::{Never, NoParams};
use super::{SqliteConnection, SqliteDriver, SqliteOptions};
use crate::adapters::server::Driver;
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

type Work<'a, T = ()> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'a>>;

/// SQLite, as the pool knows it.
#[derive(Debug)]
pub struct SqliteDatabase;

impl sqlx::Database for SqliteDatabase {
    type Connection = SqliteConnection;
    type TransactionManager = Transactions;
    type Row = Never;
    type QueryResult = Counted;
    type Column = Never;
    type TypeInfo = Never;
    type Value = Never;
    type ValueRef<'r> = Never;
    type Arguments<'q> = NoParams;
    type ArgumentBuffer<'q> = ();
    type Statement<'q> = Never;
    const NAME: &'static str = "SQLite";
    const URL_SCHEMES: &'static [&'static str] = &["sqlite"];
}

/// What came of a statement that sqlx would run.
#[derive(Debug, Default)]
pub struct Counted;

impl Extend<Counted> for Counted {
    fn extend<T: IntoIterator<Item = Counted>>(&mut self, _: T) {}
}

impl sqlx::Connection for SqliteConnection {
    type Database = SqliteDatabase;
    type Options = SqliteOptions;

    fn close(mut self) -> Work<'static> {
        Box::pin(async move { self.shut().await })
    }

    fn close_hard(self) -> Work<'static> {
        Box::pin(async move {
            drop(self);
            Ok(())
        })
    }

    fn ping(&mut self) -> Work<'_> {
        Box::pin(self.lives())
    }

    fn begin(&mut self) -> Work<'_, sqlx::Transaction<'_, SqliteDatabase>> {
        sqlx::Transaction::begin(self, Some(SqliteDriver::BEGIN.into()))
    }

    fn shrink_buffers(&mut self) {}

    fn flush(&mut self) -> Work<'_> {
        Box::pin(self.settle())
    }

    fn should_flush(&self) -> bool {
        self.undo
    }
}

/// Begins and ends transactions.
pub struct Transactions;

impl sqlx::TransactionManager for Transactions {
    type Database = SqliteDatabase;

    fn begin<'a>(connection: &'a mut SqliteConnection, statement: Option<Cow<'static, str>>) -> Work<'a> {
        Box::pin(async move {
            connection.settle().await?;
            if connection.open {
                return Err(sqlx::Error::Protocol("a transaction is open: nest with a savepoint".into()));
            }
            let sql = statement.unwrap_or(SqliteDriver::BEGIN.into());
            // To begin is to take a lock, at once or not at all; who has to wait for it does so in the thread.
            let begun = match connection.here(|sqlite| script(sqlite, &sql)) {
                Some(begun) if !begun.as_ref().is_err_and(is_busy) => begun,
                _ => {
                    // Unless somebody hears that it has begun.
                    connection.undo = true;
                    let begun = connection.there(move |sqlite| script(sqlite, &sql)).await?;
                    connection.undo = false;
                    begun
                }
            };
            connection.open = begun.is_ok();
            begun.map_err(error)
        })
    }

    fn commit(connection: &mut SqliteConnection) -> Work<'_> {
        Box::pin(async move {
            connection.there(|sqlite| script(sqlite, "COMMIT")).await?.map_err(error)?;
            connection.open = false;
            Ok(())
        })
    }

    fn rollback(connection: &mut SqliteConnection) -> Work<'_> {
        connection.undo = true;
        Box::pin(connection.settle())
    }

    fn start_rollback(connection: &mut SqliteConnection) {
        // One that began while nobody waited any more is not known to be open.
        connection.undo |= connection.open;
    }

    fn get_transaction_depth(connection: &SqliteConnection) -> usize {
        usize::from(connection.open)
    }
}

/// What SQLite said.
#[derive(Debug)]
pub struct Refused {
    code: i32,
    message: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}

impl sqlx::error::DatabaseError for Refused {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> sqlx::error::ErrorKind {
        sqlx::error::ErrorKind::Other
    }
}

/// An error of rusqlite as one of sqlx.
pub fn error(error: rusqlite::Error) -> sqlx::Error {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(failure, Some(message)) => (failure.extended_code, message),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error.extended_code, msg),
        rusqlite::Error::SqliteFailure(failure, None) => (failure.extended_code, failure.to_string()),
        other => return sqlx::Error::Protocol(other.to_string()),
    };
    sqlx::Error::Database(Box::new(Refused { code, message }))
}
