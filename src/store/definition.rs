//! Tables as they are defined: columns, keys, indexes and constraints, all by name.

use super::Kind;
use crate::expr::Expr;
use crate::value::{Str, Value};

/// A table: its columns, its keys, its constraints.
///
/// ```
/// use ectomorph::store::{Column, Definition, ForeignKey, Kind};
/// let posts = Definition::new("posts")
///     .column(Column::new("id", Kind::Integer(64)).sequence())
///     .column(Column::new("title", Kind::Text(Some(255))).not_null())
///     .column(Column::new("author_id", Kind::Integer(64)))
///     .primary_key(["id"])
///     .foreign_key(ForeignKey::new("posts_author_id_fkey", ["author_id"], "users", ["id"]));
/// assert_eq!(posts.primary_key.as_ref().unwrap().name, "posts_pkey");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: TableName,
    /// The columns, in their order in rows.
    pub columns: Vec<Column>,
    /// The key that orders the rows; without one they are in the order of insertion.
    pub primary_key: Option<PrimaryKey>,
    /// Indexes, those that make keys unique included.
    pub indexes: Vec<Index>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Checks.
    pub checks: Vec<Check>,
    /// A note for people.
    pub comment: Option<Str>,
}

/// The name of a table, and the prefix (PostgreSQL's schema) that it is in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    /// The prefix; none is the default one.
    pub prefix: Option<Str>,
    /// The name within the prefix.
    pub name: Str,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: Str,
    /// What it holds.
    pub kind: Kind,
    /// Whether null is allowed.
    pub nullable: bool,
    /// What a new row has where nothing is given.
    pub default: Default,
    /// The type as it was declared, for the catalogue; the store makes nothing of it.
    pub declared: Option<Str>,
    /// A note for people.
    pub comment: Option<Str>,
}

/// What a column of a new row has where nothing is given.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Default {
    /// Null.
    Null,
    /// A value.
    Value(Value),
    /// The next number of the column's own sequence, which starts with 1.
    Sequence,
    /// What the database's [functions](super::Database::set_functions) answer to a name, such as `now`.
    Function(Str),
    /// Another column's text, in letters of one size. It follows that column whatever is written to its own, and goes with
    /// the last index that has it: this is how an index is one of `lower(email)`.
    Folded(Fold, Str),
}

/// Letters of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Small letters.
    Lower,
    /// Capital letters.
    Upper,
}

impl Fold {
    /// What SQL calls it.
    pub fn name(self) -> &'static str {
        match self {
            Fold::Lower => "lower",
            Fold::Upper => "upper",
        }
    }

    /// The name of the column that follows another: `lower(email)`.
    pub fn column_name(self, of: &str) -> Str {
        format!("{}({of})", self.name()).into()
    }

    /// A text in its letters; null for what is no text.
    pub fn fold(self, value: &Value) -> Value {
        match (self, value.as_str()) {
            (Fold::Lower, Some(text)) => text.to_lowercase().into(),
            (Fold::Upper, Some(text)) => text.to_uppercase().into(),
            (_, None) => Value::Null,
        }
    }
}

/// The primary key.
#[derive(Clone, Debug, PartialEq)]
pub struct PrimaryKey {
    /// The name of the constraint.
    pub name: Str,
    /// Its columns, in the order of the key.
    pub columns: Vec<Str>,
}

/// An index: rows in the order of some columns, and unique if asked. Nulls come last.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// The name, unique within the prefix.
    pub name: Str,
    /// The columns, in the order of the key.
    pub columns: Vec<Str>,
    /// Whether two rows may not have the same key.
    pub unique: bool,
    /// Whether two nulls differ, as they do in SQL unless asked otherwise.
    pub nulls_distinct: bool,
    /// The rows that are in the index: those of which this is true.
    pub filter: Option<Expr>,
    /// A note for people.
    pub comment: Option<Str>,
}

/// A foreign key: columns whose values are those of a row elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignKey {
    /// The name of the constraint.
    pub name: Str,
    /// The columns that refer.
    pub columns: Vec<Str>,
    /// The table that they refer to.
    pub references: TableName,
    /// The columns that they refer to: a primary key, or those of a unique index.
    pub referenced: Vec<Str>,
    /// What becomes of the row when the other goes.
    pub on_delete: Action,
    /// What becomes of the row when the other's key changes.
    pub on_update: Action,
    /// Whether a key that is partly null is refused, instead of not checked.
    pub full: bool,
}

/// What becomes of a row when the one it refers to goes or changes its key.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// It must refer to another row by the end of the statement.
    Nothing,
    /// The other may not go.
    Restrict,
    /// It goes, or changes, too.
    Cascade,
    /// Its columns become null: these, or all of the key.
    Nilify(Option<Vec<Str>>),
    /// Its columns get their defaults: these, or all of the key.
    Default(Option<Vec<Str>>),
}

/// A check: a condition on each row. Unknown is allowed, as in SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The name of the constraint.
    pub name: Str,
    /// The condition.
    pub condition: Expr,
    /// A note for people.
    pub comment: Option<Str>,
}

impl Definition {
    /// A table without columns.
    pub fn new(name: impl Into<TableName>) -> Definition {
        Definition {
            name: name.into(),
            columns: Vec::new(),
            primary_key: None,
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            comment: None,
        }
    }

    /// With one more column.
    #[must_use]
    pub fn column(mut self, column: Column) -> Definition {
        self.columns.push(column);
        self
    }

    /// With a primary key, called as PostgreSQL would: `users_pkey`. Its columns can't be null.
    #[must_use]
    pub fn primary_key<S: Into<Str>>(mut self, columns: impl IntoIterator<Item = S>) -> Definition {
        let name = Str::from(format!("{}_pkey", self.name.name));
        self.primary_key = Some(PrimaryKey { name, columns: names(columns) });
        self
    }

    /// With one more index.
    #[must_use]
    pub fn index(mut self, index: Index) -> Definition {
        self.indexes.push(index);
        self
    }

    /// With one more foreign key.
    #[must_use]
    pub fn foreign_key(mut self, foreign_key: ForeignKey) -> Definition {
        self.foreign_keys.push(foreign_key);
        self
    }

    /// With one more check.
    #[must_use]
    pub fn check(mut self, name: impl Into<Str>, condition: Expr) -> Definition {
        self.checks.push(Check { name: name.into(), condition, comment: None });
        self
    }

    /// The position of a column in rows.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|each| each.name == column)
    }
}

impl TableName {
    /// A table in a prefix.
    pub fn within(prefix: Option<impl Into<Str>>, name: impl Into<Str>) -> TableName {
        TableName { prefix: prefix.map(Into::into), name: name.into() }
    }
}

impl From<&str> for TableName {
    fn from(name: &str) -> Self {
        TableName { prefix: None, name: name.into() }
    }
}

impl From<Str> for TableName {
    fn from(name: Str) -> Self {
        TableName { prefix: None, name }
    }
}

impl std::fmt::Display for TableName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(prefix) = &self.prefix {
            write!(f, "{prefix}.")?;
        }
        f.write_str(&self.name)
    }
}

impl Column {
    /// A column that may be null and has no default.
    pub fn new(name: impl Into<Str>, kind: Kind) -> Column {
        Column {
            name: name.into(),
            kind,
            nullable: true,
            default: Default::Null,
            declared: None,
            comment: None,
        }
    }

    /// The same, never null.
    #[must_use]
    pub fn not_null(mut self) -> Column {
        self.nullable = false;
        self
    }

    /// The same with a default.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Column {
        self.default = Default::Value(value.into());
        self
    }

    /// A column that follows the text of another: see [`Default::Folded`].
    ///
    /// ```
    /// use ectomorph::store::{Column, Database, Ddl, Definition, Fold, Index, Kind};
    /// use ectomorph::value::Value;
    ///
    /// let users = Definition::new("users")
    ///     .column(Column::new("email", Kind::Text(None)))
    ///     .column(Column::folded(Fold::Lower, "email"))
    ///     .index(Index::new("users_lower_email_index", ["lower(email)"]).unique());
    /// let mut database = Database::new();
    /// let users = database.define(Ddl::CreateTable(users)).unwrap().unwrap();
    /// database.insert(users, &[0], vec!["Jane@example.com".into()]).unwrap();
    /// assert!(database.insert(users, &[0], vec!["jane@EXAMPLE.com".into()]).is_err());
    /// ```
    pub fn folded(fold: Fold, of: impl Into<Str>) -> Column {
        let of = of.into();
        let mut column = Column::new(fold.column_name(&of), Kind::Text(None));
        column.default = Default::Folded(fold, of);
        column
    }

    /// Whether it is another one folded.
    pub fn follows(&self, column: &str) -> bool {
        matches!(&self.default, Default::Folded(_, of) if &**of == column)
    }

    /// The same, numbered by a sequence, and never null.
    #[must_use]
    pub fn sequence(mut self) -> Column {
        self.default = Default::Sequence;
        self.not_null()
    }
}

impl Index {
    /// An index of all rows.
    pub fn new<S: Into<Str>>(name: impl Into<Str>, columns: impl IntoIterator<Item = S>) -> Index {
        Index {
            name: name.into(),
            columns: names(columns),
            unique: false,
            nulls_distinct: true,
            filter: None,
            comment: None,
        }
    }

    /// The same, with no key twice.
    #[must_use]
    pub fn unique(mut self) -> Index {
        self.unique = true;
        self
    }

    /// The same, of the rows of which `filter` is true.
    #[must_use]
    pub fn filter(mut self, filter: Expr) -> Index {
        self.filter = Some(filter);
        self
    }
}

impl ForeignKey {
    /// A foreign key that only checks.
    pub fn new<S: Into<Str>, T: Into<Str>>(
        name: impl Into<Str>,
        columns: impl IntoIterator<Item = S>,
        references: impl Into<TableName>,
        referenced: impl IntoIterator<Item = T>,
    ) -> ForeignKey {
        ForeignKey {
            name: name.into(),
            columns: names(columns),
            references: references.into(),
            referenced: names(referenced),
            on_delete: Action::Nothing,
            on_update: Action::Nothing,
            full: false,
        }
    }

    /// The same with another action when the other row goes.
    #[must_use]
    pub fn on_delete(mut self, action: Action) -> ForeignKey {
        self.on_delete = action;
        self
    }

    /// The same with another action when the other row's key changes.
    #[must_use]
    pub fn on_update(mut self, action: Action) -> ForeignKey {
        self.on_update = action;
        self
    }
}

fn names<S: Into<Str>>(names: impl IntoIterator<Item = S>) -> Vec<Str> {
    names.into_iter().map(Into::into).collect()
}
