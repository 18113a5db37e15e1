//! Cases with a database: queries that are read, and steps that write.

mod compare;
mod dataset;
mod hosts;
pub mod read;
pub mod schemas;
#[cfg(any(feature = "mysql", feature = "sqlite", feature = "postgres"))]
mod servers;
mod spy;
mod text;
mod write;

use crate::vectors::Outcome;
use ectomorph::adapter::System;
use ectomorph::repo::Repo;
use serde_json::{Value as Json, json};
use std::cell::OnceCell;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;

/// Runs the vectors of a folder of queries on an adapter.
pub struct Runner {
    dataset: dataset::Dataset,
    host: hosts::Host,
    name: String,
    /// What cases that only read share.
    reading: OnceCell<Repo>,
}

impl Runner {
    /// A runner for the vectors next to `dataset.json` and `schemas.json`.
    pub fn new(folder: &Path, adapter: &str) -> Runner {
        let dataset = dataset::Dataset::read(&folder.join("dataset.json"));
        schemas::load(&folder.join("schemas.json"));
        enter();
        let host = hosts::find(adapter, &dataset).unwrap_or_else(|| {
            panic!("there is no adapter `{adapter}` in this build; there are {}", hosts::NAMES.join(", "))
        });
        Runner { dataset, host, name: adapter.to_owned(), reading: OnceCell::new() }
    }

    /// What the steps of a case would send to PostgreSQL.
    pub fn sent(&self, case: &Json) -> Vec<String> {
        let log = spy::Log::default();
        let adapter = spy::Spy { inner: Arc::new(hosts::store(&self.dataset)), log: log.clone() };
        write::perform_all(&Repo::with(Arc::new(adapter), Arc::new(System), schemas::all()), case);
        std::mem::take(&mut *log.lock().unwrap())
    }

    /// Runs a case: one with a `query`, or one with `steps`.
    pub fn run(&self, case: &Json) -> Outcome {
        let (mut expected, actual) = if case.get("steps").is_some() {
            write::run(&(self.host)(&self.dataset), &self.dataset, case)
        } else {
            read::run(self.reading.get_or_init(|| (self.host)(&self.dataset)), case)
        };
        let is_error = case.get("error").is_some();
        if self.name == "mysql" && !is_error && case["sql"]["mysql"].get("unsupported").is_some() {
            let refused = json!({"$error": "UnsupportedError"});
            return Outcome::of(actual["$error"] == refused["$error"], &refused, &actual);
        }
        let is_sqlite = self.name == "sqlite";
        if let (true, Some(own)) = (is_sqlite, case.get("sqlite").and_then(Json::as_object)) {
            if own.contains_key("error") {
                // What SQLite would refuse is refused by name before it is sent.
                let passed = actual.get("$error").is_some();
                return Outcome::of(passed, json!({"$error": "UnsupportedError"}), &actual);
            } else if let Some(rows) = own.get("rows") {
                expected = text::expected(rows);
            }
        }
        let (expected, actual) = match is_sqlite {
            // Numbers in SQLite have no scale.
            true => (compare::without_scale(&expected), compare::without_scale(&actual)),
            false => (expected, actual),
        };
        Outcome::of(compare::same(&expected, &actual, case), &expected, &actual)
    }
}

/// The end of a future, on the runtime that connections need, if this build has any.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    #[cfg(any(feature = "mysql", feature = "sqlite", feature = "postgres"))]
    return runtime().block_on(future);
    #[cfg(not(any(feature = "mysql", feature = "sqlite", feature = "postgres")))]
    ectomorph::adapter::now(future).expect("a database in this program answers at once")
}

#[cfg(any(feature = "mysql", feature = "sqlite", feature = "postgres"))]
fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: std::sync::OnceLock<tokio::runtime::Runtime> = std::sync::OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
    })
}

/// Connections that are dropped are given back by the runtime.
fn enter() {
    #[cfg(any(feature = "mysql", feature = "sqlite", feature = "postgres"))]
    std::mem::forget(runtime().enter());
}

/// What came of a step or query that raised.
fn raised(error: &ectomorph::repo::RepoError) -> Json {
    use ectomorph::adapter::AdapterError;
    use ectomorph::repo::RepoError;
    let code = match error {
        RepoError::Adapter(AdapterError::Constraint(violations)) => {
            violations.first().map(|violation| violation.kind.code().to_owned())
        }
        RepoError::Adapter(AdapterError::Query { code, .. }) => code.as_ref().map(ToString::to_string),
        RepoError::Adapter(AdapterError::Aborted) => Some("25P02".to_owned()),
        _ => None,
    };
    let constraint = match error {
        RepoError::Adapter(AdapterError::Constraint(violations)) => violations
            .first()
            .filter(|violation| violation.kind != ectomorph::adapter::ViolationKind::NotNull)
            .map(|violation| violation.name.to_string()),
        _ => None,
    };
    json!({"$error": error.name(), "pg_code": code, "constraint": constraint, "message": error.to_string()})
}
