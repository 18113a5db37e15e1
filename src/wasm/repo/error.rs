//! What goes wrong, for the host.

use crate::adapter::{AdapterError, Violation};
use crate::changeset::Parts;
use crate::migration::MigrationError;
use crate::mistake::Mistake;
use crate::query::QueryError;
use crate::repo::{RepoError, WriteError};
use crate::store::StoreError;
use crate::value::{Map, Str, Value};

/// Why a request did nothing.
pub(super) enum Failed {
    /// A mistake of the program.
    Mistake(Mistake),
    /// The changeset is invalid.
    Invalid(Box<Parts>),
    Repo(RepoError),
    Migration(MigrationError),
    Store(StoreError),
    /// The storage takes its time: the request is resumed when that is over.
    Waits,
}

macro_rules! failed {
    ($($kind:ident $error:ty)*) => {
        $(impl From<$error> for Failed {
            fn from(error: $error) -> Self {
                Failed::$kind(error.into())
            }
        })*
    };
}

failed!(Mistake Mistake Repo RepoError Repo QueryError Repo AdapterError Migration MigrationError Store StoreError);

impl From<WriteError> for Failed {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Invalid(parts) => Failed::Invalid(parts),
            WriteError::Failed(error) => Failed::Repo(error),
        }
    }
}

impl Failed {
    /// `{"kind": .., "name": .., "message": ..}` and what else is known.
    pub(super) fn describe(&self) -> Map {
        match self {
            Failed::Mistake(mistake) => named("mistake", "ArgumentError", mistake.text()),
            Failed::Invalid(_) => {
                named("invalid", "Ecto.InvalidChangesetError", "the changeset is invalid".into())
            }
            Failed::Repo(error) => of_repo(error),
            Failed::Migration(error) => {
                let mut map = named("migration", "Ecto.MigrationError", error.to_string());
                if let MigrationError::Database { error, .. } = error {
                    of_adapter(&mut map, error);
                }
                map
            }
            Failed::Store(error) => {
                let mut map = named("environment", "StoreError", error.to_string());
                if let StoreError::Journal(error) = error {
                    map.set("full", Value::Bool(error.is_full()));
                }
                map
            }
            Failed::Waits => named(
                "environment",
                "StoreError",
                "the storage takes its time; the request goes on when it is resumed".into(),
            ),
        }
    }
}

fn named(kind: &'static str, name: &'static str, message: String) -> Map {
    Map::from([
        ("kind", Value::String(Str::Static(kind))),
        ("name", Value::String(Str::Static(name))),
        ("message", Value::from(message)),
    ])
}

fn of_repo(error: &RepoError) -> Map {
    let kind = match error {
        RepoError::Query(_) => "query",
        RepoError::Adapter(_) => "database",
        RepoError::Mistake(_) | RepoError::Multi { .. } | RepoError::NoPrimaryKeyValue { .. } => "mistake",
        RepoError::NoResults { .. } => "no_results",
        RepoError::MultipleResults { .. } => "multiple_results",
        RepoError::Stale { .. } => "stale",
        RepoError::Constraint(_) => "constraint",
        RepoError::Change { .. } => "change",
        RepoError::Load { .. } => "load",
        RepoError::Invalid { .. } => "invalid",
        RepoError::RolledBack => "rolled_back",
        RepoError::Over => "over",
    };
    let mut map = named(kind, error.name(), error.to_string());
    match error {
        RepoError::Adapter(error) => of_adapter(&mut map, error),
        RepoError::Constraint(undeclared) => of_violation(&mut map, &undeclared.violation),
        _ => {}
    }
    map
}

fn of_adapter(map: &mut Map, error: &AdapterError) {
    let kind = match error {
        AdapterError::Constraint(violations) => {
            if let Some(violation) = violations.first() {
                of_violation(map, violation);
                map.set("code", Value::from(violation.kind.code()));
            }
            "constraint"
        }
        AdapterError::Unsupported { feature } => {
            map.set("feature", Value::from(feature.as_str()));
            "unsupported"
        }
        AdapterError::Query { code, .. } => {
            if let Some(code) = code {
                map.set("code", Value::String(code.clone()));
            }
            "database"
        }
        AdapterError::Aborted => {
            map.set("code", Value::from("25P02"));
            "aborted"
        }
        AdapterError::Environment { .. } => "environment",
        AdapterError::Full { .. } => {
            map.set("full", Value::Bool(true));
            "environment"
        }
    };
    map.set("kind", Value::String(Str::Static(kind)));
}

fn of_violation(map: &mut Map, violation: &Violation) {
    map.set("constraint", Value::String(violation.name.clone()));
    map.set("constraint_kind", Value::from(violation.kind.name()));
    map.set("table", Value::String(violation.table.clone()));
}
