//! What a migrator tells of a run.

use super::{Command, Index, Migration};
use std::fmt;

/// What happens in a run. Prints as a line of Ecto's log.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A migration starts.
    Running {
        /// Which.
        migration: &'a Migration,
        /// `change`, `up` or `down`.
        function: &'static str,
        /// Whether `change` is reversed.
        backward: bool,
    },
    /// A command goes to the adapter.
    Command {
        /// The command in words.
        description: &'a str,
        /// The command.
        command: &'a Command,
    },
    /// The database remarks something.
    Remark(&'a str),
    /// A migration is done.
    Finished {
        /// Which.
        migration: &'a Migration,
        /// How long it took.
        nanoseconds: u64,
    },
    /// There is nothing to do.
    NothingPending {
        /// Whether all have run, as opposed to none.
        up: bool,
    },
    /// A migration runs after a later one: rolled back step by step, the later one goes first.
    OlderThanLatest {
        /// Which.
        migration: &'a Migration,
        /// The latest version that has run.
        latest: i64,
    },
    /// An index is made concurrently in a migration that does not allow for it.
    NeedsSwitch {
        /// The migration.
        migration: &'a Migration,
        /// The index.
        index: &'a Index,
        /// What the migration should say.
        switch: &'static str,
    },
}

/// Who is told.
pub(super) type Observer = dyn Fn(&Event<'_>) + Send + Sync;

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Running { migration, function, backward } => {
                let direction = match (*function, backward) {
                    ("change", false) => " forward",
                    ("change", true) => " backward",
                    _ => "",
                };
                write!(f, "== Running {} {}.{function}{direction}", migration.version, migration.name)
            }
            Event::Command { description, .. } => f.write_str(description),
            Event::Remark(remark) => f.write_str(remark),
            Event::Finished { migration, nanoseconds } => {
                let tenths = nanoseconds / 100_000_000;
                write!(f, "== Migrated {} in {}.{}s", migration.version, tenths / 10, tenths % 10)
            }
            Event::NothingPending { up: true } => f.write_str("Migrations already up"),
            Event::NothingPending { up: false } => f.write_str("Migrations already down"),
            Event::OlderThanLatest { migration, latest } => write!(
                f,
                "migration {} runs although the later {latest} has; a rollback would undo {latest} first. Give it a later \
                 version if that matters",
                migration.version
            ),
            Event::NeedsSwitch { migration, index, switch } => write!(
                f,
                "migration {} {} makes index {} concurrently: it needs {switch}",
                migration.version, migration.name, index.name
            ),
        }
    }
}
