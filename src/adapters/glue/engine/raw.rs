//! SQL as text, in GlueSQL's dialect.

use super::error::failed;
use super::parse::parse;
use super::storage::{Storage, Writing};
use super::values::{from_glue, to_glue};
use crate::adapter::{AdapterError, Answer, Task};
use crate::adapters::glue::adapter::Glue;
use crate::adapters::glue::state::State;
use crate::adapters::refusal::refused;
use crate::store::StoreError;
use crate::value::Value;
use core::cell::RefCell;
use gluesql_core::executor::{Payload, execute};
use gluesql_core::plan::StatementPlan;
use gluesql_core::store::Planner;
use gluesql_core::translate::{IntoParamLiteral, ParamLiteral, translate_with_params};

impl Glue {
    /// Runs one statement of SQL in GlueSQL's dialect, with `$1`, `$2` .. for the params.
    ///
    /// It sees the tables of the repo, and what it writes obeys their constraints, defaults and foreign keys. It is a
    /// transaction of its own, and waits for the end of one that is open. Its results are GlueSQL's, which differ from PostgreSQL's: `null or
    /// true` is null, `like` fails on null, `filter`, `over` and ordinals in `group by` mean nothing; writes by key look
    /// at all rows. Queries of the repo have none of this. A table in a prefix is `app.users`, and its columns are named by an
    /// alias (`from app.users u`) or the whole name. Changes of tables belong into migrations, transactions into
    /// [`Repo::transaction`](crate::repo::Repo::transaction).
    ///
    /// # Errors
    /// What GlueSQL does not understand or do, and what our tables refuse.
    pub fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Task<'a, Result<Answer, AdapterError>> {
        self.alone(move |state| state.raw(sql, params))
    }

    /// The same as a part of the transaction that is open, for hosts that say themselves what belongs to it.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn query_inside<'a>(
        &'a self,
        sql: &'a str,
        params: &'a [Value],
    ) -> Task<'a, Result<Answer, AdapterError>> {
        let open = self.open_transaction();
        self.soon(open, move |state| state.raw(sql, params))
    }
}

impl State {
    /// Runs one statement of SQL.
    pub(in super::super) fn raw(&mut self, sql: &str, params: &[Value]) -> Result<Answer, AdapterError> {
        let params: Vec<ParamLiteral> = params
            .iter()
            .map(|value| literal(value).ok_or_else(|| AdapterError::unsupported("such a param of raw SQL")))
            .collect::<Result<_, _>>()?;
        let statement = parse(sql, &self.database)?;
        let plan: StatementPlan = translate_with_params(&statement, &params).map_err(failed)?.into();
        match &plan {
            StatementPlan::Query(_) | StatementPlan::ShowColumns { .. } | StatementPlan::ShowVariable(_) => {
                let mut storage = Storage::Read(&self.database);
                let plan = storage.plan(plan).map_err(failed)?;
                answer(execute(&mut storage, &plan).map_err(failed)?)
            }
            StatementPlan::Insert { columns, .. } => {
                let columns = columns.clone();
                self.raw_write(plan, columns, true)
            }
            StatementPlan::Update { .. } | StatementPlan::Delete { .. } => {
                self.raw_write(plan, Vec::new(), false)
            }
            StatementPlan::StartTransaction | StatementPlan::Commit | StatementPlan::Rollback => {
                Err(AdapterError::unsupported("transactions in raw SQL: use those of the repo"))
            }
            _ => Err(AdapterError::unsupported("changes of tables in raw SQL: use migrations")),
        }
    }

    fn raw_write(
        &mut self,
        plan: StatementPlan,
        columns: Vec<String>,
        inserts: bool,
    ) -> Result<Answer, AdapterError> {
        let mut refusal = None;
        let done = self.database.statement(|statement| {
            let writing = Writing { columns, inserts, refusal: RefCell::default() };
            let mut storage = Storage::Write(statement, writing);
            let run = storage.plan(plan).and_then(|plan| execute(&mut storage, &plan));
            if let Storage::Write(_, writing) = &storage {
                refusal = writing.refusal.take();
            }
            run.map_err(|error| {
                refusal.get_or_insert_with(|| failed(error));
                StoreError::Transaction("raw SQL failed")
            })
        });
        match done {
            Ok(payload) => answer(payload),
            Err(error) => Err(refusal.unwrap_or_else(|| refused(error))),
        }
    }
}

fn literal(value: &Value) -> Option<ParamLiteral> {
    use gluesql_core::data::Value as Glue;
    Some(match to_glue(value)? {
        Glue::Null => ParamLiteral::null(),
        Glue::Bool(flag) => flag.into_param_literal(),
        Glue::I64(number) => number.into_param_literal(),
        Glue::F64(number) => number.into_param_literal(),
        Glue::Decimal(number) => number.into_param_literal(),
        Glue::Str(text) => text.into_param_literal(),
        Glue::Bytea(bytes) => bytes.into_param_literal(),
        Glue::Date(date) => date.into_param_literal(),
        Glue::Time(time) => time.into_param_literal(),
        Glue::Timestamp(moment) => moment.into_param_literal(),
        _ => return None,
    })
}

fn answer(payload: Payload) -> Result<Answer, AdapterError> {
    let count = match payload {
        Payload::Select { rows, .. } => {
            let rows = rows
                .into_iter()
                .map(|row| row.into_iter().map(from_glue).collect::<Option<Vec<_>>>())
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| {
                    AdapterError::unsupported(
                        "a result of raw SQL that is an interval, a point or an address",
                    )
                })?;
            return Ok(Answer { count: rows.len(), rows });
        }
        Payload::Insert(count) | Payload::Update(count) | Payload::Delete(count) => count,
        _ => 0,
    };
    Ok(Answer { count, rows: Vec::new() })
}
