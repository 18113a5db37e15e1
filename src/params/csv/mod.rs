//! CSV as RFC 4180 has it: records of cells, between which commas stand, or another character.
//!
//! What is read beyond the letter of it: lines may end in LF, CRLF or CR, also within one text; empty lines are no records;
//! a quote that stands in a cell that does not begin with one is a quote.

mod scan;

#[cfg(test)]
mod tests;

pub(crate) use scan::{Cell, Scanned, Scanner};

/// Why a record of a CSV can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CsvFault {
    /// A quote that begins a cell never ends.
    Unterminated,
    /// Something stands between the quote that ends a cell and the end of the cell.
    BehindQuote,
    /// The record has more bytes than it may have.
    TooLong,
}

/// The byte order mark of UTF-8.
#[cfg(any(test, feature = "std"))]
pub(crate) const BOM: &[u8] = b"\xef\xbb\xbf";

/// So much of a text is looked through for what no text has.
#[cfg(any(test, feature = "std"))]
const LOOKED_THROUGH: usize = 4096;

/// Why bytes are no CSV at all, by their beginning.
#[cfg(any(test, feature = "std"))]
pub(crate) fn refusal(text: &[u8]) -> Option<&'static str> {
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Some("is UTF-16; save it as UTF-8");
    }
    let start = text.get(..text.len().min(LOOKED_THROUGH)).unwrap_or_default();
    start.contains(&0).then_some("is binary, and no text")
}

/// Writes a cell without its doubled quotes where it stands, spaces behind it; its new end.
pub(crate) fn unquote(text: &mut [u8], cell: Cell) -> usize {
    let (mut from, mut to) = (cell.start, cell.start);
    while from < cell.end {
        let Some(byte) = text.get(from).copied() else { break };
        if let Some(place) = text.get_mut(to) {
            *place = byte;
        }
        from += if byte == b'"' { 2 } else { 1 };
        to += 1;
    }
    if let Some(rest) = text.get_mut(to..cell.end) {
        rest.fill(b' ');
    }
    to
}
