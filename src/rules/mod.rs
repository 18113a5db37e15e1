//! Rules as data: the steps of a changeset pipeline.
//!
//! A step is what a function of [`Changeset`](crate::changeset::Changeset) is called with. Steps are recorded once
//! and run many times, by the same code that the functions call; they are what a
//! [rules document](crate::document) holds, so they can be shipped, shown as HTML attributes, and tested.

mod custom;
mod document;
mod names;
mod options;
mod step;

pub use custom::{Finding, NoValidators, Update, Validator, ValidatorFn, Validators};
pub(crate) use document::{Arguments, unknown, write_pattern};
pub use document::{MAX_DEPTH, MAX_STEPS, read_steps, validation_argument, write_message, write_steps};
pub(crate) use names::mentioned;
pub use options::{
    CastOptions, CastRelation, ConstraintKind, ConstraintName, ConstraintOptions, Count, Length, Match,
    Message, Number, NumberKind, Options, Trim,
};
pub use step::{Choices, Rule, Step};
