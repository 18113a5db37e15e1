//! The database: tables, transactions, statements.

use super::Ddl;
use super::definition::TableName;
use super::durable::Keeper;
use super::error::StoreError;
use super::journal::JournalError;
use super::slab::{Row, RowId};
use super::statement::Statement;
use super::table::{IndexId, Table, TableId};
use super::transaction::{Log, Mark};
use crate::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// Answers to the names of functions that stand as defaults: the clock and the dice are not the store's.
pub type Functions = Arc<dyn Fn(&str) -> Option<Value> + Send + Sync>;

/// Tables, and what happens to them.
///
/// Everything that is written is a [`Statement`]: all of it happens or nothing. Statements between
/// [`Database::begin`] and [`Database::commit`] happen together; outside each is its own transaction.
///
/// ```
/// use ectomorph::store::{Column, Database, Ddl, Definition, Kind};
/// use ectomorph::value::Value;
///
/// let mut database = Database::new();
/// let definition = Definition::new("tags")
///     .column(Column::new("id", Kind::Integer(64)).sequence())
///     .column(Column::new("name", Kind::Text(Some(255))).not_null())
///     .primary_key(["id"]);
/// let tags = database.define(Ddl::CreateTable(definition)).unwrap().unwrap();
///
/// database.begin().unwrap();
/// database.insert(tags, &[1], vec!["rust".into()]).unwrap();
/// let mark = database.savepoint().unwrap();
/// assert!(database.insert(tags, &[1], vec![Value::Null]).is_err());
/// database.insert(tags, &[1], vec!["ecto".into()]).unwrap();
/// database.rollback_to(mark).unwrap();
/// database.commit().unwrap();
///
/// let (_, row) = database.table(tags).unwrap().get(&[1.into()]).unwrap();
/// assert_eq!(*row, [Value::from(1), Value::from("rust")]);
/// assert_eq!(database.table(tags).unwrap().len(), 1);
/// ```
#[derive(Default)]
pub struct Database {
    pub(super) catalogue: Catalogue,
    pub(super) log: Log,
    pub(super) functions: Option<Functions>,
    pub(super) keeper: Option<Keeper>,
    /// Goes up with every change of definitions, and when one is undone.
    pub(super) version: u64,
}

/// All tables. A clone shares the rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalogue {
    /// By number; a table that was dropped leaves a gap.
    pub tables: Vec<Option<Table>>,
    pub names: BTreeMap<TableName, TableId>,
    /// Rows are being loaded: no index is kept until all are there.
    pub dormant: bool,
}

/// What became of a row that might be in conflict with another.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was inserted.
    Inserted(RowId),
    /// Another row has its key, so it was not.
    Conflict {
        /// The row that is there.
        row: RowId,
        /// The index that both rows' keys are equal in.
        index: IndexId,
        /// The row that was to be inserted, with its defaults: SQL's `excluded`.
        proposed: Row,
    },
}

impl Database {
    /// An empty database, in memory alone.
    pub fn new() -> Database {
        Database::default()
    }

    /// Says who answers to the functions that stand as defaults.
    pub fn set_functions(&mut self, functions: Functions) {
        self.functions = Some(functions);
    }

    /// A number that changes when definitions change: what was derived from them is then out of date.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// A table by name.
    pub fn table_id(&self, name: &TableName) -> Option<TableId> {
        self.catalogue.names.get(name).copied()
    }

    /// A table.
    pub fn table(&self, id: TableId) -> Option<&Table> {
        self.catalogue.table(id)
    }

    /// A table by name.
    pub fn table_named(&self, name: &TableName) -> Option<&Table> {
        self.table(self.table_id(name)?)
    }

    /// All tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.catalogue.names.values().filter_map(|id| self.table(*id))
    }

    /// Runs writes as one statement: all of them happen or none, and foreign keys are looked at when all are done.
    ///
    /// # Errors
    /// The first error of the writes, or a foreign key that does not hold at the end. Nothing has changed then, but that
    /// sequences have moved on.
    pub fn statement<T>(
        &mut self,
        writes: impl FnOnce(&mut Statement<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mark = self.start_statement()?;
        let mut statement = Statement::new(self);
        let result = writes(&mut statement).and_then(|value| statement.finish().map(|()| value));
        self.end_statement(mark, result)
    }

    /// [`Database::statement`] that leaves no trace if it fails: the sequences of the table go back, too. For those who then do the
    /// same in another way.
    ///
    /// # Errors
    /// As [`Database::statement`].
    pub fn attempt<T>(
        &mut self,
        table: TableId,
        writes: impl FnOnce(&mut Statement<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let before = self.table(table).map(|table| table.sequences.clone());
        let done = self.statement(writes);
        if let (Err(_), Some(before), Some(table)) = (&done, before, self.catalogue.table_mut(table)) {
            table.sequences = before;
        }
        done
    }

    /// Inserts one row: [`Statement::insert`].
    ///
    /// # Errors
    /// As there.
    pub fn insert(
        &mut self,
        table: TableId,
        columns: &[usize],
        values: Vec<Value>,
    ) -> Result<RowId, StoreError> {
        self.statement(|statement| statement.insert(table, columns, values))
    }

    /// Changes one row: [`Statement::update`].
    ///
    /// # Errors
    /// As there.
    pub fn update(
        &mut self,
        table: TableId,
        id: RowId,
        changes: Vec<(usize, Value)>,
    ) -> Result<bool, StoreError> {
        self.statement(|statement| statement.update(table, id, changes))
    }

    /// Deletes one row: [`Statement::delete`].
    ///
    /// # Errors
    /// As there.
    pub fn delete(&mut self, table: TableId, id: RowId) -> Result<bool, StoreError> {
        self.statement(|statement| statement.delete(table, id))
    }

    /// Changes the definitions: [`Statement::define`].
    ///
    /// # Errors
    /// As there.
    pub fn define(&mut self, ddl: Ddl) -> Result<Option<TableId>, StoreError> {
        self.statement(|statement| statement.define(ddl))
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// One is open: nest with [`Database::savepoint`].
    pub fn begin(&mut self) -> Result<(), StoreError> {
        self.log.begin()
    }

    /// Whether a transaction is open.
    pub fn in_transaction(&self) -> bool {
        self.log.is_open()
    }

    /// Ends the transaction, and keeps what it did, at once.
    ///
    /// # Errors
    /// None is open; or it can't be kept, and then it is undone. [`JournalError::Pending`] if the backend takes its
    /// time: go on with [`Database::poll_commit`].
    pub fn commit(&mut self) -> Result<(), StoreError> {
        match self.poll_commit(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(JournalError::Pending.into()),
        }
    }

    /// Ends the transaction, and undoes what it did.
    ///
    /// # Errors
    /// None is open.
    pub fn rollback(&mut self) -> Result<(), StoreError> {
        self.rollback_to(Mark::START)?;
        self.end()
    }

    /// A mark to which the transaction can be undone. Marks nest; there is nothing to release.
    ///
    /// # Errors
    /// No transaction is open.
    pub fn savepoint(&self) -> Result<Mark, StoreError> {
        self.log.mark()
    }

    /// Undoes what was done since the mark, and leaves the transaction open.
    ///
    /// # Errors
    /// No transaction is open.
    pub fn rollback_to(&mut self, mark: Mark) -> Result<(), StoreError> {
        self.log.mark()?;
        self.undo(mark);
        Ok(())
    }
}
