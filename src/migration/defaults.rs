//! [`Defaults`]: what migrations need not say.

use super::{Column, ColumnOptions, ColumnType, PrimaryKey, PrimaryKeyColumn, Table, Timestamps};
use crate::value::Str;

/// What migrations need not say, set once for a repo: Ecto's `migration_primary_key`, `migration_foreign_key`,
/// `migration_timestamps`, `migration_default_prefix`, and the prefix of a run.
///
/// ```
/// use ectomorph::migration::{Defaults, PrimaryKey, PrimaryKeyColumn};
/// let uuids = PrimaryKeyColumn { column_type: Some("uuid".into()), ..PrimaryKeyColumn::default() };
/// let defaults = Defaults { primary_key: PrimaryKey::Column(Box::new(uuids)), ..Defaults::default() };
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// The key of tables that say nothing of theirs. Its type is that of references, too.
    pub primary_key: PrimaryKey,
    /// The type of references.
    pub foreign_key_type: Option<ColumnType>,
    /// The column references refer to.
    pub foreign_key_column: Option<Str>,
    /// The times of a row.
    pub timestamps: Timestamps,
    /// The prefix the migrations run in; one that names another is refused.
    pub prefix: Option<Str>,
    /// The prefix of what names none.
    pub default_prefix: Option<Str>,
}

impl Defaults {
    /// The column of the key of a table.
    pub(super) fn key_of(&self, table: &Table) -> Option<Column> {
        let unsaid = PrimaryKeyColumn::default();
        let key = match (&table.primary_key, &self.primary_key) {
            (PrimaryKey::None, _) | (PrimaryKey::Default, PrimaryKey::None) => return None,
            (PrimaryKey::Column(key), _) | (PrimaryKey::Default, PrimaryKey::Column(key)) => &**key,
            (PrimaryKey::Default, PrimaryKey::Default) => &unsaid,
        };
        Some(Column {
            name: key.name.clone().unwrap_or(Str::Static("id")),
            column_type: key.column_type.clone().unwrap_or(ColumnType::Named(Str::Static("bigserial"))),
            options: ColumnOptions { primary_key: true, ..key.options.clone() },
        })
    }

    /// The type of references that say none.
    pub(super) fn reference_type(&self) -> ColumnType {
        let of_key = match &self.primary_key {
            PrimaryKey::Column(key) => key.column_type.clone(),
            _ => None,
        };
        self.foreign_key_type.clone().or(of_key).unwrap_or(ColumnType::Named(Str::Static("bigserial")))
    }
}
