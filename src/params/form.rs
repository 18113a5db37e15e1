//! `application/x-www-form-urlencoded` text to params.

use super::fields::Fields;
use super::{Limits, ParamsError};
use crate::value::{Map, Value};
use alloc::vec::Vec;

/// Reads an urlencoded body or query string, as Plug's `Plug.Conn.Query.decode/1` does.
///
/// Brackets in names nest (see the [module](super)), a plain name that comes again replaces the value,
/// a name without `=` has the empty text, `+` is a space. A `%` that two hexadecimal digits do not follow
/// is a percent sign, as in Plug, in browsers and in the URL standard.
///
/// # Errors
///
/// [`ParamsError`] when a limit is exceeded or the decoded text is not UTF-8.
///
/// ```
/// use ectomorph::params::{Limits, from_urlencoded};
/// use ectomorph::value::Map;
///
/// let params = from_urlencoded("post[title]=Hello&post[tags][]=rust", &Limits::default())?;
/// let post = Map::from([("title", "Hello".into()), ("tags", ["rust"].into())] as [(_, ectomorph::value::Value); 2]);
/// assert_eq!(params, Map::from([("post", post)]));
/// # Ok::<(), ectomorph::params::ParamsError>(())
/// ```
pub fn from_urlencoded(text: impl AsRef<[u8]>, limits: &Limits) -> Result<Map, ParamsError> {
    read(text.as_ref(), limits)
}

fn read(text: &[u8], limits: &Limits) -> Result<Map, ParamsError> {
    limits.check_bytes(text.len())?;
    let mut fields = Fields::new(limits);
    let (mut name, mut value) = (Vec::new(), Vec::new());
    let mut at = 0;
    for pair in text.split(|byte| *byte == b'&') {
        if !pair.is_empty() {
            let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = decode(pair.get(..end).unwrap_or_default(), &mut name, at)?;
            let value = decode(pair.get(end + 1..).unwrap_or_default(), &mut value, at)?;
            fields.place(name, Value::from(value), at)?;
        }
        at += pair.len() + 1;
    }
    Ok(fields.finish())
}

/// Decodes into `buffer`, which is reused from pair to pair.
fn decode<'a>(encoded: &[u8], buffer: &'a mut Vec<u8>, at: usize) -> Result<&'a str, ParamsError> {
    buffer.clear();
    let mut rest = encoded;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        buffer.push(match first {
            b'+' => b' ',
            b'%' => match escaped(tail) {
                Some((byte, tail)) => {
                    rest = tail;
                    byte
                }
                None => b'%',
            },
            byte => byte,
        });
    }
    core::str::from_utf8(buffer).map_err(|_| ParamsError::InvalidUtf8 { at })
}

/// The byte whose two hexadecimal digits come first, and what is behind them.
pub(crate) fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&[high, low], rest) = text.split_first_chunk()?;
    Some((hex_digit(high)? << 4 | hex_digit(low)?, rest))
}

/// The number a hexadecimal digit stands for.
pub(super) fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
