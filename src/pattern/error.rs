//! Why a pattern was refused.

use super::refused::{Refusal, Refused};
use alloc::string::String;
use core::fmt;

/// A pattern that was refused when it was defined: what stands where, and what to write instead.
///
/// A pattern that means something else in another engine, or nothing, is refused by every build alike,
/// so a rule that one side accepts is accepted by all.
///
/// ```
/// # use ectomorph::pattern::Pattern;
/// let error = Pattern::new("^(?=.*[0-9]).+$", "").unwrap_err();
/// assert_eq!(error.construct(), "look-ahead");
/// assert_eq!(error.text(), "(?=");
/// assert_eq!(error.position(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    refusal: &'static Refusal,
    text: String,
    position: u32,
}

impl PatternError {
    /// The error for what was refused in `source`.
    pub(super) fn new(refused: Refused, source: &str) -> Self {
        let Refused { refusal, start, end } = refused;
        let text = String::from(source.get(start..end).unwrap_or_default());
        // The bytes that continue no character: counting `chars` costs the browser artifact twice as much.
        let position = source.bytes().take(start).filter(|byte| *byte as i8 >= -0x40).count() as u32;
        PatternError { refusal, text, position }
    }

    /// The name of what was refused, as `look-ahead`.
    pub fn construct(&self) -> &'static str {
        self.refusal.construct
    }

    /// The piece of the pattern (or of its flags) where it stands, as `(?=`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many characters (code points) stand before it.
    pub fn position(&self) -> usize {
        self.position as usize
    }

    /// What to write instead.
    pub fn fix(&self) -> &'static str {
        self.refusal.fix
    }

    /// All of it as one line.
    ///
    /// ```
    /// # use ectomorph::pattern::Pattern;
    /// let error = Pattern::new(r"(.)\1", "").unwrap_err();
    /// assert_eq!(
    ///     error.message(),
    ///     r"back-reference `\1` at character 3: a pattern can't look back at what a group matched; use a custom validation"
    /// );
    /// ```
    pub fn message(&self) -> String {
        let mut message = String::from(self.refusal.construct);
        for part in [" `", &self.text, "` at character "] {
            message.push_str(part);
        }
        // By hand: the formatting machinery would be a large part of the browser artifact.
        push_number(&mut message, self.position);
        message.push_str(": ");
        message.push_str(self.refusal.fix);
        message
    }
}

/// Appends a number in decimal.
pub(super) fn push_number(text: &mut String, number: u32) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push((b'0' + (number % 10) as u8) as char);
}

impl fmt::Display for PatternError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl core::error::Error for PatternError {}
