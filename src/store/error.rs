//! What can go wrong in the store.

use super::journal::JournalError;
use crate::value::Str;
use std::fmt;

/// Why the store refused to do something. What was refused changed nothing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StoreError {
    /// A row broke a constraint.
    Violation(Box<Violation>),
    /// A value does not fit into its column.
    Misfit(Box<Misfit>),
    /// A definition names what is not there, repeats what is, or makes no sense.
    Definition(Box<DefinitionError>),
    /// What is kept can't be read, or something can't be kept.
    Journal(Box<JournalError>),
    /// A transaction was begun within another, or ended where none is open.
    Transaction(&'static str),
}

/// A constraint and the row that broke it. As in PostgreSQL only the first one broken is reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The kind of the constraint.
    pub kind: ViolationKind,
    /// Its name; that of the column for not-null.
    pub constraint: Str,
    /// The table of the row that was written. For [`ViolationKind::Referenced`] it is the one that refers.
    pub table: Str,
    /// The columns of the constraint.
    pub columns: Vec<Str>,
}

/// The kinds of constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViolationKind {
    /// Two rows have the same key: a primary key or a unique index.
    Unique,
    /// The row refers to one that is not there.
    ForeignKey,
    /// The row is still referred to.
    Referenced,
    /// A check is false.
    Check,
    /// A column that must have a value has none.
    NotNull,
}

/// A value that does not fit into its column.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// What is wrong with it.
    pub kind: MisfitKind,
    /// The table.
    pub table: Str,
    /// The column.
    pub column: Str,
    /// What is wrong, in words: `a string is no integer`.
    pub message: String,
}

/// What may be wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MisfitKind {
    /// It is of another kind.
    Type,
    /// The text has too many characters.
    TooLong,
    /// The number is too large.
    OutOfRange,
}

/// What is wrong with a definition.
#[derive(Clone, Debug, PartialEq)]
pub struct DefinitionError {
    /// The kind of mistake.
    pub kind: DefinitionErrorKind,
    /// What is wrong, in words, with the name of the thing.
    pub message: String,
}

/// The kinds of mistakes in definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefinitionErrorKind {
    /// There is no such table.
    UnknownTable,
    /// There is such a table already.
    DuplicateTable,
    /// There is no such column.
    UnknownColumn,
    /// There is such a column already.
    DuplicateColumn,
    /// There is no such index.
    UnknownIndex,
    /// There is such an index already.
    DuplicateIndex,
    /// There is no such constraint.
    UnknownConstraint,
    /// There is such a constraint already.
    DuplicateConstraint,
    /// Something else depends on what should go.
    Depended,
    /// A foreign key refers to columns that are not unique.
    NotUnique,
    /// It can't be done at all.
    Invalid,
}

impl StoreError {
    /// PostgreSQL's name of the error: `unique_violation`, `undefined_table`.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Violation(violation) => match violation.kind {
                ViolationKind::Unique => "unique_violation",
                ViolationKind::ForeignKey | ViolationKind::Referenced => "foreign_key_violation",
                ViolationKind::Check => "check_violation",
                ViolationKind::NotNull => "not_null_violation",
            },
            StoreError::Misfit(misfit) => match misfit.kind {
                MisfitKind::Type => "datatype_mismatch",
                MisfitKind::TooLong => "string_data_right_truncation",
                MisfitKind::OutOfRange => "numeric_value_out_of_range",
            },
            StoreError::Definition(error) => match error.kind {
                DefinitionErrorKind::UnknownTable => "undefined_table",
                DefinitionErrorKind::DuplicateTable | DefinitionErrorKind::DuplicateIndex => {
                    "duplicate_table"
                }
                DefinitionErrorKind::UnknownColumn => "undefined_column",
                DefinitionErrorKind::DuplicateColumn => "duplicate_column",
                DefinitionErrorKind::UnknownIndex | DefinitionErrorKind::UnknownConstraint => {
                    "undefined_object"
                }
                DefinitionErrorKind::DuplicateConstraint => "duplicate_object",
                DefinitionErrorKind::Depended => "dependent_objects_still_exist",
                DefinitionErrorKind::NotUnique => "invalid_foreign_key",
                DefinitionErrorKind::Invalid => "feature_not_supported",
            },
            StoreError::Journal(error) => match &**error {
                JournalError::Corrupt { .. } => "data_corrupted",
                JournalError::TooNew { .. } => "feature_not_supported",
                JournalError::Backend(failure) if failure.full => "disk_full",
                _ => "io_error",
            },
            StoreError::Transaction(_) => "invalid_transaction_state",
        }
    }

    /// The broken constraint, if that is the error.
    pub fn violation(&self) -> Option<&Violation> {
        match self {
            StoreError::Violation(violation) => Some(violation),
            _ => None,
        }
    }

    #[cold]
    pub(super) fn definition(kind: DefinitionErrorKind, message: impl Into<String>) -> StoreError {
        StoreError::Definition(Box::new(DefinitionError { kind, message: message.into() }))
    }

    #[cold]
    pub(super) fn broken(kind: ViolationKind, constraint: &Str, table: &Str, columns: &[Str]) -> StoreError {
        StoreError::Violation(Box::new(Violation {
            kind,
            constraint: constraint.clone(),
            table: table.clone(),
            columns: columns.to_vec(),
        }))
    }
}

impl From<JournalError> for StoreError {
    fn from(error: JournalError) -> Self {
        StoreError::Journal(Box::new(error))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Violation(violation) => violation.fmt(f),
            StoreError::Misfit(misfit) => {
                let Misfit { table, column, message, .. } = &**misfit;
                write!(f, "column \"{column}\" of table \"{table}\": {message}")
            }
            StoreError::Definition(error) => f.write_str(&error.message),
            StoreError::Journal(error) => error.fmt(f),
            StoreError::Transaction(message) => f.write_str(message),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Violation { constraint, table, .. } = self;
        match self.kind {
            ViolationKind::Unique => {
                write!(f, "duplicate key value violates unique constraint \"{constraint}\"")
            }
            ViolationKind::ForeignKey => {
                write!(
                    f,
                    "insert or update on table \"{table}\" violates foreign key constraint \"{constraint}\""
                )
            }
            ViolationKind::Referenced => write!(
                f,
                "update or delete violates foreign key constraint \"{constraint}\" on table \"{table}\""
            ),
            ViolationKind::Check => {
                write!(f, "new row for table \"{table}\" violates check constraint \"{constraint}\"")
            }
            ViolationKind::NotNull => {
                write!(
                    f,
                    "null value in column \"{constraint}\" of table \"{table}\" violates not-null constraint"
                )
            }
        }
    }
}

impl std::error::Error for StoreError {}
