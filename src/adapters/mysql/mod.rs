//! MySQL and MariaDB.
//!
//! There is no `RETURNING`: an insert answers with the key that the database gave, and with nothing else. Changes of
//! tables are in no transaction.

mod refusal;
mod values;

use super::server::config::{STATEMENTS, put_credentials, read_url};
use super::server::{Call, Config, Connection, Done, Driver, Kind, Server, Work};
use super::sql::ddl::{self, Ddl};
use super::sql::query::{self, Dialect};
use crate::adapter::{AdapterError, Begin, Capability, Outcome};
use crate::value::ValueRef;
use sqlx::Executor;
use sqlx::mysql::{MySqlConnectOptions, MySqlRow};

/// The repo's MySQL.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use ectomorph::adapters::mysql::MySql;
///
/// let mysql = MySql::connect("mysql://root:secret@localhost/hello_dev").await?;
/// # Ok(()) }
/// ```
pub type MySql = Server<MySqlDriver>;

/// What MySQL does in its own way.
#[derive(Clone, Copy, Debug)]
pub struct MySqlDriver;

impl Driver for MySqlDriver {
    type Database = sqlx::MySql;
    const NAME: &'static str = "mysql";
    const DIALECT: &'static (dyn Dialect + Sync) = &query::MySql;
    const DDL: &'static (dyn Ddl + Sync) = &ddl::MySql;
    const DDL_TRANSACTION: bool = false;
    const UNDOES_CURSORS: bool = false;
    const BEGIN: &'static str = "BEGIN";
    const PORTION: usize = 65_535;
    const CURSOR_COLUMNS: usize = 1;

    fn options(config: &mut Config) -> Outcome<MySqlConnectOptions> {
        let options: MySqlConnectOptions = read_url(&config.url)?;
        Ok(put_credentials!(options.statement_cache_capacity(STATEMENTS), config))
    }

    fn supports(capability: Capability) -> bool {
        !matches!(capability, Capability::Returning | Capability::ConflictTarget)
    }

    fn run<'a>(connection: &'a mut Connection<Self>, call: Call<'a>) -> Work<'a, Done> {
        Box::pin(async move {
            let Call { sql, params, rows, about } = call;
            let query = sqlx::query_with(sql, values::arguments(params)?);
            let refused = |error| refusal::refused(error, about);
            if let Some(reading) = rows {
                let mut rows = Vec::new();
                let read = |row: MySqlRow| {
                    let read = reading.read::<Self>(&mut values::OfResult(&row), &mut rows);
                    read.map_err(|error| sqlx::Error::Decode(error.into()))
                };
                let count = match query.try_map(read).fetch_all(connection).await {
                    Err(sqlx::Error::Decode(error)) => return Err(AdapterError::query(error.to_string())),
                    read => read.map_err(refused)?.len(),
                };
                return Ok(Done { count, rows, last_id: None });
            }
            let done = query.execute(connection).await.map_err(refused)?;
            Ok(Done {
                count: usize::try_from(done.rows_affected()).unwrap_or(usize::MAX),
                rows: Vec::new(),
                last_id: i64::try_from(done.last_insert_id()).ok().filter(|id| *id != 0),
            })
        })
    }

    fn script<'a>(connection: &'a mut Connection<Self>, sql: &'a str) -> Work<'a, ()> {
        Box::pin(async move {
            let done = connection.execute(sqlx::raw_sql(sql)).await;
            done.map(drop).map_err(Self::refused)
        })
    }

    fn load<'v>(kind: Kind<'_>, value: ValueRef<'v>) -> ValueRef<'v> {
        values::load(kind, value)
    }

    fn begin(begin: Begin) -> Vec<String> {
        let level = begin.isolation.map(|level| format!("SET TRANSACTION ISOLATION LEVEL {}", level.sql()));
        let start = if begin.read_only { "START TRANSACTION READ ONLY" } else { Self::BEGIN };
        level.into_iter().chain([start.to_owned()]).collect()
    }

    fn refused(error: sqlx::Error) -> AdapterError {
        refusal::refused(error, None)
    }

    fn cursor(name: &str, sql: &str) -> String {
        // The protocol's cursors are not to be had here, so the rows wait in a table of their own.
        format!("CREATE TEMPORARY TABLE {name} (ectomorph_row bigint AUTO_INCREMENT PRIMARY KEY) AS {sql}")
    }

    fn fetch(name: &str, size: usize, read: usize) -> String {
        format!("SELECT * FROM {name} WHERE ectomorph_row > {read} ORDER BY ectomorph_row LIMIT {size}")
    }

    fn close(name: &str) -> String {
        format!("DROP TEMPORARY TABLE {name}")
    }

    fn lock(table: &str) -> Option<String> {
        // An hour, the most that TiDB allows: whoever asks gives up when its own time is over.
        Some(format!("SELECT GET_LOCK({}, 3600)", lock_name(table)))
    }

    fn unlock(table: &str) -> Option<String> {
        Some(format!("DO RELEASE_LOCK({})", lock_name(table)))
    }
}

/// The name of a lock, which is the server's: of this database, and within 64 characters.
fn lock_name(table: &str) -> String {
    let table = table.replace(['`', '\'', '\\'], "");
    format!("CONCAT('ectomorph_', SHA1(CONCAT(DATABASE(), '.{table}')))")
}
