//! PostgreSQL, and what is compatible with it.
//!
//! Params have the types that the server infers, as in Ecto's adapter: a statement is prepared first, and a value that
//! does not fit its place is an error before anything is sent. Values come and go in the binary format.

mod decode;
mod encode;
mod numeric;
mod refusal;

use super::server::config::{STATEMENTS, put_credentials, read_url};
use super::server::{Call, Config, Connection, Done, Driver, Kind, Server, Work};
use super::sql::ddl::{self, Ddl};
use super::sql::query::{self, Dialect};
use crate::adapter::{AdapterError, Begin, Capability, Outcome};
use crate::types::{Type, uuid};
use crate::value::Value;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Executor, Statement};

/// The repo's PostgreSQL.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use ectomorph::adapters::postgres::Postgres;
/// use ectomorph::adapters::server::Config;
///
/// let postgres = Postgres::connect("postgres://postgres:postgres@localhost/hello_dev").await?;
/// let config = Config::url("postgres://localhost")?.username("postgres").database("hello_dev").pool_size(5);
/// let the_same = Postgres::connect_with(config.password("postgres")).await?;
/// # Ok(()) }
/// ```
pub type Postgres = Server<PostgresDriver>;

/// What PostgreSQL does in its own way.
#[derive(Clone, Copy, Debug)]
pub struct PostgresDriver;

impl Driver for PostgresDriver {
    type Database = sqlx::Postgres;
    const NAME: &'static str = "postgres";
    const DIALECT: &'static (dyn Dialect + Sync) = &query::Postgres;
    const DDL: &'static (dyn Ddl + Sync) = &ddl::Postgres;
    const DDL_TRANSACTION: bool = true;
    const BEGIN: &'static str = "BEGIN";

    fn options(config: &mut Config) -> Outcome<PgConnectOptions> {
        let options: PgConnectOptions = read_url(&config.url)?;
        Ok(put_credentials!(options.statement_cache_capacity(STATEMENTS), config))
    }

    fn supports(_: Capability) -> bool {
        true
    }

    fn run<'a>(connection: &'a mut Connection<Self>, call: Call<'a>) -> Work<'a, Done> {
        Box::pin(async move {
            let statement = (&mut *connection).prepare(call.sql).await.map_err(refusal::refused)?;
            let kinds = match statement.parameters() {
                Some(sqlx::Either::Left(kinds)) => kinds,
                _ => &[],
            };
            let arguments = encode::arguments(call.params, kinds)?;
            let query = statement.query_with(arguments);
            match call.rows {
                true => {
                    let rows = query.fetch_all(connection).await.map_err(refusal::refused)?;
                    let rows: Result<Vec<_>, String> = rows.iter().map(decode::row).collect();
                    let rows = rows.map_err(AdapterError::query)?;
                    Ok(Done { count: rows.len(), rows, last_id: None })
                }
                false => {
                    let done = query.execute(connection).await.map_err(refusal::refused)?;
                    let count = usize::try_from(done.rows_affected()).unwrap_or(usize::MAX);
                    Ok(Done { count, ..Done::default() })
                }
            }
        })
    }

    fn script<'a>(connection: &'a mut Connection<Self>, sql: &'a str) -> Work<'a, ()> {
        Box::pin(async move {
            let done = connection.execute(sqlx::raw_sql(sql)).await;
            done.map(drop).map_err(refusal::refused)
        })
    }

    fn load(kind: Kind<'_>, value: Value) -> Value {
        match (kind, &value) {
            (Kind::Type(kind), Value::Binary(bytes)) if kind.base() == Type::BinaryId => {
                match <[u8; 16]>::try_from(&**bytes) {
                    Ok(bytes) => Value::String(uuid::text(bytes)),
                    Err(_) => value,
                }
            }
            _ => value,
        }
    }

    fn begin(begin: Begin) -> Vec<String> {
        let level =
            begin.isolation.map_or(String::new(), |level| format!(" ISOLATION LEVEL {}", level.sql()));
        vec![format!("BEGIN{level}{}", if begin.read_only { " READ ONLY" } else { "" })]
    }

    fn refused(error: sqlx::Error) -> AdapterError {
        refusal::refused(error)
    }

    fn cursor(name: &str, sql: &str) -> String {
        format!("DECLARE {name} NO SCROLL CURSOR FOR {sql}")
    }

    fn fetch(name: &str, size: usize, _: usize) -> String {
        format!("FETCH FORWARD {size} FROM {name}")
    }

    fn close(name: &str) -> String {
        format!("CLOSE {name}")
    }

    fn lock(table: &str) -> Option<String> {
        Some(format!("LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE"))
    }
}
