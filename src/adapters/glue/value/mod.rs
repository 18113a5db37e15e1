//! What PostgreSQL does with values: comparison, arithmetic, casts, text and calendar.
//!
//! Each operation takes values that are not null; null is the business of the one who calls.

mod arithmetic;
mod calendar;
mod cast;
mod compare;
mod decimal;
mod json;
mod like;

pub(super) use arithmetic::{Arithmetic, arithmetic, average, negate};
pub(super) use calendar::{Unit, add_interval, add_to_date, extract, truncate};
pub(super) use cast::{Cast, cast, text_of};
pub(super) use compare::{Key, compare, equal, hash, order};
pub(super) use decimal::rounded;
pub(super) use json::{contains, path};
pub(super) use like::Pattern;

use std::fmt;

/// Why an expression has no value: what PostgreSQL raises while it runs a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// PostgreSQL's name of the condition, such as `division_by_zero`.
    pub code: &'static str,
    /// What went wrong.
    pub message: String,
}

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into() }
    }

    pub(super) fn out_of_range(what: &str) -> Fault {
        Fault::new("numeric_value_out_of_range", format!("{what} out of range"))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}
