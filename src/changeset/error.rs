//! Errors of input.

use crate::rules::Message;
use crate::value::{Map, Str, Value};

/// What is wrong with a field: a message and the metadata that fills and explains it.
///
/// The message is a template, one of Ecto's own unless the rule replaced it, so that a translation can be looked up
/// by it; see [`messages`](crate::messages).
#[derive(Clone, PartialEq)]
pub struct FieldError {
    /// The field; of a confirmation, the name of the confirming param.
    pub field: Str,
    /// The message, with `%{key}` for values of the metadata.
    pub message: Str,
    /// `validation`, and what that rule adds.
    pub metadata: Map,
}

impl FieldError {
    /// The error of a rule: its own message and metadata, unless `custom` replaces the one and adds to the other.
    #[cold]
    #[inline(never)]
    pub(super) fn of_rule(
        field: &Str,
        custom: Option<&Message>,
        default: &'static str,
        mut metadata: Map,
    ) -> Self {
        let message = match custom {
            Some(custom) => {
                for (key, value) in custom.extra.iter() {
                    metadata.insert(key, value.clone());
                }
                custom.text.clone()
            }
            None => Str::Static(default),
        };
        FieldError { field: field.clone(), message, metadata }
    }
}

impl FieldError {
    /// The message with its values filled in, in the rule's own language.
    pub fn text(&self) -> alloc::string::String {
        crate::messages::interpolate(&self.message, self.metadata.entries())
    }

    /// [`text`](Self::text) as a value; the message itself where there is nothing to fill in.
    pub(super) fn text_value(&self) -> Value {
        if self.message.contains('%') {
            return Value::from(self.text());
        }
        Value::String(self.message.clone())
    }
}

impl core::fmt::Debug for FieldError {
    /// As Ecto prints it: `name: {"can't be blank", [validation: :required]}`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&super::inspect::error(self))
    }
}

/// The metadata `validation: name`, which every rule gives.
#[inline(never)]
pub(super) fn validation(name: &'static str) -> Map {
    let mut metadata = Map::with_capacity(4);
    metadata.set("validation", Value::String(Str::Static(name)));
    metadata
}
