//! Where rows come from.

use crate::query::expr::Piece;
use crate::query::schemas::SchemaRef;
use crate::query::tree::{Join, Query, Source, SourceKind};
use crate::query::words::JoinKind;
use crate::query::{Binding, Expr};
use crate::schema::{HasSchema, Schema};
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What a query can be made from: a table, a schema, both, a subquery, a fragment or values.
pub trait IntoSource {
    /// The source.
    fn into_source(self) -> Source;
}

impl Source {
    /// A source without name and prefix.
    pub fn new(kind: SourceKind) -> Source {
        Source { kind, name: None, prefix: None }
    }

    /// Gives it a name: Ecto's `as`.
    pub fn named(mut self, name: impl Into<Str>) -> Source {
        self.name = Some(name.into());
        self
    }

    /// Puts it in a prefix (PostgreSQL's schema).
    pub fn prefixed(mut self, prefix: impl Into<Str>) -> Source {
        self.prefix = Some(prefix.into());
        self
    }

    /// The source of a schema's table, or of another table with the same fields.
    pub fn table(table: Option<Str>, schema: Option<SchemaRef>) -> Source {
        Source::new(SourceKind::Table { table, schema })
    }

    /// An association of another source, for joins.
    pub fn assoc(of: impl Into<Binding>, name: impl Into<Str>) -> Source {
        Source::new(SourceKind::Assoc(of.into(), name.into()))
    }
}

impl IntoSource for Source {
    fn into_source(self) -> Source {
        self
    }
}

impl IntoSource for &str {
    fn into_source(self) -> Source {
        Source::table(Some(self.into()), None)
    }
}

impl IntoSource for Arc<Schema> {
    fn into_source(self) -> Source {
        Source::table(None, Some(self.into()))
    }
}

impl IntoSource for &Arc<Schema> {
    fn into_source(self) -> Source {
        self.clone().into_source()
    }
}

impl IntoSource for (&str, Arc<Schema>) {
    fn into_source(self) -> Source {
        Source::table(Some(self.0.into()), Some(self.1.into()))
    }
}

/// A query within a join: its source, with its conditions among those of the join.
impl IntoSource for Query {
    fn into_source(self) -> Source {
        Source::new(SourceKind::Query(self))
    }
}

/// SQL as a source: `fragment("select generate_series(1, ?) as n", [pin(4)])`.
impl IntoSource for Expr {
    fn into_source(self) -> Source {
        Source::new(match self {
            Expr::Fragment(pieces) => SourceKind::Fragment(pieces),
            Expr::Subquery(query) => SourceKind::Subquery(query),
            other => SourceKind::Fragment([Piece::Expr(other)].into()),
        })
    }
}

/// A query of all rows of a source.
///
/// ```
/// use ectomorph::query::{field, from};
/// let emails = from("users").where_(field("age").gt(18)).select(field("email"));
/// assert_eq!(emails.to_text(), "from u0 in \"users\",\n  where: u0.age > 18,\n  select: u0.email");
/// ```
pub fn from(source: impl IntoSource) -> Query {
    let source = source.into_source();
    match source.kind {
        SourceKind::Query(query) => query,
        _ => Query::of(source),
    }
}

/// The rows of a query as a source, or within an expression as a value.
///
/// ```
/// use ectomorph::query::{field, from, subquery};
/// let read = from("comments").where_(field("likes").gt(0)).select(field("post_id"));
/// let posts = from("posts").where_(field("id").in_(subquery(read)));
/// assert!(posts.inspect().contains("u0.id in subquery(") || posts.inspect().contains("p0.id in subquery("));
/// ```
pub fn subquery(query: Query) -> Expr {
    Expr::Subquery(query)
}

/// Rows given with the query, as a source.
///
/// ```
/// use ectomorph::query::{field, from, values};
/// use ectomorph::types::Type;
/// let weights = values([("id", Type::Integer), ("weight", Type::Float)], [[1.into(), 0.5.into()]]);
/// assert_eq!(from(weights).select(field("weight")).to_text(), "from v0 in values (id, weight),\n  select: v0.weight");
/// ```
pub fn values<N: Into<Str>, R: IntoIterator<Item = Value>>(
    types: impl IntoIterator<Item = (N, Type)>,
    rows: impl IntoIterator<Item = R>,
) -> Source {
    let types: Vec<(Str, Type)> = types.into_iter().map(|(name, kind)| (name.into(), kind)).collect();
    let rows = rows.into_iter().map(|row| row.into_iter().collect()).collect();
    Source::new(SourceKind::Values { types, rows })
}

impl Query {
    /// A query of a table without schema.
    pub fn from_table(table: impl Into<Str>) -> Query {
        Query::of(Source::table(Some(table.into()), None))
    }

    /// A query of a type with a schema.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use ectomorph::Schema;
    /// use ectomorph::query::Query;
    ///
    /// #[derive(Schema)]
    /// #[schema(source = "users")]
    /// struct User {
    ///     id: Option<i64>,
    ///     name: Option<String>,
    /// }
    ///
    /// assert_eq!(Query::from::<User>().limit(1).to_text(), "from u0 in User,\n  limit: 1");
    /// # }
    /// ```
    pub fn from<T: HasSchema>() -> Query {
        Query::of(T::schema().into_source())
    }

    /// Names the first source: Ecto's `as`.
    pub fn as_(mut self, name: impl Into<Str>) -> Query {
        self.parts_mut().from.name = Some(name.into());
        self
    }

    /// Puts the first source in a prefix.
    pub fn from_prefix(mut self, prefix: impl Into<Str>) -> Query {
        self.parts_mut().from.prefix = Some(prefix.into());
        self
    }

    /// Puts all sources that say none in a prefix: Ecto's `put_query_prefix`.
    pub fn put_query_prefix(mut self, prefix: impl Into<Str>) -> Query {
        self.parts_mut().prefix = Some(prefix.into());
        self
    }

    /// Joins a source. The condition is none where an association says it, or for a cross join.
    ///
    /// ```
    /// use ectomorph::query::{JoinKind, Source, at, field, from};
    /// let query = from("posts")
    ///     .join(JoinKind::Inner, "users", Some(at(1).field("id").eq(field("user_id"))))
    ///     .join(JoinKind::Left, Source::assoc(0, "comments").named("comments"), None);
    /// assert_eq!(query.join_count(), 2);
    /// assert!(query.has_named_binding("comments"));
    /// ```
    pub fn join(mut self, kind: JoinKind, source: impl IntoSource, on: Option<Expr>) -> Query {
        let source = source.into_source();
        self.parts_mut().joins.push(Join { kind, source, on });
        self
    }

    /// Joins an association of the first source: `join: p in assoc(u, :posts), as: :posts`.
    pub fn join_assoc(self, assoc: impl Into<Str>) -> Query {
        let assoc = assoc.into();
        self.join(JoinKind::Inner, Source::assoc(0, assoc.clone()).named(assoc), None)
    }

    /// As [`Query::join_assoc`], and keeps rows that have none.
    pub fn left_join_assoc(self, assoc: impl Into<Str>) -> Query {
        let assoc = assoc.into();
        self.join(JoinKind::Left, Source::assoc(0, assoc.clone()).named(assoc), None)
    }

    /// How many joins it has: the last source is at this place.
    pub fn join_count(&self) -> usize {
        self.parts().joins.len()
    }

    /// Whether a source has that name.
    pub fn has_named_binding(&self, name: &str) -> bool {
        self.parts().sources().any(|source| source.name.as_ref().is_some_and(|own| own == name))
    }

    /// The query as it is if a source has that name, otherwise what `add` makes of it.
    pub fn with_named_binding(self, name: &str, add: impl FnOnce(Query) -> Query) -> Query {
        if self.has_named_binding(name) { self } else { add(self) }
    }
}
