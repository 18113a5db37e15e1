//! What undoes a command.

use super::{Before, Change, Column, ColumnOptions, Command, Index, Mode};

impl Command {
    /// The command that undoes this one; none if it does not say enough.
    ///
    /// What was there before a drop of a table or a constraint, a removed column without type, a modification
    /// without `from` or a statement is not known. Columns come back at the end of their table.
    ///
    /// ```
    /// use ectomorph::migration::{Command, table};
    /// let rename = Command::RenameTable { table: table("users"), to: table("people") };
    /// assert_eq!(rename.reverse().unwrap().describe(), "rename table people to users");
    /// ```
    pub fn reverse(&self) -> Option<Command> {
        Some(match self {
            Command::CreateTable { table, if_not_exists, .. } => {
                Command::DropTable { table: table.clone(), mode: Mode::Restrict, if_exists: *if_not_exists }
            }
            Command::AlterTable { table, changes } => {
                let changes = changes.iter().rev().map(Change::reverse).collect::<Option<_>>()?;
                Command::AlterTable { table: table.clone(), changes }
            }
            Command::RenameTable { table, to } => {
                Command::RenameTable { table: to.clone(), to: table.clone() }
            }
            Command::RenameColumn { table, column, to } => {
                Command::RenameColumn { table: table.clone(), column: to.clone(), to: column.clone() }
            }
            Command::CreateIndex { index, if_not_exists } => {
                Command::DropIndex { index: index.clone(), mode: Mode::Restrict, if_exists: *if_not_exists }
            }
            Command::DropIndex { index, if_exists, .. } => {
                Command::CreateIndex { index: index.clone(), if_not_exists: *if_exists }
            }
            Command::RenameIndex { index, to } => Command::RenameIndex {
                index: Index { name: to.clone(), ..index.clone() },
                to: index.name.clone(),
            },
            Command::CreateConstraint { constraint } => Command::DropConstraint {
                constraint: constraint.clone(),
                mode: Mode::Restrict,
                if_exists: false,
            },
            // A constraint that comes back might not hold of the rows written meanwhile.
            Command::DropTable { .. } | Command::DropConstraint { .. } | Command::Execute { .. } => {
                return None;
            }
        })
    }
}

impl Change {
    /// The change that undoes this one.
    fn reverse(&self) -> Option<Change> {
        Some(match self {
            Change::Add { column, if_not_exists: false } => Change::Remove {
                name: column.name.clone(),
                column_type: Some(column.column_type.clone()),
                options: ColumnOptions::default(),
            },
            Change::Remove { name, column_type, options } => Change::Add {
                column: Column {
                    name: name.clone(),
                    column_type: column_type.clone()?,
                    options: options.clone(),
                },
                if_not_exists: false,
            },
            Change::Modify(column) => Change::Modify(modify_back(column)?),
            // Whether they did anything is not known.
            Change::Add { if_not_exists: true, .. } | Change::RemoveIfExists { .. } => return None,
        })
    }
}

/// Modifies a column to what it was, from what it became.
fn modify_back(column: &Column) -> Option<Column> {
    let before = column.options.from.as_deref()?;
    let mut after = column.options.clone();
    after.from = None;
    let (mut options, after) = match &before.options {
        Some(options) => (options.clone(), Some(after)),
        None => (after, None),
    };
    options.from = Some(Box::new(Before { column_type: column.column_type.clone(), options: after }));
    Some(Column { name: column.name.clone(), column_type: before.column_type.clone(), options })
}
