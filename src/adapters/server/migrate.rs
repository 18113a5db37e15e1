//! Migrations.

use super::transaction::{InTransaction, Open};
use super::{Call, Driver, Reading, Server};
use crate::adapter::{AdapterError, Begin, Outcome, Task, Transaction};
use crate::migration::{Command, Migrate, MigrateTransaction, MigrationLock, VersionTable};
use crate::value::Value;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long until a lock is tried again.
const AGAIN: Duration = Duration::from_millis(20);

impl<D: Driver> Migrate for Server<D> {
    fn supports_ddl_transaction(&self) -> bool {
        D::DDL_TRANSACTION
    }

    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        Task::later(async move {
            let mut connection = self.connection().await?.connection;
            for sql in D::DDL.statements(command)? {
                let mut done = D::script(&mut connection, &sql).await;
                // PostgreSQL looks whether a table is there before others that make it have made it: it is there now.
                if done.is_err() && matches!(command, Command::CreateTable { if_not_exists: true, .. }) {
                    done = D::script(&mut connection, &sql).await;
                }
                done?;
            }
            Ok(Vec::new())
        })
    }

    fn describe_ddl(&self, command: &Command) -> String {
        described::<D>(command)
    }

    fn begin_ddl(&self) -> Task<'_, Outcome<Arc<dyn MigrateTransaction>>> {
        Task::later(async move {
            Ok(Arc::new(InTransaction(self.open_transaction(Begin::default()).await?))
                as Arc<dyn MigrateTransaction>)
        })
    }

    fn versions<'a>(&'a self, table: &'a VersionTable) -> Task<'a, Outcome<Vec<i64>>> {
        Task::later(async move {
            let mut connection = self.connection().await?.connection;
            let sql = format!("SELECT {} FROM {}", quoted::<D>("version")?, table_name::<D>(table)?);
            let call = Call { sql: &sql, params: Vec::new(), rows: Some(Reading::plain()), about: None };
            let rows = D::run(&mut connection, call).await?.rows;
            Ok(rows.iter().filter_map(|row| row.first().and_then(Value::as_integer)).collect())
        })
    }

    fn lock_for_migrations<'a>(
        &'a self,
        table: &'a VersionTable,
    ) -> Task<'a, Outcome<Box<dyn MigrationLock>>> {
        Task::later(async move {
            let limit = self.config.migration_lock_timeout;
            let within =
                tokio::time::timeout(limit, self.gate.enter()).await.unwrap_or_else(|_| Err(busy()))?;
            if let Some(file) = D::lock_file(&self.config) {
                let file = tokio::time::timeout(limit, locked(file)).await.unwrap_or_else(|_| Err(busy()))?;
                return Ok(Box::new(Alone { _file: file, _within: within }) as Box<dyn MigrationLock>);
            }
            let Some(sql) = D::lock(&table_name::<D>(table)?) else { return Ok(within) };
            if self.config.pool_size < 2 {
                return Err(AdapterError::environment(
                    "migrations need two connections, one of them for the lock: raise `pool_size`",
                ));
            }
            let open = self.open_transaction(Begin::default()).await?;
            let answer =
                tokio::time::timeout(limit, open.rows(&sql)).await.unwrap_or_else(|_| Err(busy()))?;
            if let Some([Value::Null | Value::Integer(0)]) = answer.first().map(Vec::as_slice) {
                return Err(busy());
            }
            let unlock = D::unlock(&table_name::<D>(table)?);
            Ok(Box::new(Locked { open, within, unlock }) as Box<dyn MigrationLock>)
        })
    }
}

/// That another migrator has the lock.
fn busy() -> AdapterError {
    AdapterError::environment(
        "another migrator is at work and did not end in time: wait for it, or end it; `migration_lock_timeout` says how long",
    )
}

/// A file, once no other program has it.
async fn locked(path: PathBuf) -> Outcome<File> {
    let refused = |error: std::io::Error| {
        AdapterError::environment(format!(
            "{}, which keeps other migrators out, can't be locked: {error}",
            path.display()
        ))
    };
    let file = File::create(&path).map_err(refused)?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // A thread that waits for the lock could not be told that nobody waits for it any more.
            Err(TryLockError::WouldBlock) => tokio::time::sleep(AGAIN).await,
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
    }
}

/// A lock on a file, which ends with it, and on this program's gate.
struct Alone {
    _file: File,
    _within: Box<dyn MigrationLock>,
}

impl MigrationLock for Alone {
    fn release(self: Box<Self>) -> Task<'static, Outcome<()>> {
        Task::ready(Ok(()))
    }
}

/// A lock on the table of migrations, and on this program's gate.
struct Locked<D: Driver> {
    open: Arc<Open<D>>,
    within: Box<dyn MigrationLock>,
    unlock: Option<String>,
}

impl<D: Driver> MigrationLock for Locked<D> {
    fn release(self: Box<Self>) -> Task<'static, Outcome<()>> {
        Task::later(async move {
            if let Some(sql) = &self.unlock {
                self.open.script(sql).await?;
            }
            let ended = InTransaction(self.open).commit().await;
            self.within.release().await?;
            ended
        })
    }
}

impl<D: Driver> MigrateTransaction for InTransaction<D> {
    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        Task::later(async move {
            for sql in D::DDL.statements(command)? {
                self.script(&sql).await?;
            }
            Ok(Vec::new())
        })
    }

    fn describe_ddl(&self, command: &Command) -> String {
        described::<D>(command)
    }
}

/// The text of a command.
fn described<D: Driver>(command: &Command) -> String {
    D::DDL.statements(command).map_or_else(|error| error.to_string(), |statements| statements.join("\n"))
}

fn table_name<D: Driver>(table: &VersionTable) -> Outcome<String> {
    let name = quoted::<D>(&table.source)?;
    match &table.prefix {
        Some(prefix) => Ok(format!("{}.{name}", quoted::<D>(prefix)?)),
        None => Ok(name),
    }
}

fn quoted<D: Driver>(name: &str) -> Outcome<String> {
    let (open, close) = D::DIALECT.quotes();
    if name.contains([open, close, '\0']) {
        return Err(AdapterError::query(format!("bad name {name:?}")));
    }
    Ok(format!("{open}{name}{close}"))
}
