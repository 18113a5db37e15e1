//! What GlueSQL says, in an adapter's words.

use crate::adapter::AdapterError;
use crate::value::Str;
use gluesql_core::error::{Error, EvaluateError, FetchError, InsertError, UpdateError};

/// An error of a statement, with PostgreSQL's code for what is not there.
pub(super) fn failed(error: Error) -> AdapterError {
    let code = match &error {
        Error::Translate(error) => return AdapterError::unsupported(format!("in raw SQL: {error}")),
        Error::Parser(_) => "42601",
        Error::Evaluate(
            EvaluateError::IdentifierNotFound(_) | EvaluateError::CompoundIdentifierNotFound { .. },
        )
        | Error::Update(UpdateError::ColumnNotFound(_)) => "42703",
        Error::Fetch(FetchError::TableNotFound(_)) | Error::Insert(InsertError::TableNotFound(_)) => "42P01",
        _ => return AdapterError::query(error.to_string()),
    };
    AdapterError::Query { message: error.to_string(), code: Some(Str::Static(code)) }
}

/// An error on the way through GlueSQL that knows nothing of ours.
pub(super) fn message(text: impl Into<String>) -> Error {
    Error::StorageMsg(text.into())
}
