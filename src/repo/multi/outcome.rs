//! What the operations of a multi give.

use crate::repo::{FromOutput, Output, RepoError};
use crate::value::Str;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// What an operation gave.
#[derive(Clone)]
pub enum Outcome {
    /// A record, or what a query gave.
    Output(Output),
    /// How many rows were written, and what was selected of them.
    Rows(usize, Option<Vec<Output>>),
    /// Something of the program.
    Any(Arc<dyn Any + Send + Sync>),
}

impl Outcome {
    /// A value of the program's own.
    pub fn any(value: impl Any + Send + Sync) -> Self {
        Outcome::Any(Arc::new(value))
    }

    /// What [`Outcome::any`] was given, if it is a `T`.
    pub fn downcast<T: 'static>(&self) -> Option<&T> {
        match self {
            Outcome::Any(any) => any.downcast_ref(),
            _ => None,
        }
    }
}

impl<O: Into<Output>> From<O> for Outcome {
    fn from(output: O) -> Self {
        Outcome::Output(output.into())
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Output(output) => output.fmt(f),
            Outcome::Rows(count, rows) => write!(f, "Rows({count}, {rows:?})"),
            Outcome::Any(_) => f.write_str("Any"),
        }
    }
}

/// What the operations so far gave, by name.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    entries: Arc<Vec<(Str, Outcome)>>,
}

impl Changes {
    /// What an operation gave.
    pub fn outcome(&self, name: &str) -> Option<&Outcome> {
        self.entries.iter().find(|(known, _)| *known == *name).map(|(_, outcome)| outcome)
    }

    /// What an operation gave, as a `T`.
    ///
    /// # Errors
    /// There is no such operation so far, or it gave something else.
    pub fn get<T: FromOutput>(&self, name: &str) -> Result<T, RepoError> {
        match self.outcome(name) {
            Some(Outcome::Output(output)) => Ok(T::from_output(output.clone())?),
            Some(_) => Err(RepoError::Multi { message: format!("operation `{name}` gave no single result") }),
            None => Err(RepoError::Multi { message: format!("there is no operation `{name}` so far") }),
        }
    }

    /// Names and what their operations gave, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Str, &Outcome)> {
        self.entries.iter().map(|(name, outcome)| (name, outcome))
    }

    pub(super) fn push(&mut self, name: Str, outcome: Outcome) {
        Arc::make_mut(&mut self.entries).push((name, outcome));
    }
}
