//! [`cast_csv`]: rows of a CSV, read as they are asked for.

use super::{Row, RowError, outcome, whole};
use crate::changeset::{Data, Rules};
use crate::params::CsvFault;
use crate::params::csv::{BOM, Scanned, Scanner, refusal, unquote};
use crate::value::{Map, Str, Value};
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use std::io::{self, Read};

/// So much is read at once.
const PIECE: usize = 1 << 16;

/// How a CSV is read.
///
/// ```
/// use ectomorph::batch::CsvOptions;
///
/// let excel = CsvOptions { delimiter: b';', ..CsvOptions::default() }.column("E-mail", "email");
/// ```
#[derive(Clone, Debug)]
pub struct CsvOptions {
    /// What is between two cells, an ASCII character that is no quote and no end of a line: a comma.
    pub delimiter: u8,
    /// The names of the columns; without them, the first record has them.
    pub header: Option<Vec<Str>>,
    /// The most bytes of a record; 1,048,576.
    pub max_record_bytes: usize,
    /// Columns that go to params of another name, each with that.
    pub columns: Vec<(Str, Str)>,
}

impl Default for CsvOptions {
    fn default() -> Self {
        CsvOptions { delimiter: b',', header: None, max_record_bytes: 1 << 20, columns: Vec::new() }
    }
}

impl CsvOptions {
    /// A column goes to a param with another name.
    pub fn column(mut self, column: impl Into<Str>, param: impl Into<Str>) -> Self {
        self.columns.push((column.into(), param.into()));
        self
    }
}

/// Why a CSV can't be read, or not any further.
#[derive(Debug)]
#[non_exhaustive]
pub enum CsvError {
    /// Reading failed.
    Io(io::Error),
    /// This byte can't be what is between two cells.
    Delimiter(u8),
    /// The bytes are no text in UTF-8: why.
    NoText(&'static str),
    /// There is no header, or none that can be read.
    NoHeader,
    /// A column is there twice.
    Twice(Str),
    /// The record that begins on this line is longer than it may be.
    TooLong(u64),
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CsvError::Io(error) => write!(f, "the CSV can't be read: {error}"),
            CsvError::Delimiter(byte) => {
                write!(
                    f,
                    "`delimiter` must be an ASCII character, and no quote or line end, not the byte {byte}"
                )
            }
            CsvError::NoText(why) => write!(f, "the CSV {why}"),
            CsvError::NoHeader => f.write_str("the CSV has no header that can be read"),
            CsvError::Twice(column) => write!(f, "the CSV has the column {column} twice"),
            CsvError::TooLong(line) => {
                write!(
                    f,
                    "the record on line {line} is longer than `max_record_bytes`; does a quote not end?"
                )
            }
        }
    }
}

impl core::error::Error for CsvError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            CsvError::Io(error) => Some(error),
            _ => None,
        }
    }
}

/// Applies rules to each row of a CSV, as to the record that `new` makes, with the cells as params.
///
/// The CSV is RFC 4180's, in UTF-8: lines may end in LF, CRLF or CR, empty ones are left out, a byte order mark too. Columns
/// that the rules know nothing of do no harm, and those without a name are not read; a name that is there twice is refused.
/// A row with more or fewer cells than there are columns is an error of that row, and so are bytes that are not UTF-8.
///
/// ```
/// use ectomorph::batch::{Batch, CsvOptions, cast_csv};
/// use ectomorph::{Schema, changeset::Rules};
///
/// #[derive(Schema, Debug, PartialEq)]
/// #[schema(embedded, primary_key = false)]
/// struct User {
///     name: Option<String>,
///     age: Option<i32>,
/// }
///
/// let rules = Rules::cast([User::name, User::age]).validate_required([User::name]);
/// let csv = "name,age\nAda,36\n\"Byron, Lord\",many\n";
/// let rows = cast_csv(&rules, User::default, csv.as_bytes(), CsvOptions::default())?;
/// let batch = rows.collect::<Result<Batch<_>, _>>()?;
/// assert_eq!(batch.values, [(0, User { name: Some("Ada".into()), age: Some(36) })]);
/// assert_eq!(batch.errors[0].to_string(), "line 3: age is invalid");
/// # Ok::<(), ectomorph::batch::CsvError>(())
/// ```
///
/// # Errors
///
/// [`CsvError`] where nothing can be read at all; later ones end the iterator.
pub fn cast_csv<'r, T: Data, R: Read>(
    rules: &'r Rules<T>,
    new: impl FnMut() -> T + 'r,
    csv: R,
    options: CsvOptions,
) -> Result<CsvRows<'r, T, R>, CsvError> {
    if !matches!(options.delimiter, 1..=0x7f) || b"\"\r\n".contains(&options.delimiter) {
        return Err(CsvError::Delimiter(options.delimiter));
    }
    let scanner = Scanner::new(options.delimiter, options.max_record_bytes);
    let mut rows = CsvRows {
        rules,
        new: Box::new(new),
        csv,
        scanner,
        held: Vec::new(),
        at: 0,
        before: 0,
        is_last: false,
        has_ended: false,
        columns: Vec::new(),
        row: 0,
    };
    rows.more().map_err(CsvError::Io)?;
    if let Some(why) = refusal(&rows.held) {
        return Err(CsvError::NoText(why));
    }
    if rows.held.starts_with(BOM) {
        rows.at = BOM.len();
    }
    let names = match options.header {
        Some(names) => names,
        None => rows.header()?,
    };
    let mut params = BTreeSet::new();
    for name in names {
        let param =
            options.columns.iter().find(|(column, _)| *column == name).map(|(_, param)| param.clone());
        let param = param.unwrap_or_else(|| name.clone());
        if !param.is_empty() && !params.insert(param.clone()) {
            return Err(CsvError::Twice(name));
        }
        rows.columns.push((name, param));
    }
    Ok(rows)
}

/// The rows of a CSV, as [`cast_csv`] reads them.
pub struct CsvRows<'r, T, R> {
    rules: &'r Rules<T>,
    new: Box<dyn FnMut() -> T + 'r>,
    csv: R,
    scanner: Scanner,
    held: Vec<u8>,
    /// Where in what is held the next record may begin.
    at: usize,
    /// The bytes that came before those that are held.
    before: usize,
    is_last: bool,
    has_ended: bool,
    /// The columns, and the params they go to.
    columns: Vec<(Str, Str)>,
    row: usize,
}

impl<T, R: Read> CsvRows<'_, T, R> {
    /// The bytes that were read so far.
    pub fn bytes(&self) -> usize {
        self.before + self.at
    }

    /// Holds more of the text.
    fn more(&mut self) -> io::Result<()> {
        self.held.drain(..self.at);
        self.before += self.at;
        self.at = 0;
        let length = self.held.len();
        let wanted = PIECE.max(length);
        let read = Read::take(&mut self.csv, wanted as u64).read_to_end(&mut self.held)?;
        self.is_last = read < wanted;
        Ok(())
    }

    /// The next record that is there.
    fn scan(&mut self) -> Result<Scanned, CsvError> {
        loop {
            match self.scanner.next(&self.held, self.at, self.is_last) {
                Scanned::More { start } => {
                    self.at = start;
                    self.more().map_err(CsvError::Io)?;
                }
                Scanned::Record { line, fault: Some(CsvFault::TooLong), .. } => {
                    return Err(CsvError::TooLong(line));
                }
                scanned => return Ok(scanned),
            }
        }
    }

    fn header(&mut self) -> Result<Vec<Str>, CsvError> {
        let Scanned::Record { start, next, fault: None, .. } = self.scan()? else {
            return Err(CsvError::NoHeader);
        };
        self.at = next;
        let cells = self.cells(start, next).map_err(|_| CsvError::NoHeader)?;
        Ok(cells.iter().map(|cell| Str::from(cell.trim())).collect())
    }

    /// The cells of the last record as texts; or the byte at which it is none.
    fn cells(&mut self, start: usize, next: usize) -> Result<Vec<String>, usize> {
        let text = self.held.get(start..next).unwrap_or_default();
        if let Err(error) = core::str::from_utf8(text) {
            return Err(self.before + start + error.valid_up_to());
        }
        let mut cells = Vec::with_capacity(self.scanner.cells.len());
        for cell in &self.scanner.cells {
            let end = if cell.doubled { unquote(&mut self.held, *cell) } else { cell.end };
            let text = self.held.get(cell.start..end).unwrap_or_default();
            cells.push(String::from_utf8_lossy(text).into_owned());
        }
        Ok(cells)
    }
}

impl<T: Data, R: Read> Iterator for CsvRows<'_, T, R> {
    type Item = Result<Row<T>, CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let (start, next, line, fault) = match self.scan() {
            Ok(Scanned::Record { start, next, line, fault }) => (start, next, line, fault),
            ended => {
                self.has_ended = true;
                return ended.err().map(Err);
            }
        };
        let row = self.row;
        self.row += 1;
        self.at = next;
        let refused = |message: String| Err(Vec::from([whole(row, message, "csv")]));
        let mut outcome = match (fault, self.cells(start, next)) {
            (_, Err(offset)) => refused(format!("is not UTF-8 at byte {offset}")),
            (Some(CsvFault::BehindQuote), _) => refused("has text behind the quote that ends a cell".into()),
            (Some(_), _) => refused("begins a cell with a quote that never ends".into()),
            (None, Ok(cells)) if cells.len() == self.columns.len() => {
                let cells = self.columns.iter().zip(cells).filter(|((_, param), _)| !param.is_empty());
                let params = cells.map(|((_, param), cell)| (param.clone(), Value::from(cell))).collect();
                outcome(self.rules, (self.new)(), &Map::from_distinct(params), row)
            }
            (None, Ok(cells)) => {
                refused(format!("has {} cells, and there are {} columns", cells.len(), self.columns.len()))
            }
        };
        for error in outcome.as_mut().err().into_iter().flatten() {
            self.place(error, line);
        }
        Some(Ok(Row { row, line: Some(line), outcome }))
    }
}

impl<T, R> CsvRows<'_, T, R> {
    /// Says where in the CSV an error is.
    fn place(&self, error: &mut RowError, line: u64) {
        error.line = Some(line);
        let column = self.columns.iter().find(|(_, param)| Some(param) == error.field.as_ref());
        error.column = column.map(|(column, _)| column.clone());
    }
}
