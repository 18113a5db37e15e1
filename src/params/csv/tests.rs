//! What the scanner makes of texts, whole and in two parts.

use super::{CsvFault, Scanned, Scanner, refusal, unquote};
use alloc::string::String;
use alloc::vec::Vec;
use proptest::prelude::*;

type Read = (u64, Vec<String>, Option<CsvFault>);

fn records(text: &[u8], max: usize) -> Vec<Read> {
    parts(&[text], max)
}

/// The records of a text that comes in parts.
fn parts(parts: &[&[u8]], max: usize) -> Vec<Read> {
    let mut scanner = Scanner::new(b',', max);
    let (mut held, mut records) = (Vec::new(), Vec::new());
    for (index, part) in parts.iter().enumerate() {
        held.extend_from_slice(part);
        let mut at = 0;
        loop {
            match scanner.next(&held, at, index + 1 == parts.len()) {
                Scanned::Record { next, line, fault, .. } => {
                    let cells = scanner.cells.clone();
                    let text = |cell: &super::Cell| {
                        let end = if cell.doubled { unquote(&mut held, *cell) } else { cell.end };
                        String::from_utf8_lossy(&held[cell.start..end]).into_owned()
                    };
                    records.push((line, cells.iter().map(text).collect(), fault));
                    at = next;
                    if fault == Some(CsvFault::TooLong) {
                        return records;
                    }
                }
                Scanned::More { start } => {
                    held.drain(..start);
                    break;
                }
                Scanned::End => return records,
            }
        }
    }
    records
}

fn read(line: u64, cells: &[&str]) -> Read {
    (line, cells.iter().map(|cell| String::from(*cell)).collect(), None)
}

#[test]
fn lines_end_in_lf_crlf_and_cr_and_empty_ones_are_no_records() {
    let expected = [read(1, &["a", "b"]), read(2, &["c", ""]), read(4, &["", "d"]), read(5, &["e"])];
    assert_eq!(records(b"a,b\nc,\r\n\r\n,d\re", 100), expected);
    assert_eq!(records(b"", 100), []);
    assert_eq!(records(b"\n\r\n\r", 100), []);
}

#[test]
fn quoted_cells_hold_delimiters_lines_and_quotes() {
    let text = b"a,\"b,\"\"c\"\"\r\nd\",\"\"\n\"e\",f\"g\"";
    assert_eq!(records(text, 100), [read(1, &["a", "b,\"c\"\r\nd", ""]), read(3, &["e", "f\"g\""])]);
}

#[test]
fn a_quote_without_end_is_told_on_the_line_it_began_and_so_is_text_behind_a_quote() {
    assert_eq!(
        records(b"a\n\"b\nc,d", 100),
        [read(1, &["a"]), (2, ["b\nc,d".into()].into(), Some(CsvFault::Unterminated))]
    );
    assert_eq!(
        records(b"\"a\"b,c\nd,e", 100),
        [(1, ["a".into(), "c".into()].into(), Some(CsvFault::BehindQuote)), read(2, &["d", "e"])]
    );
}

#[test]
fn a_record_beyond_the_limit_ends_the_reading() {
    let found = records(b"a\n\"bbbbbbbbbbbbbbbb\nc", 10);
    assert_eq!(found.len(), 2);
    assert_eq!((found[1].0, found[1].2), (2, Some(CsvFault::TooLong)));
    assert_eq!(records(b"12345678\n1", 9), [read(1, &["12345678"]), read(2, &["1"])]);
}

#[test]
fn what_is_no_text_is_known_by_its_beginning() {
    assert_eq!(refusal(b"\xff\xfea\0"), Some("is UTF-16; save it as UTF-8"));
    assert_eq!(refusal(b"PK\x03\x04\0"), Some("is binary, and no text"));
    assert_eq!(refusal("a,b\u{feff}".as_bytes()), None);
}

/// The records written as any program may write them.
fn written(table: &[Vec<String>], quoted: bool) -> String {
    let mut text = String::new();
    for record in table {
        for (index, cell) in record.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            if quoted || cell.is_empty() || cell.contains(['"', ',', '\r', '\n']) {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(cell);
            }
        }
        text.push_str("\r\n");
    }
    text
}

proptest! {
    #[test]
    fn what_was_written_is_read_wherever_the_text_is_cut(
        table in prop::collection::vec(prop::collection::vec("[a\"\r\n,é]{0,4}", 1..4), 0..5),
        quoted: bool,
        cut: prop::sample::Index,
    ) {
        let text = written(&table, quoted).into_bytes();
        let whole = records(&text, 1000);
        prop_assert_eq!(whole.iter().map(|(_, cells, _)| cells.clone()).collect::<Vec<_>>(), table);
        let (first, second) = text.split_at(cut.index(text.len() + 1));
        prop_assert_eq!(parts(&[first, second], 1000), whole);
    }

    #[test]
    fn nothing_panics_and_no_byte_is_read_twice(text: Vec<u8>, max in 0usize..50) {
        let mut scanner = Scanner::new(b',', max);
        let mut at = 0;
        while let Scanned::Record { start, next, .. } = scanner.next(&text, at, true) {
            prop_assert!(start >= at && next > start);
            for cell in &scanner.cells {
                prop_assert!(cell.start <= cell.end && cell.end <= next);
            }
            at = next;
        }
    }
}
