//! Measures of text, as Elixir's `String` takes them.

pub use super::graphemes::grapheme_count;

/// The number of code points in `text`.
///
/// ```
/// use ectomorph::value::codepoint_count;
/// assert_eq!(codepoint_count("Zoe\u{301}"), 4);
/// ```
pub fn codepoint_count(text: &str) -> usize {
    // Every byte but those that continue a code point.
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

/// `text` without the white space at its start: `String.trim_leading/1`.
///
/// White space is what Unicode's property White_Space says, non-breaking spaces and the ideographic
/// space among them, but not the byte order mark or the zero width space. Neither has the property
/// changed from the Unicode of Elixir 1.14 to that of [`char::is_whitespace`].
///
/// ```
/// use ectomorph::value::trim_leading;
/// assert_eq!(trim_leading("\u{3000}\t Hello "), "Hello ");
/// ```
pub fn trim_leading(text: &str) -> &str {
    let mut chars = text.chars();
    loop {
        let rest = chars.as_str();
        if !chars.next().is_some_and(is_white_space) {
            return rest;
        }
    }
}

/// `text` without the white space at its start and end: `String.trim/1`.
///
/// ```
/// use ectomorph::value::trim;
/// assert_eq!(trim("\u{a0}Hello world\r\n"), "Hello world");
/// ```
pub fn trim(text: &str) -> &str {
    let mut chars = trim_leading(text).chars();
    loop {
        let rest = chars.as_str();
        if !chars.next_back().is_some_and(is_white_space) {
            return rest;
        }
    }
}

/// [`char::is_whitespace`] without its table, which the browser artifact need not carry.
fn is_white_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
            | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}
