//! What can go wrong with what is kept.

use super::backend::{Area, Failure};
use std::fmt;

/// Why the journal could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalError {
    /// What was durable once is not there any more, or is something else.
    Corrupt {
        /// Where it was; none for a file that is imported.
        area: Option<Area>,
        /// The place in the area.
        at: u64,
        /// What is wrong there.
        message: String,
    },
    /// A newer ectomorph wrote it.
    TooNew {
        /// The version of its form; ours is [`VERSION`](super::VERSION).
        version: u32,
    },
    /// The environment does not let us.
    Backend(Failure),
    /// An earlier failure left it unknown what is durable; open the database anew.
    Broken {
        /// That failure.
        cause: String,
    },
    /// The commit waits for a flush: go on with
    /// [`Database::poll_commit`](crate::store::Database::poll_commit).
    Pending,
}

impl JournalError {
    /// Whether there is no more room: a full disk, a quota.
    pub fn is_full(&self) -> bool {
        matches!(self, JournalError::Backend(failure) if failure.full)
    }

    #[cold]
    pub(in crate::store) fn corrupt(
        area: Option<Area>,
        at: usize,
        message: impl Into<String>,
    ) -> JournalError {
        JournalError::Corrupt { area, at: at as u64, message: message.into() }
    }
}

impl From<Failure> for JournalError {
    fn from(failure: Failure) -> Self {
        JournalError::Backend(failure)
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::Corrupt { area, at, message } => {
                let area = area.map_or("file", Area::name);
                write!(f, "the {area} of the database is damaged at byte {at}: {message}")
            }
            JournalError::TooNew { version } => write!(
                f,
                "the database was written by a newer ectomorph, in version {version} of its form; this one reads up \
                 to {}",
                super::VERSION
            ),
            JournalError::Backend(failure) if failure.full => {
                write!(f, "there is no more room for the database: {failure}")
            }
            JournalError::Backend(failure) => write!(f, "the database could not be kept: {failure}"),
            JournalError::Broken { cause } => {
                write!(f, "the database must be opened anew, for it is unknown what was kept: {cause}")
            }
            JournalError::Pending => f.write_str("the commit waits for a flush; use poll_commit"),
        }
    }
}

impl std::error::Error for JournalError {}
