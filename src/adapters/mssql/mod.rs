//! Microsoft SQL Server, by its own protocol: tiberius speaks it, and sqlx's pool keeps the connections.
//!
//! What was run and what was not: the text is held to Ecto's, vector by vector; values, refusals and URLs are held to what
//! tiberius and the documentation say; connecting, statements, transactions and errors ran against a server of the
//! tests that speaks the protocol, but knows no SQL. A real SQL Server was not there.
//!
//! What it does otherwise than PostgreSQL, as in Ecto's adapter: there is no `on_conflict`, no window functions and no JSON
//! paths, and an offset needs an order. Other than Ecto's adapter it has streams.

mod link;
mod options;
mod placeholders;
mod refusal;
/// What sqlx would read rows and write params with. Here tiberius does.
mod unused {
    crate::adapters::server::unused::unused!(super::MsSqlDatabase);
}
mod values;

pub use link::{MsSqlConnection, MsSqlDatabase};
pub use options::MsSqlOptions;

use super::server::config::read_url;
use super::server::{Call, Config, Connection, Done, Driver, Kind, Server, Work, load_plain};
use super::sql::ddl::{self, Ddl};
use super::sql::query::{self, Dialect};
use crate::adapter::{AdapterError, Begin, Capability, Isolation, Outcome};
use crate::value::ValueRef;
use tiberius::Query;

/// The repo's SQL Server.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use ectomorph::adapters::mssql::MsSql;
///
/// let mssql = MsSql::connect("mssql://sa:secret@localhost/hello_dev?trust_server_certificate=true").await?;
/// # Ok(()) }
/// ```
pub type MsSql = Server<MsSqlDriver>;

/// What SQL Server does in its own way.
#[derive(Clone, Copy, Debug)]
pub struct MsSqlDriver;

/// A level of isolation stays with the connection, so each transaction says its own.
const BEGIN: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN TRANSACTION";

impl Driver for MsSqlDriver {
    type Database = MsSqlDatabase;
    const NAME: &'static str = "mssql";
    const DIALECT: &'static (dyn Dialect + Sync) = &query::Mssql;
    const DDL: &'static (dyn Ddl + Sync) = &ddl::Mssql;
    const DDL_TRANSACTION: bool = true;
    const UNDOES_CURSORS: bool = false;
    const BEGIN: &'static str = BEGIN;
    // Of the 2,100 that a call may have; and a list of rows has at most as many rows.
    const PORTION: usize = 1_000;

    fn options(config: &mut Config) -> Outcome<MsSqlOptions> {
        read_url::<MsSqlOptions>(&config.url)?.with(config).checked()
    }

    fn supports(capability: Capability) -> bool {
        !matches!(capability, Capability::OnConflict | Capability::ConflictTarget)
    }

    fn run<'a>(connection: &'a mut Connection<Self>, call: Call<'a>) -> Work<'a, Done> {
        Box::pin(async move {
            let Call { sql, params, rows, about } = call;
            let mut query = Query::new(placeholders::named(sql));
            for param in values::params(params, about)? {
                query.bind(param);
            }
            let refused = |error| refusal::refused(link::error(error), about);
            connection.settle().await.map_err(Self::refused)?;
            let Some(reading) = rows else {
                let done = query.execute(&mut connection.client).await.map_err(refused)?;
                let count = usize::try_from(done.total()).unwrap_or(usize::MAX);
                return Ok(Done { count, ..Done::default() });
            };
            let answer = query.query(&mut connection.client).await.map_err(refused)?;
            // A cursor gives each row as a result of its own.
            let results = answer.into_results().await.map_err(refused)?;
            let (mut rows, mut count) = (Vec::new(), 0);
            for row in results.into_iter().flatten() {
                let mut row = values::OfResult(row.into_iter().map(Some).collect());
                reading.read::<Self>(&mut row, &mut rows).map_err(AdapterError::query)?;
                count += 1;
            }
            Ok(Done { count, rows, last_id: None })
        })
    }

    fn script<'a>(connection: &'a mut Connection<Self>, sql: &'a str) -> Work<'a, ()> {
        Box::pin(async move {
            connection.settle().await.map_err(Self::refused)?;
            connection.batch(sql).await.map_err(Self::refused)
        })
    }

    fn load<'v>(kind: Kind<'_>, value: ValueRef<'v>) -> ValueRef<'v> {
        load_plain(kind, value)
    }

    fn begin(begin: Begin) -> Vec<String> {
        // There are no transactions that only read.
        let level = begin.isolation.unwrap_or(Isolation::ReadCommitted).sql();
        vec![format!("SET TRANSACTION ISOLATION LEVEL {level}; BEGIN TRANSACTION")]
    }

    fn refused(error: sqlx::Error) -> AdapterError {
        refusal::refused(error, None)
    }

    fn savepoint(name: &str) -> String {
        format!("SAVE TRANSACTION {name}")
    }

    fn release(_: &str) -> Option<String> {
        None
    }

    fn rollback_to(name: &str) -> String {
        format!("ROLLBACK TRANSACTION {name}")
    }

    fn cursor(name: &str, sql: &str) -> String {
        format!("DECLARE {name} CURSOR GLOBAL FORWARD_ONLY STATIC READ_ONLY FOR {sql}; OPEN {name}")
    }

    fn fetch(name: &str, size: usize, _: usize) -> String {
        // One row at a time is all that `FETCH` gives.
        format!(
            "DECLARE @row int = 0; WHILE @row < {size} BEGIN FETCH NEXT FROM {name}; \
             IF @@FETCH_STATUS <> 0 BREAK; SET @row += 1 END"
        )
    }

    fn close(name: &str) -> String {
        format!("CLOSE {name}; DEALLOCATE {name}")
    }

    fn lock(table: &str) -> Option<String> {
        let name = table.replace('\'', "''");
        Some(format!(
            "EXEC sp_getapplock @Resource = N'ectomorph_{name}', @LockMode = 'Exclusive', \
             @LockOwner = 'Transaction', @LockTimeout = -1"
        ))
    }
}
