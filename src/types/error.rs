//! Why a value could not be cast, dumped or loaded, or a type not be made.

use crate::value::{Map, Value, fill};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Why a value could not be cast: Ecto's `:error` (both empty) or `{:error, metadata}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CastError {
    /// Where in a list or map the bad element stands, outermost first: indexes and keys. Empty when there is no
    /// metadata: then the value as a whole is invalid.
    pub source: Vec<Value>,
    /// Metadata that goes into the error of the changeset (an enum gives `validation` and `enum`).
    /// A key `message` replaces the default message.
    pub metadata: Map,
}

impl CastError {
    /// An error with metadata for the error of the changeset.
    ///
    /// ```
    /// use ectomorph::types::CastError;
    /// use ectomorph::value::Map;
    /// let error = CastError::new(Map::from([("message", "is not an email address")]));
    /// assert!(error.source.is_empty());
    /// ```
    pub fn new(metadata: Map) -> CastError {
        CastError { source: Vec::new(), metadata }
    }

    /// The error of the list or map in which the bad element stands at `place`.
    pub(super) fn within(mut self, place: impl Into<Value>) -> CastError {
        // Ecto tells the place only of errors that have something to tell.
        if !self.metadata.is_empty() {
            self.source.insert(0, place.into());
        }
        self
    }
}

/// Why a value could not be dumped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DumpError {
    /// The value is not of the type.
    Invalid,
    /// The value is of the type but must not be stored so, as the message tells. In Ecto this raises.
    Refused(String),
}

/// Why a stored value could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// What was stored is not of the type.
    Invalid,
    /// What was stored shows that the column is of another type, as the message tells. In Ecto this raises.
    Refused(String),
}

macro_rules! display {
    ($error:ty, $invalid:literal) => {
        impl fmt::Display for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    Self::Invalid => $invalid,
                    Self::Refused(message) => message,
                })
            }
        }

        impl core::error::Error for $error {}
    };
}

display!(DumpError, "the value is not of the type it is dumped as");
display!(LoadError, "the stored value is not of the type it is loaded as");

/// Why a type cannot be made, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError {
    message: String,
}

impl TypeError {
    /// An error described by `template`, which has a `%` for each of `values`.
    pub(super) fn new(template: &str, values: &[&str]) -> Self {
        TypeError { message: fill(template, values) }
    }

    pub(super) fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.message.push_str(part);
        }
    }

    /// What is wrong, and what would be right.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for TypeError {}
