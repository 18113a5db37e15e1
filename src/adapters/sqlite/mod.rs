//! SQLite, which comes along: the database is a file, or in memory.
//!
//! Values are stored as Ecto's adapter stores them: dates and times as ISO 8601 text, lists and maps as JSON,
//! booleans as 0 and 1, decimals as numbers; but UUIDs are their sixteen bytes. Foreign keys are enforced, the journal
//! is a write-ahead log, and transactions take the one lock for writing when they begin, so that none has to start anew
//! because another was faster.
//!
//! SQLite itself is called by rusqlite, in a thread for each connection (sqlx's pool keeps those). A row that is read by its
//! key, or inserted within a transaction, is read and inserted in place: it takes less time than to wake a thread.

mod call;
mod connection;
mod link;
mod options;
mod refusal;
mod run;
mod short;
mod values;
/// What sqlx would read rows and write params with. Here rusqlite does.
mod unused {
    super::super::server::unused::unused!(super::SqliteDatabase);
}

pub use connection::SqliteConnection;
pub use link::SqliteDatabase;
pub use options::SqliteOptions;

use super::server::config::read_url;
use super::server::{Call, Config, Connection, Done, Driver, Kind, Server, Work, load_plain};
use super::sql::ddl::{self, Ddl};
use super::sql::query::{self, Dialect};
use crate::adapter::{AdapterError, Begin, Capability, Outcome};
use crate::types::Type;
use crate::value::ValueRef;
use short::Way;
use std::path::PathBuf;

/// The repo's SQLite.
///
/// ```
/// # use ectomorph::adapters::sqlite::Sqlite;
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let sqlite = Sqlite::connect("sqlite::memory:").await?;
/// sqlite.execute("create table users (name text)").await?;
/// let names = sqlite.query("insert into users values (?) returning name", vec!["Ada".into()]).await?;
/// assert_eq!(names.rows, [["Ada".into()]]);
/// # Ok::<(), ectomorph::adapter::AdapterError>(())
/// # }).unwrap();
/// ```
pub type Sqlite = Server<SqliteDriver>;

/// What SQLite does in its own way.
#[derive(Clone, Copy, Debug)]
pub struct SqliteDriver;

impl Driver for SqliteDriver {
    type Database = SqliteDatabase;
    const NAME: &'static str = "sqlite";
    const DIALECT: &'static (dyn Dialect + Sync) = &query::Sqlite;
    const DDL: &'static (dyn Ddl + Sync) = &ddl::Sqlite;
    const DDL_TRANSACTION: bool = true;
    const UNDOES_CURSORS: bool = true;
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    // Of 32,766 at most: what a statement that is used again saves is saved by then.
    const PORTION: usize = 10_000;

    fn options(config: &mut Config) -> Outcome<SqliteOptions> {
        let url = config.database.as_ref().map_or(config.url.clone(), |file| format!("sqlite://{file}"));
        let options = read_url::<SqliteOptions>(&url)?;
        config.file = options.file();
        config.single = config.file.is_none();
        Ok(options)
    }

    fn supports(_: Capability) -> bool {
        true
    }

    fn run<'a>(connection: &'a mut Connection<Self>, call: Call<'a>) -> Work<'a, Done> {
        Box::pin(async move {
            let Call { sql, params, rows, about } = call;
            let way = Way::of(about, connection.open);
            match connection.run(sql, params, rows.as_ref(), way).await? {
                Ok(done) => Ok(done),
                Err(error) => Err(refusal::explained(connection, link::error(error), about).await),
            }
        })
    }

    fn script<'a>(connection: &'a mut Connection<Self>, sql: &'a str) -> Work<'a, ()> {
        Box::pin(async move {
            connection.settle().await.map_err(Self::refused)?;
            let sql = sql.to_owned();
            let done = connection.there(move |sqlite| run::script(sqlite, &sql)).await;
            done.map_err(Self::refused)?.map_err(link::error).map_err(Self::refused)
        })
    }

    fn loads(kind: Kind<'_>) -> bool {
        !matches!(kind, Kind::Any | Kind::Type(Type::Id | Type::Integer | Type::String | Type::Binary))
    }

    fn load<'v>(kind: Kind<'_>, value: ValueRef<'v>) -> ValueRef<'v> {
        load_plain(kind, value)
    }

    fn begin(begin: Begin) -> Vec<String> {
        // Each is as if it ran alone, whatever level is asked for; one that only reads needs no lock for writing.
        vec![if begin.read_only { "BEGIN" } else { Self::BEGIN }.to_owned()]
    }

    fn refused(error: sqlx::Error) -> AdapterError {
        refusal::refused(error)
    }

    fn cursor(name: &str, sql: &str) -> String {
        // SQLite reads on only while nothing else runs on the connection, so the rows wait in a table of their own.
        format!("CREATE TEMP TABLE {name} AS {sql}")
    }

    fn fetch(name: &str, size: usize, read: usize) -> String {
        format!("SELECT * FROM {name} WHERE rowid > {read} ORDER BY rowid LIMIT {size}")
    }

    fn close(name: &str) -> String {
        format!("DROP TABLE {name}")
    }

    fn lock(_: &str) -> Option<String> {
        None
    }

    // A lock of the database itself would keep the migration out too.
    fn lock_file(config: &Config) -> Option<PathBuf> {
        let mut name = config.file.clone()?.into_os_string();
        name.push("-migrations");
        Some(name.into())
    }
}
