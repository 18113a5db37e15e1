//! Which migrations run.

use super::{Migration, MigrationError};
use crate::value::Str;

/// Which of the pending migrations run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// All.
    All,
    /// So many.
    Step(usize),
    /// Up, or down, to this version and with it.
    To(i64),
    /// Up, or down, to this version and without it.
    ToExclusive(i64),
}

/// A migration as a database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its version.
    pub version: i64,
    /// Its name; none if it has run, but is not among the migrations any more.
    pub name: Option<Str>,
    /// Whether it has run.
    pub up: bool,
}

/// The migrations a run is about, in its order. `migrations` are in the order of versions.
pub(super) fn pending<'a>(
    migrations: &'a [Migration],
    versions: &[i64],
    up: bool,
    target: Target,
) -> Vec<&'a Migration> {
    let wanted = |migration: &&Migration| versions.contains(&migration.version) != up;
    let mut pending: Vec<&Migration> = migrations.iter().filter(wanted).collect();
    if !up {
        pending.reverse();
    }
    let within = |version: i64| match (target, up) {
        (Target::To(to), true) => version <= to,
        (Target::To(to), false) => version >= to,
        (Target::ToExclusive(to), true) => version < to,
        (Target::ToExclusive(to), false) => version > to,
        (Target::All | Target::Step(_), _) => true,
    };
    let count = match target {
        Target::Step(count) => count,
        _ => pending.iter().take_while(|migration| within(migration.version)).count(),
    };
    pending.truncate(count);
    pending
}

/// Two pending migrations may not share a version or a name.
pub(super) fn refuse_duplicates(pending: &[&Migration]) -> Result<(), MigrationError> {
    for (at, migration) in pending.iter().enumerate() {
        for other in &pending[at + 1..] {
            if other.version == migration.version {
                let value = migration.version.to_string().into();
                return Err(MigrationError::Duplicate { what: "version", value });
            }
            if other.name == migration.name {
                return Err(MigrationError::Duplicate { what: "name", value: migration.name.clone() });
            }
        }
    }
    Ok(())
}
