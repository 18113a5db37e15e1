//! What every rule may be told: another message.

use crate::value::{Map, Str, Value};

/// A message that replaces a rule's own: a template, and metadata merged into the error's.
///
/// ```
/// use ectomorph::rules::Message;
/// let message = Message::new("needs %{what}").with("what", "a name");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The template; `%{key}` stands for the metadata's value.
    pub text: Str,
    /// Metadata merged over the rule's.
    pub extra: Map,
}

impl Message {
    /// A message without metadata of its own.
    pub fn new(text: impl Into<Str>) -> Self {
        Message { text: text.into(), extra: Map::new() }
    }

    /// Adds metadata.
    pub fn with(mut self, key: impl Into<Str>, value: impl Into<Value>) -> Self {
        self.extra.insert(key, value);
        self
    }
}

impl<T: Into<Str>> From<T> for Message {
    fn from(text: T) -> Self {
        Message::new(text)
    }
}

/// The options of rules that have no other than a message: required, format, inclusion, exclusion, subset,
/// acceptance, confirmation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Replaces the rule's message.
    pub message: Option<Message>,
    /// For a confirmation: whether it must be there.
    pub required: Option<bool>,
}

impl Options {
    /// No options yet.
    pub fn new() -> Self {
        Options::default()
    }

    /// Replaces the rule's message.
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// For a confirmation: it must be there.
    pub fn required(mut self) -> Self {
        self.required = Some(true);
        self
    }
}
