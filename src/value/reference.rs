//! Values where somebody else holds them.

use super::Value;

/// A value as whoever has it holds it: text and bytes lie in a database's answer, or in a record, and are copied once, into
/// what they are wanted as.
#[derive(Clone, Debug)]
pub enum ValueRef<'a> {
    /// Text.
    Text(&'a str),
    /// Bytes that are not text.
    Bytes(&'a [u8]),
    /// A value that is there.
    Lent(&'a Value),
    /// A value that was made for whoever asks.
    Made(Value),
}

impl ValueRef<'_> {
    /// Nothing.
    pub const NULL: ValueRef<'static> = ValueRef::Made(Value::Null);

    /// Whether it is null.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self, ValueRef::Made(Value::Null) | ValueRef::Lent(Value::Null))
    }

    /// The text, if it is text.
    #[inline]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            ValueRef::Text(text) => Some(text),
            ValueRef::Bytes(_) => None,
            ValueRef::Lent(value) => value.as_str(),
            ValueRef::Made(value) => value.as_str(),
        }
    }

    /// A value of its own.
    pub fn into_value(self) -> Value {
        match self {
            ValueRef::Text(text) => Value::from(text),
            ValueRef::Bytes(bytes) => Value::Binary(bytes.into()),
            ValueRef::Lent(value) => value.clone(),
            ValueRef::Made(value) => value,
        }
    }

    /// The kind of the value, in words: [`Value::kind`].
    pub fn kind(&self) -> &'static str {
        match self {
            ValueRef::Text(_) => "a string",
            ValueRef::Bytes(_) => "binary data",
            ValueRef::Lent(value) => value.kind(),
            ValueRef::Made(value) => value.kind(),
        }
    }
}
