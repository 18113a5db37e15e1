//! Our tables as a storage of GlueSQL, for SQL as text.

use super::error::message;
use super::values::{data_type, fitted, from_glue, from_key, to_glue};
use crate::adapter::AdapterError;
use crate::adapters::refusal::refused;
use crate::store::{Column, Database, Default, RowId, Statement, Table, TableId, TableName};
use crate::value::Value;
use core::cell::RefCell;
use gluesql_core::ast::{ColumnDef, ColumnUniqueOption};
use gluesql_core::data::{Key, Schema, Value as Glue};
use gluesql_core::error::Result;
use gluesql_core::executor::Referencing;
use gluesql_core::plan::StatementPlan;
use gluesql_core::store::{
    AlterTable, CustomFunction, CustomFunctionMut, Index, IndexMut, Metadata, Planner, RowIter, Store,
    StoreMut, Transaction,
};

/// The tables for one statement of SQL.
pub(super) enum Storage<'d, 's> {
    Read(&'d Database),
    Write(&'d mut Statement<'s>, Writing),
}

/// What a statement that writes does.
pub(super) struct Writing {
    /// The columns that an INSERT names; none means all.
    pub(super) columns: Vec<String>,
    /// Whether rows are new.
    pub(super) inserts: bool,
    /// What our tables refused.
    pub(super) refusal: RefCell<Option<AdapterError>>,
}

impl Storage<'_, '_> {
    fn database(&self) -> &Database {
        match self {
            Storage::Read(database) => database,
            Storage::Write(statement, _) => statement.database(),
        }
    }

    fn table(&self, name: &str) -> Option<&Table> {
        // Names with a prefix come as one word; a table may have a dot in its own name too.
        let database = self.database();
        database.table_named(&TableName::from(name)).or_else(|| {
            let (prefix, name) = name.split_once('.')?;
            database.table_named(&TableName::within(Some(prefix), name))
        })
    }

    /// A column of a primary key that has no other.
    fn key(table: &Table) -> Option<usize> {
        let index = table.indexes().find(|index| index.primary)?;
        match index.columns {
            [column] => Some(*column),
            _ => None,
        }
    }

    fn schema(&self, table: &Table) -> Schema {
        let writes = matches!(self, Storage::Write(..));
        let key = Self::key(table).filter(|_| !writes);
        let columns = visible(table).map(|(at, column)| ColumnDef {
            name: column.name.as_str().to_owned(),
            data_type: data_type(&column.kind),
            // Our own tables see to what may be null, to defaults and to keys.
            nullable: writes || column.nullable,
            default: None,
            unique: (key == Some(at)).then_some(ColumnUniqueOption { is_primary: true }),
            comment: None,
        });
        Schema {
            table_name: table.definition().name.to_string(),
            column_defs: Some(columns.collect()),
            indexes: Vec::new(),
            engine: None,
            foreign_keys: Vec::new(),
            comment: None,
        }
    }

    fn shown(table: &Table, row: &[Value]) -> Result<Vec<Glue>> {
        visible(table)
            .filter_map(|(at, _)| row.get(at))
            .map(|value| {
                to_glue(value)
                    .ok_or_else(|| message("a value that GlueSQL has not, such as a decimal of 30 digits"))
            })
            .collect()
    }

    /// Writes, and remembers why not.
    fn write(
        &mut self,
        table: &str,
        work: impl FnOnce(&mut Statement<'_>, &Writing, TableId) -> core::result::Result<(), AdapterError>,
    ) -> Result<()> {
        let id = self.table(table).map(Table::id).ok_or_else(|| message("no such table"))?;
        match self {
            Storage::Read(_) => Err(message("this statement may not write")),
            Storage::Write(statement, writing) => match work(statement, writing, id) {
                Ok(()) => Ok(()),
                Err(error) => {
                    let text = error.to_string();
                    *writing.refusal.borrow_mut() = Some(error);
                    Err(message(text))
                }
            },
        }
    }
}

impl Store for Storage<'_, '_> {
    fn fetch_schema(&self, table: &str) -> Result<Option<Schema>> {
        Ok(self.table(table).map(|table| self.schema(table)))
    }

    fn fetch_all_schemas(&self) -> Result<Vec<Schema>> {
        Ok(self.database().tables().map(|table| self.schema(table)).collect())
    }

    fn fetch_data(&self, table: &str, key: &Key) -> Result<Option<Vec<Glue>>> {
        let (Some(table), Some(key)) = (self.table(table), from_key(key)) else { return Ok(None) };
        table.get(&[key]).map(|(_, row)| Self::shown(table, &row)).transpose()
    }

    /// The key of a row is its place among all: so rows without a key of their own have one too.
    fn scan_data<'a>(&'a self, table: &str) -> Result<RowIter<'a>> {
        let table = self.table(table).ok_or_else(|| message("no such table"))?;
        Ok(Box::new(
            table
                .unordered()
                .enumerate()
                .map(|(place, (_, row))| Ok((Key::U64(place as u64), Self::shown(table, &row)?))),
        ))
    }

    /// Foreign keys are our own tables' business.
    fn fetch_referencings(&self, _: &str) -> Result<Vec<Referencing>> {
        Ok(Vec::new())
    }
}

impl StoreMut for Storage<'_, '_> {
    fn append_data(&mut self, table: &str, rows: Vec<Vec<Glue>>) -> Result<()> {
        self.write(table, |statement, writing, id| {
            rows.into_iter().try_for_each(|row| insert(statement, writing, id, row))
        })
    }

    fn insert_data(&mut self, table: &str, rows: Vec<(Key, Vec<Glue>)>) -> Result<()> {
        self.write(table, |statement, writing, id| {
            if writing.inserts {
                return rows.into_iter().try_for_each(|(_, row)| insert(statement, writing, id, row));
            }
            let places = places(statement, id);
            for (key, row) in rows {
                let Some(row_id) = place(&key).and_then(|place| places.get(place)) else { continue };
                let changes = changes(statement, id, *row_id, row)?;
                if !changes.is_empty() {
                    statement.update(id, *row_id, changes).map_err(refused)?;
                }
            }
            Ok(())
        })
    }

    fn delete_data(&mut self, table: &str, keys: Vec<Key>) -> Result<()> {
        self.write(table, |statement, _, id| {
            let places = places(statement, id);
            for key in keys {
                if let Some(row) = place(&key).and_then(|place| places.get(place)) {
                    statement.delete(id, *row).map_err(refused)?;
                }
            }
            Ok(())
        })
    }
}

/// The columns that SQL sees, with their places: those that only indexes are of are not among them.
fn visible(table: &Table) -> impl Iterator<Item = (usize, &Column)> {
    let columns = table.columns().iter().enumerate();
    columns.filter(|(_, column)| !matches!(column.default, Default::Folded(..)))
}

fn place(key: &Key) -> Option<usize> {
    match key {
        Key::U64(place) => usize::try_from(*place).ok(),
        _ => None,
    }
}

fn places(statement: &Statement<'_>, table: TableId) -> Vec<RowId> {
    statement.table(table).map(|table| table.unordered().ids().collect()).unwrap_or_default()
}

fn insert(
    statement: &mut Statement<'_>,
    writing: &Writing,
    id: TableId,
    row: Vec<Glue>,
) -> core::result::Result<(), AdapterError> {
    let Some(table) = statement.table(id) else { return Ok(()) };
    let mut columns = Vec::new();
    let mut values = Vec::new();
    for (value, (at, column)) in row.into_iter().zip(visible(table)) {
        if !writing.columns.is_empty() && !writing.columns.iter().any(|name| **name == *column.name) {
            continue;
        }
        columns.push(at);
        values.push(ours(value, column)?);
    }
    statement.insert(id, &columns, values).map(|_| ()).map_err(refused)
}

/// The columns that differ from what is there.
fn changes(
    statement: &Statement<'_>,
    id: TableId,
    row: RowId,
    new: Vec<Glue>,
) -> core::result::Result<Vec<(usize, Value)>, AdapterError> {
    let Some(table) = statement.table(id) else { return Ok(Vec::new()) };
    let Some(old) = table.row(row) else { return Ok(Vec::new()) };
    let mut changes = Vec::new();
    for (value, (at, column)) in new.into_iter().zip(visible(table)) {
        if old.get(at).and_then(to_glue).as_ref() != Some(&value) {
            changes.push((at, ours(value, column)?));
        }
    }
    Ok(changes)
}

fn ours(value: Glue, column: &Column) -> core::result::Result<Value, AdapterError> {
    from_glue(value)
        .map(|value| fitted(value, &column.kind))
        .ok_or_else(|| AdapterError::unsupported(format!("such a value for column `{}`", column.name)))
}

impl Planner for Storage<'_, '_> {
    fn plan(&self, statement: StatementPlan) -> Result<StatementPlan> {
        use gluesql_core::planner::{
            fetch_schema_map, plan_aggregate, plan_hash_join, plan_primary_key, validate,
        };
        let schemas = fetch_schema_map(self, &statement)?;
        validate(&schemas, &statement)?;
        let statement = plan_primary_key(&schemas, statement);
        Ok(plan_aggregate(plan_hash_join(&schemas, statement)))
    }
}

impl Index for Storage<'_, '_> {}
impl IndexMut for Storage<'_, '_> {}
impl AlterTable for Storage<'_, '_> {}
impl Transaction for Storage<'_, '_> {}
impl Metadata for Storage<'_, '_> {}
impl CustomFunction for Storage<'_, '_> {}
impl CustomFunctionMut for Storage<'_, '_> {}
