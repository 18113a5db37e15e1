//! [`Failure`]: why a command did not do what it should, and how to mend it.

use std::fmt;

/// What a command gives.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// Why a command did not do what it should, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub message: String,
    /// How to mend it, as lines; none if the message says so.
    pub mend: Option<String>,
}

impl Failure {
    /// What went wrong.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), mend: None }
    }

    /// With how to mend it.
    pub fn mend(mut self, mend: impl Into<Option<String>>) -> Failure {
        self.mend = mend.into();
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.mend {
            Some(mend) => write!(f, "\n\n{mend}"),
            None => Ok(()),
        }
    }
}

/// An error of the disk, with the file it is about.
pub fn of_file(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}
