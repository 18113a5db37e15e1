//! Why a query can't be built, read or planned.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

/// Which of Ecto's exceptions a [`QueryError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// The query can't be built: a name given twice, a comparison with null. `Ecto.Query.CompileError`.
    Build,
    /// An argument of no use: an alias nobody selects, an unknown preload. `ArgumentError`.
    Argument,
    /// A document that is not a query.
    Document,
    /// The query does not fit its schemas: an unknown field or association. `Ecto.QueryError`.
    Query,
    /// A pinned value is not of the type it is compared with. `Ecto.Query.CastError`.
    Cast,
    /// A subquery does not fit. `Ecto.SubQueryError`.
    Subquery,
}

impl QueryErrorKind {
    /// The name of Ecto's exception; for documents, which Ecto has not, `DocumentError`.
    pub fn name(self) -> &'static str {
        match self {
            QueryErrorKind::Build => "Ecto.Query.CompileError",
            QueryErrorKind::Argument => "ArgumentError",
            QueryErrorKind::Document => "DocumentError",
            QueryErrorKind::Query => "Ecto.QueryError",
            QueryErrorKind::Cast => "Ecto.Query.CastError",
            QueryErrorKind::Subquery => "Ecto.SubQueryError",
        }
    }
}

/// Why a query can't be built, read or planned.
///
/// It is a mistake of the program, but for [`QueryErrorKind::Cast`], which tells of a value that may have come from
/// outside.
#[derive(Clone, PartialEq, Eq)]
// One pointer: most results carry an error that is not there.
pub struct QueryError(Box<Described>);

#[derive(Clone, PartialEq, Eq)]
struct Described {
    kind: QueryErrorKind,
    message: String,
    query: Option<String>,
}

impl QueryError {
    /// An error of a kind, described by `message`: lower case, no period.
    #[cold]
    pub fn new(kind: QueryErrorKind, message: impl Into<String>) -> QueryError {
        QueryError(Box::new(Described { kind, message: message.into(), query: None }))
    }

    /// Names the query it is about, as [`Query::to_text`](super::Query::to_text) prints it; the innermost stays. What
    /// is wrong with an argument or in building is so whatever the query.
    #[cold]
    pub fn in_query(mut self, query: impl FnOnce() -> String) -> QueryError {
        let kinds = [QueryErrorKind::Query, QueryErrorKind::Cast, QueryErrorKind::Subquery];
        if self.0.query.is_none() && kinds.contains(&self.0.kind) {
            self.0.query = Some(query());
        }
        self
    }

    /// Puts where it was found in front of the message: a place within a document.
    #[cold]
    pub(crate) fn at(mut self, place: &str) -> QueryError {
        self.0.message = [place, ": ", &self.0.message].concat();
        self
    }

    /// The kind with another, around it: an error of a subquery is that of the query around it.
    #[cold]
    pub(crate) fn within(mut self, kind: QueryErrorKind) -> QueryError {
        self.0.kind = kind;
        self
    }

    /// Which of Ecto's exceptions it is.
    pub fn kind(&self) -> QueryErrorKind {
        self.0.kind
    }

    /// What is wrong, without the query.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The query it is about, as text.
    pub fn query(&self) -> Option<&str> {
        self.0.query.as_deref()
    }

    /// The message and the query it is about.
    pub fn text(&self) -> String {
        match &self.0.query {
            Some(query) => [&self.0.message, " in query:\n\n", query, "\n"].concat(),
            None => self.0.message.clone(),
        }
    }
}

impl fmt::Debug for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryError")
            .field("kind", &self.kind())
            .field("message", &self.message())
            .field("query", &self.query())
            .finish()
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl core::error::Error for QueryError {}
