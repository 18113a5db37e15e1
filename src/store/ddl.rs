//! Changes of definitions, as data: what migrations ask for, and what the journal keeps.

use super::{Check, Column, Default, Definition, ForeignKey, Index, Kind, TableName};
use crate::value::Str;

/// A change of the definitions. [`Statement::define`](super::Statement::define) makes it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ddl {
    /// A new table, without rows.
    CreateTable(Definition),
    /// A table goes, with its rows. Foreign keys that refer to it go too if `cascade`, else they forbid it.
    DropTable {
        /// The table.
        table: TableName,
        /// Whether foreign keys of other tables go with it.
        cascade: bool,
    },
    /// A table gets another name. Names of its constraints stay.
    RenameTable {
        /// The table.
        table: TableName,
        /// Its new name, in the same prefix.
        to: Str,
    },
    /// A table gets a column, with its default in every row.
    AddColumn {
        /// The table.
        table: TableName,
        /// The column, which becomes the last.
        column: Column,
    },
    /// A column goes, with the indexes and constraints that it is part of.
    DropColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: Str,
    },
    /// A column holds something else, may or may not be null, has another default.
    ModifyColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: Str,
        /// What changes.
        change: ColumnChange,
    },
    /// A column gets another name, everywhere.
    RenameColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: Str,
        /// Its new name.
        to: Str,
    },
    /// A table gets a primary key.
    AddPrimaryKey {
        /// The table.
        table: TableName,
        /// The name of the constraint.
        name: Str,
        /// The columns.
        columns: Vec<Str>,
    },
    /// A table gets an index.
    CreateIndex {
        /// The table.
        table: TableName,
        /// The index.
        index: Index,
    },
    /// An index goes.
    DropIndex {
        /// The prefix that it is in.
        prefix: Option<Str>,
        /// The index.
        index: Str,
    },
    /// An index gets another name.
    RenameIndex {
        /// The prefix that it is in.
        prefix: Option<Str>,
        /// The index.
        index: Str,
        /// Its new name.
        to: Str,
    },
    /// A table gets a foreign key.
    AddForeignKey {
        /// The table that refers.
        table: TableName,
        /// The foreign key.
        foreign_key: ForeignKey,
        /// Whether the rows that are there are checked.
        validate: bool,
    },
    /// A table gets a check.
    AddCheck {
        /// The table.
        table: TableName,
        /// The check.
        check: Check,
        /// Whether the rows that are there are checked.
        validate: bool,
    },
    /// A foreign key, a check, a unique index or the primary key goes.
    DropConstraint {
        /// The table.
        table: TableName,
        /// The constraint.
        constraint: Str,
    },
    /// A table or column gets another note.
    Comment {
        /// The table.
        table: TableName,
        /// The column, or the table itself.
        column: Option<Str>,
        /// The note.
        comment: Option<Str>,
    },
}

/// What changes of a column; what is none stays.
#[derive(Clone, Debug, PartialEq, core::default::Default)]
pub struct ColumnChange {
    /// What it holds from now on, with the values that are there converted, and the type as declared.
    pub kind: Option<(Kind, Option<Str>)>,
    /// Whether null is allowed.
    pub nullable: Option<bool>,
    /// What new rows have.
    pub default: Option<Default>,
}
