//! Commands on a database of the store, and the table of migrations in it.

use super::define;
use crate::adapter::{AdapterError, Outcome};
use crate::adapters::refusal::refused;
use crate::migration::{Command, VersionTable};
use crate::store::{Database, Definition, TableName};
use crate::value::{Str, Value};

/// Executes a command: all of it, or nothing.
///
/// # Errors
///
/// As [`define`]; a constraint that the rows of a table break; [`AdapterError::Query`] with PostgreSQL's code for what
/// is there or not there against the command's word.
///
/// ```
/// use ectomorph::adapters::define::execute;
/// use ectomorph::migration::{Command, column, table};
/// use ectomorph::store::Database;
///
/// let mut database = Database::new();
/// let columns = vec![column("bigserial").primary_key().named("id")];
/// let create = Command::CreateTable { table: table("tags"), columns, if_not_exists: false };
/// assert_eq!(execute(&mut database, &create), Ok(()));
/// assert_eq!(execute(&mut database, &create).unwrap_err().to_string(), "table \"tags\" already exists (42P07)");
/// ```
pub fn execute(database: &mut Database, command: &Command) -> Outcome<()> {
    let tables: Vec<&Definition> = database.tables().map(|table| &**table.definition()).collect();
    let changes = define(command, &tables)?;
    let made = database.statement(|statement| {
        for change in changes {
            statement.define(change)?;
        }
        Ok(())
    });
    made.map_err(refused)
}

/// What a transaction does not allow for: an index that is made or dropped concurrently.
///
/// # Errors
///
/// [`AdapterError::Query`] with PostgreSQL's code.
pub fn allowed_in_transaction(command: &Command) -> Outcome<()> {
    match command {
        Command::CreateIndex { index, .. } | Command::DropIndex { index, .. } if index.concurrently => {
            let message = "an index can't be made or dropped concurrently in a transaction".to_owned();
            Err(AdapterError::Query { message, code: Some(Str::Static("25001")) })
        }
        _ => Ok(()),
    }
}

/// The versions in a table of migrations.
///
/// # Errors
///
/// [`AdapterError::Query`] if there is no such table.
pub fn versions(database: &Database, table: &VersionTable) -> Outcome<Vec<i64>> {
    let name = TableName { prefix: table.prefix.clone(), name: table.source.clone() };
    let missing = || AdapterError::Query {
        message: format!("relation \"{name}\" does not exist"),
        code: Some(Str::Static("42P01")),
    };
    let found = database.table_named(&name).ok_or_else(missing)?;
    let version = found.position("version").ok_or_else(missing)?;
    Ok(found.rows().filter_map(|(_, row)| row.get(version).and_then(Value::as_integer)).collect())
}
