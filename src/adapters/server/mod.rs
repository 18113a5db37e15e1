//! What the adapters of databases behind connections share: the pool, transactions, cursors, migrations.
//!
//! A [`Driver`] says what one database does in its own way: its dialect, how values are bound and read, what its errors
//! mean. Statements become text with [`text`]; the connection keeps what it prepared by that text.

mod bulk;
pub(super) mod config;
mod cursor;
mod idle;
mod kinds;
mod lease;
mod migrate;
mod plain;
mod reading;
mod sandbox;
mod transaction;
#[cfg(any(feature = "mssql", feature = "sqlite"))]
pub(super) mod unused;
mod waiting;

pub use config::Config;
pub use kinds::{Kind, json, text_of_json};
pub use plain::{Plain, load_plain};
pub use reading::{Reading, Stored};
pub use sandbox::Sandbox;

use crate::adapter::{
    Adapter, AdapterError, Answer, Begin, Capability, Cursor, Insert, Outcome, Query, Row, Statement, Task,
    Transaction, Waited,
};
use crate::adapters::define::Gate;
use crate::adapters::sql::ddl::Ddl;
use crate::adapters::sql::query::{Dialect, text};
use crate::value::{Value, ValueRef};
use idle::Idle;
use lease::{CheckedOut, Lease, Timed};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use transaction::{InTransaction, Open};
use waiting::pause;

/// A future of a driver.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = Outcome<T>> + Send + 'a>>;

/// The connection of a driver.
pub type Connection<D> = <<D as Driver>::Database as sqlx::Database>::Connection;

/// How to get a connection of a driver.
pub type ConnectOptions<D> = <Connection<D> as sqlx::Connection>::Options;

/// A statement as text.
pub struct Call<'a> {
    /// The text.
    pub sql: &'a str,
    /// What stands at its placeholders.
    pub params: Vec<Value>,
    /// How its rows are read, if it answers with any.
    pub rows: Option<Reading<'a>>,
    /// What it was made of, for the names of constraints.
    pub about: Option<&'a Statement<'a>>,
}

/// What came of a [`Call`].
#[derive(Default)]
pub struct Done {
    /// How many rows were written, or read.
    pub count: usize,
    /// The rows, but those that a sink took.
    pub rows: Vec<Row>,
    /// The key that an insert was given, where there is no `RETURNING`.
    pub last_id: Option<i64>,
}

/// What one database does in its own way.
pub trait Driver: Send + Sync + Sized + 'static {
    /// The database of the connections.
    type Database: sqlx::Database;
    /// The name for people and logs: `postgres`.
    const NAME: &'static str;
    /// Its queries and writes.
    const DIALECT: &'static (dyn Dialect + Sync);
    /// Its migrations.
    const DDL: &'static (dyn Ddl + Sync);
    /// Whether a transaction undoes changes of tables too.
    const DDL_TRANSACTION: bool;
    /// What starts a transaction.
    const BEGIN: &'static str;
    /// How many params a statement that inserts rows has at most.
    const PORTION: usize;
    /// Whether cursors that were opened in a transaction, or since a point in it, end when that is undone.
    const UNDOES_CURSORS: bool;
    /// How many columns a row of a cursor has before its own. With any, all columns of the query get names.
    const CURSOR_COLUMNS: usize = 0;

    /// What a configuration says, as the driver of sqlx takes it.
    ///
    /// # Errors
    ///
    /// A URL that can't be read.
    fn options(config: &mut Config) -> Outcome<ConnectOptions<Self>>;

    /// Whether it can do something.
    fn supports(capability: Capability) -> bool;

    /// Prepares and runs a statement.
    fn run<'a>(connection: &'a mut Connection<Self>, call: Call<'a>) -> Work<'a, Done>;

    /// Runs text without params or rows.
    fn script<'a>(connection: &'a mut Connection<Self>, sql: &'a str) -> Work<'a, ()>;

    /// The types that columns have in the database, by a statement that inserts a row into them, if lists of all of them
    /// can be taken apart into rows.
    fn column_types<'a>(connection: &'a mut Connection<Self>, sql: &'a str) -> Work<'a, Option<Vec<String>>> {
        let _ = (connection, sql);
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Whether values of a kind may be others than the database gave: [`Driver::load`] is asked for those alone.
    fn loads(kind: Kind<'_>) -> bool {
        let _ = kind;
        true
    }

    /// A value as the database gave it, as the stored value of a type.
    fn load<'v>(kind: Kind<'_>, value: ValueRef<'v>) -> ValueRef<'v>;

    /// What starts a transaction that is asked for in a way of its own: the last of these statements, after the others.
    fn begin(begin: Begin) -> Vec<String>;

    /// What an error means that is not about a statement.
    fn refused(error: sqlx::Error) -> AdapterError;

    /// The text that marks a point in a transaction.
    fn savepoint(name: &str) -> String {
        format!("SAVEPOINT {name}")
    }

    /// The text that forgets the point, if there is any such thing.
    fn release(name: &str) -> Option<String> {
        Some(format!("RELEASE SAVEPOINT {name}"))
    }

    /// The text that undoes what was done since the point.
    fn rollback_to(name: &str) -> String {
        format!("ROLLBACK TO SAVEPOINT {name}")
    }

    /// The text that opens a cursor, that reads on from a row, and that closes it.
    fn cursor(name: &str, sql: &str) -> String;
    /// The text that reads the next rows of a cursor, of which some were read.
    fn fetch(name: &str, size: usize, read: usize) -> String;
    /// The text that closes a cursor.
    fn close(name: &str) -> String;

    /// The text that keeps other migrators out until its transaction ends. If it answers with a row, that says whether it does.
    fn lock(table: &str) -> Option<String>;

    /// The file whose lock keeps other migrators out, where the database has none for that. With neither, only those in this
    /// program are kept out.
    fn lock_file(_: &Config) -> Option<std::path::PathBuf> {
        None
    }

    /// The text that lets them in, if the end of the transaction does not.
    fn unlock(_: &str) -> Option<String> {
        None
    }
}

/// A database behind a pool of connections. Clones share the pool.
pub struct Server<D: Driver> {
    pool: sqlx::Pool<D::Database>,
    idle: Arc<Idle<D::Database>>,
    config: Arc<Config>,
    gate: Gate,
}

impl<D: Driver> Clone for Server<D> {
    fn clone(&self) -> Self {
        Server {
            pool: self.pool.clone(),
            idle: self.idle.clone(),
            config: self.config.clone(),
            gate: self.gate.clone(),
        }
    }
}

impl<D: Driver> std::fmt::Debug for Server<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({:?})", D::NAME, self.config)
    }
}

impl<D: Driver> Server<D> {
    /// Connects to the database of a URL: `postgres://role:password@machine:5432/database`,
    /// `mysql://role:password@machine/database`, `sqlite://hello.db` (made if it is not there), `sqlite::memory:`. A socket of
    /// PostgreSQL is a `host` among its params: `postgres:///database?host=/run/postgresql`. SQL Server is
    /// `mssql://role:password@machine/database?encrypt=on`.
    ///
    /// # Errors
    ///
    /// A URL that can't be read; a machine that does not answer; a role, password or database that is wrong; a file
    /// that can't be opened.
    pub async fn connect(url: impl AsRef<str>) -> Outcome<Server<D>> {
        Server::connect_with(Config::url(url)?).await
    }

    /// Connects to the database of a configuration: once, so that what is wrong shows at the start. The pool connects when
    /// it has to.
    ///
    /// # Errors
    ///
    /// As [`Server::connect`].
    pub async fn connect_with(mut config: Config) -> Outcome<Server<D>> {
        let options = D::options(&mut config)?;
        let first = options.clone();
        let opened = async move {
            let connection = sqlx::ConnectOptions::connect(&first).await?;
            sqlx::Connection::close(connection).await
        };
        // In memory, a database is its one connection.
        if !config.single {
            match tokio::time::timeout(config.connect_timeout, opened).await {
                Ok(opened) => opened.map_err(|error| config.explained(D::refused(error)))?,
                Err(_) => return Err(config.explained(AdapterError::environment("no answer in time"))),
            }
        }
        let pool = sqlx::pool::PoolOptions::<D::Database>::new()
            .max_connections(if config.single { 1 } else { config.pool_size })
            .acquire_timeout(config.pool_timeout)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(options);
        Ok(Server { pool, idle: Idle::new(), config: Arc::new(config), gate: Gate::default() })
    }

    /// Runs SQL of this database with params and gives its rows, each a list of values.
    ///
    /// # Errors
    ///
    /// The database's.
    pub async fn query(&self, sql: &str, params: Vec<Value>) -> Outcome<Answer> {
        let mut lease = self.lease().await?;
        let done =
            D::run(lease.sent(), Call { sql, params, rows: Some(Reading::plain()), about: None }).await;
        lease.answered();
        let done = done?;
        Ok(Answer { count: done.rows.len(), rows: done.rows })
    }

    /// Runs SQL of this database that gives no rows; there may be several statements in it.
    ///
    /// # Errors
    ///
    /// The database's.
    pub async fn execute(&self, sql: &str) -> Outcome<()> {
        let mut lease = self.lease().await?;
        let done = D::script(lease.sent(), sql).await;
        lease.answered();
        done
    }

    /// Waits for the connections that are in use, and closes them all.
    pub async fn close(&self) {
        let closed = self.pool.close();
        self.idle.clear();
        closed.await;
    }

    async fn connection(&self) -> Outcome<Timed<D::Database>> {
        let start = Instant::now();
        let timed = self.idle.take(&self.pool).await.map_err(|error| self.unavailable(error))?;
        let queue = nanoseconds(start.elapsed());
        let idle = timed.since.map(|since| nanoseconds(start.saturating_duration_since(since)));
        Waited { queue, idle }.tell();
        Ok(timed)
    }

    async fn lease(&self) -> Outcome<Lease<D::Database>> {
        Ok(Lease::new(self.connection().await?, self.idle.clone(), self.pool.clone()))
    }

    fn unavailable(&self, error: sqlx::Error) -> AdapterError {
        match error {
            sqlx::Error::PoolTimedOut => AdapterError::environment(format!(
                "no connection was free within {} ms: all {} are in use; raise `pool_size` or `pool_timeout`, or hold them shorter",
                self.config.pool_timeout.as_millis(),
                if self.config.single { 1 } else { self.config.pool_size },
            )),
            error => self.config.explained(D::refused(error)),
        }
    }

    async fn open_transaction(&self, begin: Begin) -> Outcome<Arc<Open<D>>> {
        pause(begin.attempt).await;
        Open::begin(self.lease().await?, self.config.clone(), begin).await
    }

    async fn run_in(&self, statement: Statement<'_>, time: Duration) -> Outcome {
        run_on::<D>(self.lease().await?, statement, time).await
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Runs a statement on a connection that is given back afterwards.
async fn run_on<D: Driver>(
    mut lease: Lease<D::Database>,
    statement: Statement<'_>,
    time: Duration,
) -> Outcome {
    let statement = unordered(statement);
    let (connection, watch) = lease.sent_within();
    let outcome = watch.within(time, run::<D>(connection, &statement)).await?;
    match outcome {
        Err(AdapterError::Environment { .. }) => lease.answered(),
        _ => lease.is_well(),
    }
    outcome
}

/// The statement without an order that nobody needs.
fn unordered(statement: Statement<'_>) -> Statement<'_> {
    match statement {
        Statement::Query(query) if query.any_order => {
            Statement::Query(Query { plan: query.plan.unordered(), ..query })
        }
        statement => statement,
    }
}

/// A statement as Ecto writes it, for the query log.
fn described<D: Driver>(statement: &Statement<'_>) -> String {
    text(D::DIALECT, statement).map_or_else(|error| error.to_string(), |written| written.sql)
}

/// The error of a server itself, or what else went wrong on the way to it.
#[cfg(any(feature = "mssql", feature = "mysql", feature = "postgres"))]
pub(super) fn of_server<E: sqlx::error::DatabaseError>(error: sqlx::Error) -> Result<Box<E>, AdapterError> {
    match error {
        sqlx::Error::Database(error) => {
            error.try_downcast().map_err(|error| AdapterError::environment(error.to_string()))
        }
        sqlx::Error::Encode(error) => Err(AdapterError::query(error.to_string())),
        sqlx::Error::Io(error) => {
            let message = format!("the server can't be reached, or closed the connection: {error}");
            Err(AdapterError::environment(message))
        }
        error => Err(AdapterError::environment(error.to_string())),
    }
}

/// What a server said about connecting to it, and how that is mended.
#[cfg(any(feature = "mssql", feature = "mysql", feature = "postgres"))]
pub(super) fn wrong(message: &str, mend: &str) -> AdapterError {
    AdapterError::environment(format!("{message}: {mend}"))
}

/// Runs a statement on a connection.
async fn run<D: Driver>(connection: &mut Connection<D>, statement: &Statement<'_>) -> Outcome {
    // Without `RETURNING` the database still says which key it gave.
    if let (false, Statement::Insert(insert)) = (D::supports(Capability::Returning), statement)
        && insert.returning.len() == 1
    {
        let bare = Statement::Insert(Insert { returning: &[], ..insert.clone() });
        let written = text(D::DIALECT, &bare)?;
        let call = Call { sql: &written.sql, params: written.params, rows: None, about: Some(statement) };
        let done = D::run(connection, call).await?;
        let rows = done.last_id.filter(|_| done.count > 0).map(|id| vec![Value::Integer(id)]);
        return Ok(Answer { count: done.count.min(1), rows: rows.into_iter().collect() });
    }
    let done = match bulk::of(statement) {
        Some((insert, cells)) => bulk::insert_all::<D>(connection, statement, insert, cells).await?,
        None => {
            let written = text(D::DIALECT, statement)?;
            let rows = Reading::of::<D>(statement);
            let call = Call { sql: &written.sql, params: written.params, rows, about: Some(statement) };
            D::run(connection, call).await?
        }
    };
    Ok(Answer { count: done.count, rows: done.rows })
}

impl<D: Driver> Adapter for Server<D> {
    fn name(&self) -> &str {
        D::NAME
    }

    fn supports(&self, capability: Capability) -> bool {
        D::supports(capability)
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        Task::later(self.run_in(statement, self.config.timeout))
    }

    fn run_within<'a>(&'a self, statement: Statement<'a>, time: Duration) -> Task<'a, Outcome> {
        Task::later(self.run_in(statement, time))
    }

    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        self.stream_within(query, size, self.config.timeout)
    }

    fn stream_within<'a>(
        &'a self,
        query: Query<'a>,
        size: usize,
        time: Duration,
    ) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        Task::later(async move {
            let open = self.open_transaction(Begin::default()).await?;
            cursor::open(open, query, size, time).await
        })
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        self.begin_with(Begin::default())
    }

    fn begin_with(&self, begin: Begin) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        Task::later(async move {
            Ok(Arc::new(InTransaction(self.open_transaction(begin).await?)) as Arc<dyn Transaction>)
        })
    }

    fn checkout(&self) -> Task<'_, Outcome<Option<Arc<dyn Adapter>>>> {
        Task::later(async move {
            let adapter = CheckedOut::<D>::new(self.connection().await?, self.config.clone());
            Ok(Some(Arc::new(adapter) as Arc<dyn Adapter>))
        })
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        described::<D>(statement)
    }
}
