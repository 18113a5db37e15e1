//! [`Scanner`]: where records and their cells begin and end.

use super::CsvFault;
use alloc::vec::Vec;

const QUOTE: u8 = b'"';
/// The lowest bit of each of eight bytes.
const LOWEST: u64 = 0x0101_0101_0101_0101;

/// Goes through a text record by record. It holds no text: more of it may follow, and what was read may be let go.
pub(crate) struct Scanner {
    delimiter: u8,
    /// Eight times a byte that is larger than all that end a cell.
    small: u64,
    max_record: usize,
    /// The line that the next record begins on, from 1.
    line: u64,
    /// The cells of the last record.
    pub(crate) cells: Vec<Cell>,
}

/// Where a cell stands in the text, without its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether quotes in it stand twice.
    pub(crate) doubled: bool,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scanned {
    /// A record, from where it begins to where the next one may.
    Record { start: usize, next: usize, line: u64, fault: Option<CsvFault> },
    /// A record that has not ended yet begins here.
    More { start: usize },
    /// Nothing but empty lines.
    End,
}

impl Scanner {
    pub(crate) fn new(delimiter: u8, max_record: usize) -> Scanner {
        let small = u64::from(delimiter.max(b'\r')).saturating_add(1).min(0x80) * LOWEST;
        Scanner { delimiter, small, max_record, line: 1, cells: Vec::new() }
    }

    /// The next record at or behind `from`; `is_last` if no text will follow this one.
    pub(crate) fn next(&mut self, text: &[u8], from: usize, is_last: bool) -> Scanned {
        let mut start = from;
        // Empty lines are no records.
        while let Some((width, is_whole)) = self.line_end(text, start) {
            if !is_whole && !is_last {
                return Scanned::More { start };
            }
            start += width;
            self.line += 1;
        }
        if start >= text.len() {
            return if is_last { Scanned::End } else { Scanned::More { start } };
        }
        self.cells.clear();
        let line = self.line;
        let mut lines = 0;
        let mut fault = None;
        let mut at = start;
        let next = loop {
            let (cell, end) = if text.get(at) == Some(&QUOTE) {
                let (cell, mut end) = self.quoted(text, at + 1, &mut lines, &mut fault);
                let boundary = self.cell_end(text, end);
                if boundary > end {
                    fault = fault.or(Some(CsvFault::BehindQuote));
                    end = boundary;
                }
                (cell, end)
            } else {
                let end = self.cell_end(text, at);
                (Cell { start: at, end, doubled: false }, end)
            };
            self.cells.push(cell);
            at = end;
            match text.get(at) {
                Some(byte) if *byte == self.delimiter => at += 1,
                None => break is_last.then_some(at),
                Some(_) => match self.line_end(text, at) {
                    Some((_, false)) if !is_last => break None,
                    ends => break Some(at + ends.map_or(0, |(width, _)| width)),
                },
            }
        };
        match next {
            Some(next) if next - start <= self.max_record => {
                self.line += lines + 1;
                Scanned::Record { start, next, line, fault }
            }
            None if text.len() - start <= self.max_record => Scanned::More { start },
            _ => Scanned::Record { start, next: text.len(), line, fault: Some(CsvFault::TooLong) },
        }
    }

    /// The end of a line here, as its width, and whether that is certain.
    fn line_end(&self, text: &[u8], at: usize) -> Option<(usize, bool)> {
        match (text.get(at)?, text.get(at + 1)) {
            (b'\n', _) => Some((1, true)),
            (b'\r', Some(b'\n')) => Some((2, true)),
            (b'\r', next) => Some((1, next.is_some())),
            _ => None,
        }
    }

    /// Where a cell without quotes ends.
    #[inline]
    fn cell_end(&self, text: &[u8], from: usize) -> usize {
        let ends = |byte: u8| byte == self.delimiter || byte == b'\n' || byte == b'\r';
        let mut at = from;
        // Of eight bytes at once: whether one is so small that it may be an end.
        while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*bytes);
            let small = word.wrapping_sub(self.small) & !word & (LOWEST << 7);
            if small == 0 {
                at += 8;
                continue;
            }
            at += small.trailing_zeros() as usize / 8;
            if text.get(at).is_some_and(|byte| ends(*byte)) {
                return at;
            }
            at += 1;
        }
        while text.get(at).is_some_and(|byte| !ends(*byte)) {
            at += 1;
        }
        at
    }

    /// A cell in quotes, and where what follows it stands.
    fn quoted(
        &self,
        text: &[u8],
        start: usize,
        lines: &mut u64,
        fault: &mut Option<CsvFault>,
    ) -> (Cell, usize) {
        let mut doubled = false;
        let mut at = start;
        while let Some(byte) = text.get(at) {
            match (byte, text.get(at + 1)) {
                (&QUOTE, Some(&QUOTE)) => {
                    doubled = true;
                    at += 1;
                }
                (&QUOTE, _) => return (Cell { start, end: at, doubled }, at + 1),
                (b'\n', _) => *lines += 1,
                (b'\r', next) if next != Some(&b'\n') => *lines += 1,
                _ => {}
            }
            at += 1;
        }
        *fault = Some(CsvFault::Unterminated);
        (Cell { start, end: at, doubled }, at)
    }
}
