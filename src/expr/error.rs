//! What is wrong with an expression, and where.

use crate::value::{Str, nearest, push_integer};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Why an expression was refused, by [`Expr::from_document`](super::Expr::from_document) or
/// [`Expr::check`](super::Expr::check).
///
/// ```
/// use ectomorph::expr::Expr;
/// use ectomorph::value::Value;
/// let document = Value::List(vec!["not".into(), Value::List(vec!["is_nill".into(), 1.into()])]);
/// let error = Expr::from_document(&document).unwrap_err();
/// assert_eq!(error.to_string(), r#"$[1]: unknown operator "is_nill"; did you mean "is_nil"?"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ExprError(Box<Details>);

#[derive(Clone, Debug, PartialEq)]
struct Details {
    message: String,
    /// Argument positions, innermost first: it is written on the way out of the tree.
    trail: Vec<usize>,
    unknown_field: Option<Str>,
}

impl ExprError {
    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The place in the document, such as `$[1][2]`: argument 2 of argument 1.
    pub fn path(&self) -> String {
        let mut path = String::from("$");
        for index in self.0.trail.iter().rev() {
            path.push('[');
            push_integer(&mut path, *index as i64);
            path.push(']');
        }
        path
    }

    /// The field that the schema does not have, if that is the error.
    pub fn unknown_field(&self) -> Option<&str> {
        self.0.unknown_field.as_deref()
    }

    /// Adds the nearest of `names` to the message of an unknown field; leaves every other error as it is.
    ///
    /// [`Expr::check`](super::Expr::check) only asks for one field at a time; who knows all of them completes its error.
    pub fn suggest<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        let Details { message, unknown_field, .. } = &mut *self.0;
        if let Some(unknown) = unknown_field {
            did_you_mean(message, nearest(unknown, names));
        }
        self
    }

    pub(super) fn new(parts: &[&str]) -> Self {
        ExprError(Box::new(Details { message: parts.concat(), trail: Vec::new(), unknown_field: None }))
    }

    pub(super) fn no_field(name: &Str) -> Self {
        let mut error = ExprError::new(&["unknown field \"", name, "\""]);
        error.0.unknown_field = Some(name.clone());
        error
    }

    pub(super) fn with_advice(mut self, advice: &str) -> Self {
        self.0.message.push_str(advice);
        self
    }

    pub(super) fn or_nearest(mut self, word: &str, words: &mut dyn Iterator<Item = &str>) -> Self {
        did_you_mean(&mut self.0.message, nearest(word, words));
        self
    }

    /// Says that the error is inside the argument at `index` of the document's list.
    pub(super) fn at(mut self, index: usize) -> Self {
        self.0.trail.push(index);
        self
    }
}

fn did_you_mean(message: &mut String, name: Option<&str>) {
    if let Some(name) = name {
        message.push_str("; did you mean \"");
        message.push_str(name);
        message.push_str("\"?");
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())?;
        f.write_str(": ")?;
        f.write_str(&self.0.message)
    }
}

impl core::error::Error for ExprError {}
