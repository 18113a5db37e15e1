//! Changes of tables by migrations.

use super::adapter::{Glue, GlueTransaction, begin};
use super::state::State;
use super::write::refused;
use crate::adapter::{AdapterError, Outcome, Task};
use crate::adapters::define::define;
use crate::migration::{Command, Migrate, MigrateTransaction, MigrationLock, VersionTable};
use crate::store::{Definition, TableName};
use crate::value::Str;
use std::sync::Arc;

impl Migrate for Glue {
    fn supports_ddl_transaction(&self) -> bool {
        true
    }

    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        self.soon(None, move |state| execute(state, command))
    }

    fn begin_ddl(&self) -> Task<'_, Outcome<Arc<dyn MigrateTransaction>>> {
        let adapter = self.clone();
        self.soon(None, move |state| {
            Ok(Arc::new(GlueTransaction { number: begin(state)?, adapter }) as Arc<dyn MigrateTransaction>)
        })
    }

    fn versions<'a>(&'a self, table: &'a VersionTable) -> Task<'a, Outcome<Vec<i64>>> {
        self.soon(None, move |state| {
            let name = TableName { prefix: table.prefix.clone(), name: table.source.clone() };
            let known = state.database.table_named(&name).ok_or_else(|| AdapterError::Query {
                message: format!("relation \"{name}\" does not exist"),
                code: Some(Str::Static("42P01")),
            })?;
            let version = known.position("version");
            Ok(known.rows().filter_map(|(_, row)| row.get(version?)?.as_integer()).collect())
        })
    }

    /// The database is this program's own, and its transactions wait for each other: nothing else migrates it.
    fn lock_for_migrations<'a>(&'a self, _: &'a VersionTable) -> Task<'a, Outcome<Box<dyn MigrationLock>>> {
        Task::ready(Ok(Box::new(Unlocked)))
    }
}

impl MigrateTransaction for GlueTransaction {
    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        self.adapter.soon(Some(self.number), move |state| execute(state, command))
    }
}

/// A lock that keeps nobody out.
struct Unlocked;

impl MigrationLock for Unlocked {
    fn release(self: Box<Self>) -> Task<'static, Outcome<()>> {
        Task::ready(Ok(()))
    }
}

fn execute(state: &mut State, command: &Command) -> Outcome<Vec<String>> {
    let changes = {
        let tables: Vec<&Definition> = state.database.tables().map(|table| &**table.definition()).collect();
        define(command, &tables)?
    };
    state
        .database
        .statement(|statement| {
            changes.into_iter().try_for_each(|change| statement.define(change).map(|_| ()))
        })
        .map_err(refused)?;
    Ok(Vec::new())
}
