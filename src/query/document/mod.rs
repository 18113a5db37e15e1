//! Queries as documents: `{"query": .., "params": [..]}`, portable between Rust and JavaScript.
//!
//! ```json
//! {
//!   "query": {
//!     "from": {"source": "users", "schema": "User", "as": "b0"},
//!     "where": [[">", ["field", "b0", "age"], {"param": 0}]],
//!     "select": ["field", "b0", "email"]
//!   },
//!   "params": [{"value": 18}]
//! }
//! ```
//!
//! An expression is `[operator, argument, ..]`, a bare scalar is a literal, `{"param": 0}` a pinned value. It fails
//! closed: a key, operator or join that is not known is refused by name. Values that JSON lacks are written in the
//! [notation](crate::value::notation).

mod check;
mod read;
mod read_expr;
mod read_type;
mod write;
mod write_expr;

use super::error::{QueryError, QueryErrorKind};
use super::tree::Query;
use crate::params::{self, Limits, from_json, to_json};
use crate::types::Types;
use crate::value::{Value, notation};
use alloc::string::String;

/// How deep queries and expressions may be nested in each other.
pub const MAX_DEPTH: usize = 64;

/// How many clauses, operators, fields and literals a document may have.
pub const MAX_NODES: usize = 20_000;

/// How many bytes a document may have as JSON.
pub const MAX_BYTES: usize = 4_000_000;

impl Query {
    /// Reads a query from a document whose tagged values (`{"$date": ..}`) are decoded already.
    ///
    /// ```
    /// use ectomorph::query::Query;
    /// let json = r#"{"query": {"from": {"schema": "User"}, "limit": 3}}"#;
    /// let query = Query::from_json(json)?;
    /// assert_eq!(query.to_text(), "from u0 in User,\n  limit: 3");
    /// let error = Query::from_json(r#"{"query": {"from": {"source": "users"}, "wher": []}}"#).unwrap_err();
    /// assert_eq!(error.message(), "the key `wher` is unknown in a query; did you mean `where`?");
    /// # Ok::<(), ectomorph::query::QueryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Names the place and what is wrong there: an unknown key or operator, a wrong number or kind of arguments, a
    /// param that isn't there, a document deeper than [`MAX_DEPTH`] or larger than [`MAX_NODES`].
    pub fn read(document: &Value) -> Result<Query, QueryError> {
        Query::read_with(document, &Types::default())
    }

    /// Reads a query whose params are of the application's own types, too.
    ///
    /// # Errors
    ///
    /// As [`Query::read`].
    pub fn read_with(document: &Value, types: &Types) -> Result<Query, QueryError> {
        read::read(document, types)
    }

    /// The document of the query; [`Query::read`] reads it back.
    ///
    /// # Errors
    ///
    /// A preload by a function, which no document can hold.
    pub fn write(&self) -> Result<Value, QueryError> {
        write::write(self)
    }

    /// Reads a query from JSON.
    ///
    /// # Errors
    ///
    /// Text that is no JSON or has more than [`MAX_BYTES`]; otherwise as [`Query::read`].
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Query, QueryError> {
        let wrong = |message: &str| QueryError::new(QueryErrorKind::Document, message);
        let json = json.as_ref();
        if json.len() > MAX_BYTES {
            return Err(wrong("the document has more than 4000000 bytes"));
        }
        let limits = Limits { bytes: MAX_BYTES, depth: params::MAX_DEPTH, entries: MAX_BYTES };
        let value = from_json(json, &limits).map_err(|error| wrong(&alloc::format!("{error}")))?;
        let value = notation::decode(value).map_err(|error| wrong(error.message()))?;
        Query::read(&value)
    }

    /// The document as JSON.
    ///
    /// # Errors
    ///
    /// As [`Query::write`].
    pub fn to_json(&self) -> Result<String, QueryError> {
        Ok(to_json(&notation::encode(&self.write()?)))
    }
}
