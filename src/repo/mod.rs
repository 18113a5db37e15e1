//! The repo: reads, writes, preloads and transactions over an [adapter](crate::adapter).
//!
//! A [`Repo`] is cheap to clone and shared between tasks. What it reads comes as the type that is asked for: structs
//! with `#[derive(Schema)]`, numbers, text, tuples, or the dynamic [`Output`] and [`Record`](crate::schema::Record).
//! What it writes are changesets or records; an invalid changeset comes back as [`WriteError::Invalid`], with the
//! errors of violated constraints in it.
//!
//! | to | there is |
//! |---|---|
//! | read | [`all`](Repo::all), [`one`](Repo::one), [`get`](Repo::get), [`get_by`](Repo::get_by), [`exists`](Repo::exists), [`aggregate`](Repo::aggregate), [`stream`](Repo::stream), [`reload`](Repo::reload) |
//! | fill associations | [`preload`](Repo::preload) |
//! | write one record | [`insert`](Repo::insert), [`update`](Repo::update), [`delete`](Repo::delete), [`insert_or_update`](Repo::insert_or_update) |
//! | write many rows | [`insert_all`](Repo::insert_all), [`update_all`](Repo::update_all), [`delete_all`](Repo::delete_all) |
//! | do all or nothing | [`transaction`](Repo::transaction), [`transaction_with`](Repo::transaction_with), [`run`](Repo::run) with a [`Multi`] |
//! | choose where | [`replica`](Repo::replica), [`checkout`](Repo::checkout), [`with_defaults`](Repo::with_defaults), [`prepare_query`](Repo::prepare_query) |
//!
//! Where Ecto has a function with a bang, a read has one named `.._required`, and a write gives its changeset's errors
//! as an error with `?` in a function of [`RepoError`]s.
//!
//! # Transactions
//!
//! They are PostgreSQL's on every adapter: a statement that fails within one aborts it, unless it runs with
//! [`Options::savepoint`]; an inner transaction that is rolled back takes the outer one with it.

mod build;
mod collect;
mod error;
#[cfg(all(feature = "wasm", any(test, target_arch = "wasm32")))]
mod flat;
mod joined;
mod key;
mod load;
pub mod log;
mod manner;
mod multi;
mod options;
mod output;
mod preload;
mod queryable;
mod read;
mod stream;
mod transaction;
mod write;

pub use error::{RepoError, Undeclared, WriteError};
pub use multi::{Changes, Failure, Multi, MultiError, Outcome, RunError};
pub use options::{Conflict, Options, Returning, Target};
pub use output::{FromOutput, Output};
pub use preload::Preloads;
pub use queryable::{Clauses, Queryable};
pub use read::Aggregate;
pub use stream::Stream;
pub use transaction::TransactionOptions;
pub use write::{IntoRows, PrepareWithRepo, RowValue, RowsInput, UniqueOptions};

use crate::adapter::{Adapter, AdapterError, Answer, Environment, Statement};
use crate::query::{Plans, Schemas};
use crate::schema::Schema;
use std::sync::{Arc, RwLock};
use std::time::Duration;

#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
pub(crate) use flat::All;
#[cfg(all(feature = "wasm", any(test, target_arch = "wasm32")))]
pub(crate) use flat::{Flat, Takes};
pub(crate) use load::{dump_value, loads_as_it_is};
use manner::Manner;
use read::KeyPlans;
use transaction::Scope;
pub(crate) use write::{Action, generated_beside};

/// A database, as the program sees it.
#[derive(Clone)]
pub struct Repo {
    shared: Arc<Shared>,
    scope: Option<Arc<Scope>>,
    /// What is different for this one from others on the same database.
    manner: Option<Arc<Manner>>,
}

#[derive(Clone)]
struct Shared {
    adapter: Arc<dyn Adapter>,
    environment: Arc<dyn Environment>,
    schemas: Schemas,
    plans: Arc<Plans>,
    key_plans: Arc<RwLock<KeyPlans>>,
}

impl Repo {
    /// A repo over an adapter, with the clock and the randomness of the operating system.
    #[cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]
    pub fn new(adapter: Arc<dyn Adapter>) -> Repo {
        Repo::with(adapter, Arc::new(crate::adapter::System), Schemas::new())
    }

    /// A repo with a clock and randomness of its own, and with the schemas that queries read from documents name.
    pub fn with(adapter: Arc<dyn Adapter>, environment: Arc<dyn Environment>, schemas: Schemas) -> Repo {
        let (plans, key_plans) = (Arc::new(Plans::new()), Arc::default());
        let shared = Arc::new(Shared { adapter, environment, schemas, plans, key_plans });
        Repo { shared, scope: None, manner: None }
    }

    /// The adapter: within a transaction, that of the transaction.
    pub fn adapter(&self) -> &dyn Adapter {
        match &self.scope {
            Some(scope) => scope.adapter(),
            None => &*self.shared.adapter,
        }
    }

    /// The schemas that queries read from documents name.
    pub fn schemas(&self) -> &Schemas {
        &self.shared.schemas
    }

    /// The schema of that name among [`Repo::schemas`].
    pub fn schema(&self, name: &str) -> Option<&Arc<Schema>> {
        self.shared.schemas.get(name)
    }

    fn environment(&self) -> &dyn Environment {
        &*self.shared.environment
    }

    /// How long a statement with these options may take, if they or the defaults say it.
    fn timeout(&self, options: &Options) -> Option<Duration> {
        options.timeout.or_else(|| self.manner.as_ref()?.defaults.timeout)
    }

    /// Runs a statement; in a transaction, under its rules.
    async fn statement(&self, statement: Statement<'_>, options: &Options) -> Result<Answer, AdapterError> {
        if let Some(manner) = &self.manner {
            manner.check(&statement)?;
        }
        match (&self.scope, self.timeout(options)) {
            (Some(scope), timeout) => scope.run(statement, options.savepoint, timeout).await,
            (None, None) => self.shared.adapter.run(statement).await,
            (None, Some(timeout)) => self.shared.adapter.run_within(statement, timeout).await,
        }
    }
}

impl std::fmt::Debug for Repo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repo({})", self.shared.adapter.name())
    }
}
