//! Params as a log may show them: those of redacted fields hidden.

use super::{Cell, Rows, SchemaMeta, Statement};
use crate::query::Function;
use crate::query::plan::{CteRows, Expr, Piece, Plan, Source};
use crate::schema::Schema;
use crate::value::{Str, Value};

/// What stands for a value that is hidden.
const HIDDEN: Value = Value::String(Str::Static("**redacted**"));

impl Statement<'_> {
    /// [`Statement::params`] for logs: what is written to a redacted field or compared with one is hidden.
    pub fn shown_params(&self) -> Vec<Value> {
        let mut params = self.params();
        match self {
            Statement::Query(query) => hide(query.plan, &mut params),
            Statement::Insert(insert) => hide_columns(insert.meta, insert.fields.iter(), &mut params),
            Statement::Update(update) => {
                hide_columns(update.meta, update.fields.iter().chain(&update.filters), &mut params);
            }
            Statement::Delete(delete) => hide_columns(delete.meta, delete.filters.iter(), &mut params),
            Statement::InsertAll(insert) => {
                let hidden: Vec<bool> =
                    insert.header.iter().map(|column| is_redacted(&insert.meta.schema, column)).collect();
                if !hidden.contains(&true) {
                    return params;
                }
                match &insert.rows {
                    Rows::Cells(rows) => {
                        // A placeholder may stand in any column.
                        let shared = insert.placeholders.len();
                        params[..shared].fill(HIDDEN);
                        let mut at = shared;
                        for (cell, hidden) in rows.iter().flat_map(|row| row.iter().zip(&hidden)) {
                            let count = match cell {
                                Cell::Value(_) => 1,
                                Cell::Query(_, params) => params.len(),
                                Cell::Default | Cell::Placeholder(_) => 0,
                            };
                            if *hidden {
                                params[at..at + count].fill(HIDDEN);
                            }
                            at += count;
                        }
                    }
                    Rows::Query(..) => params.fill(HIDDEN),
                }
            }
        }
        params
    }
}

fn is_redacted(schema: &Option<std::sync::Arc<Schema>>, column: &str) -> bool {
    let mut fields = schema.iter().flat_map(|schema| schema.fields());
    fields.any(|field| field.redact && field.column() == column)
}

fn hide_columns<'a>(
    meta: &SchemaMeta,
    columns: impl Iterator<Item = &'a (Str, Value)>,
    params: &mut [Value],
) {
    for ((column, _), param) in columns.zip(params) {
        if is_redacted(&meta.schema, column) {
            *param = HIDDEN;
        }
    }
}

fn hide(plan: &Plan, params: &mut [Value]) {
    let mut walk = Walk { plans: Vec::new(), params };
    walk.plan(plan);
}

struct Walk<'a> {
    /// The plan at hand, last, and those around it.
    plans: Vec<&'a Plan>,
    params: &'a mut [Value],
}

impl<'a> Walk<'a> {
    fn plan(&mut self, plan: &'a Plan) {
        self.plans.push(plan);
        for assignment in &plan.updates {
            match self.is_column_redacted(plan, 0, &assignment.column) {
                true => self.hide_all(&assignment.expr),
                false => self.expr(&assignment.expr),
            }
        }
        let conditions = plan.filters.iter().chain(&plan.havings).map(|condition| &condition.expr);
        let orders = plan.orders.iter().map(|order| &order.expr);
        let others = plan.joins.iter().filter_map(|join| join.on.as_ref());
        let fields = plan.fields.iter().map(|field| &field.expr);
        conditions.chain(orders).chain(others).chain(&plan.groups).chain(fields).for_each(|e| self.expr(e));
        for source in &plan.sources {
            if let Source::Subquery(inner) = source {
                self.plan(inner);
            }
        }
        for cte in &plan.ctes {
            if let CteRows::Plan(inner) = &cte.rows {
                self.plan(inner);
            }
        }
        plan.combinations.iter().for_each(|(_, inner)| self.plan(inner));
        self.plans.pop();
    }

    fn is_column_redacted(&self, plan: &Plan, source: usize, column: &str) -> bool {
        match plan.sources.get(source) {
            Some(Source::Table { schema, .. } | Source::Cte { schema, .. }) => is_redacted(schema, column),
            _ => false,
        }
    }

    /// Hides what is compared with a redacted field, wherever in the comparison.
    fn expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Call(Function::And | Function::Or | Function::Not, parts) => {
                parts.iter().for_each(|part| self.expr(part));
            }
            Expr::Subquery(plan) => self.plan(plan),
            expr if self.is_about_redacted(expr) => self.hide_all(expr),
            expr => each_part(expr, &mut |part| self.expr(part)),
        }
    }

    fn is_about_redacted(&self, expr: &Expr) -> bool {
        if let Expr::Column(column) = expr {
            let plan = self.plans.len().checked_sub(column.level + 1).and_then(|at| self.plans.get(at));
            return plan.is_some_and(|plan| self.is_column_redacted(plan, column.source, &column.name));
        }
        let mut found = false;
        each_part(expr, &mut |part| found = found || self.is_about_redacted(part));
        found
    }

    fn hide_all(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Param(at) => {
                if let Some(param) = self.params.get_mut(*at) {
                    *param = HIDDEN;
                }
            }
            Expr::Subquery(plan) => self.plan(plan),
            expr => each_part(expr, &mut |part| self.hide_all(part)),
        }
    }
}

/// The expressions that an expression is directly made of.
fn each_part<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match expr {
        Expr::Call(_, parts) | Expr::List(parts) => parts.iter().for_each(visit),
        Expr::Filter(one, other) => [one, other].into_iter().for_each(|part| visit(part)),
        Expr::Over(part, _) | Expr::Cast(part, _) | Expr::Splice(part) | Expr::JsonPath(part, _) => {
            visit(part)
        }
        Expr::Fragment(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Expr(part) = piece {
                visit(part);
            }
        }),
        Expr::DateAdd { from, count, unit, .. } => {
            [from, count, unit].into_iter().for_each(|part| visit(part))
        }
        Expr::Column(_)
        | Expr::Source(_)
        | Expr::Literal(_)
        | Expr::Param(_)
        | Expr::Subquery(_)
        | Expr::Identifier(_)
        | Expr::Constant(_)
        | Expr::SelectedAs(_) => {}
    }
}
