//! What a migration asks of a database, as data: [`Command`] and its parts.

mod column;
mod condition;
mod constraint;
mod describe;
mod index;
mod reference;
mod reverse;
mod table;

pub use column::{
    Before, Check, Column, ColumnDefault, ColumnOptions, ColumnType, Fragment, Size, array, column, fragment,
    map,
};
pub use condition::Condition;
pub use constraint::{Constraint, constraint};
pub use index::{Direction, Index, IndexColumn, IndexTerm, index, unique_index};
pub use reference::{Match, OnDelete, OnUpdate, Reference, references};
pub use table::{PrimaryKey, PrimaryKeyColumn, Table, table};

use crate::value::Str;

/// One change of the structure of a database: what an adapter executes.
///
/// The names are those of Ecto's functions. A command knows its reverse ([`Command::reverse`]), prints as a line of
/// the log ([`Command::describe`]) and has a form in [documents](super::write_command).
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Creates a table with its columns, the key among them.
    CreateTable {
        /// The table.
        table: Table,
        /// Its columns, in order.
        columns: Vec<Column>,
        /// Does nothing when there is such a table.
        if_not_exists: bool,
    },
    /// Changes columns of a table.
    AlterTable {
        /// The table.
        table: Table,
        /// The changes, in order.
        changes: Vec<Change>,
    },
    /// Drops a table.
    DropTable {
        /// The table.
        table: Table,
        /// Whether what depends on it goes too.
        mode: Mode,
        /// Does nothing when there is no such table.
        if_exists: bool,
    },
    /// Gives a table another name.
    RenameTable {
        /// The table as it is.
        table: Table,
        /// The table as it will be.
        to: Table,
    },
    /// Gives a column another name.
    RenameColumn {
        /// The table.
        table: Table,
        /// The column as it is.
        column: Str,
        /// Its name as it will be.
        to: Str,
    },
    /// Creates an index.
    CreateIndex {
        /// The index.
        index: Index,
        /// Does nothing when there is such an index.
        if_not_exists: bool,
    },
    /// Drops an index.
    DropIndex {
        /// The index.
        index: Index,
        /// Whether what depends on it goes too.
        mode: Mode,
        /// Does nothing when there is no such index.
        if_exists: bool,
    },
    /// Gives an index another name.
    RenameIndex {
        /// The index as it is.
        index: Index,
        /// Its name as it will be.
        to: Str,
    },
    /// Adds a check or an exclusion to a table.
    CreateConstraint {
        /// The constraint.
        constraint: Constraint,
    },
    /// Drops a constraint of a table.
    DropConstraint {
        /// The constraint.
        constraint: Constraint,
        /// Whether what depends on it goes too.
        mode: Mode,
        /// Does nothing when there is no such constraint.
        if_exists: bool,
    },
    /// Runs a statement in the language of the database. An empty one does nothing.
    Execute {
        /// The statement.
        sql: Str,
    },
}

/// A change of one column in [`Command::AlterTable`].
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Adds a column.
    Add {
        /// The column.
        column: Column,
        /// Does nothing when there is such a column.
        if_not_exists: bool,
    },
    /// Gives a column another type, default or nullability; can be reversed when it says [`from`](ColumnOptions::from)
    /// what.
    Modify(Column),
    /// Drops a column; can be reversed when it says of which type.
    Remove {
        /// The column.
        name: Str,
        /// Its type.
        column_type: Option<ColumnType>,
        /// How it would be added again.
        options: ColumnOptions,
    },
    /// Drops a column if there is one.
    RemoveIfExists {
        /// The column.
        name: Str,
        /// Its type: a reference takes its foreign key with it.
        column_type: Option<ColumnType>,
    },
}

/// What happens to that which depends on a dropped object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It forbids the drop.
    #[default]
    Restrict,
    /// It is dropped too.
    Cascade,
}

impl Command {
    /// The prefix the command works in.
    pub fn prefix(&self) -> Option<&Str> {
        match self {
            Command::CreateTable { table, .. }
            | Command::AlterTable { table, .. }
            | Command::DropTable { table, .. }
            | Command::RenameTable { table, .. }
            | Command::RenameColumn { table, .. } => table.prefix.as_ref(),
            Command::CreateIndex { index, .. }
            | Command::DropIndex { index, .. }
            | Command::RenameIndex { index, .. } => index.prefix.as_ref(),
            Command::CreateConstraint { constraint } | Command::DropConstraint { constraint, .. } => {
                constraint.prefix.as_ref()
            }
            Command::Execute { .. } => None,
        }
    }

    /// The places of prefixes in the command: two where a table is renamed.
    pub(super) fn prefixes_mut(&mut self) -> Vec<&mut Option<Str>> {
        match self {
            Command::CreateTable { table, .. }
            | Command::AlterTable { table, .. }
            | Command::DropTable { table, .. }
            | Command::RenameColumn { table, .. } => vec![&mut table.prefix],
            Command::RenameTable { table, to } => vec![&mut table.prefix, &mut to.prefix],
            Command::CreateIndex { index, .. }
            | Command::DropIndex { index, .. }
            | Command::RenameIndex { index, .. } => vec![&mut index.prefix],
            Command::CreateConstraint { constraint } | Command::DropConstraint { constraint, .. } => {
                vec![&mut constraint.prefix]
            }
            Command::Execute { .. } => Vec::new(),
        }
    }
}

impl Change {
    /// The column it is about.
    pub fn name(&self) -> &Str {
        match self {
            Change::Add { column, .. } | Change::Modify(column) => &column.name,
            Change::Remove { name, .. } | Change::RemoveIfExists { name, .. } => name,
        }
    }
}
