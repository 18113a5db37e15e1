//! [`Operation`]: a recorded step of a migration, before its direction is known.

use super::Command;
use crate::value::Str;
use std::fmt;
use std::sync::Arc;

/// A recorded step of a migration.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A command.
    Command(Command),
    /// What runs forward, and what runs instead when it is reversed.
    Execute {
        /// Forward.
        up: Statement,
        /// Backward; without it the step can't be reversed.
        down: Option<Statement>,
    },
    /// A place where what came before must have run.
    Flush,
}

/// What `execute` runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// A statement of the database; an empty one does nothing.
    Sql(Str),
    /// A function.
    Function(Function),
}

/// A step of a run, in order: what the migrator does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Hands a command to the adapter.
    Command(Command),
    /// Calls a function.
    Call(Function),
}

impl<T: Into<Str>> From<T> for Statement {
    fn from(sql: T) -> Statement {
        Statement::Sql(sql.into())
    }
}

impl From<Function> for Statement {
    fn from(function: Function) -> Statement {
        Statement::Function(function)
    }
}

impl Statement {
    pub(super) fn step(&self) -> Option<Step> {
        match self {
            Statement::Sql(sql) if sql.is_empty() => None,
            Statement::Sql(sql) => Some(Step::Command(Command::Execute { sql: sql.clone() })),
            Statement::Function(function) => Some(Step::Call(function.clone())),
        }
    }
}
