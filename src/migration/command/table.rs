//! Tables.

use super::{ColumnOptions, ColumnType};
use crate::value::Str;

/// A table, as a migration names it. Made by [`table`] or of a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: Str,
    /// The prefix it is in: a schema of PostgreSQL, a database of MySQL.
    pub prefix: Option<Str>,
    /// A comment the database keeps.
    pub comment: Option<Str>,
    /// The key that is made with it.
    pub primary_key: PrimaryKey,
    /// The storage engine of MySQL.
    pub engine: Option<Str>,
    /// Text after the list of columns, such as `WITH (fillfactor=70)`.
    pub options: Option<Str>,
    /// Text between CREATE and TABLE, such as `UNLOGGED`.
    pub modifiers: Option<Str>,
}

/// The key that is made with a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PrimaryKey {
    /// A column `id` of type `bigserial`, unless the migrator was told otherwise.
    #[default]
    Default,
    /// None.
    None,
    /// A column of its own.
    Column(Box<PrimaryKeyColumn>),
}

/// What is said of the column of a key; the rest is as by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrimaryKeyColumn {
    /// Its name; `id` by default.
    pub name: Option<Str>,
    /// Its type; `bigserial` by default.
    pub column_type: Option<ColumnType>,
    /// All else.
    pub options: ColumnOptions,
}

/// A table called `name`.
///
/// ```
/// use ectomorph::migration::table;
/// let users = table("users").prefix("blog").comment("who writes");
/// assert_eq!(users.prefix.as_deref(), Some("blog"));
/// ```
pub fn table(name: impl Into<Str>) -> Table {
    Table { name: name.into(), ..Table::default() }
}

impl<T: Into<Str>> From<T> for Table {
    fn from(name: T) -> Table {
        table(name)
    }
}

impl From<&Table> for Table {
    fn from(table: &Table) -> Table {
        table.clone()
    }
}

impl Table {
    /// Puts the table in a prefix.
    pub fn prefix(mut self, prefix: impl Into<Str>) -> Table {
        self.prefix = Some(prefix.into());
        self
    }

    /// Leaves a comment in the database.
    pub fn comment(mut self, comment: impl Into<Str>) -> Table {
        self.comment = Some(comment.into());
        self
    }

    /// Makes no key.
    pub fn no_primary_key(mut self) -> Table {
        self.primary_key = PrimaryKey::None;
        self
    }

    /// Makes the key a column of this name and type.
    pub fn primary_key(mut self, name: impl Into<Str>, column_type: impl Into<ColumnType>) -> Table {
        self.primary_key = PrimaryKey::Column(Box::new(PrimaryKeyColumn {
            name: Some(name.into()),
            column_type: Some(column_type.into()),
            options: ColumnOptions::default(),
        }));
        self
    }

    /// Sets the storage engine, for MySQL.
    pub fn engine(mut self, engine: impl Into<Str>) -> Table {
        self.engine = Some(engine.into());
        self
    }

    /// Adds text after the list of columns.
    pub fn options(mut self, options: impl Into<Str>) -> Table {
        self.options = Some(options.into());
        self
    }

    /// Adds text between CREATE and TABLE.
    pub fn modifiers(mut self, modifiers: impl Into<Str>) -> Table {
        self.modifiers = Some(modifiers.into());
        self
    }
}
