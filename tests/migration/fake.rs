//! A database that knows the names of tables and columns, and the rows of one table: enough to see what a migrator does.

use ectomorph::adapter::{
    Adapter, AdapterError, Answer, Capability, Environment, Outcome, Statement, Task, Transaction, now,
};
use ectomorph::migration::{
    Change, Command, Migrate, MigrateTransaction, Migration, MigrationLock, Migrator, VersionTable,
};
use ectomorph::value::{Str, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex};

/// Tables with their columns; the versions that have run with their times; statements of SQL that ran.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub tables: BTreeMap<String, Vec<String>>,
    pub versions: Vec<(i64, Value)>,
    pub statements: Vec<String>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    locked: Mutex<bool>,
    unlocked: Condvar,
    without_transactions: bool,
}

/// The database, or its transaction: the state to go back to.
#[derive(Clone, Default)]
pub struct Fake {
    shared: Arc<Shared>,
    before: Option<State>,
}

impl Fake {
    pub fn new() -> Fake {
        Fake::default()
    }

    /// A database that can't undo changes of tables.
    pub fn without_ddl_transactions() -> Fake {
        Fake { shared: Arc::new(Shared { without_transactions: true, ..Shared::default() }), before: None }
    }

    pub fn state(&self) -> State {
        self.shared.state.lock().expect("no panic").clone()
    }

    pub fn tables(&self) -> Vec<String> {
        self.state().tables.into_keys().filter(|name| name != "schema_migrations").collect()
    }

    pub fn versions(&self) -> Vec<i64> {
        self.state().versions.iter().map(|(version, _)| *version).collect()
    }

    pub fn migrator(&self, migrations: impl IntoIterator<Item = Migration>) -> Migrator {
        Migrator::new(Arc::new(self.clone()), Arc::new(Clock), migrations)
    }

    fn execute(&self, command: &Command) -> Outcome<Vec<String>> {
        let mut state = self.shared.state.lock().expect("no panic");
        let error = |message: String| Err(AdapterError::query(message));
        match command {
            Command::CreateTable { table, columns, if_not_exists } => {
                let name = table.name.to_string();
                if state.tables.contains_key(&name) {
                    let there = format!("relation \"{name}\" already exists");
                    return if *if_not_exists { Ok(vec![there + ", skipping"]) } else { error(there) };
                }
                state.tables.insert(name, columns.iter().map(|column| column.name.to_string()).collect());
            }
            Command::DropTable { table, .. } => match state.tables.remove(&*table.name) {
                Some(_) => {}
                None => return error(format!("table \"{}\" does not exist", table.name)),
            },
            Command::AlterTable { table, changes } => {
                let Some(columns) = state.tables.get_mut(&*table.name) else {
                    return error(format!("table \"{}\" does not exist", table.name));
                };
                for change in changes {
                    match change {
                        Change::Add { column, .. } => columns.push(column.name.to_string()),
                        change => columns.retain(|column| *column != **change.name()),
                    }
                }
            }
            Command::Execute { sql } if sql.contains("nope") => {
                return error("column \"nope\" does not exist".into());
            }
            Command::Execute { sql } => state.statements.push(sql.to_string()),
            _ => {}
        }
        Ok(Vec::new())
    }
}

impl Adapter for Fake {
    fn name(&self) -> &str {
        "fake"
    }

    fn supports(&self, _: Capability) -> bool {
        false
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        let mut state = self.shared.state.lock().expect("no panic");
        match statement {
            Statement::Insert(insert) => {
                assert_eq!(insert.meta.source, "schema_migrations");
                let value =
                    |name: &str| insert.fields.iter().find(|(field, _)| field == name).unwrap().1.clone();
                state.versions.push((value("version").as_integer().unwrap(), value("inserted_at")));
            }
            Statement::Delete(delete) => {
                let version = delete.filters[0].1.as_integer().unwrap();
                state.versions.retain(|(known, _)| *known != version);
            }
            other => panic!("{other:?} is nothing a migrator does"),
        }
        Task::ready(Ok(Answer { count: 1, rows: Vec::new() }))
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        let before = Some(self.state());
        Task::ready(Ok(Arc::new(Fake { shared: self.shared.clone(), before })))
    }

    fn describe(&self, _: &Statement<'_>) -> String {
        String::new()
    }
}

impl Transaction for Fake {
    fn commit(&self) -> Task<'_, Outcome<()>> {
        Task::ready(Ok(()))
    }

    fn rollback(&self) -> Task<'_, Outcome<()>> {
        *self.shared.state.lock().expect("no panic") = self.before.clone().expect("a transaction");
        Task::ready(Ok(()))
    }

    fn savepoint(&self) -> Task<'_, Outcome<()>> {
        Task::ready(Err(AdapterError::unsupported("savepoint")))
    }

    fn release(&self) -> Task<'_, Outcome<()>> {
        Task::ready(Err(AdapterError::unsupported("savepoint")))
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>> {
        Task::ready(Err(AdapterError::unsupported("savepoint")))
    }
}

impl Migrate for Fake {
    fn supports_ddl_transaction(&self) -> bool {
        !self.shared.without_transactions
    }

    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        Task::ready(self.execute(command))
    }

    fn begin_ddl(&self) -> Task<'_, Outcome<Arc<dyn MigrateTransaction>>> {
        let before = Some(self.state());
        Task::ready(Ok(Arc::new(Fake { shared: self.shared.clone(), before })))
    }

    fn versions<'a>(&'a self, _: &'a VersionTable) -> Task<'a, Outcome<Vec<i64>>> {
        Task::ready(Ok(self.versions()))
    }

    fn lock_for_migrations<'a>(&'a self, _: &'a VersionTable) -> Task<'a, Outcome<Box<dyn MigrationLock>>> {
        let mut locked = self.shared.locked.lock().expect("no panic");
        while *locked {
            locked = self.shared.unlocked.wait(locked).expect("no panic");
        }
        *locked = true;
        Task::ready(Ok(Box::new(Lock(self.shared.clone()))))
    }
}

impl MigrateTransaction for Fake {
    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        Task::ready(self.execute(command))
    }
}

struct Lock(Arc<Shared>);

impl MigrationLock for Lock {
    fn release(self: Box<Self>) -> Task<'static, Outcome<()>> {
        Task::ready(Ok(()))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        *self.0.locked.lock().expect("no panic") = false;
        self.0.unlocked.notify_one();
    }
}

/// It is always ten past noon on the first of March.
pub struct Clock;

impl Environment for Clock {
    fn unix_microseconds(&self) -> i64 {
        1_709_295_000_123_456
    }

    fn ticks(&self) -> u64 {
        0
    }

    fn fill(&self, random: &mut [u8]) {
        random.fill(7);
    }
}

/// The result of what never waits.
pub fn done<T>(future: impl Future<Output = T>) -> T {
    now(future).expect("an answer at once")
}

/// The lines of a log.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub fn of(migrator: Migrator) -> (Migrator, Log) {
        let log = Log::default();
        let lines = log.0.clone();
        let observe = move |event: &ectomorph::migration::Event<'_>| {
            lines.lock().expect("no panic").push(event.to_string());
        };
        (migrator.observe(observe), log)
    }

    /// The lines since the last time.
    pub fn lines(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("no panic"))
    }
}

/// Text of a name.
pub fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| Str::from(*name).to_string()).collect()
}
