//! Writes: rows by values, rows by equality.

use super::compile::{Assign, Compiled, Compiler, Upsert, found};
use super::node::Row as NodeRow;
use super::prepare::{Now, Prepared, failed, with_env};
use super::run::Given;
use super::state::State;
use super::value::{Fault, equal};
use crate::adapter::{
    AdapterError, Answer, Cell, ConflictAction, ConflictTarget, Delete, Insert, InsertAll, OnConflict, Row,
    RowSink, Rows, SchemaMeta, Update,
};
use crate::adapters::refusal::refused;
use crate::store::{IndexId, Outcome, Range, RowId, Statement, StoreError, Table, TableId, TableName};
use crate::value::{Str, Value};
use std::collections::HashSet;
use std::rc::Rc;

pub(super) type Written<T = Answer> = Result<T, AdapterError>;

/// An upsert with the values of its params.
type Update1<'u> = Option<(&'u Compiled<Upsert>, &'u [Value])>;

impl State {
    /// Runs writes that happen together.
    pub(super) fn writing<T>(&mut self, writes: impl FnOnce(&mut Statement<'_>) -> Written<T>) -> Written<T> {
        let mut refusal = None;
        let done = self.database.statement(|statement| {
            writes(statement).map_err(|error| {
                refusal = Some(error);
                StoreError::Transaction("the adapter refused")
            })
        });
        done.map_err(|error| refusal.unwrap_or_else(|| refused(error)))
    }

    fn table(&self, meta: &SchemaMeta) -> Written<&Table> {
        let name = TableName { prefix: meta.prefix.clone(), name: meta.source.clone() };
        found(&self.database, &name).ok_or_else(|| AdapterError::Query {
            message: format!("relation \"{name}\" does not exist"),
            code: Some(Str::Static("42P01")),
        })
    }

    pub(super) fn insert(&mut self, insert: Insert<'_>) -> Written {
        let table = self.table(insert.meta)?;
        let id = table.id();
        let mut columns = Vec::with_capacity(insert.fields.len());
        let mut values = Vec::with_capacity(insert.fields.len());
        for (column, value) in insert.fields {
            columns.push(position(table, &column)?);
            values.push(value);
        }
        let returning = positions(table, insert.returning)?;
        let conflict = self.conflict(insert.meta, insert.on_conflict)?;
        // The clock is the host's, and only an update on a conflict may ask for it.
        let now = match conflict.action {
            Action::Update(..) => self.now(),
            _ => Now(None, false),
        };
        self.writing(|statement| {
            let mut seen = HashSet::new();
            let row = conflict.insert(statement, id, &columns, values, &mut seen, now)?;
            let mut answer = Answer::default();
            answer.add(statement, id, row, &returning);
            Ok(answer)
        })
    }

    pub(super) fn insert_all(&mut self, insert: InsertAll<'_>) -> Written {
        let table = self.table(insert.meta)?;
        let id = table.id();
        let header = positions(table, insert.header)?;
        let returning = positions(table, insert.returning)?;
        let conflict = self.conflict(insert.meta, insert.on_conflict)?;
        let now = self.now();
        let mut rows: Vec<(Rc<[usize]>, Row)> = Vec::new();
        match insert.rows {
            Rows::Query(plan, params) => {
                for row in self.read(&plan, &params)? {
                    if row.len() > header.len() {
                        return Err(AdapterError::query(
                            "the query of an insert has more fields than columns are named",
                        ));
                    }
                    rows.push((header[..row.len()].into(), row));
                }
            }
            Rows::Cells(cells) => {
                let every: Rc<[usize]> = header.as_slice().into();
                for cells in cells {
                    let whole = !cells.iter().any(|cell| matches!(cell, Cell::Default));
                    let mut columns = Vec::new();
                    let mut values = Vec::with_capacity(cells.len());
                    for (column, cell) in header.iter().zip(cells) {
                        let value = match cell {
                            Cell::Default => continue,
                            Cell::Value(value) => value,
                            Cell::Placeholder(at) => insert.placeholders.get(at).cloned().unwrap_or_default(),
                            Cell::Query(plan, params) => {
                                let mut rows = self.read(&plan, &params)?;
                                if rows.len() > 1 {
                                    return Err(failed(Fault::new(
                                        "cardinality_violation",
                                        "more than one row returned by a subquery used as an expression",
                                    )));
                                }
                                rows.pop().and_then(|row| row.into_iter().next()).unwrap_or_default()
                            }
                        };
                        if !whole {
                            columns.push(*column);
                        }
                        values.push(value);
                    }
                    rows.push((if whole { every.clone() } else { columns.into() }, values));
                }
            }
        }
        self.writing(|statement| {
            let mut seen = HashSet::new();
            let mut answer = Answer::default();
            for (columns, values) in rows {
                let row = conflict.insert(statement, id, &columns, values, &mut seen, now)?;
                answer.add(statement, id, row, &returning);
            }
            Ok(answer)
        })
    }

    pub(super) fn update(&mut self, update: Update<'_>) -> Written {
        let table = self.table(update.meta)?;
        let id = table.id();
        let rows = by_equality(table, &update.filters)?;
        let mut changes = Vec::with_capacity(update.fields.len());
        for (column, value) in update.fields {
            changes.push((position(table, &column)?, value));
        }
        let returning = positions(table, update.returning)?;
        self.writing(|statement| {
            let mut answer = Answer::default();
            for row in rows {
                statement.update(id, row, changes.clone()).map_err(refused)?;
                answer.add(statement, id, Some(row), &returning);
            }
            Ok(answer)
        })
    }

    pub(super) fn delete(&mut self, delete: Delete<'_>) -> Written {
        let table = self.table(delete.meta)?;
        let id = table.id();
        let rows = by_equality(table, &delete.filters)?;
        let returning = positions(table, delete.returning)?;
        self.writing(|statement| {
            let mut answer = Answer::default();
            for row in rows {
                answer.add(statement, id, Some(row), &returning);
                statement.delete(id, row).map_err(refused)?;
            }
            Ok(answer)
        })
    }

    /// What an insert does on a conflict, made ready.
    fn conflict<'a>(&self, meta: &SchemaMeta, on_conflict: &'a OnConflict) -> Written<Conflict<'a>> {
        let table = self.table(meta)?;
        let target = match &on_conflict.target {
            ConflictTarget::Any => None,
            target => Some(index_of(table, target)?),
        };
        let action = match &on_conflict.action {
            ConflictAction::Raise => Action::Raise,
            ConflictAction::Nothing => Action::Nothing,
            ConflictAction::Replace(columns) => Action::Replace(positions(table, columns)?),
            ConflictAction::Query(plan, params) => {
                Action::Update(Box::new(Compiler::new(&self.database).compile_upsert(plan)?), params)
            }
        };
        if target.is_none() && matches!(action, Action::Replace(_) | Action::Update(..)) {
            return Err(AdapterError::Query {
                message: "on_conflict that updates needs a conflict_target".into(),
                code: Some(Str::Static("42601")),
            });
        }
        Ok(Conflict { action, target })
    }
}

/// What an insert does on a conflict.
struct Conflict<'a> {
    action: Action<'a>,
    target: Option<IndexId>,
}

enum Action<'a> {
    Raise,
    Nothing,
    Replace(Vec<usize>),
    Update(Box<Compiled<Upsert>>, &'a [Value]),
}

impl Conflict<'_> {
    /// Inserts a row, or does what is to be done with the one that is there. No row if nothing was written.
    fn insert(
        &self,
        statement: &mut Statement<'_>,
        table: TableId,
        columns: &[usize],
        values: Row,
        seen: &mut HashSet<RowId>,
        now: Now,
    ) -> Written<Option<RowId>> {
        if matches!(self.action, Action::Raise) {
            return statement.insert(table, columns, values).map(Some).map_err(refused);
        }
        let (row, proposed) =
            match statement.try_insert(table, columns, values, self.target).map_err(refused)? {
                Outcome::Inserted(row) => {
                    seen.insert(row);
                    return Ok(Some(row));
                }
                Outcome::Conflict { row, proposed, .. } => (row, proposed),
            };
        let changes = match &self.action {
            Action::Raise | Action::Nothing => return Ok(None),
            Action::Replace(columns) => columns
                .iter()
                .map(|column| (*column, proposed.get(*column).cloned().unwrap_or_default()))
                .collect(),
            Action::Update(upsert, params) => {
                let update: Update1<'_> = Some((upsert, params));
                match changes_of(statement, table, row, &proposed, update, now)? {
                    Some(changes) => changes,
                    None => return Ok(None),
                }
            }
        };
        if !seen.insert(row) {
            return Err(failed(Fault::new(
                "cardinality_violation",
                "ON CONFLICT DO UPDATE command cannot affect row a second time",
            )));
        }
        statement.update(table, row, changes).map_err(refused)?;
        Ok(Some(row))
    }
}

/// The changes of an upsert, if its condition holds.
fn changes_of(
    statement: &Statement<'_>,
    table: TableId,
    row: RowId,
    proposed: &[Value],
    update: Update1<'_>,
    now: Now,
) -> Written<Option<Vec<(usize, Value)>>> {
    let Some((upsert, params)) = update else { return Ok(None) };
    let there = statement.table(table).and_then(|table| table.row(row)).unwrap_or_default();
    let sources = [&*there, proposed];
    with_env(statement.database(), &upsert.tables, upsert.caches, params, now, |env| {
        let row = NodeRow::new(&sources, None, env);
        for filter in &upsert.run.filters {
            if filter.holds(&row)? != Some(true) {
                return Ok(None);
            }
        }
        assigned(&upsert.run.assigns, &row).map(Some)
    })
}

fn assigned(assigns: &[Assign], row: &NodeRow<'_>) -> Result<Vec<(usize, Value)>, Fault> {
    let mut changes = Vec::with_capacity(assigns.len());
    for assign in assigns {
        changes.push((assign.column, assign.value.value(row)?.into_owned()));
    }
    Ok(changes)
}

trait Add {
    fn add(&mut self, statement: &Statement<'_>, table: TableId, row: Option<RowId>, returning: &[usize]);
}

impl Add for Answer {
    /// Counts a written row, and keeps what is asked of it.
    fn add(&mut self, statement: &Statement<'_>, table: TableId, row: Option<RowId>, returning: &[usize]) {
        let Some(row) = row else { return };
        self.count += 1;
        if returning.is_empty() {
            return;
        }
        if let Some(row) = statement.table(table).and_then(|table| table.row(row)) {
            self.rows
                .push(returning.iter().map(|column| row.get(*column).cloned().unwrap_or_default()).collect());
        }
    }
}

fn position(table: &Table, column: &str) -> Written<usize> {
    table.position(column).ok_or_else(|| AdapterError::Query {
        message: format!("column \"{column}\" of relation \"{}\" does not exist", table.definition().name),
        code: Some(Str::Static("42703")),
    })
}

fn positions(table: &Table, columns: &[Str]) -> Written<Vec<usize>> {
    columns.iter().map(|column| position(table, column)).collect()
}

/// The rows whose columns have these values; null means that they have none.
fn by_equality(table: &Table, filters: &[(Str, Value)]) -> Written<Vec<RowId>> {
    let filters: Vec<(usize, &Value)> = filters
        .iter()
        .map(|(column, value)| Ok((position(table, column)?, value)))
        .collect::<Written<_>>()?;
    let holds = |id: &RowId| {
        filters.iter().all(|(column, wanted)| match table.cell(*id, *column) {
            cell if wanted.is_null() => cell.is_null(),
            cell => equal(&cell.to_value(), wanted) == Some(true),
        })
    };
    // Mostly the primary key is given, by which there is one row or none.
    if let [(column, value)] = filters[..]
        && !value.is_null()
        && let Some(index) = table.indexes().next().filter(|index| index.primary && index.columns == [column])
    {
        return Ok(table.find_each(index.id, &|_| value).filter(holds).into_iter().collect());
    }
    let mut best: (usize, Option<IndexId>, Vec<Value>) = (0, None, Vec::new());
    for index in table.indexes().filter(|index| index.filter.is_none()) {
        let key: Vec<Value> = index
            .columns
            .iter()
            .map_while(|column| filters.iter().find(|(at, value)| at == column && !value.is_null()))
            .map(|(_, value)| (*value).clone())
            .collect();
        let score = key.len() * 2 + usize::from(index.unique && key.len() == index.columns.len()) * 100;
        if score > best.0 {
            best = (score, Some(index.id), key);
        }
    }
    let rows = match best {
        (_, Some(index), key) => table.scan(index, &Range::equal(&key)),
        _ => table.unordered(),
    };
    Ok(rows.ids().filter(holds).collect())
}

/// The unique index that a conflict target means.
fn index_of(table: &Table, target: &ConflictTarget) -> Written<IndexId> {
    let missing = || AdapterError::Query {
        message: "there is no unique or exclusion constraint matching the ON CONFLICT specification".into(),
        code: Some(Str::Static("42P10")),
    };
    match target {
        ConflictTarget::Any => Err(missing()),
        ConflictTarget::Constraint(name) => {
            table.indexes().find(|index| index.unique && index.name == name).map(|index| index.id).ok_or_else(
                || AdapterError::Query {
                    message: format!(
                        "constraint \"{name}\" for table \"{}\" does not exist",
                        table.definition().name
                    ),
                    code: Some(Str::Static("42704")),
                },
            )
        }
        ConflictTarget::Columns(columns) => {
            let wanted: HashSet<usize> = positions(table, columns)?.into_iter().collect();
            unique_on(table, &wanted, false).ok_or_else(missing)
        }
        ConflictTarget::Fragment(sql) => {
            // `(column, ..)`, perhaps with the condition of a partial index.
            let text = sql.trim();
            let lower = text.to_ascii_lowercase();
            let (columns, partial) = match lower.find(" where ") {
                Some(at) => (&text[..at], true),
                None => (text, false),
            };
            let columns = columns.trim().trim_start_matches('(').trim_end_matches(')');
            let names: Vec<Str> =
                columns.split(',').map(|name| Str::from(name.trim().trim_matches('"'))).collect();
            if names.iter().any(|name| name.contains(['(', ')', ' '])) {
                return Err(AdapterError::unsupported(format!("conflict_target {text}")));
            }
            let wanted: HashSet<usize> = positions(table, &names)?.into_iter().collect();
            unique_on(table, &wanted, partial).ok_or_else(missing)
        }
    }
}

fn unique_on(table: &Table, wanted: &HashSet<usize>, partial: bool) -> Option<IndexId> {
    table
        .indexes()
        .find(|index| {
            index.unique
                && index.filter.is_some() == partial
                && index.columns.len() == wanted.len()
                && index.columns.iter().all(|column| wanted.contains(column))
        })
        .map(|index| index.id)
}

impl State {
    /// A query, prepared or not, that reads or writes.
    pub(super) fn query(
        &mut self,
        plan: &crate::query::Plan,
        params: &[Value],
        into: Option<&dyn RowSink>,
    ) -> Written {
        let prepared = self.cache.prepared(plan, &self.database)?;
        match &*prepared {
            Prepared::Read(compiled) => {
                let now = self.now();
                with_env(&self.database, &compiled.tables, compiled.caches, params, now, |env| {
                    let Some(sink) = into else {
                        let rows = compiled.run.run(env, None, None)?;
                        return Ok(Answer { count: rows.len(), rows });
                    };
                    let mut given = Given(sink, 0);
                    compiled.run.give(env, None, None, &mut given)?;
                    Ok(Answer { count: given.1, rows: Vec::new() })
                })
            }
            Prepared::Write(compiled) => self.bulk(compiled, plan.operation, params),
        }
    }

    fn read(&mut self, plan: &crate::query::Plan, params: &[Value]) -> Written<Vec<Row>> {
        Ok(self.query(plan, params, None)?.rows)
    }
}
