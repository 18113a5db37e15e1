//! Plans that were prepared before, by their shape.

use super::compile::{Bulk, Compiled, Compiler};
use super::node::Env;
use super::select::Select;
use super::value::Fault;
use crate::adapter::AdapterError;
use crate::query::plan::Key;
use crate::query::{Operation, Plan};
use crate::store::{Database, Table, TableName};
use crate::value::{Str, UtcDatetime, Value};
use core::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// Above so many plans all are forgotten.
const MANY: usize = 2000;

/// A plan ready to run.
#[derive(Debug)]
pub(super) enum Prepared {
    Read(Compiled<Select>),
    Write(Compiled<Bulk>),
}

/// What was prepared for the tables as they are defined.
#[derive(Debug, Default)]
pub(super) struct Cache {
    version: u64,
    plans: HashMap<Key, Arc<Prepared>>,
}

impl Cache {
    /// The plan, prepared now or before.
    pub(super) fn prepared(
        &mut self,
        plan: &Plan,
        database: &Database,
    ) -> Result<Arc<Prepared>, AdapterError> {
        if self.version != database.version() {
            self.plans.clear();
            self.version = database.version();
        }
        if let Some(known) = self.plans.get(&plan.key) {
            return Ok(known.clone());
        }
        let prepared = Arc::new(prepare(plan, database)?);
        // Plans within plans have no shape of their own.
        if !plan.key.0.is_empty() {
            if self.plans.len() >= MANY {
                self.plans.clear();
            }
            self.plans.insert(plan.key.clone(), prepared.clone());
        }
        Ok(prepared)
    }
}

/// A plan, prepared for the tables as they are.
pub(super) fn prepare(plan: &Plan, database: &Database) -> Result<Prepared, AdapterError> {
    let compiler = Compiler::new(database);
    Ok(match plan.operation {
        Operation::All | Operation::InsertAll => Prepared::Read(compiler.compile_read(plan)?),
        Operation::UpdateAll | Operation::DeleteAll => Prepared::Write(compiler.compile_bulk(plan)?),
    })
}

/// The time of a statement, and whether GlueSQL runs its joins.
#[derive(Clone, Copy)]
pub(super) struct Now(pub(super) Option<UtcDatetime>, pub(super) bool);

/// Runs something with what a statement needs: its tables, its params, the time.
pub(super) fn with_env<T>(
    database: &Database,
    tables: &[TableName],
    caches: usize,
    params: &[Value],
    now: Now,
    run: impl FnOnce(&Env<'_>) -> Result<T, Fault>,
) -> Result<T, AdapterError> {
    let known: Option<Vec<&Table>> = tables.iter().map(|name| database.table_named(name)).collect();
    let known = known.ok_or_else(|| AdapterError::query("a table is not there any more"))?;
    with_tables(&known, caches, params, now, run)
}

/// The same with tables that were found already.
pub(super) fn with_tables<T>(
    tables: &[&Table],
    caches: usize,
    params: &[Value],
    now: Now,
    run: impl FnOnce(&Env<'_>) -> Result<T, Fault>,
) -> Result<T, AdapterError> {
    let env = Env {
        tables,
        params,
        cache: (0..caches).map(|_| OnceCell::new()).collect(),
        named: RefCell::new(HashMap::new()),
        now: now.0,
        engine: now.1,
    };
    run(&env).map_err(failed)
}

/// A statement that failed with the rows there are.
pub(super) fn failed(fault: Fault) -> AdapterError {
    AdapterError::Query { message: fault.message, code: Some(Str::Static(sqlstate(fault.code))) }
}

/// PostgreSQL's five letters for the name of a condition.
fn sqlstate(name: &'static str) -> &'static str {
    match name {
        "division_by_zero" => "22012",
        "numeric_value_out_of_range" => "22003",
        "invalid_text_representation" => "22P02",
        "invalid_datetime_format" => "22007",
        "datetime_field_overflow" => "22008",
        "invalid_escape_sequence" => "22025",
        "invalid_regular_expression" => "2201B",
        "invalid_row_count_in_limit_clause" => "2201W",
        "invalid_argument_for_ntile_function" => "22014",
        "invalid_argument_for_nth_value_function" => "22016",
        "invalid_argument_for_power_function" => "2201F",
        "invalid_preceding_or_following_size" => "22013",
        "invalid_parameter_value" => "22023",
        "substring_error" => "22011",
        "cardinality_violation" => "21000",
        "datatype_mismatch" => "42804",
        "cannot_coerce" => "42846",
        "wrong_object_type" => "42809",
        "undefined_function" => "42883",
        "windowing_error" => "42P20",
        "program_limit_exceeded" => "54000",
        _ => "XX000",
    }
}
