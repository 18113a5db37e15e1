//! [`Migration`]: a version, a name, and what it does.

use super::check::put_prefix;
use super::{Defaults, Function, MigrationError, Operation, Recorder, Statement, Step};
use crate::mistake::Mistake;
use crate::value::Str;
use std::fmt;
use std::sync::Arc;

/// A migration: a version, a name, and what it does, as functions or as recorded operations.
///
/// `change` says it once; rolled back, its commands are reversed, last first. What can't be reversed needs `up` and
/// `down`.
///
/// ```
/// use ectomorph::migration::{Direction, Migration, column, index, references, unique_index};
///
/// let create_users = Migration::new(20170523151118, "create_users").change(|m| {
///     m.create("users", |t| t.add("name", "string").add("email", column("string").null(false)).timestamps());
///     m.create_index(unique_index("users", ["email"]));
/// });
/// let create_posts = Migration::new(20170524090000, "create_posts").change(|m| {
///     m.create("posts", |t| t.add("title", "string").add("user_id", references("users")).timestamps());
///     m.create_index(index("posts", [Direction::Desc.of("inserted_at")]));
/// });
/// let shout = Migration::new(20170601080000, "shout")
///     .up(|m| { m.execute("UPDATE posts SET title = upper(title)"); })
///     .down(|_| {});
/// ```
#[derive(Clone)]
pub struct Migration {
    /// The version: the time it was written, as digits.
    pub version: i64,
    /// The name.
    pub name: Str,
    pub(super) change: Option<Body>,
    pub(super) up: Option<Body>,
    pub(super) down: Option<Body>,
    pub(super) disable_ddl_transaction: bool,
    pub(super) disable_migration_lock: bool,
    after_begin: Option<Function>,
    before_commit: Option<Function>,
}

#[derive(Clone)]
pub(super) enum Body {
    Function(Arc<dyn Fn(&mut Recorder<'_>) + Send + Sync>),
    Operations(Arc<[Operation]>),
}

/// What a run of a migration does: its steps in order, ready for an adapter.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The function of the migration: `change`, `up` or `down`.
    pub function: &'static str,
    /// Whether `change` is reversed.
    pub backward: bool,
    /// The steps.
    pub steps: Vec<Step>,
}

impl Migration {
    /// A migration that does nothing yet.
    pub fn new(version: i64, name: impl Into<Str>) -> Migration {
        Migration {
            version,
            name: name.into(),
            change: None,
            up: None,
            down: None,
            disable_ddl_transaction: false,
            disable_migration_lock: false,
            after_begin: None,
            before_commit: None,
        }
    }

    /// What it does, both ways.
    pub fn change(mut self, body: impl Fn(&mut Recorder<'_>) + Send + Sync + 'static) -> Migration {
        self.change = Some(Body::Function(Arc::new(body)));
        self
    }

    /// What it does when it is run.
    pub fn up(mut self, body: impl Fn(&mut Recorder<'_>) + Send + Sync + 'static) -> Migration {
        self.up = Some(Body::Function(Arc::new(body)));
        self
    }

    /// What it does when it is rolled back.
    pub fn down(mut self, body: impl Fn(&mut Recorder<'_>) + Send + Sync + 'static) -> Migration {
        self.down = Some(Body::Function(Arc::new(body)));
        self
    }

    /// Runs it without a transaction: a failure leaves what was done before it.
    pub fn disable_ddl_transaction(mut self) -> Migration {
        self.disable_ddl_transaction = true;
        self
    }

    /// Runs it without keeping other migrators out.
    pub fn disable_migration_lock(mut self) -> Migration {
        self.disable_migration_lock = true;
        self
    }

    /// Calls a function first in its transaction; not if it has none.
    pub fn after_begin(mut self, function: Function) -> Migration {
        self.after_begin = Some(function);
        self
    }

    /// Calls a function last in its transaction; not if it has none.
    pub fn before_commit(mut self, function: Function) -> Migration {
        self.before_commit = Some(function);
        self
    }

    /// The steps that run it, or with `up: false` roll it back.
    ///
    /// # Errors
    ///
    /// It is written wrong, has no function for the direction, or can't be reversed. Nothing has run then.
    pub fn run(&self, up: bool, defaults: &Defaults) -> Result<Run, MigrationError> {
        let own = if up { &self.up } else { &self.down };
        let direction = if up { "up" } else { "down" };
        let (function, body) = match (own, &self.change) {
            (Some(body), _) => (direction, body),
            (None, Some(body)) => ("change", body),
            (None, None) => {
                return Err(MigrationError::NotDefined { migration: self.label(), direction });
            }
        };
        let backward = !up && function == "change";
        let mut operations = self.record(body, up, defaults).map_err(|mistake| self.mistake(mistake))?;
        if backward {
            if operations.contains(&Operation::Flush) {
                return Err(self.mistake(Mistake::new(
                    "flush in change can't be rolled back; define up and down instead of change",
                )));
            }
            operations = self.reverse(&operations)?;
        }
        let mut steps = Vec::with_capacity(operations.len());
        for operation in operations {
            match operation {
                Operation::Command(mut command) => {
                    put_prefix(&mut command, defaults)
                        .map_err(|mistake| self.mistake(mistake.at(&command.describe())))?;
                    steps.push(Step::Command(command));
                }
                Operation::Execute { up, .. } => steps.push(up.step()),
                Operation::Flush => {}
            }
        }
        Ok(Run { function, backward, steps })
    }

    /// What a body records.
    pub(super) fn record(
        &self,
        body: &Body,
        up: bool,
        defaults: &Defaults,
    ) -> Result<Vec<Operation>, Mistake> {
        match body {
            Body::Function(body) => {
                let mut recorder = Recorder::new(up, defaults);
                body(&mut recorder);
                recorder.finish()
            }
            Body::Operations(operations) => Ok(operations.to_vec()),
        }
    }

    /// The operations that undo these, in the order they are to run in.
    fn reverse(&self, operations: &[Operation]) -> Result<Vec<Operation>, MigrationError> {
        let mut reversed = Vec::with_capacity(operations.len());
        let mut irreversible = Vec::new();
        for operation in operations.iter().rev() {
            match operation.reverse() {
                Ok(operation) => reversed.push(operation),
                Err(command) => irreversible.push(command),
            }
        }
        if irreversible.is_empty() {
            Ok(reversed)
        } else {
            Err(MigrationError::Irreversible { migration: self.label(), commands: irreversible })
        }
    }

    pub(super) fn hooks(&self) -> (Option<&Function>, Option<&Function>) {
        (self.after_begin.as_ref(), self.before_commit.as_ref())
    }

    /// Version and name, for messages.
    pub(super) fn label(&self) -> Str {
        format!("{}_{}", self.version, self.name).into()
    }
}

impl fmt::Debug for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Migration({})", self.label())
    }
}

impl Operation {
    /// The operation that undoes this one; otherwise what can't be undone, in words.
    pub fn reverse(&self) -> Result<Operation, String> {
        match self {
            Operation::Command(command) => {
                command.reverse().map(Operation::Command).ok_or_else(|| command.describe())
            }
            Operation::Execute { up, down: Some(down) } => {
                Ok(Operation::Execute { up: down.clone(), down: Some(up.clone()) })
            }
            Operation::Execute { up: Statement::Sql(sql), .. } => Err(format!("execute {:?}", sql.as_str())),
            Operation::Execute { up: Statement::Function(_), .. } => Err("execute a function".to_owned()),
            Operation::Flush => Err("flush".to_owned()),
        }
    }
}

/// What [`migrations!`](crate::migrations) gathers, as one list.
#[doc(hidden)]
pub fn all<const N: usize>(read: [Result<Migration, Mistake>; N]) -> Result<Vec<Migration>, Mistake> {
    read.into_iter().collect()
}

/// Makes a [`Migration`] with a `change`.
///
/// ```
/// use ectomorph::migration;
/// use ectomorph::migration::unique_index;
///
/// let create_users = migration!(20170523151118, create_users, |m| {
///     m.create("users", |t| t.add("name", "string").add("email", "string").timestamps());
///     m.create_index(unique_index("users", ["email"]));
/// });
/// assert_eq!(create_users.name, "create_users");
/// ```
///
/// With `up` and `down`: `migration!(20170601080000, shout, up: |m| { .. }, down: |m| { .. })`.
#[macro_export]
macro_rules! migration {
    ($version:literal, $name:ident, up: $up:expr, down: $down:expr $(,)?) => {
        $crate::migration::Migration::new($version, stringify!($name)).up($up).down($down)
    };
    ($version:literal, $name:ident, $change:expr $(,)?) => {
        $crate::migration::Migration::new($version, stringify!($name)).change($change)
    };
}
