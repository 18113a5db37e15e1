//! What PostgreSQL's errors mean.

use crate::adapter::{AdapterError, Violation, ViolationKind};
use crate::adapters::server::{of_server, wrong};
use crate::value::Str;
use sqlx::postgres::PgDatabaseError;

/// An error as one of an adapter.
pub fn refused(error: sqlx::Error) -> AdapterError {
    let error = match of_server::<PgDatabaseError>(error) {
        Ok(error) => error,
        Err(refused) => return refused,
    };
    let (code, message) = (error.code(), error.message());
    let kind = match code {
        "23505" => ViolationKind::Unique,
        "23503" | "23001" => ViolationKind::ForeignKey,
        "23514" => ViolationKind::Check,
        "23P01" => ViolationKind::Exclusion,
        "23502" => ViolationKind::NotNull,
        "25P02" => return AdapterError::Aborted,
        "28P01" => return wrong(message, "see that username and password are right"),
        "28000" => return wrong(message, "the role must exist, and be allowed to log in"),
        "3D000" => return wrong(message, "create the database first"),
        "53300" => return wrong(message, "lower `pool_size`, or raise `max_connections` of the server"),
        code if code.starts_with("08") || code.starts_with("57P") => {
            return AdapterError::environment(message);
        }
        code => {
            return AdapterError::Query { message: message.to_owned(), code: Some(Str::from(code)) };
        }
    };
    let column = error.column().unwrap_or_default();
    let name = if kind == ViolationKind::NotNull { column } else { error.constraint().unwrap_or_default() };
    let mut violation = Violation::new(kind, error.table().unwrap_or_default(), name);
    if !column.is_empty() {
        violation.columns = vec![column.into()];
    }
    AdapterError::Constraint(vec![violation])
}
