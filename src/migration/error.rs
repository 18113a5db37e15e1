//! [`MigrationError`]: why a migration can't be run, or failed.

use super::Migration;
use crate::adapter::AdapterError;
use crate::mistake::Mistake;
use crate::value::Str;
use std::fmt;

/// Why a migration can't be run, or failed.
///
/// When a migration fails, the database is as before it, unless the migration or the database runs without a
/// transaction; migrations of the same run that came before stay.
#[derive(Clone, Debug, PartialEq)]
pub enum MigrationError {
    /// The migration is written wrong.
    Mistake {
        /// Which migration.
        migration: Str,
        /// What is wrong.
        mistake: Mistake,
    },
    /// Its `change` holds commands that don't say enough to be undone.
    Irreversible {
        /// Which migration.
        migration: Str,
        /// The commands, in words.
        commands: Vec<String>,
    },
    /// It has neither `change` nor what the direction needs.
    NotDefined {
        /// Which migration.
        migration: Str,
        /// `up` or `down`.
        direction: &'static str,
    },
    /// Two migrations to run share a version or a name.
    Duplicate {
        /// `version` or `name`.
        what: &'static str,
        /// The version or name.
        value: Str,
    },
    /// A migration is older than one that ran, and the order is strict.
    OutOfOrder {
        /// The version to run.
        version: i64,
        /// The latest version that ran.
        latest: i64,
    },
    /// The database refused.
    Database {
        /// Which migration; none for the bookkeeping of migrations.
        migration: Option<Str>,
        /// The command, in words.
        command: String,
        /// What the database said.
        error: AdapterError,
    },
}

impl fmt::Display for MigrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MigrationError::Mistake { migration, mistake } => {
                write!(f, "migration {migration}: {}", mistake.text())
            }
            MigrationError::Irreversible { migration, commands } => write!(
                f,
                "migration {migration}: cannot reverse migration command: {}; define up and down instead of change",
                commands.join(", "),
            ),
            MigrationError::NotDefined { migration, direction } => {
                write!(f, "migration {migration} does not define `{direction}` or `change`")
            }
            MigrationError::Duplicate { what, value } => {
                write!(f, "migrations can't be run: migration {what} {value} is duplicated")
            }
            MigrationError::OutOfOrder { version, latest } => write!(
                f,
                "migration {version} is older than {latest}, which has already run; give it a later version",
            ),
            MigrationError::Database { migration: Some(migration), command, error } => {
                write!(f, "migration {migration}: {command}: {error}")
            }
            MigrationError::Database { migration: None, command, error } => write!(f, "{command}: {error}"),
        }
    }
}

impl std::error::Error for MigrationError {}

impl Migration {
    pub(super) fn mistake(&self, mistake: Mistake) -> MigrationError {
        MigrationError::Mistake { migration: self.label(), mistake }
    }
}
