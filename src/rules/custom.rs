//! Rules of the user's own.

use crate::value::{Map, Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// What a validator found: an error on a field, which need not be the one it looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The field that gets the error.
    pub field: Str,
    /// The message, a template.
    pub message: Str,
    /// Metadata: what the template names, and what a program may want to know.
    pub metadata: Map,
}

impl Finding {
    /// An error on `field`.
    pub fn new(field: impl Into<Str>, message: impl Into<Str>) -> Self {
        Finding { field: field.into(), message: message.into(), metadata: Map::new() }
    }

    /// Adds metadata.
    pub fn with(mut self, key: impl Into<Str>, value: impl Into<Value>) -> Self {
        self.metadata.insert(key, value);
        self
    }
}

/// The function of a validator: field and changed value to errors, none if all is well.
pub type ValidatorFn = dyn Fn(&str, &Value) -> Vec<Finding> + Send + Sync;

/// A rule of the user's own, called when its field changed to something other than null.
///
/// A named one is portable: a document holds its name, and whoever reads the document has registered a function
/// under that name. A nameless one works where it was made; asking for its document is a mistake.
#[derive(Clone)]
pub struct Validator {
    name: Option<Str>,
    function: Arc<ValidatorFn>,
}

impl Validator {
    /// A named, portable validator.
    pub fn named(
        name: impl Into<Str>,
        function: impl Fn(&str, &Value) -> Vec<Finding> + Send + Sync + 'static,
    ) -> Self {
        Validator { name: Some(name.into()), function: Arc::new(function) }
    }

    /// A nameless validator.
    pub fn nameless(function: impl Fn(&str, &Value) -> Vec<Finding> + Send + Sync + 'static) -> Self {
        Validator { name: None, function: Arc::new(function) }
    }

    /// The name, if it has one.
    pub fn name(&self) -> Option<&Str> {
        self.name.as_ref()
    }

    /// Calls the function.
    pub fn call(&self, field: &str, value: &Value) -> Vec<Finding> {
        (self.function)(field, value)
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Validator ")?;
        f.write_str(self.name.as_deref().unwrap_or("without a name"))
    }
}

/// Where the reader of a document finds validators by name.
pub trait Validators {
    /// The validator named `name`, if there is one.
    fn find(&self, name: &str) -> Option<Validator>;
}

/// No validators: a document that names one is refused.
pub struct NoValidators;

impl Validators for NoValidators {
    fn find(&self, _name: &str) -> Option<Validator> {
        None
    }
}

impl Validators for [Validator] {
    fn find(&self, name: &str) -> Option<Validator> {
        self.iter().find(|validator| validator.name.as_deref() == Some(name)).cloned()
    }
}

impl<const N: usize> Validators for [Validator; N] {
    fn find(&self, name: &str) -> Option<Validator> {
        self.as_slice().find(name)
    }
}

/// What `update_change` does to a changed value.
#[derive(Clone)]
pub enum Update {
    /// Upper case, by Unicode.
    Upcase,
    /// Lower case, by Unicode.
    Downcase,
    /// Without white space on both sides.
    Trim,
    /// One more.
    Increment,
    /// Null.
    Nil,
    /// As it is.
    Identity,
    /// The list, last element first.
    ReverseList,
    /// A function of the program; not portable.
    Function(Arc<dyn Fn(Value) -> Value + Send + Sync>),
}

impl Update {
    /// The word of documents; none for a function.
    pub fn name(&self) -> Option<&'static str> {
        Some(match self {
            Update::Upcase => "upcase",
            Update::Downcase => "downcase",
            Update::Trim => "trim",
            Update::Increment => "increment",
            Update::Nil => "nil",
            Update::Identity => "identity",
            Update::ReverseList => "reverse_list",
            Update::Function(_) => return None,
        })
    }

    /// Every portable update.
    pub const ALL: [Update; 7] = [
        Update::Upcase,
        Update::Downcase,
        Update::Trim,
        Update::Increment,
        Update::Nil,
        Update::Identity,
        Update::ReverseList,
    ];
}

impl fmt::Debug for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().unwrap_or("a function"))
    }
}
