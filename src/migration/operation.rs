//! [`Operation`]: a recorded step of a migration, before its direction is known.

use super::{Command, Running};
use crate::adapter::{Outcome, Task};
use crate::value::Str;
use std::fmt;
use std::sync::Arc;

/// A recorded step of a migration.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly all are commands")]
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
#[allow(clippy::large_enum_variant, reason = "nearly all are commands")]
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
    pub(super) fn step(&self) -> Step {
        match self {
            Statement::Sql(sql) => Step::Command(Command::Execute { sql: sql.clone() }),
            Statement::Function(function) => Step::Call(function.clone()),
        }
    }
}

/// A function that `execute` calls: for what no command says, such as filling a new column.
///
/// A migration with functions has no document.
///
/// ```
/// use ectomorph::adapter::Task;
/// use ectomorph::migration::{Function, Migration};
///
/// let fill = Migration::new(20240102000000, "fill_slugs").change(|m| {
///     m.execute_both(
///         Function::new(|running| running.execute("UPDATE posts SET slug = lower(title)")),
///         Function::new(|_| Task::ready(Ok(()))),
///     );
/// });
/// ```
#[derive(Clone)]
pub struct Function(Arc<Call>);

type Call = dyn Fn(Running) -> Task<'static, Outcome<()>> + Send + Sync;

impl Function {
    /// A function of what it runs on.
    pub fn new(call: impl Fn(Running) -> Task<'static, Outcome<()>> + Send + Sync + 'static) -> Function {
        Function(Arc::new(call))
    }

    pub(super) fn call(&self, running: Running) -> Task<'static, Outcome<()>> {
        (self.0)(running)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Function")
    }
}

/// Functions are equal if they are the same one.
impl PartialEq for Function {
    fn eq(&self, other: &Function) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
