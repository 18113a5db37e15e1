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
use crate::value::{Value, ValueRef};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Either, Executor, Statement, TypeInfo};
use std::future::poll_fn;

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

/// Types of which lists can be taken apart, written as they are named.
const PLAIN: [&str; 17] = [
    "BOOL",
    "INT2",
    "INT4",
    "INT8",
    "FLOAT4",
    "FLOAT8",
    "NUMERIC",
    "UUID",
    "BYTEA",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    "TEXT",
    "VARCHAR",
    "JSON",
    "JSONB",
];

/// What PostgreSQL does in its own way.
#[derive(Clone, Copy, Debug)]
pub struct PostgresDriver;

impl Driver for PostgresDriver {
    type Database = sqlx::Postgres;
    const NAME: &'static str = "postgres";
    const DIALECT: &'static (dyn Dialect + Sync) = &query::Postgres;
    const DDL: &'static (dyn Ddl + Sync) = &ddl::Postgres;
    const DDL_TRANSACTION: bool = true;
    const UNDOES_CURSORS: bool = true;
    const BEGIN: &'static str = "BEGIN";
    const PORTION: usize = 65_535;

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
                Some(Either::Left(kinds)) => kinds,
                _ => &[],
            };
            let arguments = encode::arguments(call.params, kinds)?;
            let mut answers = connection.fetch_many(statement.query_with(arguments));
            let (mut columns, mut done) = (None, Done::default());
            // Each row is read when it comes: while the server makes the next ones, and without a list of them all.
            while let Some(answer) = poll_fn(|context| answers.as_mut().poll_next(context)).await {
                match (answer.map_err(refusal::refused)?, &call.rows) {
                    (Either::Right(row), Some(reading)) => {
                        let columns = columns.get_or_insert_with(|| decode::Columns::of(&row));
                        let read = reading.read::<Self>(&mut columns.stored(&row), &mut done.rows);
                        read.map_err(AdapterError::query)?;
                        done.count += 1;
                    }
                    (Either::Left(end), None) => {
                        done.count += usize::try_from(end.rows_affected()).unwrap_or(usize::MAX);
                    }
                    _ => {}
                }
            }
            Ok(done)
        })
    }

    fn column_types<'a>(connection: &'a mut Connection<Self>, sql: &'a str) -> Work<'a, Option<Vec<String>>> {
        Box::pin(async move {
            let statement = connection.prepare(sql).await.map_err(refusal::refused)?;
            let Some(Either::Left(kinds)) = statement.parameters() else { return Ok(None) };
            let is_plain = |kind: &&sqlx::postgres::PgTypeInfo| PLAIN.contains(&kind.name());
            let named: Vec<String> = kinds.iter().take_while(is_plain).map(|kind| kind.to_string()).collect();
            Ok(Some(named))
        })
    }

    fn script<'a>(connection: &'a mut Connection<Self>, sql: &'a str) -> Work<'a, ()> {
        Box::pin(async move {
            let done = connection.execute(sqlx::raw_sql(sql)).await;
            done.map(drop).map_err(refusal::refused)
        })
    }

    fn loads(kind: Kind<'_>) -> bool {
        matches!(kind, Kind::Type(kind) if kind.base() == Type::BinaryId)
    }

    fn load<'v>(_: Kind<'_>, value: ValueRef<'v>) -> ValueRef<'v> {
        match value {
            ValueRef::Bytes(bytes) => match <[u8; 16]>::try_from(bytes) {
                Ok(bytes) => ValueRef::Made(Value::String(uuid::text(bytes))),
                Err(_) => value,
            },
            value => value,
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
