//! Values as SQLite stores them, and back.

use crate::adapters::server::{Plain, Stored};
use crate::value::{Value, ValueRef};
use rusqlite::Row;
use rusqlite::types::{ToSqlOutput, ValueRef as Class};

/// What stands at a placeholder.
pub fn stored(param: &Plain) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match param {
        Plain::Null => Class::Null,
        Plain::Integer(number) => Class::Integer(*number),
        Plain::Float(number) => Class::Real(*number),
        Plain::Text(text) => Class::Text(text.as_bytes()),
        Plain::Bytes(bytes) => Class::Blob(bytes),
    })
}

/// How many bytes of rows cross to another thread at once.
const FULL: usize = 64 * 1024;

/// Rows on their way from SQLite: each value in the class it is stored in, texts and bytes one behind the other.
#[derive(Default)]
pub struct Rows {
    cells: Vec<Cell>,
    /// How many cells a row has, and how many such rows there are side by side: each of several statements has its own columns.
    shapes: Vec<(usize, usize)>,
    text: String,
    bytes: Vec<u8>,
}

/// A value, or where it begins and ends.
enum Cell {
    Null,
    Integer(i64),
    Float(f64),
    Text(usize, usize),
    Bytes(usize, usize),
}

impl Rows {
    /// Takes a row.
    pub fn push(&mut self, row: &Row<'_>) {
        let before = self.cells.len();
        while let Ok(value) = row.get_ref(self.cells.len() - before) {
            let cell = match value {
                Class::Null => Cell::Null,
                Class::Integer(number) => Cell::Integer(number),
                Class::Real(number) => Cell::Float(number),
                // Text that is none is null.
                Class::Text(text) => std::str::from_utf8(text).map_or(Cell::Null, |text| {
                    let start = self.text.len();
                    self.text.push_str(text);
                    Cell::Text(start, self.text.len())
                }),
                Class::Blob(bytes) => {
                    let start = self.bytes.len();
                    self.bytes.extend_from_slice(bytes);
                    Cell::Bytes(start, self.bytes.len())
                }
            };
            self.cells.push(cell);
        }
        let columns = self.cells.len() - before;
        match self.shapes.last_mut() {
            Some((same, count)) if *same == columns => *count += 1,
            _ => self.shapes.push((columns, 1)),
        }
    }

    /// Whether there are enough of them to be sent.
    pub fn is_full(&self) -> bool {
        self.text.len() + self.bytes.len() + self.cells.len() * size_of::<Cell>() >= FULL
    }

    /// The rows, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = OfResult<'_>> {
        let mut rest = self.cells.as_slice();
        let columns = self.shapes.iter().flat_map(|(columns, count)| std::iter::repeat_n(*columns, *count));
        columns.map(move |columns| {
            let (cells, others) = rest.split_at(columns.min(rest.len()));
            rest = others;
            OfResult { rows: self, cells }
        })
    }
}

/// A row, each value in the class it is stored in.
pub struct OfResult<'r> {
    rows: &'r Rows,
    cells: &'r [Cell],
}

impl Stored for OfResult<'_> {
    fn count(&self) -> usize {
        self.cells.len()
    }

    fn value(&mut self, at: usize) -> Result<ValueRef<'_>, String> {
        Ok(match self.cells.get(at) {
            None => return Err(format!("there is no column {}", at + 1)),
            Some(Cell::Null) => ValueRef::NULL,
            Some(Cell::Integer(number)) => ValueRef::Made(Value::Integer(*number)),
            Some(Cell::Float(number)) => ValueRef::Made(Value::Float(*number)),
            Some(Cell::Text(start, end)) => {
                ValueRef::Text(self.rows.text.get(*start..*end).unwrap_or_default())
            }
            Some(Cell::Bytes(start, end)) => {
                ValueRef::Bytes(self.rows.bytes.get(*start..*end).unwrap_or_default())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::sqlite::run::run;
    use rusqlite::Connection;

    fn read(rows: &Rows) -> Vec<Vec<Value>> {
        rows.iter()
            .map(|mut row| (0..row.count()).map(|at| row.value(at).unwrap().into_value()).collect())
            .collect()
    }

    #[test]
    fn rows_cross_in_the_classes_they_are_stored_in() {
        let sqlite = Connection::open_in_memory().unwrap();
        let params = [
            Plain::Null,
            Plain::Integer(i64::MIN),
            Plain::Float(0.5),
            Plain::Text("añb\0c".to_owned()),
            Plain::Bytes(vec![0, 255]),
        ];
        let mut rows = Rows::default();
        run(
            &sqlite,
            "select ?, ?, ?, ?, ? union all select 1, 2, '', x'', cast(x'ff' as text)",
            &params,
            |row| {
                rows.push(row);
                true
            },
        )
        .unwrap();
        let bytes = |bytes: &[u8]| Value::Binary(bytes.into());
        assert_eq!(
            read(&rows),
            [
                vec![Value::Null, i64::MIN.into(), 0.5.into(), "añb\0c".into(), bytes(&[0, 255])],
                vec![1.into(), 2.into(), "".into(), bytes(&[]), Value::Null],
            ]
        );
        assert!(rows.iter().next().unwrap().value(5).is_err());
        assert!(!rows.is_full());
    }

    #[test]
    fn rows_of_several_statements_have_their_own_columns() {
        let sqlite = Connection::open_in_memory().unwrap();
        let mut rows = Rows::default();
        let sql = "select 1; select 2, 3 union all select 4, 5; select 6";
        run(&sqlite, sql, &[], |row| {
            rows.push(row);
            true
        })
        .unwrap();
        assert_eq!(
            read(&rows),
            [vec![1.into()], vec![2.into(), 3.into()], vec![4.into(), 5.into()], vec![Value::from(6)]]
        );
    }
}
