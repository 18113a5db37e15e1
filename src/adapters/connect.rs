//! A database by URL.

use super::server::Config;
use crate::adapter::AdapterError;
use crate::migration::Migrate;
use crate::repo::Repo;
use std::sync::Arc;

/// The adapter of the database of a configuration, whose URL says by its scheme which it is. A repo stands on it
/// ([`Repo::new`]), and a [`Migrator`](crate::migration::Migrator) migrates it.
///
/// # Errors
///
/// As [`Repo::connect`].
///
/// ```
/// use ectomorph::adapters::connect;
/// use ectomorph::adapters::server::Config;
/// use ectomorph::migration::{Migrator, Target};
/// use ectomorph::repo::Repo;
///
/// # #[cfg(feature = "sqlite")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let create_users = ectomorph::migration!(20170523151118, create_users, |m| {
///     m.create("users", |t| t.add("email", "string").timestamps());
/// });
/// let database = connect(Config::url("sqlite::memory:")?.pool_size(10)).await?;
/// Migrator::new(database.clone(), std::sync::Arc::new(ectomorph::adapter::System), [create_users])
///     .migrate(Target::All)
///     .await?;
/// let repo = Repo::new(database);
/// assert_eq!(repo.count("users").await?, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
pub async fn connect(config: Config) -> Result<Arc<dyn Migrate>, AdapterError> {
    let scheme = config.url.split(':').next().unwrap_or_default();
    Ok(match scheme {
        #[cfg(feature = "sqlite")]
        "sqlite" => Arc::new(super::sqlite::Sqlite::connect_with(config).await?),
        #[cfg(feature = "postgres")]
        "postgres" | "postgresql" => Arc::new(super::postgres::Postgres::connect_with(config).await?),
        #[cfg(feature = "mysql")]
        "mysql" | "mariadb" => Arc::new(super::mysql::MySql::connect_with(config).await?),
        #[cfg(feature = "mssql")]
        "mssql" | "sqlserver" => Arc::new(super::mssql::MsSql::connect_with(config).await?),
        scheme => {
            return Err(AdapterError::environment(format!(
                "`{scheme}` is no database of this program: the features `sqlite`, `postgres`, `mysql` and `mssql` bring one each"
            )));
        }
    })
}

impl Repo {
    /// A repo on the database of a URL, whose scheme says which: `sqlite://hello.db`,
    /// `postgres://role:password@machine/database`. Each needs its Cargo feature.
    ///
    /// For migrations, a query log, other schemas or another clock, [`connect`](super::connect) the adapter and give it
    /// to [`Repo::new`] or [`Repo::with`].
    ///
    /// # Errors
    ///
    /// A scheme that is unknown or whose feature is missing; whatever keeps the database from answering.
    ///
    /// ```
    /// # use ectomorph::repo::Repo;
    /// # #[cfg(feature = "sqlite")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let repo = Repo::connect("sqlite::memory:").await?;
    /// # let _ = repo;
    /// let error = Repo::connect("oracle://somewhere").await.unwrap_err();
    /// assert!(error.to_string().starts_with("`oracle` is no database of this program"));
    /// # Ok::<(), ectomorph::adapter::AdapterError>(())
    /// # }).unwrap();
    /// ```
    pub async fn connect(url: impl AsRef<str>) -> Result<Repo, AdapterError> {
        Ok(Repo::new(connect(Config::url(url)?).await?))
    }
}
