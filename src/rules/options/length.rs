//! Bounds of a length.

use super::Message;

/// What a length counts in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Count {
    /// What people see as characters.
    #[default]
    Graphemes,
    /// Unicode code points.
    Codepoints,
    /// Bytes of UTF-8.
    Bytes,
}

impl Count {
    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Count::Graphemes => "graphemes",
            Count::Codepoints => "codepoints",
            Count::Bytes => "bytes",
        }
    }

    /// Every choice.
    pub const ALL: [Count; 3] = [Count::Graphemes, Count::Codepoints, Count::Bytes];
}

/// Bounds of a length: `Length::new().min(2).max(140)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Length {
    /// Exactly this many.
    pub is: Option<u64>,
    /// At least this many.
    pub min: Option<u64>,
    /// At most this many.
    pub max: Option<u64>,
    /// What is counted in text; absent means graphemes.
    pub count: Option<Count>,
    /// Replaces the rule's message.
    pub message: Option<Message>,
}

impl Length {
    /// No bounds yet.
    pub fn new() -> Self {
        Length::default()
    }

    /// Exactly `count`.
    pub fn is(mut self, count: u64) -> Self {
        self.is = Some(count);
        self
    }

    /// At least `count`.
    pub fn min(mut self, count: u64) -> Self {
        self.min = Some(count);
        self
    }

    /// At most `count`.
    pub fn max(mut self, count: u64) -> Self {
        self.max = Some(count);
        self
    }

    /// What is counted in text.
    pub fn count(mut self, count: Count) -> Self {
        self.count = Some(count);
        self
    }

    /// Replaces the rule's message.
    pub fn message(mut self, message: impl Into<Message>) -> Self {
        self.message = Some(message.into());
        self
    }
}
