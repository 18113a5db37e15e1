//! The database: which it is, and what is logged of it.

use ectomorph::adapter::{AdapterError, System};
use ectomorph::adapters::connect;
use ectomorph::adapters::server::Config;
use ectomorph::migration::{Migrate, Migrator};
use ectomorph::mistake::Mistake;
use ectomorph::repo::{Repo, log};
use std::sync::Arc;

// region: config
/// The database of `DATABASE_URL`, such as `postgres://postgres:postgres@localhost/hello_dev`; a file of SQLite otherwise.
pub async fn database() -> Result<Arc<dyn Migrate>, AdapterError> {
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite://hello_dev.db".into());
    connect(Config::url(url)?.pool_size(10).show_sensitive_data_on_connection_error()).await
}
// endregion

// region: repo
/// The repo on it. Its queries are logged, as in development.
pub fn repo(database: Arc<dyn Migrate>) -> Repo {
    Repo::new(database).observe(|event| println!("[debug] {}", log::line(event)))
}
// endregion

// region: migrator
/// What migrates it, and tells so: all migrations but those of these names.
pub fn migrator(database: Arc<dyn Migrate>, without: &[&str]) -> Result<Migrator, Mistake> {
    let mut migrations = crate::migrations::all()?;
    migrations.retain(|migration| !without.contains(&migration.name.as_str()));
    Ok(Migrator::new(database, Arc::new(System), migrations).observe(|event| println!("[info] {event}")))
}
// endregion
