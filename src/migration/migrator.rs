//! [`Migrator`]: runs migrations on an adapter.

use super::event::{Event, Observer};
use super::pending::{Status, Target, pending, refuse_duplicates};
use super::{
    Column, ColumnOptions, Command, Defaults, Migrate, Migration, MigrationError, PrimaryKey, Run, Running,
    Step, Table, VersionTable,
};
use crate::adapter::{
    Adapter, AdapterError, Delete, Environment, Insert, OnConflict, Outcome, SchemaMeta, Statement,
};
use crate::value::{Str, UtcDatetime, Value};
use std::sync::Arc;

/// Runs migrations on a database, each once, in the order of their versions; Ecto.Migrator.
///
/// Which ones have run says the table `schema_migrations` (`version`, `inserted_at`), which is made when it is not
/// there. Each migration runs in a transaction of its own, with its row of that table, so one that fails leaves the
/// database as the one before left it. A lock keeps other migrators out meanwhile: each migration runs once, however
/// many programs start at once.
///
/// ```no_run
/// # async fn at_start(adapter: std::sync::Arc<dyn ectomorph::migration::Migrate>,
/// #     environment: std::sync::Arc<dyn ectomorph::adapter::Environment>) -> Result<(), Box<dyn std::error::Error>> {
/// use ectomorph::migration;
/// use ectomorph::migration::{Migrator, Target};
///
/// let migrations = [migration!(20170523151118, create_users, |m| {
///     m.create("users", |t| t.add("email", "string").timestamps());
/// })];
/// let migrator = Migrator::new(adapter, environment, migrations).observe(|event| println!("{event}"));
/// migrator.migrate(Target::All).await?;
/// # Ok(()) }
/// ```
pub struct Migrator {
    adapter: Arc<dyn Migrate>,
    environment: Arc<dyn Environment>,
    migrations: Vec<Migration>,
    defaults: Defaults,
    table: VersionTable,
    lock: bool,
    strict: bool,
    observer: Option<Box<Observer>>,
}

type Result<T> = std::result::Result<T, MigrationError>;

impl Migrator {
    /// A migrator of these migrations, in any order.
    pub fn new(
        adapter: Arc<dyn Migrate>,
        environment: Arc<dyn Environment>,
        migrations: impl IntoIterator<Item = Migration>,
    ) -> Migrator {
        let mut migrations: Vec<Migration> = migrations.into_iter().collect();
        migrations.sort_by(|one, other| (one.version, &one.name).cmp(&(other.version, &other.name)));
        Migrator {
            adapter,
            environment,
            migrations,
            defaults: Defaults::default(),
            table: VersionTable::default(),
            lock: true,
            strict: false,
            observer: None,
        }
    }

    /// Sets what migrations need not say. A prefix is that of `schema_migrations` too.
    pub fn defaults(mut self, defaults: Defaults) -> Migrator {
        self.table.prefix = defaults.prefix.clone();
        self.defaults = defaults;
        self
    }

    /// Keeps versions in another table than `schema_migrations`.
    pub fn source(mut self, source: impl Into<Str>) -> Migrator {
        self.table.source = source.into();
        self
    }

    /// Keeps nobody out.
    pub fn without_lock(mut self) -> Migrator {
        self.lock = false;
        self
    }

    /// Has [`up`](Migrator::up) refuse a version older than one that has run.
    pub fn strict_version_order(mut self) -> Migrator {
        self.strict = true;
        self
    }

    /// Tells what happens: the log of a run.
    pub fn observe(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Migrator {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Runs pending migrations. Answers with their versions.
    ///
    /// # Errors
    ///
    /// A migration is written wrong or fails; those before it have run. Two pending ones share a version or a name;
    /// none has run then.
    pub async fn migrate(&self, target: Target) -> Result<Vec<i64>> {
        self.run(true, target).await
    }

    /// Rolls back migrations that have run, latest first. Answers with their versions.
    ///
    /// One that has run, but is not among the migrations any more, is skipped.
    ///
    /// # Errors
    ///
    /// A migration can't be reversed or fails; those before it are rolled back.
    pub async fn rollback(&self, target: Target) -> Result<Vec<i64>> {
        self.run(false, target).await
    }

    /// Runs one migration; false if it has run already.
    ///
    /// # Errors
    ///
    /// It is written wrong, fails, or the order of versions is strict and a later one has run.
    pub async fn up(&self, migration: &Migration) -> Result<bool> {
        let versions = self.migrated_versions().await?;
        let latest = versions.last().copied().filter(|latest| *latest > migration.version);
        if let Some(latest) = latest
            && !versions.contains(&migration.version)
        {
            if self.strict {
                return Err(MigrationError::OutOfOrder { version: migration.version, latest });
            }
            self.tell(&Event::OlderThanLatest { migration, latest });
        }
        self.run_one(migration, true).await
    }

    /// Rolls back one migration; false if it has not run.
    ///
    /// # Errors
    ///
    /// It can't be reversed, or fails.
    pub async fn down(&self, migration: &Migration) -> Result<bool> {
        self.create_table().await?;
        self.run_one(migration, false).await
    }

    /// The versions that have run, in order.
    ///
    /// # Errors
    ///
    /// The database's.
    pub async fn migrated_versions(&self) -> Result<Vec<i64>> {
        self.create_table().await?;
        self.versions().await
    }

    /// Every migration, in the order of versions, and whether it has run.
    ///
    /// # Errors
    ///
    /// The database's.
    pub async fn migrations(&self) -> Result<Vec<Status>> {
        let versions = self.migrated_versions().await?;
        let known = self.migrations.iter().map(|migration| Status {
            version: migration.version,
            name: Some(migration.name.clone()),
            up: versions.contains(&migration.version),
        });
        let gone =
            versions.iter().filter(|version| !self.migrations.iter().any(|known| known.version == **version));
        let gone = gone.map(|version| Status { version: *version, name: None, up: true });
        let mut all: Vec<Status> = known.chain(gone).collect();
        all.sort_by_key(|status| status.version);
        Ok(all)
    }

    async fn run(&self, up: bool, target: Target) -> Result<Vec<i64>> {
        self.create_table().await?;
        let lock = self.locked(self.lock).await?;
        let versions = self.versions().await;
        self.release(lock).await?;
        let pending = pending(&self.migrations, &versions?, up, target);
        refuse_duplicates(&pending)?;
        if pending.is_empty() {
            self.tell(&Event::NothingPending { up });
        }
        let mut ran = Vec::with_capacity(pending.len());
        for migration in pending {
            if self.run_one(migration, up).await? {
                ran.push(migration.version);
            }
        }
        Ok(ran)
    }

    async fn run_one(&self, migration: &Migration, up: bool) -> Result<bool> {
        let run = migration.run(up, &self.defaults)?;
        self.warn(migration, &run);
        let lock = self.locked(self.lock && !migration.disable_migration_lock).await?;
        let result = self.run_locked(migration, &run, up).await;
        let released = self.release(lock).await;
        let ran = result?;
        released?;
        Ok(ran)
    }

    async fn run_locked(&self, migration: &Migration, run: &Run, up: bool) -> Result<bool> {
        // Another migrator may have been faster.
        if self.versions().await?.contains(&migration.version) == up {
            return Ok(false);
        }
        if migration.disable_ddl_transaction || !self.adapter.supports_ddl_transaction() {
            let running = Running::on(self.adapter.clone());
            self.steps(migration, run, &running).await?;
            self.record(migration, up, &*self.adapter).await?;
            return Ok(true);
        }
        let in_database = |command: &str, error| failed(Some(migration), command, error);
        let transaction = self.adapter.begin_ddl().await.map_err(|error| in_database("begin", error))?;
        let running = Running::within(transaction.clone());
        let mut result = self.steps(migration, run, &running).await;
        if result.is_ok() {
            result = self.record(migration, up, &*transaction).await;
        }
        match result {
            Ok(()) => transaction.commit().await.map_err(|error| in_database("commit", error))?,
            Err(error) => {
                // What failed matters more than what the rollback says of it.
                let _ = transaction.rollback().await;
                return Err(error);
            }
        }
        Ok(true)
    }

    async fn steps(&self, migration: &Migration, run: &Run, running: &Running) -> Result<()> {
        self.tell(&Event::Running { migration, function: run.function, backward: run.backward });
        let start = self.environment.ticks();
        let (first, last) = migration.hooks();
        let hooks = running.in_transaction();
        let before = first.filter(|_| hooks).map(|function| Step::Call(function.clone()));
        let after = last.filter(|_| hooks).map(|function| Step::Call(function.clone()));
        for step in before.iter().chain(&run.steps).chain(&after) {
            self.step(migration, step, running).await?;
        }
        let nanoseconds = self.environment.ticks().saturating_sub(start);
        self.tell(&Event::Finished { migration, nanoseconds });
        Ok(())
    }

    async fn step(&self, migration: &Migration, step: &Step, running: &Running) -> Result<()> {
        match step {
            Step::Command(command) => {
                let description = command.describe();
                self.tell(&Event::Command { description: &description, command });
                let remarks = running.command(command).await;
                for remark in remarks.map_err(|error| failed(Some(migration), &description, error))? {
                    self.tell(&Event::Remark(&remark));
                }
                Ok(())
            }
            Step::Call(function) => {
                let called = function.call(running.clone()).await;
                called.map_err(|error| failed(Some(migration), "execute a function", error))
            }
        }
    }

    /// Writes, or deletes, the row of a migration.
    async fn record(&self, migration: &Migration, up: bool, adapter: &(impl Adapter + ?Sized)) -> Result<()> {
        let (source, prefix) = (self.table.source.clone(), self.table.prefix.clone());
        let meta = SchemaMeta { source, prefix, schema: None };
        let version = (Str::Static("version"), Value::Integer(migration.version));
        let on_conflict = OnConflict::default();
        let outcome: Outcome = if up {
            let now = UtcDatetime::from_unix(self.environment.unix_microseconds(), 0);
            let now = now.map(|now| Value::NaiveDatetime(now.naive().truncated())).unwrap_or_default();
            let fields = vec![version, (Str::Static("inserted_at"), now)];
            adapter
                .run(Statement::Insert(Insert {
                    meta: &meta,
                    fields,
                    on_conflict: &on_conflict,
                    returning: &[],
                }))
                .await
        } else {
            adapter
                .run(Statement::Delete(Delete { meta: &meta, filters: vec![version], returning: &[] }))
                .await
        };
        outcome.map(drop).map_err(|error| failed(Some(migration), "note the version", error))
    }

    async fn create_table(&self) -> Result<()> {
        let mut table = Table::from(self.table.source.clone());
        table.prefix = self.table.prefix.clone();
        table.primary_key = PrimaryKey::None;
        let key = ColumnOptions { primary_key: true, ..ColumnOptions::default() };
        let version = Column { name: Str::Static("version"), column_type: "bigint".into(), options: key };
        let inserted_at = super::column("naive_datetime").named("inserted_at");
        let columns = vec![version, inserted_at];
        let command = Command::CreateTable { table, columns, if_not_exists: true };
        let created = self.adapter.execute_ddl(&command).await;
        created.map(drop).map_err(|error| failed(None, "create schema migrations table", error))
    }

    async fn versions(&self) -> Result<Vec<i64>> {
        let versions = self.adapter.versions(&self.table).await;
        let mut versions = versions.map_err(|error| failed(None, "read schema migrations table", error))?;
        versions.sort_unstable();
        Ok(versions)
    }

    async fn locked(&self, wanted: bool) -> Result<Option<Box<dyn super::MigrationLock>>> {
        if !wanted {
            return Ok(None);
        }
        let lock = self.adapter.lock_for_migrations(&self.table).await;
        lock.map(Some).map_err(|error| failed(None, "lock for migrations", error))
    }

    async fn release(&self, lock: Option<Box<dyn super::MigrationLock>>) -> Result<()> {
        match lock {
            Some(lock) => lock.release().await.map_err(|error| failed(None, "unlock for migrations", error)),
            None => Ok(()),
        }
    }

    /// Indexes made concurrently need neither a transaction nor the lock.
    fn warn(&self, migration: &Migration, run: &Run) {
        for step in &run.steps {
            if let Step::Command(Command::CreateIndex { index, .. } | Command::DropIndex { index, .. }) = step
                && index.concurrently
            {
                if !migration.disable_ddl_transaction {
                    self.tell(&Event::NeedsSwitch { migration, index, switch: "disable_ddl_transaction" });
                }
                if !migration.disable_migration_lock && self.lock {
                    self.tell(&Event::NeedsSwitch { migration, index, switch: "disable_migration_lock" });
                }
            }
        }
    }

    fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }
}

fn failed(migration: Option<&Migration>, command: &str, error: AdapterError) -> MigrationError {
    let migration = migration.map(Migration::label);
    MigrationError::Database { migration, command: command.to_owned(), error }
}
