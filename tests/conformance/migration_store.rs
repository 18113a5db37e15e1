//! The vectors of migrations on the store: the recorded set-up, the migrator up and down, and the catalogue PostgreSQL had.

use super::migration::migration;
use super::migration_catalogue::{catalogue, expected_catalogue};
use super::migration_setup::set_up;
use super::vectors::Outcome;
use ectomorph::adapter::{
    Adapter, AdapterError, Answer, Capability, Outcome as Answered, Statement, System, Task, Transaction, now,
};
use ectomorph::adapters::define::{Gate, execute, versions};
use ectomorph::migration::{
    Command, Migrate, MigrateTransaction, MigrationError, MigrationLock, Migrator, Target, VersionTable,
};
use ectomorph::store::{Database, TableName};
use ectomorph::value::{Str, Value};
use std::sync::{Arc, Mutex};

/// Runs a vector.
pub fn run(case: &serde_json::Value) -> Outcome {
    let memory = Memory::default();
    for sql in case["setup_sql"].as_array().into_iter().flatten().filter_map(|sql| sql.as_str()) {
        for command in set_up(sql) {
            memory.execute(&command).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }
    let migration = match migration(case) {
        Ok(migration) => migration,
        Err(unreadable) => return Outcome::of(false, &case["ecto"], unreadable),
    };
    let migrator = Migrator::new(Arc::new(memory.clone()), Arc::new(System), [migration]);
    let before = memory.catalogue();

    let up = now(migrator.migrate(Target::All)).expect("the store answers at once");
    let (expected, actual) = (outcome_of(&case["up"]["result"]), told(&up));
    if expected != actual {
        return Outcome::of(false, format!("up: {expected}"), format!("up: {}", shown(&up)));
    }
    let after = memory.catalogue();
    let expected = match &case["postgres_after_up"] {
        serde_json::Value::String(_) | serde_json::Value::Null => before.clone(),
        catalogue => expected_catalogue(catalogue, &memory.tables()),
    };
    if expected != after {
        return Outcome::of(false, expected.join("\n           "), after.join("\n           "));
    }
    if case["down"].is_null() {
        return Outcome::of(true, "", "");
    }

    let down = now(migrator.rollback(Target::All)).expect("the store answers at once");
    let (expected, actual) = (outcome_of(&case["down"]["result"]), told(&down));
    if expected != actual {
        return Outcome::of(false, format!("down: {expected}"), format!("down: {}", shown(&down)));
    }
    let restored = memory.catalogue() == before;
    Outcome::of(
        case["down_restores_schema"].as_bool() == Some(restored),
        format!("down restores the schema: {}", case["down_restores_schema"]),
        format!("{}\nwas {}", memory.catalogue().join("\n"), before.join("\n")),
    )
}

/// `ok`, PostgreSQL's code, or that a mistake was found.
fn outcome_of(result: &serde_json::Value) -> String {
    match (result.as_str(), result["raised"]["pg_code"].as_str()) {
        (Some(ok), _) => ok.to_owned(),
        (None, Some(code)) => code.to_owned(),
        (None, None) => "mistake".to_owned(),
    }
}

fn told(result: &Result<Vec<i64>, MigrationError>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(MigrationError::Database { error: AdapterError::Query { code: Some(code), .. }, .. }) => {
            code.to_string()
        }
        Err(MigrationError::Database { error: AdapterError::Unsupported { .. }, .. }) => {
            "unsupported".to_owned()
        }
        Err(_) => "mistake".to_owned(),
    }
}

fn shown(result: &Result<Vec<i64>, MigrationError>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// A database of the store on which migrations can run.
#[derive(Clone, Default)]
struct Memory {
    database: Arc<Mutex<Database>>,
    gate: Gate,
}

impl Memory {
    fn execute(&self, command: &Command) -> Answered<Vec<String>> {
        execute(&mut self.database.lock().expect("no panic"), command).map(|()| Vec::new())
    }

    fn tables(&self) -> Vec<String> {
        self.database
            .lock()
            .expect("no panic")
            .tables()
            .map(|table| table.definition().name.to_string())
            .collect()
    }

    fn catalogue(&self) -> Vec<String> {
        let database = self.database.lock().expect("no panic");
        let tables = database.tables().map(|table| &**table.definition());
        catalogue(tables.filter(|table| table.name.name != "schema_migrations"))
    }
}

impl Adapter for Memory {
    fn name(&self) -> &str {
        "memory"
    }

    fn supports(&self, _: Capability) -> bool {
        false
    }

    /// The rows of the table of migrations: no more is written here.
    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Answered> {
        let mut database = self.database.lock().expect("no panic");
        let meta = match &statement {
            Statement::Insert(insert) => insert.meta,
            Statement::Delete(delete) => delete.meta,
            other => panic!("{other:?} is nothing a migrator does"),
        };
        let name = TableName { prefix: meta.prefix.clone(), name: meta.source.clone() };
        let table = database.table_id(&name).expect("the table of migrations");
        let position = |database: &Database, column: &Str| {
            database.table(table).and_then(|table| table.position(column)).expect("a column of it")
        };
        match statement {
            Statement::Insert(insert) => {
                let (columns, values): (Vec<usize>, Vec<Value>) = insert
                    .fields
                    .into_iter()
                    .map(|(column, value)| (position(&database, &column), value))
                    .unzip();
                database.insert(table, &columns, values).expect("a version that is new");
            }
            Statement::Delete(delete) => {
                let key = [delete.filters[0].1.clone()];
                let found = database.table(table).and_then(|table| table.get(&key)).map(|(id, _)| id);
                database.delete(table, found.expect("a version that has run")).expect("a row");
            }
            _ => {}
        }
        Task::ready(Ok(Answer { count: 1, rows: Vec::new() }))
    }

    fn begin(&self) -> Task<'_, Answered<Arc<dyn Transaction>>> {
        self.database.lock().expect("no panic").begin().expect("no transaction");
        Task::ready(Ok(Arc::new(self.clone())))
    }

    fn describe(&self, _: &Statement<'_>) -> String {
        String::new()
    }
}

impl Transaction for Memory {
    fn commit(&self) -> Task<'_, Answered<()>> {
        self.database.lock().expect("no panic").commit().expect("a transaction");
        Task::ready(Ok(()))
    }

    fn rollback(&self) -> Task<'_, Answered<()>> {
        self.database.lock().expect("no panic").rollback().expect("a transaction");
        Task::ready(Ok(()))
    }

    fn savepoint(&self) -> Task<'_, Answered<()>> {
        Task::ready(Err(AdapterError::unsupported("savepoint")))
    }

    fn release(&self) -> Task<'_, Answered<()>> {
        Task::ready(Err(AdapterError::unsupported("savepoint")))
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Answered<()>> {
        Task::ready(Err(AdapterError::unsupported("savepoint")))
    }
}

impl Migrate for Memory {
    fn supports_ddl_transaction(&self) -> bool {
        true
    }

    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Answered<Vec<String>>> {
        Task::ready(self.execute(command))
    }

    fn begin_ddl(&self) -> Task<'_, Answered<Arc<dyn MigrateTransaction>>> {
        self.database.lock().expect("no panic").begin().expect("no transaction");
        Task::ready(Ok(Arc::new(self.clone())))
    }

    fn versions<'a>(&'a self, table: &'a VersionTable) -> Task<'a, Answered<Vec<i64>>> {
        Task::ready(versions(&self.database.lock().expect("no panic"), table))
    }

    fn lock_for_migrations<'a>(&'a self, _: &'a VersionTable) -> Task<'a, Answered<Box<dyn MigrationLock>>> {
        self.gate.enter()
    }
}

impl MigrateTransaction for Memory {
    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Answered<Vec<String>>> {
        Task::ready(self.execute(command))
    }
}
