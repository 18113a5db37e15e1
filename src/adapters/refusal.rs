//! What the store refuses, as the error of an adapter on it.

use crate::adapter::{AdapterError, Violation, ViolationKind};
use crate::store::{StoreError, ViolationKind as Broken};
use crate::value::Str;

/// An error of the store as one of an adapter, with PostgreSQL's code for what a statement did wrong.
pub(super) fn refused(error: StoreError) -> AdapterError {
    let code = match error.code() {
        "undefined_table" => "42P01",
        "duplicate_table" => "42P07",
        "undefined_column" => "42703",
        "duplicate_column" => "42701",
        "undefined_object" => "42704",
        "duplicate_object" => "42710",
        "dependent_objects_still_exist" => "2BP01",
        "invalid_foreign_key" => "42830",
        "datatype_mismatch" => "42804",
        "string_data_right_truncation" => "22001",
        "numeric_value_out_of_range" => "22003",
        _ => "0A000",
    };
    match error {
        StoreError::Violation(broken) => {
            let kind = match broken.kind {
                Broken::Unique => ViolationKind::Unique,
                Broken::ForeignKey | Broken::Referenced => ViolationKind::ForeignKey,
                Broken::Check => ViolationKind::Check,
                Broken::NotNull => ViolationKind::NotNull,
            };
            let mut violation = Violation::new(kind, broken.table.clone(), broken.constraint.clone());
            violation.columns = broken.columns.clone();
            AdapterError::Constraint(vec![violation])
        }
        StoreError::Misfit(_) | StoreError::Definition(_) => {
            AdapterError::Query { message: error.to_string(), code: Some(Str::Static(code)) }
        }
        StoreError::Journal(error) if error.is_full() => AdapterError::Full { message: error.to_string() },
        StoreError::Journal(error) => AdapterError::environment(error.to_string()),
        StoreError::Transaction(message) => AdapterError::query(message),
    }
}
