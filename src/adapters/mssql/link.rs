//! Connections of tiberius in sqlx's pool.
//!
//! The pool asks for a database of sqlx. Of one, only what opens, checks and ends connections and transactions is used
//! here: statements go to tiberius itself, so what sqlx would read rows and write params with has no values.

use super::options::MsSqlOptions;
use super::unused::{Never, NoParams};
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use tiberius::Client;
use tiberius::error::TokenError;
use tokio::net::TcpStream;
use tokio_util::compat::Compat;

type Work<'a, T = ()> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'a>>;

/// SQL Server, as the pool knows it.
#[derive(Debug)]
pub struct MsSqlDatabase;

impl sqlx::Database for MsSqlDatabase {
    type Connection = MsSqlConnection;
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
    const NAME: &'static str = "Microsoft SQL Server";
    const URL_SCHEMES: &'static [&'static str] = &["mssql", "sqlserver"];
}

/// What came of a statement that sqlx would run.
#[derive(Debug, Default)]
pub struct Counted;

impl Extend<Counted> for Counted {
    fn extend<T: IntoIterator<Item = Counted>>(&mut self, _: T) {}
}

/// A connection.
pub struct MsSqlConnection {
    pub(super) client: Client<Compat<TcpStream>>,
    open: bool,
    /// Whether a transaction was dropped without an end: it is undone before anything else happens.
    undo: bool,
}

impl fmt::Debug for MsSqlConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.open { "MsSqlConnection(in a transaction)" } else { "MsSqlConnection" })
    }
}

impl MsSqlConnection {
    pub(super) fn new(client: Client<Compat<TcpStream>>) -> Self {
        MsSqlConnection { client, open: false, undo: false }
    }

    /// Runs text without params, and leaves its rows.
    pub(super) async fn batch(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let answer = self.client.simple_query(sql.to_owned()).await.map_err(error)?;
        answer.into_results().await.map(drop).map_err(error)
    }

    /// Undoes what a transaction left that was dropped.
    pub(super) async fn settle(&mut self) -> Result<(), sqlx::Error> {
        if self.undo {
            self.batch("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION").await?;
            (self.undo, self.open) = (false, false);
        }
        Ok(())
    }
}

impl sqlx::Connection for MsSqlConnection {
    type Database = MsSqlDatabase;
    type Options = MsSqlOptions;

    fn close(self) -> Work<'static> {
        Box::pin(async move { self.client.close().await.map_err(error) })
    }

    fn close_hard(self) -> Work<'static> {
        Box::pin(async move {
            drop(self);
            Ok(())
        })
    }

    fn ping(&mut self) -> Work<'_> {
        Box::pin(async move {
            self.settle().await?;
            self.batch("SELECT 1").await
        })
    }

    fn begin(&mut self) -> Work<'_, sqlx::Transaction<'_, MsSqlDatabase>> {
        sqlx::Transaction::begin(self, Some(super::BEGIN.into()))
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
    type Database = MsSqlDatabase;

    fn begin<'a>(connection: &'a mut MsSqlConnection, statement: Option<Cow<'static, str>>) -> Work<'a> {
        Box::pin(async move {
            connection.settle().await?;
            if connection.open {
                return Err(sqlx::Error::Protocol("a transaction is open: nest with a savepoint".into()));
            }
            connection.batch(statement.as_deref().unwrap_or(super::BEGIN)).await?;
            connection.open = true;
            Ok(())
        })
    }

    fn commit(connection: &mut MsSqlConnection) -> Work<'_> {
        Box::pin(async move {
            connection.batch("COMMIT TRANSACTION").await?;
            connection.open = false;
            Ok(())
        })
    }

    fn rollback(connection: &mut MsSqlConnection) -> Work<'_> {
        // Some errors end a transaction by themselves, and then there is none to undo.
        connection.undo = true;
        Box::pin(connection.settle())
    }

    fn start_rollback(connection: &mut MsSqlConnection) {
        // What is to be undone already is not forgotten.
        connection.undo |= connection.open;
    }

    fn get_transaction_depth(connection: &MsSqlConnection) -> usize {
        usize::from(connection.open)
    }
}

/// What the server said.
#[derive(Debug)]
pub struct Refused(pub TokenError);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.message())
    }
}

impl std::error::Error for Refused {}

impl sqlx::error::DatabaseError for Refused {
    fn message(&self) -> &str {
        self.0.message()
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.0.code().to_string().into())
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

/// An error of tiberius as one of sqlx.
pub fn error(error: tiberius::error::Error) -> sqlx::Error {
    use tiberius::error::Error;
    match error {
        Error::Server(said) => sqlx::Error::Database(Box::new(Refused(said))),
        Error::Io { kind, message } => sqlx::Error::Io(std::io::Error::new(kind, message)),
        Error::Tls(message) => sqlx::Error::Tls(message.into()),
        Error::Conversion(message) => sqlx::Error::Encode(message.into_owned().into()),
        other => sqlx::Error::Protocol(other.to_string()),
    }
}
