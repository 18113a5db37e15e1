//! [`Mistake`]: what a programmer got wrong.

use crate::value::Str;
use alloc::string::String;
use core::fmt;

/// A mistake of the program, as opposed to bad input: an unknown field, a rule on a field that can't have it,
/// a child replaced where the schema forbids it.
///
/// Where Ecto raises, ectomorph hands out a `Mistake`: as the error of a function that reads a schema or a
/// document, or kept in the changeset ([`Changeset::mistake`](crate::changeset::Changeset::mistake)), which then
/// is invalid, runs no further step and is refused by a repo. In JavaScript it is thrown.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    place: Option<Str>,
    message: String,
}

impl Mistake {
    /// A mistake described by `message`: lower case, no period, with the mend.
    pub fn new(message: impl Into<String>) -> Self {
        Mistake { place: None, message: message.into() }
    }

    /// A message put together from parts, without formatting machinery.
    pub(crate) fn join(parts: &[&str]) -> Self {
        Mistake::new(parts.concat())
    }

    /// Names the schema, step or document where it was found. An inner place is kept in front of an outer one.
    pub fn at(mut self, place: &str) -> Self {
        self.place = Some(match self.place {
            Some(inner) => Str::from([place, ": ", &inner].concat()),
            None => Str::from(place),
        });
        self
    }

    /// Where it was found: a schema, a step of a document.
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// What is wrong and how to mend it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Place and message in one line.
    pub fn text(&self) -> String {
        match &self.place {
            Some(place) => [place, ": ", &self.message].concat(),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl core::error::Error for Mistake {}
