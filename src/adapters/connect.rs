//! A repo by URL.

use super::server::{Driver, Server};
use crate::adapter::{AdapterError, System};
use crate::query::Schemas;
use crate::repo::Repo;
use std::sync::Arc;

impl Repo {
    /// A repo on the database of a URL, whose scheme says which: `sqlite://hello.db`,
    /// `postgres://role:password@machine/database`. Each needs its Cargo feature.
    ///
    /// For migrations, other schemas or another clock, connect the adapter and give it to [`Repo::with`].
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
        let url = url.as_ref();
        let scheme = url.split(':').next().unwrap_or_default();
        match scheme {
            #[cfg(feature = "sqlite")]
            "sqlite" => Ok(on(super::sqlite::Sqlite::connect(url).await?)),
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => Ok(on(super::postgres::Postgres::connect(url).await?)),
            #[cfg(feature = "mysql")]
            "mysql" | "mariadb" => Ok(on(super::mysql::MySql::connect(url).await?)),
            #[cfg(feature = "mssql")]
            "mssql" | "sqlserver" => Ok(on(super::mssql::MsSql::connect(url).await?)),
            scheme => Err(AdapterError::environment(format!(
                "`{scheme}` is no database of this program: the features `sqlite`, `postgres`, `mysql` and `mssql` bring one each"
            ))),
        }
    }
}

fn on<D: Driver>(server: Server<D>) -> Repo {
    Repo::with(Arc::new(server), Arc::new(System), Schemas::new())
}
