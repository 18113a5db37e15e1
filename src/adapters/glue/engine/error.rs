//! What GlueSQL says, in an adapter's words.

use crate::adapter::AdapterError;
use gluesql_core::error::Error;

/// An error of a statement.
pub(super) fn failed(error: Error) -> AdapterError {
    match error {
        Error::Translate(error) => AdapterError::unsupported(format!("in raw SQL: {error}")),
        other => AdapterError::query(other.to_string()),
    }
}

/// An error on the way through GlueSQL that knows nothing of ours.
pub(super) fn message(text: impl Into<String>) -> Error {
    Error::StorageMsg(text.into())
}
