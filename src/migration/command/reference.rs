//! Foreign keys.

use super::{Column, ColumnType};
use crate::value::Str;

/// A foreign key to another table. Made by [`references`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// The other table.
    pub table: Str,
    /// The name of the constraint; `<table>_<column>_fkey` if unsaid.
    pub name: Option<Str>,
    /// The column of the other table; `id` if unsaid.
    pub column: Option<Str>,
    /// The prefix of the other table; that of this table if unsaid.
    pub prefix: Option<Str>,
    /// The type of the key; `bigserial` if unsaid.
    pub column_type: Option<ColumnType>,
    /// What a delete of the other row does to this one.
    pub on_delete: OnDelete,
    /// What a change of the other key does to this one.
    pub on_update: OnUpdate,
    /// Rows that are there already are not looked at.
    pub not_validated: bool,
    /// Further columns of a composite key: that of this table, that of the other.
    pub with: Vec<(Str, Str)>,
    /// How a composite key with nulls is matched.
    pub match_with: Option<Match>,
}

/// What a delete of the row that is referred to does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OnDelete {
    /// The delete is refused at the end of its statement.
    #[default]
    Nothing,
    /// Deletes the rows that refer to it.
    DeleteAll,
    /// Sets all columns of the key to null.
    NilifyAll,
    /// Sets some columns of the key to null.
    Nilify(Vec<Str>),
    /// Sets all columns of the key to their defaults.
    DefaultAll,
    /// Sets some columns of the key to their defaults.
    Default(Vec<Str>),
    /// The delete is refused at once.
    Restrict,
}

/// What a change of the key that is referred to does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnUpdate {
    /// The change is refused at the end of its statement.
    #[default]
    Nothing,
    /// Changes the rows that refer to it along.
    UpdateAll,
    /// Sets their key to null.
    NilifyAll,
    /// The change is refused at once.
    Restrict,
}

/// How a composite key with nulls is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// One null is enough to refer to nothing.
    Simple,
    /// The columns that are not null must match.
    Partial,
    /// All are null, or all match.
    Full,
}

/// A foreign key to `table`, as the type of a column.
///
/// ```
/// use ectomorph::migration::{OnDelete, column, references};
/// let user_id = references("users").on_delete(OnDelete::DeleteAll);
/// let user_id = column(user_id).null(false);
/// ```
pub fn references(table: impl Into<Str>) -> Reference {
    Reference { table: table.into(), ..Reference::default() }
}

impl Reference {
    /// Names the constraint.
    pub fn name(mut self, name: impl Into<Str>) -> Reference {
        self.name = Some(name.into());
        self
    }

    /// Refers to another column than `id`.
    pub fn column(mut self, column: impl Into<Str>) -> Reference {
        self.column = Some(column.into());
        self
    }

    /// Refers to a table in another prefix.
    pub fn prefix(mut self, prefix: impl Into<Str>) -> Reference {
        self.prefix = Some(prefix.into());
        self
    }

    /// Sets the type of the key.
    pub fn column_type(mut self, column_type: impl Into<ColumnType>) -> Reference {
        self.column_type = Some(column_type.into());
        self
    }

    /// Says what a delete of the other row does.
    pub fn on_delete(mut self, action: OnDelete) -> Reference {
        self.on_delete = action;
        self
    }

    /// Says what a change of the other key does.
    pub fn on_update(mut self, action: OnUpdate) -> Reference {
        self.on_update = action;
        self
    }

    /// Leaves rows that are there already unchecked.
    pub fn not_validated(mut self) -> Reference {
        self.not_validated = true;
        self
    }

    /// Adds a column to a composite key: that of this table, that of the other.
    pub fn with(mut self, column: impl Into<Str>, other: impl Into<Str>) -> Reference {
        self.with.push((column.into(), other.into()));
        self
    }

    /// Says how a composite key with nulls is matched.
    pub fn match_with(mut self, kind: Match) -> Reference {
        self.match_with = Some(kind);
        self
    }

    /// The column with this key that may not be null: `references("users").null(false)`.
    pub fn null(self, null: bool) -> Column {
        super::column(self).null(null)
    }

    /// The column of the other table.
    pub fn key(&self) -> &str {
        self.column.as_deref().unwrap_or("id")
    }

    /// The type of the key.
    pub fn key_type(&self) -> ColumnType {
        self.column_type.clone().unwrap_or(ColumnType::Named(Str::Static("bigserial")))
    }

    /// The name of the constraint when `column` of `table` has this key.
    pub fn constraint_name(&self, table: &str, column: &str) -> Str {
        match &self.name {
            Some(name) => name.clone(),
            None => format!("{table}_{column}_fkey").into(),
        }
    }

    /// The columns of the key when it is that of `column`: of this table, and of the other.
    pub fn pairs<'a>(&'a self, column: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let with = self.with.iter().map(|(ours, theirs)| (ours.as_str(), theirs.as_str()));
        std::iter::once((column, self.key())).chain(with)
    }
}
