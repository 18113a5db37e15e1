//! JSON text to tokens.

use super::super::form::hex_digit;
use super::super::{Limits, ParamsError};
use super::tokens::{Json, Token};
use crate::value::{Decimal, Value, parse_float, parse_integer};
use alloc::string::String;
use alloc::vec::Vec;

/// Reads JSON (RFC 8259).
///
/// Keys keep their order, a key that comes again replaces the value. A number with a fraction or an
/// exponent is a float; any other is an integer, and beyond 64 bits a decimal of the same digits.
///
/// # Errors
///
/// [`ParamsError`] when a limit is exceeded, the text is not JSON in UTF-8 (a lone surrogate such as
/// `"\ud800"` is not text), or a number is out of range.
///
/// ```
/// use ectomorph::params::{Limits, from_json};
/// use ectomorph::value::{Map, Value};
///
/// let params = from_json(r#"{"title": "Hello", "tags": ["rust"], "views": 3}"#, &Limits::default())?;
/// let expected = [("title", Value::from("Hello")), ("tags", ["rust"].into()), ("views", 3.into())];
/// assert_eq!(params, Value::Map(Map::from(expected)));
/// # Ok::<(), ectomorph::params::ParamsError>(())
/// ```
pub fn from_json(text: impl AsRef<[u8]>, limits: &Limits) -> Result<Value, ParamsError> {
    Ok(read(text.as_ref(), limits)?.to_value())
}

/// Reads JSON into tokens.
pub(super) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Json<'a>, ParamsError> {
    limits.check_bytes(bytes.len())?;
    let text =
        core::str::from_utf8(bytes).map_err(|error| ParamsError::InvalidUtf8 { at: error.valid_up_to() })?;
    read_text(text, limits)
}

/// Reads JSON that is known to be UTF-8.
pub(super) fn read_text<'a>(text: &'a str, limits: &Limits) -> Result<Json<'a>, ParamsError> {
    limits.check_bytes(text.len())?;
    // A token takes some eight bytes of the text; there are no more than of keys and values that are let in.
    let tokens = Vec::with_capacity((text.len() / 8).min(limits.entries.saturating_mul(2)) + 1);
    let mut reader = Reader { text, at: 0, limits, entries: 0, tokens, escaped: Vec::new() };
    reader.value(0)?;
    reader.skip_space();
    if reader.at < text.len() {
        return Err(reader.invalid("expected the end of the JSON text"));
    }
    Ok(Json { text, tokens: reader.tokens, escaped: reader.escaped })
}

struct Reader<'a, 'l> {
    text: &'a str,
    at: usize,
    limits: &'l Limits,
    entries: usize,
    tokens: Vec<Token<'a>>,
    escaped: Vec<String>,
}

impl<'a> Reader<'a, '_> {
    /// The value that comes next, standing in `depth` lists and maps.
    fn value(&mut self, depth: usize) -> Result<(), ParamsError> {
        let token = match self.next_token() {
            Some(b'"') => self.string()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Token::Bool(true))?,
            Some(b'f') => self.word("false", Token::Bool(false))?,
            Some(b'n') => self.word("null", Token::Null)?,
            Some(b'{') => return self.map(depth),
            Some(b'[') => return self.list(depth),
            _ => return Err(self.invalid("expected a JSON value")),
        };
        self.tokens.push(token);
        Ok(())
    }

    fn map(&mut self, depth: usize) -> Result<(), ParamsError> {
        let place = self.open(depth)?;
        let mut length = 0;
        if self.next_token() == Some(b'}') {
            self.at += 1;
            self.tokens[place] = Token::Map { length, end: place + 1 };
            return Ok(());
        }
        loop {
            if self.next_token() != Some(b'"') {
                return Err(self.invalid("expected a key in double quotes"));
            }
            self.count_entry(self.at)?;
            let key = self.string()?;
            self.tokens.push(key);
            if self.next_token() != Some(b':') {
                return Err(self.invalid("expected `:` after a key"));
            }
            self.at += 1;
            self.value(depth + 1)?;
            length += 1;
            if self.closed(b'}', "expected `,` or `}` in an object")? {
                self.tokens[place] = Token::Map { length, end: self.tokens.len() };
                return Ok(());
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<(), ParamsError> {
        let place = self.open(depth)?;
        let mut length = 0;
        if self.next_token() == Some(b']') {
            self.at += 1;
            self.tokens[place] = Token::List { length, end: place + 1 };
            return Ok(());
        }
        loop {
            self.count_entry(self.at)?;
            self.value(depth + 1)?;
            length += 1;
            if self.closed(b']', "expected `,` or `]` in an array")? {
                self.tokens[place] = Token::List { length, end: self.tokens.len() };
                return Ok(());
            }
        }
    }

    /// Steps over the bracket that opens a list or map, and gives the place of its token.
    fn open(&mut self, depth: usize) -> Result<usize, ParamsError> {
        let limit = self.limits.max_depth();
        if depth >= limit {
            return Err(ParamsError::TooDeep { limit, at: self.at });
        }
        self.at += 1;
        self.tokens.push(Token::Null);
        Ok(self.tokens.len() - 1)
    }

    /// Steps over what follows an element, and tells whether it was the last one.
    #[inline]
    fn closed(&mut self, bracket: u8, reason: &'static str) -> Result<bool, ParamsError> {
        let token = self.next_token();
        if token != Some(bracket) && token != Some(b',') {
            return Err(self.invalid(reason));
        }
        self.at += 1;
        Ok(token == Some(bracket))
    }

    #[inline]
    fn count_entry(&mut self, at: usize) -> Result<(), ParamsError> {
        if self.entries == self.limits.entries {
            return Err(ParamsError::TooManyEntries { limit: self.limits.entries, at });
        }
        self.entries += 1;
        Ok(())
    }

    fn word(&mut self, word: &str, token: Token<'a>) -> Result<Token<'a>, ParamsError> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.invalid("expected a JSON value"));
        }
        self.at += word.len();
        Ok(token)
    }

    fn number(&mut self) -> Result<Token<'a>, ParamsError> {
        let start = self.at;
        let is_negative = self.peek() == Some(b'-');
        self.at += usize::from(is_negative);
        let first = self.at;
        let number = self.digits()?;
        let length = self.at - first;
        if length > 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            self.at = first;
            return Err(self.invalid("a number starts with a needless zero"));
        }
        // So many digits are a number of 64 bits.
        if length <= 18 && !matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return Ok(Token::Integer(if is_negative { -number } else { number }));
        }
        let mut is_integer = true;
        if self.peek() == Some(b'.') {
            is_integer = false;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            is_integer = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let token = if is_integer { integer(text) } else { float(text) };
        token.ok_or(ParamsError::NumberOutOfRange { at: start })
    }

    /// Steps over digits, and gives their number if it is one of 64 bits.
    #[inline]
    fn digits(&mut self) -> Result<i64, ParamsError> {
        let start = self.at;
        let mut number = 0_i64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        if self.at == start {
            return Err(self.invalid("expected a digit"));
        }
        Ok(number)
    }

    /// The text in double quotes that starts here, where it lies if nothing is escaped in it.
    #[inline]
    fn string(&mut self) -> Result<Token<'a>, ParamsError> {
        self.at += 1;
        let (plain, end) = self.plain()?;
        if end == b'"' {
            self.at += 1;
            return Ok(Token::Text(plain));
        }
        self.escaped(plain)
    }

    /// The rest of a text that begins so, up to a backslash.
    #[cold]
    fn escaped(&mut self, plain: &str) -> Result<Token<'a>, ParamsError> {
        let mut text = String::from(plain);
        while self.peek() != Some(b'"') {
            text.push(self.escape()?);
            text.push_str(self.plain()?.0);
        }
        self.at += 1;
        self.escaped.push(text);
        Ok(Token::Escaped(self.escaped.len() - 1))
    }

    /// The text up to the next quote or backslash, and which of them it is.
    #[inline]
    fn plain(&mut self) -> Result<(&'a str, u8), ParamsError> {
        let (start, bytes) = (self.at, self.rest());
        let mut length = ordinary_prefix(bytes);
        let is_ordinary = |byte: &u8| *byte >= b' ' && !matches!(byte, b'"' | b'\\');
        length += bytes.get(length..).unwrap_or_default().iter().take_while(|byte| is_ordinary(byte)).count();
        let found = bytes.get(length);
        self.at += length;
        match found {
            Some(end @ (b'"' | b'\\')) => Ok((self.text.get(start..self.at).unwrap_or_default(), *end)),
            Some(_) => Err(self.invalid("a control character in a string; escape it")),
            None => Err(self.invalid("a string does not end")),
        }
    }

    /// The character that the escape sequence here stands for.
    fn escape(&mut self) -> Result<char, ParamsError> {
        let start = self.at;
        let letter = self.text.as_bytes().get(start + 1);
        self.at += 2;
        Ok(match letter {
            Some(&letter @ (b'"' | b'\\' | b'/')) => letter.into(),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => match self.unicode_escape() {
                Some(character) => character,
                None => {
                    self.at = start;
                    return Err(
                        self.invalid("`\\u` needs four hexadecimal digits, and surrogates need a pair")
                    );
                }
            },
            _ => {
                self.at = start;
                return Err(self.invalid("an unknown escape sequence"));
            }
        })
    }

    /// The character of the hexadecimal digits here, and of the second half of a surrogate pair.
    fn unicode_escape(&mut self) -> Option<char> {
        let unit = self.hex_unit()?;
        if !(0xD800..0xDC00).contains(&unit) {
            return char::from_u32(unit);
        }
        if !self.rest().starts_with(b"\\u") {
            return None;
        }
        self.at += 2;
        let low = self.hex_unit()?;
        if !(0xDC00..0xE000).contains(&low) {
            return None;
        }
        char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
    }

    fn hex_unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for byte in self.text.as_bytes().get(self.at..self.at + 4)? {
            unit = unit << 4 | u32::from(hex_digit(*byte)?);
        }
        self.at += 4;
        Some(unit)
    }

    #[inline]
    fn next_token(&mut self) -> Option<u8> {
        self.skip_space();
        self.peek()
    }

    #[inline]
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn invalid(&self, reason: &'static str) -> ParamsError {
        ParamsError::InvalidJson { reason, at: self.at }
    }
}

/// The integer of digits that may have a minus; a decimal if it does not fit.
fn integer(text: &str) -> Option<Token<'_>> {
    match parse_integer(text) {
        Some(number) => Some(Token::Integer(number)),
        None => Decimal::parse_integer(text).map(|_| Token::Decimal(text)),
    }
}

fn float(text: &str) -> Option<Token<'static>> {
    parse_float(text).filter(|number| number.is_finite()).map(Token::Float)
}

/// How many bytes there certainly are before the first quote, backslash or control character: eight are looked at at once.
#[inline]
fn ordinary_prefix(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
    // The high bit of each byte that is below `limit`, of the lowest such one at least.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let (words, _) = bytes.as_chunks::<8>();
    let special = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        below(word, 0x20)
            | below(word ^ (ONES * u64::from(b'"')), 1)
            | below(word ^ (ONES * u64::from(b'\\')), 1)
    };
    for (at, word) in words.iter().enumerate() {
        let found = special(word);
        if found != 0 {
            return at * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8
}
