//! CSVs through rules.

use ectomorph::batch::{CsvError, CsvOptions, Row, cast_csv};
use ectomorph::changeset::Rules;
use ectomorph::schema::{Field, Record, Schema};
use ectomorph::types::Type;
use ectomorph::value::Str;
use std::sync::{Arc, OnceLock};

/// So much is read at once.
const PIECE: usize = 1 << 16;
const MAX_RECORD: usize = 2048;
/// A row in front of the others.
const FIRST: &str = "x,1\n";

/// CSVs: the first byte chooses what is between two cells. Rows are numbered and on lines one behind the other, and the same
/// wherever the text is cut between two reads.
pub fn csv(input: &[u8]) {
    let Some((choice, rows)) = input.split_first() else { return };
    let delimiter = *[b',', b';', b'\t', b'x'].get(usize::from(*choice) % 4).unwrap_or(&b',');
    // With a header of its own.
    let _ = read(rows, CsvOptions { delimiter, ..CsvOptions::default() });
    let first = FIRST.replace(',', &char::from(delimiter).to_string());
    let whole = read(&[first.as_bytes(), rows].concat(), options(delimiter));
    // The beginning alone says what is no text.
    let Some(whole) = whole else { return };
    let cut = read(&[&filler(delimiter, PIECE - rows.len() / 2), rows].concat(), options(delimiter));
    let cut = cut.expect("the beginning is text");
    assert!(cut.len() >= whole.len());
    let of_input = |rows: &[Outcome]| rows.get(rows.len() - (whole.len() - 1)..).map(<[Outcome]>::to_vec);
    assert_eq!(of_input(&whole), of_input(&cut));
}

/// What became of a row: its record, or fields and messages, those without their numbers, or nothing where reading ended.
type Outcome = Option<Result<Record, Vec<(Option<Str>, String)>>>;

fn options(delimiter: u8) -> CsvOptions {
    let header = Some(vec!["name".into(), "age".into()]);
    CsvOptions { delimiter, header, max_record_bytes: MAX_RECORD, ..CsvOptions::default() }
}

/// Rows of so many bytes.
fn filler(delimiter: u8, length: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(length);
    while text.len() < length {
        let left = length - text.len();
        let row = if left < MAX_RECORD { left } else { MAX_RECORD / 2 };
        text.extend(std::iter::repeat_n(b'n', row.saturating_sub(3)));
        text.extend([delimiter, b'1', b'\n']);
    }
    text
}

/// All rows; none where it is no CSV at all.
fn read(text: &[u8], options: CsvOptions) -> Option<Vec<Outcome>> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        Schema::build("User", "users")
            .field(Field::new("name", Type::String))
            .field(Field::new("age", Type::Integer))
            .finish()
            .expect("a schema")
    });
    let rules = Rules::cast(["name", "age"]).validate_required(["name"]);
    let rows = match cast_csv(&rules, || Record::new(schema), text, options) {
        Ok(rows) => rows,
        Err(CsvError::Io(error)) => panic!("a slice can be read: {error}"),
        Err(_) => return None,
    };
    let mut line = 0;
    let outcomes = rows.enumerate().map(|(number, row)| {
        let Row { row, line: Some(begins), outcome } = row.ok()? else { panic!("a row of a CSV has a line") };
        assert_eq!(row, number);
        assert!(begins > line);
        line = begins;
        Some(outcome.map_err(|errors| {
            assert!(!errors.is_empty());
            errors
                .into_iter()
                .map(|error| (error.field, error.message.replace(|each: char| each.is_ascii_digit(), "")))
                .collect()
        }))
    });
    Some(outcomes.collect())
}
