//! Cases with a database: queries that are read, and steps that write.

mod compare;
mod dataset;
mod hosts;
pub mod read;
pub mod schemas;
mod spy;
mod text;
mod write;

use crate::vectors::Outcome;
use ectomorph::adapter::System;
use ectomorph::repo::Repo;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::sync::Arc;

/// Runs the vectors of a folder of queries on an adapter.
pub struct Runner {
    dataset: dataset::Dataset,
    host: hosts::Host,
}

impl Runner {
    /// A runner for the vectors next to `dataset.json` and `schemas.json`.
    pub fn new(folder: &Path, adapter: &str) -> Runner {
        let host = hosts::find(adapter).unwrap_or_else(|| {
            panic!("there is no adapter `{adapter}`; there are {}", hosts::NAMES.join(", "))
        });
        let dataset = dataset::Dataset::read(&folder.join("dataset.json"));
        schemas::load(&folder.join("schemas.json"));
        Runner { dataset, host }
    }

    /// What the steps of a case would send to PostgreSQL.
    pub fn sent(&self, case: &Json) -> Vec<String> {
        let log = spy::Log::default();
        let adapter = spy::Spy { inner: Arc::new(hosts::store(&self.dataset)), log: log.clone() };
        write::perform_all(&Repo::with(Arc::new(adapter), Arc::new(System), schemas::all()), case);
        let sent = log.lock().unwrap().clone();
        sent
    }

    /// Runs a case: one with a `query`, or one with `steps`.
    pub fn run(&self, case: &Json) -> Outcome {
        let repo = (self.host)(&self.dataset);
        let (expected, actual) = if case.get("steps").is_some() {
            write::run(&repo, &self.dataset, case)
        } else {
            read::run(&repo, case)
        };
        Outcome::of(compare::same(&expected, &actual, case), &expected, &actual)
    }
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
