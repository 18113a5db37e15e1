//! Sources as GlueSQL sees them while it joins: numbers of rows, and the columns that are compared.

use super::error::message;
use super::join::{HANDLE, Joins, name};
use super::values::{data_type, from_key, to_glue};
use crate::adapters::glue::node::{Env, Row};
use crate::adapters::glue::run::{Held, Reading};
use crate::adapters::glue::select::{Core, Origin};
use crate::adapters::glue::value::Fault;
use crate::store::RowId;
use crate::value::Value;
use core::cell::RefCell;
use gluesql_core::ast::{ColumnDef, ColumnUniqueOption, DataType, IndexOperator};
use gluesql_core::data::{Key, Schema, Value as Glue};
use gluesql_core::error::Result;
use gluesql_core::store::{
    AlterTable, CustomFunction, CustomFunctionMut, Index, IndexMut, Metadata, RowIter, Store, StoreMut,
    Transaction,
};

/// The sources of one query while it runs.
pub(super) struct Handles<'r, 't> {
    joins: &'r Joins,
    core: &'t Core,
    env: &'t Env<'t>,
    parent: Option<&'r Row<'r>>,
    held: &'t [Held],
    /// Of each source, the rows that were handed out, by number.
    rows: Vec<RefCell<Vec<&'t [Value]>>>,
    /// Of each source that is a table, what reads its rows by key.
    readings: Vec<RefCell<Option<Reading<'t>>>>,
    schemas: Vec<Schema>,
    fault: RefCell<Option<Fault>>,
}

impl<'r, 't> Handles<'r, 't> {
    pub(super) fn new(
        joins: &'r Joins,
        core: &'t Core,
        env: &'t Env<'t>,
        parent: Option<&'r Row<'r>>,
        held: &'t [Held],
    ) -> Self {
        let schemas = joins.columns.iter().enumerate().map(|(source, columns)| {
            let handle = column(HANDLE.to_owned(), DataType::Int);
            let rest = columns.iter().map(|(at, kind)| column(name(*at), data_type(kind)));
            Schema {
                table_name: source.to_string(),
                column_defs: Some(std::iter::once(handle).chain(rest).collect()),
                indexes: Vec::new(),
                engine: None,
                foreign_keys: Vec::new(),
                comment: None,
            }
        });
        Handles {
            joins,
            core,
            env,
            parent,
            held,
            rows: joins.columns.iter().map(|_| RefCell::default()).collect(),
            readings: joins.columns.iter().map(|_| RefCell::default()).collect(),
            schemas: schemas.collect(),
            fault: RefCell::default(),
        }
    }

    /// The row of a number.
    pub(super) fn row(&self, source: usize, handle: usize) -> &'t [Value] {
        self.rows.get(source).and_then(|rows| rows.borrow().get(handle).copied()).unwrap_or(&[])
    }

    /// What went wrong on our side.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault.take()
    }

    fn number(&self, table: &str) -> Result<usize> {
        table.parse().map_err(|_| message("no such source"))
    }

    fn failed(&self, fault: Fault) -> gluesql_core::error::Error {
        let text = fault.message.clone();
        *self.fault.borrow_mut() = Some(fault);
        message(text)
    }

    fn shown(&self, source: usize, handle: usize, row: &[Value]) -> Result<Vec<Glue>> {
        let columns = &self.joins.columns[source];
        let mut values = Vec::with_capacity(columns.len() + 1);
        values.push(Glue::I64(handle as i64));
        for (column, _) in columns {
            let value = row.get(*column).map_or(Some(Glue::Null), to_glue);
            values.push(value.ok_or_else(|| message("a value that GlueSQL has not"))?);
        }
        Ok(values)
    }
}

fn column(name: String, data_type: DataType) -> ColumnDef {
    ColumnDef { name, data_type, nullable: true, default: None, unique: None, comment: None }
}

impl Store for Handles<'_, '_> {
    fn fetch_schema(&self, table: &str) -> Result<Option<Schema>> {
        let source = self.number(table)?;
        let Some(schema) = self.schemas.get(source) else { return Ok(None) };
        let mut schema = schema.clone();
        // The key, for those who ask by it.
        if let Some(join) = self.core.joins.iter().find(|join| join.source == source)
            && let [(_, crate::adapters::glue::node::Node::Column { column, .. })] = join.equal.as_slice()
            && let Some(columns) = &mut schema.column_defs
        {
            for known in columns.iter_mut().filter(|known| known.name == name(*column)) {
                known.unique = Some(ColumnUniqueOption { is_primary: true });
            }
        }
        Ok(Some(schema))
    }

    fn fetch_all_schemas(&self) -> Result<Vec<Schema>> {
        Ok(self.schemas.clone())
    }

    fn fetch_data(&self, table: &str, key: &Key) -> Result<Option<Vec<Glue>>> {
        let at = self.number(table)?;
        let (Some(source), Some(rows), Some(held), Some(reading)) =
            (self.core.sources.get(at), self.rows.get(at), self.held.get(at), self.readings.get(at))
        else {
            return Ok(None);
        };
        let Origin::Table { table, .. } = &source.rows else { return Ok(None) };
        let (Some(known), Some(key)) = (self.env.tables.get(*table), from_key(key)) else { return Ok(None) };
        let found = known.primary().and_then(|index| known.find_each(index, &|_| &key));
        let mut reading = reading.borrow_mut();
        if reading.is_none() {
            *reading = source.reading(known, held);
        }
        let (Some(id), Some(reading)) = (found, &mut *reading) else { return Ok(None) };
        let row = reading.row(id);
        let passes = source.passes(row, at, self.core.sources.len(), self.env, self.parent);
        if !passes.map_err(|fault| self.failed(fault))? {
            return Ok(None);
        }
        let mut rows = rows.borrow_mut();
        rows.push(row);
        self.shown(at, rows.len() - 1, row).map(Some)
    }

    fn scan_data<'a>(&'a self, table: &str) -> Result<RowIter<'a>> {
        self.scan_indexed_data(table, HANDLE, None, None)
    }
}

impl Index for Handles<'_, '_> {
    fn scan_indexed_data<'a>(
        &'a self,
        table: &str,
        _: &str,
        _: Option<bool>,
        _: Option<(&IndexOperator, Glue)>,
    ) -> Result<RowIter<'a>> {
        let at = self.number(table)?;
        let (Some(source), Some(rows), Some(held)) =
            (self.core.sources.get(at), self.rows.get(at), self.held.get(at))
        else {
            return Err(message("no such source"));
        };
        // A source may be read again, for each row on the left: its numbers stay.
        if rows.borrow().is_empty() {
            let mut found = Vec::new();
            source
                .read(
                    at,
                    self.core.sources.len(),
                    self.env,
                    self.parent,
                    held,
                    &mut |_: Option<RowId>, row| {
                        found.push(row);
                        Ok(false)
                    },
                )
                .map_err(|fault| self.failed(fault))?;
            *rows.borrow_mut() = found;
        }
        let count = rows.borrow().len();
        Ok(Box::new((0..count).map(move |handle| {
            let row = self.row(at, handle);
            Ok((Key::None, self.shown(at, handle, row)?))
        })))
    }
}

impl StoreMut for Handles<'_, '_> {}
impl IndexMut for Handles<'_, '_> {}
impl AlterTable for Handles<'_, '_> {}
impl Transaction for Handles<'_, '_> {}
impl Metadata for Handles<'_, '_> {}
impl CustomFunction for Handles<'_, '_> {}
impl CustomFunctionMut for Handles<'_, '_> {}
