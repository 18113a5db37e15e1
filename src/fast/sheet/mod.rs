//! A CSV in memory that the host writes to: cut into rows, and each row looked at whether it is certainly right.
//!
//! No error is decided here. A row that is not certainly right goes to the host as texts, and from there to an engine.
//!
//! Of each row the host reads slots of two words. The first is what became of it, and its line; the second, where that
//! says what was found; then follows one for each param: a number, if it is one, else where its text begins and ends,
//! in UTF-16 units from the start of the text; or all bits, where it is blank.

mod column;
#[cfg(all(target_arch = "wasm32", feature = "batch"))]
mod exports;

#[cfg(test)]
mod tests;

use crate::params::CsvFault;
#[cfg(all(target_arch = "wasm32", feature = "batch"))]
use crate::params::csv::Cell;
use crate::params::csv::{Scanned, Scanner, unquote};
use alloc::vec::Vec;
use column::{Column, Input, Seen};

/// Words of a row before those of its params.
const HEAD: usize = 4;

const RIGHT: u32 = 0;
const UNSURE: u32 = 1;
const RAGGED: u32 = 2;
const BEHIND_QUOTE: u32 = 3;
const UNTERMINATED: u32 = 4;
const NOT_UTF8: u32 = 5;
const TOO_LONG: u32 = 6;

/// A CSV under way.
pub(super) struct Sheet {
    scanner: Scanner,
    /// The slot of each column; none where it is not read, which is a slot that is not there.
    places: Vec<usize>,
    columns: Vec<Column>,
    /// Where the texts of a row stand.
    spans: Vec<[u32; 2]>,
    /// What the host reads of the header.
    #[cfg(all(target_arch = "wasm32", feature = "batch"))]
    answer: Vec<u32>,
}

/// What was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) count: usize,
    /// The bytes they took.
    pub(super) consumed: usize,
    /// Whether no more can be read.
    pub(super) stopped: bool,
}

impl Sheet {
    pub(super) fn new(delimiter: u8, max_record: usize) -> Sheet {
        let scanner = Scanner::new(delimiter, max_record);
        Sheet {
            scanner,
            places: Vec::new(),
            columns: Vec::new(),
            spans: Vec::new(),
            #[cfg(all(target_arch = "wasm32", feature = "batch"))]
            answer: Vec::new(),
        }
    }

    /// What columns there are: packed as `[columns, slots, slot of each column.., column of each slot..]`.
    pub(super) fn expect(&mut self, words: &[u32]) {
        let mut input = Input { words };
        let (places, slots) = (input.count(), input.count());
        self.places = (0..places).map(|_| input.word() as usize).collect();
        self.columns = (0..slots).map(|_| Column::read(&mut input)).collect();
        self.spans = self.columns.iter().map(|_| [u32::MAX; 2]).collect();
    }

    /// The words of a row in the answer.
    pub(super) fn stride(&self) -> usize {
        HEAD + self.columns.len() * 2
    }

    /// The next record alone, its cells in bytes: the header.
    #[cfg(all(target_arch = "wasm32", feature = "batch"))]
    pub(super) fn head(&mut self, text: &mut [u8], is_last: bool) -> (Scanned, &[Cell]) {
        let scanned = self.scanner.next(text, 0, is_last);
        if matches!(scanned, Scanned::Record { .. }) {
            for cell in &mut self.scanner.cells {
                if cell.doubled {
                    cell.end = unquote(text, *cell);
                }
            }
        }
        (scanned, &self.scanner.cells)
    }

    /// Reads as many rows as there are, and as `out` has room for.
    pub(super) fn read(&mut self, text: &mut [u8], is_last: bool, out: &mut [u32]) -> Rows {
        let mut rows = Rows { count: 0, consumed: 0, stopped: false };
        let mut units = (!text.is_ascii()).then_some(Units { at: 0, units: 0 });
        for row in out.chunks_exact_mut(self.stride()) {
            match self.scanner.next(text, rows.consumed, is_last) {
                Scanned::More { start } => {
                    rows.consumed = start;
                    break;
                }
                Scanned::End => {
                    rows.consumed = text.len();
                    rows.stopped = true;
                    break;
                }
                Scanned::Record { start, next, line, fault } => {
                    let (status, found) = self.row(text, start..next, fault, &mut units, row);
                    if let [first, second, third, ..] = row {
                        (*first, *second, *third) = (status, line as u32, found);
                    }
                    rows.count += 1;
                    rows.consumed = next;
                    if status == TOO_LONG {
                        rows.stopped = true;
                        break;
                    }
                }
            }
        }
        rows
    }

    /// Writes the params of a row; what became of it, and what was found.
    fn row(
        &mut self,
        text: &mut [u8],
        range: core::ops::Range<usize>,
        fault: Option<CsvFault>,
        units: &mut Option<Units>,
        row: &mut [u32],
    ) -> (u32, u32) {
        let start = range.start;
        if units.is_some()
            && let Some(bytes) = text.get_mut(range)
            && let Err(error) = core::str::from_utf8(bytes)
        {
            // What the host decodes must be as long as it is counted here.
            bytes.iter_mut().filter(|byte| !byte.is_ascii()).for_each(|byte| *byte = b'?');
            // Of a record that is too long only the start is there, which may end within a character.
            if fault != Some(CsvFault::TooLong) {
                return (NOT_UTF8, (start + error.valid_up_to()) as u32);
            }
        }
        match fault {
            None => {}
            Some(CsvFault::BehindQuote) => return (BEHIND_QUOTE, 0),
            Some(CsvFault::Unterminated) => return (UNTERMINATED, 0),
            Some(CsvFault::TooLong) => return (TOO_LONG, 0),
        }
        if self.scanner.cells.len() != self.places.len() {
            return (RAGGED, self.scanner.cells.len() as u32);
        }
        let (_, slots) = row.split_at_mut(HEAD);
        let (slots, _) = slots.as_chunks_mut::<2>();
        let mut is_right = true;
        for (cell, place) in self.scanner.cells.iter_mut().zip(&self.places) {
            if cell.doubled {
                cell.end = unquote(text, *cell);
            }
            let (Some(column), Some(span), Some(slot)) =
                (self.columns.get(*place), self.spans.get_mut(*place), slots.get_mut(*place))
            else {
                continue;
            };
            *span = match units {
                None => [cell.start as u32, cell.end as u32],
                Some(units) => [units.up_to(text, cell.start), units.up_to(text, cell.end)],
            };
            if is_right {
                match column.look(text.get(cell.start..cell.end).unwrap_or_default()) {
                    Seen::Unsure => is_right = false,
                    Seen::Blank => *slot = [u32::MAX; 2],
                    Seen::Text => *slot = *span,
                    Seen::Number(number) => {
                        let bits = number.to_bits();
                        *slot = [bits as u32, (bits >> 32) as u32];
                    }
                }
            }
        }
        if is_right {
            return (RIGHT, 0);
        }
        slots.copy_from_slice(&self.spans);
        (UNSURE, 0)
    }
}

/// Places in UTF-16 units, counted from one to the next.
struct Units {
    at: usize,
    units: u32,
}

impl Units {
    fn up_to(&mut self, text: &[u8], end: usize) -> u32 {
        for byte in text.get(self.at..end).unwrap_or_default() {
            // Of each character the first byte counts, and that of one beyond the basic plane twice.
            self.units += u32::from(byte & 0xc0 != 0x80) + u32::from(*byte >= 0xf0);
        }
        self.at = self.at.max(end);
        self.units
    }
}
