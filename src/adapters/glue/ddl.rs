//! Changes of tables by migrations.

use super::adapter::{Glue, GlueTransaction, begin};
use super::state::State;
use crate::adapter::{Outcome, Task};
use crate::adapters::define::{self, allowed_in_transaction, versions};
use crate::migration::{Command, Migrate, MigrateTransaction, MigrationLock, VersionTable};
use std::sync::Arc;

impl Migrate for Glue {
    fn supports_ddl_transaction(&self) -> bool {
        true
    }

    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        self.alone(move |state| execute(state, command))
    }

    fn begin_ddl(&self) -> Task<'_, Outcome<Arc<dyn MigrateTransaction>>> {
        let adapter = self.clone();
        self.soon(None, move |state| {
            Ok(Arc::new(GlueTransaction { number: begin(state)?, adapter }) as Arc<dyn MigrateTransaction>)
        })
    }

    fn versions<'a>(&'a self, table: &'a VersionTable) -> Task<'a, Outcome<Vec<i64>>> {
        self.soon(None, move |state| versions(&state.database, table))
    }

    fn lock_for_migrations<'a>(&'a self, _: &'a VersionTable) -> Task<'a, Outcome<Box<dyn MigrationLock>>> {
        self.gate.enter()
    }
}

impl MigrateTransaction for GlueTransaction {
    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        self.adapter.soon(Some(self.number), move |state| {
            allowed_in_transaction(command)?;
            execute(state, command)
        })
    }
}

fn execute(state: &mut State, command: &Command) -> Outcome<Vec<String>> {
    match command {
        // What it answers with is nobody's to read.
        #[cfg(feature = "glue")]
        Command::Execute { sql } if !sql.is_empty() => state.raw(sql, &[]).map(|_| Vec::new()),
        _ => define::execute(&mut state.database, command).map(|()| Vec::new()),
    }
}
