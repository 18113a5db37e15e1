//! Writes to all rows of a query.

use super::compile::{Assign, Bulk, Compiled};
use super::node::{Env, Row as NodeRow};
use super::prepare::with_env;
use super::state::State;
use super::value::Fault;
use super::write::Written;
use crate::adapter::{AdapterError, Answer, Row};
use crate::adapters::refusal::refused;
use crate::query::Operation;
use crate::store::{RowId, Table, TableId};
use crate::value::Value;
use std::collections::HashSet;

impl State {
    /// An `update_all` or `delete_all`.
    pub(super) fn bulk(
        &mut self,
        compiled: &Compiled<Bulk>,
        operation: Operation,
        params: &[Value],
    ) -> Written {
        let bulk = &compiled.run;
        let now = self.now();
        let table = match bulk.select.core.sources.first().map(|source| &source.rows) {
            Some(super::select::Origin::Table { table, .. }) => *table,
            _ => return Err(AdapterError::unsupported("a write to anything but a table")),
        };
        let name =
            compiled.tables.get(table).cloned().ok_or_else(|| AdapterError::query("no table to write to"))?;
        let known =
            self.database.table_named(&name).ok_or_else(|| AdapterError::query("no table to write to"))?;
        let id = known.id();
        let deletes = operation == Operation::DeleteAll;
        // First everything is found and computed, then written: a write sees nothing of itself.
        let found = with_env(&self.database, &compiled.tables, compiled.caches, params, now, |env| {
            bulk.select.make_ctes(env, None)?;
            find(bulk, known, env, deletes)
        })?;
        let count = found.ids.len();
        let Found { ids, values, around, returned: mut rows } = found;
        let columns: Vec<usize> = bulk.assigns.iter().map(|assign| assign.column).collect();
        self.writing(|statement| {
            if deletes {
                statement.delete_many(id, &ids).map_err(refused)?;
            } else {
                statement.update_many(id, &ids, &columns, values).map_err(refused)?;
            }
            Ok(())
        })?;
        if !deletes && !bulk.returning.is_empty() {
            rows = with_env(&self.database, &compiled.tables, compiled.caches, params, now, |env| {
                let rows = ids.iter().zip(&around);
                rows.map(|(row, around)| self.returned(bulk, id, *row, around, env)).collect()
            })?;
        }
        Ok(Answer { count, rows })
    }

    /// What an update answers with, of the row as it is now.
    fn returned(
        &self,
        bulk: &Bulk,
        table: TableId,
        row: RowId,
        around: &[Row],
        env: &Env<'_>,
    ) -> Result<Row, Fault> {
        let new = self.database.table(table).and_then(|table| table.row(row)).unwrap_or_default();
        let mut sources: Vec<&[Value]> = vec![&new];
        sources.extend(around.iter().map(Vec::as_slice));
        let row = NodeRow::new(&sources, None, env);
        bulk.returning.iter().map(|node| Ok(node.value(&row)?.into_owned())).collect()
    }
}

/// The rows that a bulk write found, and for each of them, where it is needed:
#[derive(Default)]
struct Found {
    ids: Vec<RowId>,
    /// What an update sets, row by row.
    values: Vec<Value>,
    /// The rows of the other sources.
    around: Vec<Vec<Row>>,
    /// What a delete answers with.
    returned: Vec<Row>,
}

fn find(bulk: &Bulk, table: &Table, env: &Env<'_>, deletes: bool) -> Result<Found, Fault> {
    let simple = deletes || bulk.assigns.iter().all(|assign| assign.value.is_simple());
    if simple
        && bulk.returning.is_empty()
        && let Some(ids) = bulk.select.core.ids(env)?
    {
        // Nobody sees the order; rows that lie together are written together.
        let ids = table.as_they_lie(ids);
        let assigns: &[Assign] = if deletes { &[] } else { &bulk.assigns };
        let mut values = Vec::with_capacity(ids.len() * assigns.len());
        for id in &ids {
            for assign in assigns {
                values.push(assign.value.of_cells(env.params, &|column| table.cell(*id, column))?);
            }
        }
        return Ok(Found { ids, values, ..Found::default() });
    }
    let number = table.columns().len();
    let mut seen = HashSet::new();
    let mut found = Found::default();
    let returns = !bulk.returning.is_empty();
    bulk.select.core.matches(env, &mut |id, row| {
        let id = match id {
            Some(id) => id,
            None => {
                let number = row.sources.first().and_then(|row| row.get(number)?.as_integer());
                // A row joined with several others is written once.
                match number.and_then(|number| table.id_of(number)) {
                    Some(id) if seen.insert(id) => id,
                    _ => return Ok(()),
                }
            }
        };
        found.ids.push(id);
        if !deletes {
            for assign in &bulk.assigns {
                found.values.push(assign.value.value(row)?.into_owned());
            }
        }
        if returns && deletes {
            let values = bulk.returning.iter().map(|node| Ok(node.value(row)?.into_owned()));
            found.returned.push(values.collect::<Result<Row, Fault>>()?);
        } else if returns {
            found.around.push(row.sources[1..].iter().map(|row| row.to_vec()).collect());
        }
        Ok(())
    })?;
    Ok(found)
}
