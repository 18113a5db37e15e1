//! A command as a line of the log.

use super::{Command, Constraint, Mode};
use crate::value::Str;

impl Command {
    /// The command in words, as Ecto logs it: `create table users`.
    ///
    /// ```
    /// use ectomorph::migration::{Command, Mode, index};
    /// let drop = Command::DropIndex { index: index("posts", ["user_id"]), mode: Mode::Restrict, if_exists: true };
    /// assert_eq!(drop.describe(), "drop index if exists posts_user_id_index");
    /// ```
    pub fn describe(&self) -> String {
        match self {
            Command::CreateTable { table, if_not_exists, .. } => {
                let kind = match &table.modifiers {
                    Some(modifiers) => format!("{modifiers} table"),
                    None => "table".to_owned(),
                };
                let exists = if *if_not_exists { " if not exists" } else { "" };
                format!("create {kind}{exists} {}", name(&table.prefix, &table.name))
            }
            Command::AlterTable { table, .. } => format!("alter table {}", name(&table.prefix, &table.name)),
            Command::DropTable { table, mode, if_exists } => {
                let name = name(&table.prefix, &table.name);
                format!("drop table {}{name}{}", exists(*if_exists), cascade(*mode))
            }
            Command::RenameTable { table, to } => {
                let (from, to) = (name(&table.prefix, &table.name), name(&to.prefix, &to.name));
                format!("rename table {from} to {to}")
            }
            Command::RenameColumn { table, column, to } => {
                format!("rename column {column} to {to} on table {}", name(&table.prefix, &table.name))
            }
            Command::CreateIndex { index, if_not_exists } => {
                let exists = if *if_not_exists { "if not exists " } else { "" };
                format!("create index {exists}{}", name(&index.prefix, &index.name))
            }
            Command::DropIndex { index, mode, if_exists } => {
                let name = name(&index.prefix, &index.name);
                format!("drop index {}{name}{}", exists(*if_exists), cascade(*mode))
            }
            Command::RenameIndex { index, to } => {
                format!("rename index {} to {to}", name(&index.prefix, &index.name))
            }
            Command::CreateConstraint { constraint } => {
                let kind = if constraint.exclude.is_some() { "exclude" } else { "check" };
                format!("create {kind} constraint {} on table {}", constraint.name, table_of(constraint))
            }
            Command::DropConstraint { constraint, if_exists, .. } => {
                let (exists, table) = (exists(*if_exists), table_of(constraint));
                format!("drop constraint {exists}{} from table {table}", constraint.name)
            }
            Command::Execute { sql } => format!("execute {:?}", sql.as_str()),
        }
    }
}

fn name(prefix: &Option<Str>, name: &str) -> String {
    match prefix {
        Some(prefix) => format!("{prefix}.{name}"),
        None => name.to_owned(),
    }
}

fn table_of(constraint: &Constraint) -> String {
    name(&constraint.prefix, &constraint.table)
}

fn exists(if_exists: bool) -> &'static str {
    if if_exists { "if exists " } else { "" }
}

fn cascade(mode: Mode) -> &'static str {
    match mode {
        Mode::Restrict => "",
        Mode::Cascade => " cascade",
    }
}
