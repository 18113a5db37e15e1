//! Statements that update and delete all rows that meet a condition.

use super::expr::Writer;
use super::{Family, Feature, Result};
use crate::adapter::AdapterError;
use crate::query::plan::{Assignment, Condition, Expr, Join, Plan};
use crate::query::{JoinKind, UpdateOp};

impl Writer<'_> {
    pub(super) fn update_all(&mut self, plan: &Plan) -> Result<String> {
        self.name_sources(plan, "");
        let with = self.with(plan)?;
        let name = self.source_name(0, 0).to_owned();
        let text = match self.dialect.family() {
            Family::MySql => {
                self.no_fields(plan)?;
                let table = self.table(plan)?;
                let (sources, conditions) = self.using(plan, &plan.joins)?;
                let sources = if sources.is_empty() { sources } else { format!(", {sources}") };
                let set = self.assignments(plan)?;
                let filters = self.filters(conditions, plan)?;
                format!("{with}UPDATE {table} AS {name}{sources} SET {set}{filters}")
            }
            Family::Mssql => {
                let table = self.table(plan)?;
                let set = self.assignments(plan)?;
                let output = self.output(plan, "INSERTED")?;
                let joins = self.joins(plan, &plan.joins)?;
                let filters = self.conditions(" WHERE ", &plan.filters)?;
                format!("{with}UPDATE {name} SET {set}{output} FROM {table} AS {name}{joins}{filters}")
            }
            _ => {
                let table = self.table(plan)?;
                let set = self.assignments(plan)?;
                let inner = plan.joins.iter().take_while(|join| join.kind == JoinKind::Inner).count();
                let (near, rest) = plan.joins.split_at(inner);
                if inner == 0 && !rest.is_empty() {
                    return Err(AdapterError::unsupported("update_all whose first join is no inner join"));
                }
                let (sources, conditions) = self.using(plan, near)?;
                let sources = if sources.is_empty() { sources } else { format!(" FROM {sources}") };
                let joins = self.joins(plan, rest)?;
                let filters = self.filters(conditions, plan)?;
                let returning = self.returning(plan)?;
                format!("{with}UPDATE {table} AS {name} SET {set}{sources}{joins}{filters}{returning}")
            }
        };
        self.names.pop();
        Ok(text)
    }

    pub(super) fn delete_all(&mut self, plan: &Plan) -> Result<String> {
        self.name_sources(plan, "");
        let with = self.with(plan)?;
        let name = self.source_name(0, 0).to_owned();
        let text = match self.dialect.family() {
            Family::MySql => {
                self.no_fields(plan)?;
                let from = self.from(plan)?;
                let joins = self.joins(plan, &plan.joins)?;
                let filters = self.conditions(" WHERE ", &plan.filters)?;
                format!("{with}DELETE {name}.*{from}{joins}{filters}")
            }
            Family::Mssql => {
                let table = self.table(plan)?;
                let output = self.output(plan, "DELETED")?;
                let joins = self.joins(plan, &plan.joins)?;
                let filters = self.conditions(" WHERE ", &plan.filters)?;
                format!("{with}DELETE {name}{output} FROM {table} AS {name}{joins}{filters}")
            }
            Family::Sqlite if !plan.joins.is_empty() => {
                return Err(AdapterError::unsupported("joins in delete_all in SQLite"));
            }
            _ => {
                let from = self.from(plan)?;
                let (sources, conditions) = self.using(plan, &plan.joins)?;
                let sources = if sources.is_empty() { sources } else { format!(" USING {sources}") };
                let filters = self.filters(conditions, plan)?;
                let returning = self.returning(plan)?;
                format!("{with}DELETE{from}{sources}{filters}{returning}")
            }
        };
        self.names.pop();
        Ok(text)
    }

    fn table(&mut self, plan: &Plan) -> Result<String> {
        match plan.sources.first() {
            Some(source) => self.source(source),
            None => Err(AdapterError::query("a write needs a table")),
        }
    }

    /// The sources of inner joins; their conditions come first among those of the statement.
    fn using(&mut self, plan: &Plan, joins: &[Join]) -> Result<(String, Vec<Condition>)> {
        if let Some(join) = joins.iter().find(|join| join.kind != JoinKind::Inner) {
            let (kind, name) = (join.kind.name(), self.dialect.name());
            return Err(AdapterError::unsupported(format!("{kind} joins in this write in {name}")));
        }
        let sources = self
            .joined(joins, ", ", |writer, join| writer.source_as(&plan.sources[join.source], join.source))?;
        let conditions = joins.iter().filter_map(|join| join.on.clone());
        Ok((sources, conditions.map(|expr| Condition { or: false, expr }).collect()))
    }

    fn filters(&mut self, mut conditions: Vec<Condition>, plan: &Plan) -> Result<String> {
        conditions.extend(plan.filters.iter().cloned());
        self.conditions(" WHERE ", &conditions)
    }

    fn assignments(&mut self, plan: &Plan) -> Result<String> {
        self.joined(&plan.updates, ", ", Self::assignment)
    }

    pub(super) fn assignment(&mut self, assignment: &Assignment) -> Result<String> {
        let name = self.quote(&assignment.column)?;
        let source = self.source_name(0, 0).to_owned();
        let (key, own) = match self.dialect.family() {
            _ if self.bare => (name.clone(), name),
            Family::Mssql | Family::MySql => (format!("{source}.{name}"), format!("{source}.{name}")),
            Family::Sqlite => (name.clone(), name),
            _ => (name.clone(), format!("{source}.{name}")),
        };
        let value = self.expr(&assignment.expr)?;
        Ok(match assignment.op {
            UpdateOp::Set => format!("{key} = {value}"),
            UpdateOp::Inc => format!("{key} = {own} + {value}"),
            UpdateOp::Push => {
                self.needs(Feature::Arrays)?;
                format!("{key} = array_append({own}, {value})")
            }
            UpdateOp::Pull => {
                self.needs(Feature::Arrays)?;
                format!("{key} = array_remove({own}, {value})")
            }
        })
    }

    fn returning(&mut self, plan: &Plan) -> Result<String> {
        if plan.fields.is_empty() {
            return Ok(String::new());
        }
        self.bare = self.dialect.family() == Family::Sqlite;
        let fields = self.fields(&plan.fields);
        self.bare = false;
        Ok(format!(" RETURNING {}", fields?))
    }

    fn output(&mut self, plan: &Plan, word: &str) -> Result<String> {
        if plan.fields.is_empty() {
            return Ok(String::new());
        }
        let fields = self.joined(&plan.fields, ", ", |writer, field| match &field.expr {
            Expr::Column(column) if column.level == 0 && column.source == 0 => {
                Ok(format!("{word}.{}", writer.quote(&column.name)?))
            }
            _ => Err(AdapterError::unsupported(
                "selecting anything but columns of the table in a write in MSSQL",
            )),
        })?;
        Ok(format!(" OUTPUT {fields}"))
    }

    fn no_fields(&self, plan: &Plan) -> Result<()> {
        match plan.fields.is_empty() {
            true => Ok(()),
            false => self.needs(Feature::Returning),
        }
    }
}
