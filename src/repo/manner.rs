//! Repos that differ in their manner from others on the same database: what they take for granted, and what they refuse.

use super::{Options, Repo, RepoError, Shared};
use crate::adapter::{Adapter, AdapterError, Event, Instrumented, Statement};
use crate::query::plan::{CteRows, Plan};
use crate::query::{Operation, Query};
use crate::value::Str;
use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is different for one repo.
#[derive(Clone, Default)]
pub(super) struct Manner {
    pub defaults: Options,
    pub read_only: bool,
    prepare: Option<Arc<PrepareQuery>>,
    replicas: Arc<Replicas>,
}

/// What becomes of each query before it is planned.
type PrepareQuery = dyn Fn(Query, Operation, &Options) -> Result<Query, RepoError> + Send + Sync;

#[derive(Default)]
struct Replicas {
    repos: Vec<Repo>,
    turn: AtomicUsize,
}

impl Manner {
    /// Refuses what a repo that only reads must not do.
    pub fn check(&self, statement: &Statement<'_>) -> Result<(), AdapterError> {
        if !self.read_only || is_read(statement) {
            return Ok(());
        }
        let of = statement.source().map_or(String::new(), |source| format!(" of `{source}`"));
        Err(AdapterError::unsupported(format!(
            "{}{of} through a repo that only reads; write through the repo it came from",
            statement.name()
        )))
    }
}

fn is_read(statement: &Statement<'_>) -> bool {
    fn reads(plan: &Plan) -> bool {
        let cte = |rows: &CteRows| match rows {
            CteRows::Plan(plan) => reads(plan),
            CteRows::Fragment(_) => true,
        };
        plan.operation == Operation::All && plan.ctes.iter().all(|one| cte(&one.rows))
    }
    matches!(statement, Statement::Query(query) if reads(query.plan))
}

impl Repo {
    /// The same repo with options for all that names none: Ecto's `default_options`. A repo for each tenant that has its
    /// tables in a prefix of its own:
    ///
    /// ```
    /// # use ectomorph::repo::{Options, Repo, RepoError};
    /// # async fn example(repo: Repo) -> Result<(), RepoError> {
    /// let tenant = repo.with_defaults(Options::new().prefix("tenant_a"));
    /// let posts = tenant.count("posts").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// `prefix` and `timeout` are heeded.
    pub fn with_defaults(&self, options: Options) -> Repo {
        self.in_manner(|manner| manner.defaults = options)
    }

    /// The same repo, which hands every query to a function before it is planned: Ecto's `prepare_query`. So a program can
    /// see to it that nobody reads, updates or deletes the rows of another tenant:
    ///
    /// ```
    /// # use ectomorph::query::{field, pin};
    /// # use ectomorph::repo::{Repo, RepoError};
    /// # async fn example(repo: Repo, tenant: i64) -> Result<(), RepoError> {
    /// let repo = repo.prepare_query(move |query, _, _| Ok(query.where_(field("tenant_id").eq(pin(tenant)))));
    /// let posts = repo.count("posts").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// It is asked for reads (those by key, those of preloads and those of [replicas](Repo::replica) too), for `update_all`,
    /// `delete_all` and the queries that `insert_all` writes rows of, with the options that were given; not for queries inside
    /// others, nor for writes of records. Where it is called twice, the later one sees what the earlier one made.
    pub fn prepare_query(
        &self,
        prepare: impl Fn(Query, Operation, &Options) -> Result<Query, RepoError> + Send + Sync + 'static,
    ) -> Repo {
        self.in_manner(|manner| {
            let prepare = move |query, operation, options: &Options| prepare(query, operation, options);
            manner.prepare = Some(match manner.prepare.take() {
                None => Arc::new(prepare),
                Some(earlier) => Arc::new(move |query, operation, options: &Options| {
                    prepare(earlier(query, operation, options)?, operation, options)
                }),
            });
        })
    }

    /// Whether queries are handed to a function first.
    pub(super) fn prepares(&self) -> bool {
        self.manner.as_ref().is_some_and(|manner| manner.prepare.is_some())
    }

    /// What a query is once it was handed to the function.
    pub(super) fn prepared<'q>(
        &self,
        query: &'q Query,
        operation: Operation,
        options: &Options,
    ) -> Result<Cow<'q, Query>, RepoError> {
        match self.manner.as_ref().and_then(|manner| manner.prepare.as_ref()) {
            Some(prepare) => prepare(query.clone(), operation, options).map(Cow::Owned),
            None => Ok(Cow::Borrowed(query)),
        }
    }

    /// The same repo, which refuses to write: Ecto's `read_only`.
    pub fn read_only(&self) -> Repo {
        self.in_manner(|manner| manner.read_only = true)
    }

    /// The same repo with others on copies of its database, for [`Repo::replica`].
    pub fn with_replicas(&self, repos: impl IntoIterator<Item = Repo>) -> Repo {
        let repos = repos.into_iter().collect();
        self.in_manner(|manner| manner.replicas = Arc::new(Replicas { repos, turn: AtomicUsize::new(0) }))
    }

    /// A repo to read from what may lag behind: the replicas take turns; without any it is this one. It refuses to write.
    ///
    /// ```
    /// # use ectomorph::repo::{Repo, RepoError};
    /// # async fn example(primary: Repo, copies: [Repo; 2]) -> Result<(), RepoError> {
    /// let repo = primary.with_replicas(copies);
    /// let count = repo.replica().count("posts").await?;
    /// assert!(repo.replica().delete_all("posts").await.is_err());
    /// # Ok(()) }
    /// ```
    pub fn replica(&self) -> Repo {
        let replica = self.manner.as_ref().and_then(|manner| {
            let turn = manner.replicas.turn.fetch_add(1, Ordering::Relaxed);
            let repos = &manner.replicas.repos;
            repos.get(turn.checked_rem(repos.len())?)
        });
        let defaults = self.manner.as_ref().map(|manner| manner.defaults.clone()).unwrap_or_default();
        let prepare = self.manner.as_ref().and_then(|manner| manner.prepare.clone());
        let reader = match (replica, prepare) {
            (Some(replica), Some(prepare)) => {
                replica.prepare_query(move |query, operation, options| prepare(query, operation, options))
            }
            (replica, _) => replica.unwrap_or(self).clone(),
        };
        reader.with_defaults(defaults).read_only()
    }

    /// Gives `work` a repo that has one connection to itself: Ecto's `checkout`. What belongs together without being a
    /// transaction does not wait for a connection again and again, and finds what the session keeps.
    ///
    /// Within a transaction, or where there are no connections, it is this repo.
    ///
    /// # Errors
    /// What `work` gives; that no connection was free.
    pub async fn checkout<T, E: From<RepoError>, F: Future<Output = Result<T, E>>>(
        &self,
        work: impl FnOnce(Repo) -> F,
    ) -> Result<T, E> {
        let adapter = match &self.scope {
            Some(_) => None,
            None => self.shared.adapter.checkout().await.map_err(RepoError::from)?,
        };
        let Some(adapter) = adapter else { return work(self.clone()).await };
        work(self.on(adapter)).await
    }

    /// The same repo, which tells of every statement, with its text and params: [`log`](super::log) makes lines of that.
    /// A repo of a transaction does not begin to tell; observe the one it came from.
    pub fn observe(&self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Repo {
        if self.scope.is_some() {
            return self.clone();
        }
        let told = Instrumented::new(self.shared.adapter.clone(), self.shared.environment.clone());
        self.on(Arc::new(told.observe(observer).with_text()))
    }

    /// The same repo on another adapter for the same database.
    fn on(&self, adapter: Arc<dyn Adapter>) -> Repo {
        let shared = Arc::new(Shared { adapter, ..Shared::clone(&self.shared) });
        Repo { shared, scope: None, manner: self.manner.clone() }
    }

    fn in_manner(&self, change: impl FnOnce(&mut Manner)) -> Repo {
        let mut manner = self.manner.as_deref().cloned().unwrap_or_default();
        change(&mut manner);
        Repo { manner: Some(Arc::new(manner)), ..self.clone() }
    }

    /// The prefix of what names none.
    pub(super) fn default_prefix(&self) -> Option<&Str> {
        self.manner.as_ref()?.defaults.prefix.as_ref()
    }

    /// Options, with the repo's own for what they leave open.
    pub(super) fn with_defaults_of<'o>(&self, options: &'o Options) -> Cow<'o, Options> {
        match self.default_prefix() {
            Some(prefix) if options.prefix.is_none() => Cow::Owned(options.clone().prefix(prefix.clone())),
            _ => Cow::Borrowed(options),
        }
    }
}
