//! Migrations on an adapter that tells what it does.

use super::{Command, Migrate, MigrateTransaction, MigrationLock, VersionTable};
use crate::adapter::{Instrumented, Outcome, Task, Told};
use std::sync::Arc;

impl<A: Migrate + ?Sized + 'static> Migrate for Instrumented<A> {
    fn supports_ddl_transaction(&self) -> bool {
        self.inner().supports_ddl_transaction()
    }

    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        let told = Told::saying("ddl", self.inner().describe_ddl(command));
        self.measured(told, |_| 0, || self.inner().execute_ddl(command))
    }

    fn describe_ddl(&self, command: &Command) -> String {
        self.inner().describe_ddl(command)
    }

    fn begin_ddl(&self) -> Task<'_, Outcome<Arc<dyn MigrateTransaction>>> {
        Task::later(async move {
            let inner = self.measured(Told::of("begin"), |_| 0, || self.inner().begin_ddl()).await?;
            Ok(Arc::new(self.around(inner)) as Arc<dyn MigrateTransaction>)
        })
    }

    fn versions<'a>(&'a self, table: &'a VersionTable) -> Task<'a, Outcome<Vec<i64>>> {
        self.inner().versions(table)
    }

    fn lock_for_migrations<'a>(
        &'a self,
        table: &'a VersionTable,
    ) -> Task<'a, Outcome<Box<dyn MigrationLock>>> {
        self.measured(Told::of("lock"), |_| 0, || self.inner().lock_for_migrations(table))
    }
}

impl<A: MigrateTransaction + ?Sized + 'static> MigrateTransaction for Instrumented<A> {
    fn execute_ddl<'a>(&'a self, command: &'a Command) -> Task<'a, Outcome<Vec<String>>> {
        let told = Told::saying("ddl", self.inner().describe_ddl(command));
        self.measured(told, |_| 0, || self.inner().execute_ddl(command))
    }

    fn describe_ddl(&self, command: &Command) -> String {
        self.inner().describe_ddl(command)
    }
}
