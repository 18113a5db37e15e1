//! What goes wrong in a repo.

use crate::adapter::{AdapterError, Violation};
use crate::changeset::{Changeset, Constraint, Parts};
use crate::mistake::Mistake;
use crate::query::QueryError;
use crate::rules::ConstraintName;
use crate::value::Str;
use std::fmt;

/// Why a repo could not do what it was asked: everything but an invalid changeset, which is data ([`WriteError`]).
#[derive(Clone, Debug)]
pub enum RepoError {
    /// The query does not fit its schemas, or a value in it can't be cast.
    Query(QueryError),
    /// The adapter's: a feature it has not, rows that make a statement fail, a connection or a disk.
    Adapter(AdapterError),
    /// A mistake of the program: an unknown field, an option that does not go with another.
    Mistake(Mistake),
    /// A row was required and there is none.
    NoResults {
        /// The query, as text.
        query: String,
    },
    /// One row at most was expected.
    MultipleResults {
        /// How many there are.
        count: usize,
        /// The query, as text.
        query: String,
    },
    /// The row to update or delete is not there, or not as it was when it was read.
    Stale {
        /// `update` or `delete`.
        action: &'static str,
        /// The schema and the key, in words.
        record: String,
    },
    /// A constraint is violated that the changeset does not declare.
    Constraint(Box<Undeclared>),
    /// A value is not of the type of its field. Only [casts](crate::Changeset::cast) take values of other types.
    Change {
        /// Which value, field and type.
        message: String,
    },
    /// A record to update, delete or reload has no value in its primary key.
    NoPrimaryKeyValue {
        /// The schema.
        schema: Str,
    },
    /// What is stored is not of the type of its field.
    Load {
        /// Which value, field and type.
        message: String,
    },
    /// The changeset is invalid, where nobody asked for it: what `insert(..)?` gives in a function of [`RepoError`]s.
    Invalid {
        /// `insert`, `update` or `delete`.
        action: Str,
        /// The changeset.
        changeset: Box<Parts>,
    },
    /// The transaction was rolled back, since a transaction inside it was or since a statement failed in it.
    RolledBack,
    /// A repo of a transaction was used after its end.
    Over,
    /// An operation of a [`Multi`](super::Multi) was given something it has no use for.
    Multi {
        /// Which, and what.
        message: String,
    },
}

/// A violated constraint that no `unique_constraint` or the like of the changeset is about.
#[derive(Clone, Debug)]
pub struct Undeclared {
    /// `insert`, `update` or `delete`.
    pub action: &'static str,
    /// What is violated.
    pub violation: Violation,
    /// What the changeset declares.
    pub declared: Vec<Constraint>,
}

impl RepoError {
    /// The name of Ecto's exception: what hosts without types tell errors apart by.
    pub fn name(&self) -> &'static str {
        match self {
            RepoError::Query(error) => error.kind().name(),
            RepoError::Adapter(AdapterError::Unsupported { .. }) => "UnsupportedError",
            RepoError::Adapter(_) => "DatabaseError",
            RepoError::Mistake(_) | RepoError::Load { .. } => "ArgumentError",
            RepoError::NoResults { .. } => "Ecto.NoResultsError",
            RepoError::MultipleResults { .. } => "Ecto.MultipleResultsError",
            RepoError::Stale { .. } => "Ecto.StaleEntryError",
            RepoError::Constraint(_) => "Ecto.ConstraintError",
            RepoError::Change { .. } => "Ecto.ChangeError",
            RepoError::NoPrimaryKeyValue { .. } => "Ecto.NoPrimaryKeyValueError",
            RepoError::Invalid { .. } => "Ecto.InvalidChangesetError",
            RepoError::RolledBack | RepoError::Over | RepoError::Multi { .. } => "RuntimeError",
        }
    }

    pub(super) fn mistake(message: impl Into<String>) -> Self {
        RepoError::Mistake(Mistake::new(message))
    }
}

impl fmt::Display for RepoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RepoError::Query(error) => error.fmt(f),
            RepoError::Adapter(error) => error.fmt(f),
            RepoError::Mistake(mistake) => f.write_str(&mistake.text()),
            RepoError::NoResults { query } => {
                write!(f, "expected at least one result but got none in query:\n\n{query}\n")
            }
            RepoError::MultipleResults { count, query } => {
                write!(f, "expected at most one result but got {count} in query:\n\n{query}\n")
            }
            RepoError::Stale { action, record } => write!(
                f,
                "attempted to {action} a stale record: {record}; it is gone or has changed since it was read; \
                 `stale_error_field` makes this an error of the changeset"
            ),
            RepoError::Constraint(undeclared) => undeclared.fmt(f),
            RepoError::Change { message } | RepoError::Load { message } | RepoError::Multi { message } => {
                f.write_str(message)
            }
            RepoError::NoPrimaryKeyValue { schema } => {
                write!(f, "a record of `{schema}` is missing its primary key value")
            }
            RepoError::Invalid { action, changeset } => {
                write!(f, "could not {action}: the changeset is invalid")?;
                for error in &changeset.errors {
                    write!(f, "; {} {}", error.field, error.text())?;
                }
                Ok(())
            }
            RepoError::RolledBack => f.write_str("the transaction was rolled back by an error inside it"),
            RepoError::Over => f.write_str("the transaction of this repo is over; use the repo it came from"),
        }
    }
}

impl fmt::Display for Undeclared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.violation.kind.name();
        write!(
            f,
            "could not {}: constraint \"{}\" ({kind}) is violated; declare it with `{kind}_constraint` to make it an \
             error of the changeset",
            self.action, self.violation.name
        )?;
        for (at, constraint) in self.declared.iter().enumerate() {
            let name = match &constraint.name {
                ConstraintName::Text(name) => name.as_str(),
                ConstraintName::Pattern(pattern) => pattern.source(),
            };
            let lead = if at == 0 { "; declared are" } else { "," };
            write!(f, "{lead} \"{name}\" ({})", constraint.violation())?;
        }
        Ok(())
    }
}

impl std::error::Error for RepoError {}

impl From<QueryError> for RepoError {
    fn from(error: QueryError) -> Self {
        RepoError::Query(error)
    }
}

impl From<AdapterError> for RepoError {
    fn from(error: AdapterError) -> Self {
        RepoError::Adapter(error)
    }
}

impl From<Mistake> for RepoError {
    fn from(mistake: Mistake) -> Self {
        RepoError::Mistake(mistake)
    }
}

/// What comes of a write that does not succeed: an invalid changeset, to show to whoever gave the params, or an error.
#[derive(Clone, Debug)]
pub enum WriteError<C = Box<Parts>> {
    /// The changeset with its errors, those of violated constraints among them.
    Invalid(C),
    /// Anything else.
    Failed(RepoError),
}

impl<C> WriteError<C> {
    /// The invalid changeset, if it is one.
    pub fn invalid(self) -> Option<C> {
        match self {
            WriteError::Invalid(changeset) => Some(changeset),
            WriteError::Failed(_) => None,
        }
    }

    pub(super) fn map<D>(self, convert: impl FnOnce(C) -> D) -> WriteError<D> {
        match self {
            WriteError::Invalid(changeset) => WriteError::Invalid(convert(changeset)),
            WriteError::Failed(error) => WriteError::Failed(error),
        }
    }
}

macro_rules! failed {
    ($($error:ty)*) => {
        $(impl<C> From<$error> for WriteError<C> {
            fn from(error: $error) -> Self {
                WriteError::Failed(error.into())
            }
        })*
    };
}

failed!(RepoError QueryError AdapterError Mistake);

impl From<WriteError> for RepoError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Invalid(changeset) => {
                RepoError::Invalid { action: changeset.action.clone().unwrap_or_default(), changeset }
            }
            WriteError::Failed(error) => error,
        }
    }
}

impl<T> From<WriteError<Changeset<T>>> for RepoError {
    fn from(error: WriteError<Changeset<T>>) -> Self {
        error.map(|changeset| Box::new(changeset.into_parts())).into()
    }
}

impl<C> fmt::Display for WriteError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Invalid(_) => f.write_str("the changeset is invalid"),
            WriteError::Failed(error) => error.fmt(f),
        }
    }
}

impl<C: fmt::Debug> std::error::Error for WriteError<C> {}
