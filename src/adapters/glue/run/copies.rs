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

impl Copies {
    /// Where the next values go.
    fn end(&self) -> &Next {
        let mut end = &self.0;
        while let Some(link) = end.get() {
            end = &link.next;
        }
        end
    }
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
        Some(Reading { table, columns, numbered, end: copies.end(), empty: None })
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
