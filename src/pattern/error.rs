//! Why a pattern was refused.

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
    construct: &'static str,
    text: String,
    position: usize,
    fix: &'static str,
}

impl PatternError {
    /// An error about the bytes `start..end` of `source`.
    pub(super) fn new(
        construct: &'static str,
        fix: &'static str,
        source: &str,
        start: usize,
        end: usize,
    ) -> Self {
        let text = String::from(source.get(start..end).unwrap_or_default());
        let position = source.get(..start).map_or(0, |before| before.chars().count());
        PatternError { construct, text, position, fix }
    }

    /// The name of what was refused, as `look-ahead`.
    pub fn construct(&self) -> &'static str {
        self.construct
    }

    /// The piece of the pattern (or of its flags) where it stands, as `(?=`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many characters (code points) stand before it.
    pub fn position(&self) -> usize {
        self.position
    }

    /// What to write instead.
    pub fn fix(&self) -> &'static str {
        self.fix
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
        let mut message = String::from(self.construct);
        for part in [" `", &self.text, "` at character "] {
            message.push_str(part);
        }
        // By hand: the formatting machinery would be a large part of the browser artifact.
        let mut scale = 1;
        while self.position / scale >= 10 {
            scale *= 10;
        }
        while scale > 0 {
            message.push((b'0' + (self.position / scale % 10) as u8) as char);
            scale /= 10;
        }
        message.push_str(": ");
        message.push_str(self.fix);
        message
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl core::error::Error for PatternError {}
