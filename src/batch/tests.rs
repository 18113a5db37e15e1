//! What becomes of rows, one by one and of a CSV.

use super::{Batch, CsvError, CsvOptions, cast_all, cast_csv};
use crate::changeset::Rules;
use crate::rules::Length;
use crate::schema::{Field, Record, Schema, Slot};
use crate::types::Type;
use crate::value::Map;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use std::io::{self, Read};

fn user() -> Arc<Schema> {
    let fields = [Field::new("name", Type::String), Field::new("age", Type::Integer)];
    fields
        .into_iter()
        .fold(Schema::build("User", "users"), |schema, field| schema.field(field))
        .finish()
        .unwrap()
}

fn rules() -> Rules {
    Rules::cast(["name", "age"]).validate_required(["name"]).validate_length("name", Length::new().max(5))
}

fn read(csv: impl Read) -> Result<Batch<Record>, CsvError> {
    let (schema, rules) = (user(), rules());
    cast_csv(&rules, || Record::new(&schema), csv, CsvOptions::default())?.collect()
}

fn errors(batch: &Batch<Record>) -> Vec<String> {
    batch.errors.iter().map(ToString::to_string).collect()
}

#[test]
fn a_row_is_what_the_rules_make_of_it_alone() {
    let (schema, rules) = (user(), rules());
    let rows: Vec<Map> = [("Ada", "36"), ("", "x"), ("Augusta", "1"), ("Lord", "")]
        .map(|(name, age)| Map::from([("name", name), ("age", age)]))
        .into();
    for row in cast_all(&rules, || Record::new(&schema), rows.clone()) {
        let alone = rules.apply(Record::new(&schema), &rows[row.row]).apply_action("insert");
        match (row.outcome, alone) {
            (Ok(value), Ok(alone)) => assert_eq!(value, alone),
            (Err(errors), Err(alone)) => {
                let errors: Vec<_> =
                    errors.iter().map(|error| (error.field.clone(), error.message.clone())).collect();
                let alone: Vec<_> =
                    alone.errors.iter().map(|error| (Some(error.field.clone()), error.text())).collect();
                assert_eq!(errors, alone);
            }
            (batch, alone) => panic!("{batch:?} and {alone:?}"),
        }
    }
}

#[test]
fn a_csv_tells_its_errors_by_line_and_column() {
    let csv = "\u{feff}name,age,note\r\nAda,36,\"a\nb\"\r\n,x,\r\nAda\r\n\"Ad\"\"a\",7,\r\n";
    let batch = read(csv.as_bytes()).unwrap();
    assert_eq!(batch.rows, 4);
    assert_eq!(batch.values.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [0, 3]);
    assert_eq!(batch.values[1].1.get("name"), Some(&Slot::Value("Ad\"a".into())));
    assert_eq!(
        errors(&batch),
        [
            "line 4: name can't be blank",
            "line 4: age is invalid",
            "line 5: has 1 cells, and there are 3 columns"
        ]
    );
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_read() {
    let batch = read(&b"name,age\nAda,1\nA\xff,2\n\"a\"b,3\nEve,4\n\"open"[..]).unwrap();
    assert_eq!(batch.values.len(), 2);
    assert_eq!(
        errors(&batch),
        [
            "line 3: is not UTF-8 at byte 16",
            "line 4: has text behind the quote that ends a cell",
            "line 6: begins a cell with a quote that never ends"
        ]
    );
}

#[test]
fn what_is_no_csv_is_refused_by_name() {
    let refused = |csv: &[u8]| read(csv).unwrap_err().to_string();
    assert_eq!(refused(b""), "the CSV has no header that can be read");
    assert_eq!(refused(b"PK\x03\x04\0\0"), "the CSV is binary, and no text");
    assert_eq!(refused(b"\xff\xfen\0"), "the CSV is UTF-16; save it as UTF-8");
    assert_eq!(refused(b"name,age,name\n"), "the CSV has the column name twice");
    let (schema, rules) = (user(), rules());
    for delimiter in [0, b'"', b'\n', b'\r', 0xe9] {
        let options = CsvOptions { delimiter, ..CsvOptions::default() };
        let refused = cast_csv(&rules, || Record::new(&schema), &b"name\n"[..], options).err();
        assert!(matches!(refused, Some(CsvError::Delimiter(byte)) if byte == delimiter));
    }
    let endless = b"name,age\n".chain(io::repeat(b'"').take(3)).chain(io::repeat(b'a'));
    let told = "the record on line 2 is longer than `max_record_bytes`; does a quote not end?";
    assert_eq!(read(endless).unwrap_err().to_string(), told);
}

#[test]
fn columns_without_a_name_are_not_read_and_many_columns_take_no_longer() {
    let batch = read(&b"name,,age,\nAda,x,36,y\n"[..]).unwrap();
    assert_eq!((batch.values.len(), batch.errors.len()), (1, 0));
    let names: Vec<String> = (0..30_000).map(|column| std::format!("c{column}")).collect();
    let csv = std::format!("name,{}\nAda{}\n", names.join(","), ",".repeat(names.len()));
    assert_eq!(read(csv.as_bytes()).unwrap().values.len(), 1);
}

#[test]
fn a_hundred_thousand_rows_are_read_as_they_come() {
    let rows = 100_000;
    let csv = io::repeat(b'x').take(0).chain(Lines { row: 0, rows, left: Vec::new() });
    let batch = read(csv).unwrap();
    assert_eq!((batch.rows, batch.values.len(), batch.errors.len()), (rows, rows, 0));
    assert_eq!(batch.values[rows - 1].1.get("age"), Some(&Slot::Value(99_999.into())));
}

/// A CSV that is made while it is read, in odd pieces.
struct Lines {
    row: usize,
    rows: usize,
    left: Vec<u8>,
}

impl Read for Lines {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left.is_empty() && self.row <= self.rows {
            self.left = match self.row {
                0 => "name,age\n".into(),
                row => std::format!("Ada,{}\n", row - 1).into_bytes(),
            };
            self.row += 1;
        }
        let count = into.len().min(self.left.len()).min(7);
        into[..count].copy_from_slice(&self.left[..count]);
        self.left.drain(..count);
        Ok(count)
    }
}
