//! Why a multi, or a function of one, fails.

use super::{Changes, Outcome};
use crate::changeset::Parts;
use crate::repo::{RepoError, WriteError};
use crate::value::Str;
use std::fmt;

/// Why a multi did nothing.
#[derive(Debug)]
pub enum MultiError {
    /// An operation failed, and so all were undone.
    Failed {
        /// Its name.
        name: Str,
        /// The invalid changeset, or what the operation gave as its error.
        failure: Failure,
        /// What the operations before it gave.
        changes: Changes,
    },
    /// Anything else.
    Error(RepoError),
}

/// What an operation gave as its error.
#[derive(Clone, Debug)]
pub enum Failure {
    /// An invalid changeset.
    Invalid(Box<Parts>),
    /// A value of a [`Multi::run`](super::Multi::run) or [`Multi::error`](super::Multi::error).
    Value(Outcome),
}

impl fmt::Display for MultiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MultiError::Failed { name, .. } => write!(f, "operation `{name}` failed"),
            MultiError::Error(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MultiError {}

impl From<RepoError> for MultiError {
    fn from(error: RepoError) -> Self {
        MultiError::Error(error)
    }
}

/// Why a function of a multi fails.
#[derive(Debug)]
pub enum RunError {
    /// It says so: the multi gives this as its failure.
    Failure(Failure),
    /// The repo's error.
    Error(RepoError),
}

impl From<RepoError> for RunError {
    fn from(error: RepoError) -> Self {
        RunError::Error(error)
    }
}

impl From<WriteError> for RunError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Invalid(parts) => RunError::Failure(Failure::Invalid(parts)),
            WriteError::Failed(error) => RunError::Error(error),
        }
    }
}

impl<T> From<WriteError<crate::Changeset<T>>> for RunError {
    fn from(error: WriteError<crate::Changeset<T>>) -> Self {
        error.map(|changeset| Box::new(changeset.into_parts())).into()
    }
}
