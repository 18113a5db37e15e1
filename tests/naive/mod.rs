//! A database as simple as can be, to hold the repo against: rows in a list, transactions by copying everything.
//!
//! It runs what the repo itself asks for (keys, lists of keys, joins by equality, orders, counts) and says of anything
//! else that it is unsupported.

mod evaluate;
mod query;
mod write;

use ectomorph::adapter::{Adapter, AdapterError, Capability, Outcome, Statement, Task, Transaction};
use ectomorph::value::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tables.
#[derive(Clone, Default)]
pub struct Database {
    /// In an order that foreign keys admit.
    pub tables: Vec<Table>,
}

/// A table with its rows.
#[derive(Clone)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Unique indexes: name and columns.
    pub uniques: Vec<(String, Vec<String>)>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Checks: name and `column >= 0` or `column > 0`.
    pub checks: Vec<(String, String)>,
    /// Rows.
    pub rows: Vec<Vec<Value>>,
    /// The next generated `id`.
    pub next: i64,
}

/// A column.
#[derive(Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type: `id`, `string`, `decimal(12,2)` ...
    pub kind: String,
    /// Whether it may be null.
    pub nullable: bool,
    /// What it holds when nothing is said.
    pub default: Option<Value>,
}

/// A foreign key to the `id` of a table.
#[derive(Clone)]
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// The column.
    pub column: String,
    /// The table.
    pub references: String,
    /// `nothing`, `restrict`, `nilify_all` or `delete_all`.
    pub on_delete: String,
}

impl Database {
    fn table(&self, name: &str) -> Result<usize, AdapterError> {
        self.tables.iter().position(|table| table.name == name).ok_or_else(|| AdapterError::Query {
            message: format!("relation \"{name}\" does not exist"),
            code: Some("42P01".into()),
        })
    }

    fn run(&mut self, statement: Statement<'_>) -> Outcome {
        let before = self.clone();
        let outcome = match statement {
            Statement::Query(query) => self.query(query),
            Statement::Insert(insert) => self.insert(insert),
            Statement::InsertAll(insert) => self.insert_all(insert),
            Statement::Update(update) => self.update(update),
            Statement::Delete(delete) => self.delete(delete),
        };
        if outcome.is_err() {
            // All of a statement or nothing; but sequences go on.
            let next: Vec<i64> = self.tables.iter().map(|table| table.next).collect();
            *self = before;
            self.tables.iter_mut().zip(next).for_each(|(table, next)| table.next = next);
        }
        outcome
    }
}

impl Table {
    fn column(&self, name: &str) -> Result<usize, AdapterError> {
        self.columns.iter().position(|column| column.name == name).ok_or_else(|| AdapterError::Query {
            message: format!("column \"{name}\" does not exist"),
            code: Some("42703".into()),
        })
    }
}

/// The adapter; clones share the database.
#[derive(Clone)]
pub struct Naive {
    database: Arc<Mutex<Database>>,
    /// What to go back to: the start of the transaction, then savepoints.
    marks: Arc<Mutex<Vec<Database>>>,
}

impl Naive {
    /// An adapter of a database.
    pub fn new(database: Database) -> Self {
        Naive { database: Arc::new(Mutex::new(database)), marks: Arc::default() }
    }

    fn database(&self) -> MutexGuard<'_, Database> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn marks(&self) -> MutexGuard<'_, Vec<Database>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn back(&self) -> Task<'_, Outcome<()>> {
        if let Some(mut mark) = self.marks().pop() {
            let mut database = self.database();
            for (old, now) in mark.tables.iter_mut().zip(&database.tables) {
                old.next = now.next;
            }
            *database = mark;
        }
        Task::ready(Ok(()))
    }
}

/// A transaction that was not ended is undone.
impl Drop for Naive {
    fn drop(&mut self) {
        if Arc::strong_count(&self.marks) == 1 {
            self.marks().truncate(1);
            drop(self.back());
        }
    }
}

impl Adapter for Naive {
    fn name(&self) -> &str {
        "naive"
    }

    fn supports(&self, _: Capability) -> bool {
        true
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        Task::ready(self.database().run(statement))
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        let begun = Naive { database: self.database.clone(), marks: Arc::default() };
        begun.marks().push(self.database().clone());
        Task::ready(Ok(Arc::new(begun)))
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        match statement.source() {
            Some(source) => format!("{} {source}", statement.name()),
            None => statement.name().to_owned(),
        }
    }
}

impl Transaction for Naive {
    fn commit(&self) -> Task<'_, Outcome<()>> {
        self.marks().clear();
        Task::ready(Ok(()))
    }

    fn rollback(&self) -> Task<'_, Outcome<()>> {
        self.marks().truncate(1);
        self.back()
    }

    fn savepoint(&self) -> Task<'_, Outcome<()>> {
        let now = self.database().clone();
        self.marks().push(now);
        Task::ready(Ok(()))
    }

    fn release(&self) -> Task<'_, Outcome<()>> {
        self.marks().pop();
        Task::ready(Ok(()))
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>> {
        self.back()
    }
}
