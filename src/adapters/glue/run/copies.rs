//! Values copied out of tables for the time of a query: tables hold them packed.

use super::scan::{Held, Kept};
use crate::adapters::glue::select::{Columns, Source};
use crate::adapters::glue::value::Fault;
use crate::store::{Cell, RowId, Stretch, Table};
use crate::value::Value;
use core::cell::OnceCell;

/// Values that stay where they are as long as this lives.
#[derive(Default)]
pub(in super::super) struct Copies(Next);

type Next = OnceCell<Box<Link>>;

struct Link {
    values: Vec<Value>,
    next: Next,
}

impl Drop for Copies {
    /// One by one: the chain may be longer than the stack is deep.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut link) = next {
            next = link.next.take();
        }
    }
}

/// Copies rows of a table, of which only the columns that are asked for are not null.
pub(in super::super) struct Reading<'t> {
    table: &'t Table,
    columns: Columns,
    numbered: bool,
    end: &'t Next,
    /// A row without any column, which stands for all.
    empty: Option<&'t [Value]>,
}

/// How many rows found by an index are copied together at most.
const TOGETHER: usize = 64;

impl Source {
    /// Reads a table for this source; none if what is held is held for something else.
    pub(in super::super) fn reading<'t>(&self, table: &'t Table, held: &'t Held) -> Option<Reading<'t>> {
        let Kept::Copies(copies) = held.get_or_init(|| Kept::Copies(Copies::default())) else { return None };
        let Source { columns, numbered, .. } = *self;
        Some(Reading { table, columns, numbered, end: &copies.0, empty: None })
    }
}

impl<'t> Reading<'t> {
    /// The table.
    pub(super) fn table(&self) -> &'t Table {
        self.table
    }

    fn width(&self) -> usize {
        self.table.columns().len() + usize::from(self.numbered)
    }

    /// Adds the values of a row to others.
    fn push(&self, id: RowId, cell: &dyn Fn(usize) -> Cell<'t>, into: &mut Vec<Value>) {
        let columns = 0..self.table.columns().len();
        into.extend(columns.map(|column| match self.columns.has(column) {
            true => cell(column).to_value(),
            false => Value::Null,
        }));
        if self.numbered {
            into.push(Value::Integer(id.number()));
        }
    }

    /// A row of a stretch, into a place for one row.
    pub(super) fn fill(&self, stretch: &Stretch<'t>, place: usize, into: &mut Vec<Value>) {
        into.clear();
        self.push(stretch.id(place), &|column| stretch.cell(place, column), into);
    }

    /// A row by its number, into a place for one row.
    pub(super) fn fill_row(&self, id: RowId, into: &mut Vec<Value>) {
        into.clear();
        let table = self.table;
        self.push(id, &|column| table.cell(id, column), into);
    }

    /// The chosen rows of a stretch, one behind the other; how wide each is.
    pub(super) fn fill_all(&self, stretch: &Stretch<'t>, chosen: &[u32], into: &mut Vec<Value>) -> usize {
        into.clear();
        for place in chosen {
            let place = *place as usize;
            self.push(stretch.id(place), &|column| stretch.cell(place, column), into);
        }
        self.width()
    }

    /// Keeps values as a row.
    pub(super) fn keep(&mut self, values: Vec<Value>) -> &'t [Value] {
        // Others may have read on from the same place.
        while let Some(link) = self.end.get() {
            self.end = &link.next;
        }
        let link = self.end.get_or_init(|| Box::new(Link { values, next: OnceCell::new() }));
        self.end = &link.next;
        &link.values
    }

    /// One row.
    pub(in super::super) fn row(&mut self, id: RowId) -> &'t [Value] {
        let mut values = Vec::with_capacity(self.width());
        let table = self.table;
        self.push(id, &|column| table.cell(id, column), &mut values);
        self.keep(values)
    }

    /// The chosen rows of a stretch, in order.
    pub(super) fn chosen(
        &mut self,
        stretch: &Stretch<'t>,
        chosen: &[u32],
    ) -> impl Iterator<Item = &'t [Value]> + use<'t> {
        let width = self.width();
        let shared = !self.numbered && (0..width).all(|column| !self.columns.has(column));
        let rows = if shared {
            let empty = match self.empty {
                Some(row) => row,
                None => self.keep(vec![Value::Null; width]),
            };
            self.empty = Some(empty);
            empty
        } else {
            let mut values = Vec::with_capacity(width * chosen.len());
            self.fill_all(stretch, chosen, &mut values);
            self.keep(values)
        };
        (0..chosen.len()).map(move |at| {
            let start = if shared { 0 } else { at * width };
            rows.get(start..start + width).unwrap_or_default()
        })
    }

    /// Rows by number, as they come; how many are copied together grows with how many are wanted.
    pub(super) fn each(
        &mut self,
        ids: &mut dyn Iterator<Item = RowId>,
        take: &mut dyn FnMut(RowId, &'t [Value]) -> Result<bool, Fault>,
    ) -> Result<bool, Fault> {
        let (width, table) = (self.width(), self.table);
        let mut together = 1;
        loop {
            let some: Vec<RowId> = ids.take(together).collect();
            if some.is_empty() {
                return Ok(false);
            }
            let mut values = Vec::with_capacity(width * some.len());
            for id in &some {
                self.push(*id, &|column| table.cell(*id, column), &mut values);
            }
            let rows = self.keep(values);
            for (at, id) in some.iter().enumerate() {
                if take(*id, rows.get(at * width..(at + 1) * width).unwrap_or_default())? {
                    return Ok(true);
                }
            }
            together = (together * 2).min(TOGETHER);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::glue::select::Origin;
    use crate::store::{Column, Database, Ddl, Definition, Kind};

    fn things() -> Database {
        let definition = Definition::new("things")
            .column(Column::new("id", Kind::Integer(64)))
            .column(Column::new("name", Kind::Text(None)));
        let mut database = Database::new();
        let id = database.define(Ddl::CreateTable(definition)).unwrap().unwrap();
        for at in 0..300 {
            database.insert(id, &[0, 1], vec![at.into(), format!("thing {at}").into()]).unwrap();
        }
        database
    }

    fn source(columns: &[usize], numbered: bool) -> Source {
        let mut asked = Columns::default();
        columns.iter().for_each(|column| asked.add(*column));
        Source { columns: asked, numbered, ..Source::of(Origin::Nothing) }
    }

    #[test]
    fn what_is_read_from_two_places_stays_what_it_was() {
        let (database, held) = (things(), Held::new());
        let table = database.tables().next().unwrap();
        let source = source(&[0, 1], false);
        let id = |number| table.id_of(number).unwrap();
        let (mut one, mut other) =
            (source.reading(table, &held).unwrap(), source.reading(table, &held).unwrap());
        let (first, second) = (one.row(id(1)), other.row(id(2)));
        let third = one.row(id(3));
        let names: Vec<_> = [first, second, third].iter().map(|row| row[1].as_str().unwrap()).collect();
        assert_eq!(names, ["thing 1", "thing 2", "thing 3"]);
    }

    #[test]
    fn rows_have_what_is_asked_for_and_their_number_behind_it() {
        let (database, held) = (things(), Held::new());
        let table = database.tables().next().unwrap();
        let stretch = table.stretches().nth(1).unwrap();
        let read = |source: &Source| -> Vec<Vec<Value>> {
            let mut reading = source.reading(table, &held).unwrap();
            let chosen: Vec<&[Value]> = reading.chosen(&stretch, &[0, 3]).collect();
            let mut each = Vec::new();
            let mut ids = [256, 259].into_iter().filter_map(|number| table.id_of(number));
            let take = &mut |_, row: &[Value]| {
                each.push(row.to_vec());
                Ok(false)
            };
            assert_eq!(reading.each(&mut ids, take), Ok(false));
            assert_eq!(chosen, each);
            each
        };
        let null = Value::Null;
        assert_eq!(
            read(&source(&[1], false)),
            [[null.clone(), "thing 256".into()], [null.clone(), "thing 259".into()]]
        );
        assert_eq!(read(&source(&[], false)), [[null.clone(), null.clone()], [null.clone(), null.clone()]]);
        assert_eq!(
            read(&source(&[0], true)),
            [[256.into(), null.clone(), 256.into()], [259.into(), null.clone(), 259.into()]]
        );
    }

    #[test]
    fn a_long_chain_is_let_go_without_a_deep_stack() {
        let (database, held) = (things(), Held::new());
        let table = database.tables().next().unwrap();
        let source = source(&[0], false);
        let mut reading = source.reading(table, &held).unwrap();
        for at in 0..200_000 {
            assert_eq!(reading.row(table.id_of(at % 300).unwrap())[0], (at % 300).into());
        }
        drop(held);
    }
}
