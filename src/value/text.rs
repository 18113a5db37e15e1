//! Text as people count and trim it.

/// How many characters a reader sees.
pub fn grapheme_count(text: &str) -> usize {
    text.chars().count()
}

/// The text without white space at both ends.
pub fn trim(text: &str) -> &str {
    text.trim()
}

/// The text without white space at its start.
pub fn trim_leading(text: &str) -> &str {
    text.trim_start()
}
