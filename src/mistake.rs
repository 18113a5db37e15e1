//! [`Mistake`]: what a programmer got wrong.

use crate::value::{Str, fill};
use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

/// A mistake of the program, as opposed to bad input: an unknown field, a rule on a field that can't have it,
/// a child replaced where the schema forbids it.
///
/// Where Ecto raises, ectomorph hands out a `Mistake`: as the error of a function that reads a schema or a
/// document, or kept in the changeset ([`Changeset::mistake`](crate::changeset::Changeset::mistake)), which then
/// is invalid, runs no further step and is refused by a repo. In JavaScript it is thrown.
#[derive(Clone, PartialEq)]
// One pointer: most results carry a mistake that is not there.
pub struct Mistake(Box<Described>);

#[derive(Clone, PartialEq)]
struct Described {
    place: Option<Str>,
    message: String,
}

impl Mistake {
    /// A mistake described by `message`: lower case, no period, with the mend.
    pub fn new(message: impl Into<String>) -> Self {
        Mistake::described(message.into())
    }

    /// A mistake described by `template`, which has a `%` for each of `values`.
    #[cold]
    #[inline(never)]
    pub(crate) fn about(template: &str, values: &[&str]) -> Self {
        Mistake::described(fill(template, values))
    }

    #[cold]
    #[inline(never)]
    fn described(message: String) -> Self {
        Mistake(Box::new(Described { place: None, message }))
    }

    /// Names the schema, step or document where it was found. An inner place is kept in front of an outer one.
    #[cold]
    #[inline(never)]
    pub fn at(mut self, place: &str) -> Self {
        self.0.place = Some(match &self.0.place {
            Some(inner) => Str::from([place, ": ", inner].concat()),
            None => Str::from(place),
        });
        self
    }

    /// Where it was found: a schema, a step of a document.
    pub fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// What is wrong and how to mend it.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Place and message in one line.
    pub fn text(&self) -> String {
        match &self.0.place {
            Some(place) => [place, ": ", &self.0.message].concat(),
            None => self.0.message.clone(),
        }
    }
}

impl fmt::Debug for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mistake").field("place", &self.place()).field("message", &self.message()).finish()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl core::error::Error for Mistake {}
