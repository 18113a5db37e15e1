//! Connections, whatever the database.

use crate::failure::{Failure, Result};
use crate::settings::{Adapter, Repo};
use ectomorph::adapter::{AdapterError, Answer};
use ectomorph::adapters::server::Config;
use ectomorph::migration::Migrate;
use ectomorph::value::Value;
use std::sync::Arc;

/// A database to talk to.
pub enum Database {
    #[cfg(feature = "postgres")]
    Postgres(ectomorph::adapters::postgres::Postgres),
    #[cfg(feature = "mysql")]
    MySql(ectomorph::adapters::mysql::MySql),
    #[cfg(feature = "sqlite")]
    Sqlite(ectomorph::adapters::sqlite::Sqlite),
}

/// Runs the same on each.
macro_rules! on_each {
    ($database:expr, $server:ident => $run:expr) => {
        match $database {
            #[cfg(feature = "postgres")]
            Database::Postgres($server) => $run,
            #[cfg(feature = "mysql")]
            Database::MySql($server) => $run,
            #[cfg(feature = "sqlite")]
            Database::Sqlite($server) => $run,
        }
    };
}

impl Database {
    /// Connects.
    pub async fn connect(adapter: Adapter, config: Config) -> std::result::Result<Database, AdapterError> {
        match adapter {
            #[cfg(feature = "postgres")]
            Adapter::Postgres => {
                ectomorph::adapters::postgres::Postgres::connect_with(config).await.map(Database::Postgres)
            }
            #[cfg(feature = "mysql")]
            Adapter::MySql => {
                ectomorph::adapters::mysql::MySql::connect_with(config).await.map(Database::MySql)
            }
            #[cfg(feature = "sqlite")]
            Adapter::Sqlite => {
                ectomorph::adapters::sqlite::Sqlite::connect_with(config).await.map(Database::Sqlite)
            }
            #[allow(unreachable_patterns, reason = "with all features there is no other")]
            other => {
                let _ = config;
                Err(AdapterError::environment(format!("this program was built without {other:?}")))
            }
        }
    }

    /// Connects to the database of a repo, which must be there.
    pub async fn of(repo: &Repo, pool_size: Option<u32>) -> Result<Database> {
        if let Some(file) = repo.place.file().filter(|file| !file.exists()) {
            let message = format!("the database {} does not exist", file.display());
            return Err(Failure::new(message).mend(crate::mend::create(repo)));
        }
        let mut config = repo.place.config(&repo.keys, None)?;
        if let Some(size) = pool_size {
            config = config.pool_size(size);
        }
        Database::connect(repo.place.adapter, config)
            .await
            .map_err(|error| Failure::new(error.to_string()).mend(crate::mend::of(repo, &error)))
    }

    /// The database as one that can be migrated.
    pub fn migrate(&self) -> Arc<dyn Migrate> {
        on_each!(self, server => Arc::new(server.clone()))
    }

    /// Runs SQL without rows.
    pub async fn execute(&self, sql: &str) -> std::result::Result<(), AdapterError> {
        on_each!(self, server => server.execute(sql).await)
    }

    /// Runs SQL with rows.
    pub async fn query(&self, sql: &str, params: Vec<Value>) -> std::result::Result<Answer, AdapterError> {
        on_each!(self, server => server.query(sql, params).await)
    }

    /// Closes its connections.
    pub async fn close(&self) {
        on_each!(self, server => server.close().await);
    }
}
