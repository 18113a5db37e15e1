//! Statements that read.

use super::expr::Writer;
use super::{Family, Feature, Result};
use crate::adapter::AdapterError;
use crate::query::plan::{
    Condition, CteRows, Expr, Field, Join, Operation, Order, Plan, PlanCte, PlanDistinct, Source,
};
use crate::query::{JoinKind, SetOperation};
use crate::types::Type;
use crate::value::Str;

impl Writer<'_> {
    /// The clauses are written in the order in which Ecto numbers params, and put together as the dialect wants them.
    pub(super) fn all(&mut self, plan: &Plan, prefix: &str) -> Result<String> {
        self.name_sources(plan, prefix);
        let is_mssql = self.dialect.family() == Family::Mssql;
        let with = self.with(plan)?;
        let (distinct, first_orders) = self.distinct(plan)?;
        let fields = self.fields(&plan.fields)?;
        let from = self.from(plan)?;
        let joins = self.joins(plan, &plan.joins)?;
        let filters = self.conditions(" WHERE ", &plan.filters)?;
        let groups = match plan.groups.is_empty() {
            true => String::new(),
            false => format!(" GROUP BY {}", self.joined(&plan.groups, ", ", Self::top)?),
        };
        let havings = self.conditions(" HAVING ", &plan.havings)?;
        let windows = self.windows(plan)?;
        let names = self.names.pop().unwrap_or_default();
        let combinations = self.combinations(plan, prefix)?;
        self.names.push(names);
        let orders = self.orders(first_orders, &plan.orders)?;
        let limit = plan.limit.as_ref().map(|limit| self.expr(limit)).transpose()?;
        let offset = plan.offset.as_ref().map(|offset| self.expr(offset)).transpose()?;
        let lock = match &plan.lock {
            None => String::new(),
            Some(_) if self.dialect.lacks().contains(&Feature::Lock) => {
                return self.needs(Feature::Lock).map(|()| String::new());
            }
            Some(lock) if is_mssql => format!(" OPTION ({})", self.fragment(lock)?),
            Some(lock) => format!(" {}", self.fragment(lock)?),
        };
        if plan.with_ties {
            self.needs(Feature::WithTies)?;
            if plan.orders.is_empty() {
                return Err(AdapterError::query("`with_ties` needs an `order_by`"));
            }
        }
        let top = match (&limit, &offset) {
            (Some(limit), None) if is_mssql => format!("TOP({limit}) "),
            _ => String::new(),
        };
        let part = match (limit, offset) {
            (_, None) if is_mssql => String::new(),
            (Some(limit), Some(offset)) if is_mssql && !orders.is_empty() => {
                format!(" OFFSET {offset} ROW FETCH NEXT {limit} ROWS ONLY")
            }
            (_, Some(_)) if is_mssql => {
                return self.needs(Feature::OffsetWithoutLimit).map(|()| String::new());
            }
            (limit, offset) => {
                let limit = limit.map_or(String::new(), |limit| match plan.with_ties {
                    true => format!(" FETCH FIRST {limit} ROWS WITH TIES"),
                    false => format!(" LIMIT {limit}"),
                });
                limit + &offset.map_or(String::new(), |offset| format!(" OFFSET {offset}"))
            }
        };
        self.names.pop();
        let ends = if is_mssql { format!("{lock}{part}") } else { format!("{part}{lock}") };
        Ok(format!(
            "{with}SELECT {distinct}{top}{fields}{from}{joins}{filters}{groups}{havings}{windows}{combinations}{orders}{ends}"
        ))
    }

    pub(super) fn with(&mut self, plan: &Plan) -> Result<String> {
        if plan.ctes.is_empty() {
            return Ok(String::new());
        }
        let recursive = match plan.recursive && self.dialect.family() != Family::Mssql {
            true => "RECURSIVE ",
            false => "",
        };
        let ctes = self.joined(&plan.ctes, ", ", Self::cte)?;
        Ok(format!("WITH {recursive}{ctes} "))
    }

    fn cte(&mut self, cte: &PlanCte) -> Result<String> {
        let name = self.quote(&cte.name)?;
        let materialized = match cte.materialized {
            // SQLite's adapter passes over it.
            Some(_) if self.dialect.family() == Family::Sqlite => "",
            None => "",
            Some(flag) => {
                self.needs(Feature::MaterializedCte)?;
                if flag { "MATERIALIZED" } else { "NOT MATERIALIZED" }
            }
        };
        let is_mssql = self.dialect.family() == Family::Mssql;
        match &cte.rows {
            CteRows::Plan(plan) => {
                let columns = match is_mssql {
                    false => String::new(),
                    true => {
                        let columns = self.joined(&plan.fields, ",", |writer, field| {
                            writer.quote(field.alias.as_deref().unwrap_or_default())
                        })?;
                        format!(" ({columns})")
                    }
                };
                let rows = match plan.operation {
                    Operation::All | Operation::InsertAll => self.subquery(plan)?,
                    Operation::UpdateAll => {
                        self.needs(Feature::UpdatingCte)?;
                        self.update_all(plan)?
                    }
                    Operation::DeleteAll => {
                        self.needs(Feature::UpdatingCte)?;
                        self.delete_all(plan)?
                    }
                };
                Ok(format!("{name}{columns} AS {materialized}({rows})"))
            }
            CteRows::Fragment(_) if is_mssql => Err(AdapterError::unsupported("fragments as CTEs in MSSQL")),
            CteRows::Fragment(pieces) => Ok(format!("{name} AS {materialized}{}", self.fragment(pieces)?)),
        }
    }

    fn distinct<'p>(&mut self, plan: &'p Plan) -> Result<(String, &'p [Order])> {
        match &plan.distinct {
            None => Ok((String::new(), &[])),
            Some(PlanDistinct::Rows) => Ok(("DISTINCT ".to_owned(), &[])),
            Some(PlanDistinct::On(orders)) if orders.is_empty() => Ok((String::new(), &[])),
            Some(PlanDistinct::On(orders)) => {
                self.needs(Feature::DistinctOn)?;
                let exprs = self.joined(orders, ", ", |writer, order| writer.expr(&order.expr))?;
                Ok((format!("DISTINCT ON ({exprs}) "), orders))
            }
        }
    }

    pub(super) fn fields(&mut self, fields: &[Field]) -> Result<String> {
        if fields.is_empty() {
            return Ok(self.dialect.nothing().to_owned());
        }
        let is_mssql = self.dialect.family() == Family::Mssql;
        self.joined(fields, ", ", |writer, field| {
            let text = match &field.expr {
                Expr::Source(_) => {
                    return Err(AdapterError::unsupported(format!(
                        "selecting all fields of a source without a schema in {}",
                        writer.dialect.name()
                    )));
                }
                Expr::Call(crate::query::Function::Not, inner) if is_mssql => {
                    format!("~({})", writer.joined(inner, ", ", Self::expr)?)
                }
                expr => writer.expr(expr)?,
            };
            match &field.alias {
                None => Ok(text),
                Some(alias) => Ok(format!("{text} AS {}", writer.quote(alias)?)),
            }
        })
    }

    pub(super) fn from(&mut self, plan: &Plan) -> Result<String> {
        match plan.sources.first() {
            Some(source) => Ok(format!(" FROM {}", self.source_as(source, 0)?)),
            None => Ok(String::new()),
        }
    }

    /// A source and its name.
    pub(super) fn source_as(&mut self, source: &Source, at: usize) -> Result<String> {
        let name = self.source_name(0, at).to_owned();
        Ok(match source {
            Source::Values { types, rows, first } if self.dialect.family() == Family::Sqlite => {
                let mut columns = Vec::with_capacity(types.len());
                for (at, (name, _)) in types.iter().enumerate() {
                    // A plain word stands as it is, as in Ecto's text; anything else would be read as SQL.
                    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                    let name = if is_word { name.to_string() } else { self.quote(name)? };
                    columns.push(format!("column{} AS {name}", at + 1));
                }
                let columns = columns.join(", ");
                let rows = self.value_rows(types, *rows, *first)?;
                format!("(SELECT {columns} FROM (VALUES {rows})) AS {name}")
            }
            Source::Values { types, rows, first } => {
                let rows = self.value_rows(types, *rows, *first)?;
                let columns = self.joined(types, ",", |writer, (name, _)| writer.quote(name))?;
                format!("(VALUES {rows}) AS {name} ({columns})")
            }
            source => format!("{} AS {name}", self.source(source)?),
        })
    }

    pub(super) fn source(&mut self, source: &Source) -> Result<String> {
        match source {
            Source::Table { table, prefix: Some(prefix), .. } => {
                self.needs(Feature::Prefix)?;
                Ok(format!("{}.{}", self.quote(prefix)?, self.quote(table)?))
            }
            Source::Table { table: name, .. } | Source::Cte { name, .. } => self.quote(name),
            Source::Subquery(plan) => Ok(format!("({})", self.subquery(plan)?)),
            Source::Fragment(pieces) => self.fragment(pieces),
            Source::Values { .. } => Err(AdapterError::unsupported("values as the table of a write")),
        }
    }

    fn value_rows(&mut self, types: &[(Str, Type)], rows: usize, first: usize) -> Result<String> {
        let mut at = first;
        let mut all = Vec::with_capacity(rows);
        for _ in 0..rows {
            let mut row = Vec::with_capacity(types.len());
            for (_, kind) in types {
                let value = self.expr(&Expr::Param(at))?;
                row.push(match (self.dialect.family(), kind) {
                    (Family::Mssql, Type::Integer) => format!("CAST({value} AS integer)"),
                    // A name of a param: all that follows `$` is part of it.
                    (Family::Sqlite, kind) => format!("${}::{}", self.sent.len(), sqlite_column(kind)),
                    (_, kind) => self.dialect.cast(value, kind)?,
                });
                at += 1;
            }
            let word = if self.dialect.family() == Family::MySql { "ROW" } else { "" };
            all.push(format!("{word}({})", row.join(",")));
        }
        Ok(all.join(","))
    }

    pub(super) fn joins(&mut self, plan: &Plan, joins: &[Join]) -> Result<String> {
        self.joined(joins, "", |writer, join| {
            let word = writer.join_word(join.kind)?;
            let source = writer.source_as(&plan.sources[join.source], join.source)?;
            let is_applied = join.kind.is_lateral() && writer.dialect.family() == Family::Mssql;
            let on = match &join.on {
                Some(on) => format!(" ON {}", writer.expr(on)?),
                None if matches!(join.kind, JoinKind::Cross | JoinKind::CrossLateral) || is_applied => {
                    String::new()
                }
                None => format!(" ON {}", writer.dialect.on_true()),
            };
            Ok(format!(" {word} {source}{on}"))
        })
    }

    fn join_word(&self, kind: JoinKind) -> Result<&'static str> {
        if kind.is_lateral() {
            self.needs(Feature::LateralJoin)?;
        }
        let is_mssql = self.dialect.family() == Family::Mssql;
        Ok(match kind {
            JoinKind::Inner => "INNER JOIN",
            JoinKind::Left => "LEFT OUTER JOIN",
            JoinKind::Right => "RIGHT OUTER JOIN",
            JoinKind::Full => "FULL OUTER JOIN",
            JoinKind::Cross => "CROSS JOIN",
            JoinKind::InnerLateral | JoinKind::CrossLateral if is_mssql => "CROSS APPLY",
            JoinKind::LeftLateral if is_mssql => "OUTER APPLY",
            JoinKind::InnerLateral => "INNER JOIN LATERAL",
            JoinKind::LeftLateral => "LEFT OUTER JOIN LATERAL",
            JoinKind::CrossLateral => "CROSS JOIN LATERAL",
        })
    }

    /// Conditions from left to right; where `and` and `or` change, all before stands in parentheses.
    pub(super) fn conditions(&mut self, word: &str, conditions: &[Condition]) -> Result<String> {
        let mut text = String::new();
        let mut last = None;
        for condition in conditions {
            let own = match (&condition.expr, self.dialect.family()) {
                (Expr::Literal(crate::value::Value::Bool(true)), Family::Mssql) => "1 = 1".to_owned(),
                (Expr::Literal(crate::value::Value::Bool(false)), Family::Mssql) => "1 = 0".to_owned(),
                (expr, _) => self.expr(expr)?,
            };
            let sign = if condition.or { " OR " } else { " AND " };
            text = match last {
                None => format!("({own})"),
                Some(or) if or == condition.or => format!("{text}{sign}({own})"),
                Some(_) => format!("({text}){sign}({own})"),
            };
            last = Some(condition.or);
        }
        Ok(if text.is_empty() { text } else { format!("{word}{text}") })
    }

    fn windows(&mut self, plan: &Plan) -> Result<String> {
        if plan.windows.is_empty() {
            return Ok(String::new());
        }
        self.needs(Feature::Window)?;
        let windows = self.joined(&plan.windows, ", ", |writer, (name, window)| {
            Ok(format!("{} AS {}", writer.quote(name)?, writer.window(window)?))
        })?;
        Ok(format!(" WINDOW {windows}"))
    }

    fn combinations(&mut self, plan: &Plan, prefix: &str) -> Result<String> {
        let is_sqlite = self.dialect.family() == Family::Sqlite;
        self.joined(&plan.combinations, "", |writer, (operation, plan)| {
            let word = match operation {
                SetOperation::Union => "UNION",
                SetOperation::UnionAll => "UNION ALL",
                SetOperation::Except => "EXCEPT",
                SetOperation::Intersect => "INTERSECT",
                SetOperation::ExceptAll | SetOperation::IntersectAll => {
                    writer.needs(Feature::ExceptAll)?;
                    if *operation == SetOperation::ExceptAll { "EXCEPT ALL" } else { "INTERSECT ALL" }
                }
            };
            let rows = writer.all(plan, prefix)?;
            Ok(if is_sqlite { format!(" {word} {rows}") } else { format!(" {word} ({rows})") })
        })
    }

    /// The order; that of `distinct` first, but for what both begin with.
    fn orders(&mut self, first: &[Order], orders: &[Order]) -> Result<String> {
        let same = first.iter().zip(orders).take_while(|(a, b)| a == b).count();
        let all: Vec<&Order> = match orders.is_empty() {
            true => Vec::new(),
            false => first.iter().chain(&orders[same..]).collect(),
        };
        match all.is_empty() {
            true => Ok(String::new()),
            false => {
                Ok(format!(" ORDER BY {}", self.joined(&all, ", ", |writer, order| writer.order(order))?))
            }
        }
    }
}

fn sqlite_column(kind: &Type) -> &'static str {
    match kind.base() {
        Type::Id | Type::Integer | Type::Boolean => "INTEGER",
        Type::Float => "NUMERIC",
        Type::Decimal => "DECIMAL",
        Type::Binary => "BLOB",
        _ => "TEXT",
    }
}
