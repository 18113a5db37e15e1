//! What goes wrong in an adapter.

use crate::value::{Str, Value};
use std::fmt;

/// Why a statement did nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum AdapterError {
    /// Constraints are violated; mostly one, as databases stop at the first.
    Constraint(Vec<Violation>),
    /// The adapter can't do this at all; nothing was tried.
    Unsupported {
        /// The feature, in the words of the query or the option: `lateral join`, `on_conflict by constraint`.
        feature: String,
    },
    /// The statement failed with these rows: a division by zero, a subquery with two rows, a number out of range.
    Query {
        /// What is wrong.
        message: String,
        /// PostgreSQL's five-letter code of it (`22012`), where there is one.
        code: Option<Str>,
    },
    /// An earlier statement of the transaction failed; until it is rolled back nothing else runs.
    Aborted,
    /// What is around: the connection, the disk, the file.
    Environment {
        /// What happened.
        message: String,
    },
    /// There is no more room: a full disk, a quota. Nothing was written.
    Full {
        /// What happened.
        message: String,
    },
}

/// A violated constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The kind.
    pub kind: ViolationKind,
    /// Its name in the database: `users_email_index`. A column that must not be null is its own name.
    pub name: Str,
    /// The table.
    pub table: Str,
    /// The columns, where they are known.
    pub columns: Vec<Str>,
    /// Their values, where they are known.
    pub values: Vec<Value>,
}

/// The kind of a constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViolationKind {
    /// Two rows with the same values: a unique index or the primary key.
    Unique,
    /// A row that is referred to is not there, or is still referred to.
    ForeignKey,
    /// An expression that must hold.
    Check,
    /// Two rows that exclude each other.
    Exclusion,
    /// A column that must not be null. It is never an error of a changeset.
    NotNull,
}

impl ViolationKind {
    /// The word that [`Constraint::violation`](crate::changeset::Constraint::violation) uses.
    pub fn name(self) -> &'static str {
        match self {
            ViolationKind::Unique => "unique",
            ViolationKind::ForeignKey => "foreign_key",
            ViolationKind::Check => "check",
            ViolationKind::Exclusion => "exclusion",
            ViolationKind::NotNull => "not_null",
        }
    }

    /// PostgreSQL's code of the violation.
    pub fn code(self) -> &'static str {
        match self {
            ViolationKind::Unique => "23505",
            ViolationKind::ForeignKey => "23503",
            ViolationKind::Check => "23514",
            ViolationKind::Exclusion => "23P01",
            ViolationKind::NotNull => "23502",
        }
    }
}

impl Violation {
    /// A violation of which only kind, table and name are known.
    pub fn new(kind: ViolationKind, table: impl Into<Str>, name: impl Into<Str>) -> Self {
        Violation { kind, name: name.into(), table: table.into(), columns: Vec::new(), values: Vec::new() }
    }
}

impl AdapterError {
    /// A feature that is missing.
    pub fn unsupported(feature: impl Into<String>) -> Self {
        AdapterError::Unsupported { feature: feature.into() }
    }

    /// Whether it is the others' fault, and the same transaction may well succeed if it is begun anew: it can't be put in
    /// one order with others, waited for one that waited for it, or did not get a lock.
    pub fn is_conflict(&self) -> bool {
        let AdapterError::Query { code: Some(code), .. } = self else { return false };
        matches!(code.as_str(), "40001" | "40P01" | "55P03")
    }

    /// A statement that failed with these rows.
    pub fn query(message: impl Into<String>) -> Self {
        AdapterError::Query { message: message.into(), code: None }
    }

    /// What is around failed.
    pub fn environment(message: impl Into<String>) -> Self {
        AdapterError::Environment { message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ViolationKind::NotNull => {
                write!(f, "column `{}` of `{}` must not be null", self.name, self.table)
            }
            kind => write!(f, "{} constraint `{}` of `{}` is violated", kind.name(), self.name, self.table),
        }
    }
}

impl fmt::Display for AdapterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AdapterError::Constraint(violations) => {
                for (at, violation) in violations.iter().enumerate() {
                    write!(f, "{}{violation}", if at == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
            AdapterError::Unsupported { feature } => write!(f, "unsupported: {feature}"),
            AdapterError::Query { message, code: Some(code) } => write!(f, "{message} ({code})"),
            AdapterError::Query { message, code: None }
            | AdapterError::Environment { message }
            | AdapterError::Full { message } => f.write_str(message),
            AdapterError::Aborted => f.write_str(
                "the transaction is aborted by an earlier error; roll it back, or run what may fail with mode `savepoint`",
            ),
        }
    }
}

impl std::error::Error for AdapterError {}
