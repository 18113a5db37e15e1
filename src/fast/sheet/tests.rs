//! Texts as the host writes them, and the words it reads.

use super::{HEAD, NOT_UTF8, RAGGED, RIGHT, Rows, Sheet, TOO_LONG, UNSURE};
use alloc::string::String;
use alloc::vec::Vec;

const FLOATS: usize = 8;

/// The words of a column of this kind: with what nothing is, and bounds from 0 to 100.
fn column(kind: u32, blank: bool, among: &[&str]) -> Vec<u32> {
    let mut words = Vec::from([kind, u32::from(blank), 1, 5]);
    for bound in [0.0, f64::NEG_INFINITY, 100.0, f64::INFINITY] {
        let bits = bound.to_bits();
        words.extend([bits as u32, (bits >> 32) as u32]);
    }
    assert_eq!(words.len(), 4 + FLOATS);
    // No patterns.
    words.push(0);
    words.push(u32::from(!among.is_empty()));
    if !among.is_empty() {
        words.push(among.len() as u32);
        for text in among {
            words.push(text.len() as u32);
            words.extend(text.as_bytes().chunks(4).map(|bytes| {
                let mut word = [0; 4];
                word[..bytes.len()].copy_from_slice(bytes);
                u32::from_le_bytes(word)
            }));
        }
    }
    words.push(0);
    words
}

/// A text, a float that may be missing, a column that is not read, and one of two words.
fn sheet() -> Sheet {
    let mut sheet = Sheet::new(b',', 1000);
    let mut words = Vec::from([4, 3, 0, 1, u32::MAX, 2]);
    words.extend(column(1, false, &[]));
    words.extend(column(3, true, &[]));
    words.extend(column(1, false, &["draft", "paid"]));
    sheet.expect(&words);
    sheet
}

/// What became of a row, its line, and what was found; and its slots.
type Row = ([u32; 3], Vec<[u32; 2]>);

/// The rows of a text, and the text as it stands then.
fn read(text: &str) -> (Vec<Row>, String) {
    read_bytes(text.as_bytes())
}

fn read_bytes(text: &[u8]) -> (Vec<Row>, String) {
    let mut sheet = sheet();
    let mut text = Vec::from(text);
    let mut out = alloc::vec![0; sheet.stride() * 10];
    let rows = sheet.read(&mut text, true, &mut out);
    assert_eq!((rows.consumed, rows.stopped), (text.len(), true));
    let rows = out.chunks(sheet.stride()).take(rows.count).map(|row| {
        let (slots, _) = row[HEAD..].as_chunks();
        ([row[0], row[1], row[2]], slots.to_vec())
    });
    (rows.collect(), String::from_utf8(text).unwrap())
}

fn number(number: f64) -> [u32; 2] {
    [number.to_bits() as u32, (number.to_bits() >> 32) as u32]
}

#[test]
fn a_row_that_is_right_comes_as_numbers_and_places_of_texts() {
    let (rows, _) = read("Ada,1.50,x,paid\n\"Eve\",,,draft");
    assert_eq!(rows[0], ([RIGHT, 1, 0], [[0, 3], number(1.5), number(1.0)].into()));
    assert_eq!(rows[1], ([RIGHT, 2, 0], [[17, 20], [u32::MAX; 2], number(0.0)].into()));
}

#[test]
fn a_row_that_may_be_wrong_comes_as_places_of_texts() {
    let unsure = |text: &str| read(text).0[0].clone();
    assert_eq!(unsure("Ada,1.5,,lost"), ([UNSURE, 1, 0], [[0, 3], [4, 7], [9, 13]].into()));
    // Blank, too long, too large, no plain number, the other zero.
    for cells in [
        ",1",
        " a,1",
        "Augusta,1",
        "Ada,101",
        "Ada,1e3",
        "Ada,.5",
        "Ada,5.",
        "Ada,-0",
        "Ada,1.2.3",
        "\u{301},1",
    ] {
        assert_eq!(unsure(&alloc::format!("{cells},,paid")).0, [UNSURE, 1, 0], "{cells}");
    }
}

#[test]
fn places_count_utf16_and_quotes_are_taken_out_where_they_stand() {
    let (rows, text) = read("é🦀,1,🦀,paid\nA\u{e9},2,,paid\n\"E\"\"\",3,é,draft");
    assert_eq!(text, "é🦀,1,🦀,paid\nAé,2,,paid\n\"E\" \",3,é,draft");
    assert_eq!(rows[0].1[0], [0, 3]);
    assert_eq!(rows[1].1[0], [14, 16]);
    assert_eq!(rows[2].1[0], [26, 28]);
}

#[test]
fn rows_that_cannot_be_read_say_why_and_others_keep_their_places() {
    let (rows, text) = read_bytes(b"A\xff,1,,paid\nAda,1\nAda,1,,paid");
    assert_eq!(text, "A?,1,,paid\nAda,1\nAda,1,,paid");
    assert_eq!(rows[0].0, [NOT_UTF8, 1, 1]);
    assert_eq!(rows[1].0, [RAGGED, 2, 2]);
    assert_eq!(rows[2], ([RIGHT, 3, 0], [[17, 20], number(1.0), number(1.0)].into()));
}

#[test]
fn rows_stop_where_there_is_no_room_or_no_end() {
    let mut sheet = sheet();
    let mut out = alloc::vec![0; sheet.stride()];
    let mut text = *b"Ada,1,,paid\nEve,2,,paid";
    assert_eq!(sheet.read(&mut text, false, &mut out), Rows { count: 1, consumed: 12, stopped: false });
    assert_eq!(sheet.read(&mut text[12..], false, &mut out), Rows { count: 0, consumed: 0, stopped: false });
    assert_eq!(sheet.read(&mut text[12..], true, &mut out), Rows { count: 1, consumed: 11, stopped: false });
}

#[test]
fn a_record_that_is_too_long_ends_the_reading_also_where_it_is_cut_within_a_character() {
    let mut sheet = sheet();
    let mut out = alloc::vec![0; sheet.stride() * 2];
    let mut text = Vec::from(alloc::format!("\"{}", "é".repeat(600)));
    text.pop();
    let length = text.len();
    assert_eq!(sheet.read(&mut text, false, &mut out), Rows { count: 1, consumed: length, stopped: true });
    assert_eq!(out.first(), Some(&TOO_LONG));
}
