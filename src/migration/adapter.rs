//! The contract of databases that migrations can run on.

use super::Command;
use crate::adapter::{Adapter, Outcome, Task, Transaction};
use crate::value::Str;
use std::sync::Arc;

/// An adapter whose tables can be created and changed: Ecto.Adapter.Migration.
pub trait Migrate: Adapter {
    /// Whether a transaction undoes changes of tables too. Where not, a migration runs without one.
    fn supports_ddl_transaction(&self) -> bool;

    /// Executes a command outside any transaction. Answers with what the database remarks, for the log.
    ///
    /// # Errors
    ///
    /// What is there or not there against the command's word, a feature that is missing, the environment's.
    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>>;

    /// What [`execute_ddl`](Migrate::execute_ddl) would send, for logs: SQL, or the command in words.
    fn describe_ddl(&self, command: &Command) -> String {
        command.describe()
    }

    /// Starts a transaction in which commands can be executed.
    ///
    /// # Errors
    ///
    /// The environment's.
    fn begin_ddl(&self) -> Task<'_, Outcome<Arc<dyn MigrateTransaction>>>;

    /// The versions in a table of migrations, in any order.
    ///
    /// # Errors
    ///
    /// There is no such table, or the environment's.
    fn versions<'a>(&'a self, table: &'a VersionTable) -> Task<'a, Outcome<Vec<i64>>>;

    /// Waits until no other migrator is at work on these tables, and keeps others out until the lock is released
    /// or dropped.
    ///
    /// # Errors
    ///
    /// The environment's.
    fn lock_for_migrations<'a>(
        &'a self,
        table: &'a VersionTable,
    ) -> Task<'a, Outcome<Box<dyn MigrationLock>>>;
}

/// A transaction in which tables can be created and changed.
pub trait MigrateTransaction: Transaction {
    /// Executes a command; see [`Migrate::execute_ddl`].
    ///
    /// # Errors
    ///
    /// As [`Migrate::execute_ddl`].
    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>>;

    /// What it would send; see [`Migrate::describe_ddl`].
    fn describe_ddl(&self, command: &Command) -> String {
        command.describe()
    }
}

/// What keeps other migrators out.
pub trait MigrationLock: Send {
    /// Lets others in.
    ///
    /// # Errors
    ///
    /// The environment's; others are let in nevertheless.
    fn release(self: Box<Self>) -> Task<'static, Outcome<()>>;
}

/// The table that says which migrations have run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionTable {
    /// Its name; `schema_migrations` by default.
    pub source: Str,
    /// Its prefix.
    pub prefix: Option<Str>,
}

impl Default for VersionTable {
    fn default() -> Self {
        VersionTable { source: Str::Static("schema_migrations"), prefix: None }
    }
}

/// What a migration runs on: the adapter, or its transaction. Functions get it.
#[derive(Clone)]
pub struct Running(On);

#[derive(Clone)]
enum On {
    Adapter(Arc<dyn Migrate>),
    Transaction(Arc<dyn MigrateTransaction>),
}

impl Running {
    pub(super) fn on(adapter: Arc<dyn Migrate>) -> Running {
        Running(On::Adapter(adapter))
    }

    pub(super) fn within(transaction: Arc<dyn MigrateTransaction>) -> Running {
        Running(On::Transaction(transaction))
    }

    /// The adapter, for a repo or for statements of its own.
    pub fn adapter(&self) -> Arc<dyn Adapter> {
        match &self.0 {
            On::Adapter(adapter) => adapter.clone(),
            On::Transaction(transaction) => transaction.clone(),
        }
    }

    /// Whether a failure undoes all that came before.
    pub fn in_transaction(&self) -> bool {
        matches!(self.0, On::Transaction(_))
    }

    /// Runs a statement of the database.
    pub fn execute(self, sql: impl Into<Str>) -> Task<'static, Outcome<()>> {
        let command = Command::Execute { sql: sql.into() };
        Task::later(async move { self.command(&command).await.map(drop) })
    }

    /// Executes a command.
    pub(super) fn command<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        match &self.0 {
            On::Adapter(adapter) => adapter.execute_ddl(command),
            On::Transaction(transaction) => transaction.execute_ddl(command),
        }
    }
}
