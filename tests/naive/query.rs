//! Running plans.

use super::Database;
use super::evaluate::{Scope, order};
use ectomorph::adapter::{AdapterError, Answer, Outcome, Query};
use ectomorph::query::plan::{Expr, Operation, Plan, Source};
use ectomorph::query::{Function, JoinKind, UpdateOp};
use ectomorph::value::Value;
use std::cmp::Ordering;

/// A row of each source.
type Combined = Vec<Option<Vec<Value>>>;

impl Database {
    pub(super) fn query(&mut self, query: Query<'_>) -> Outcome {
        let (plan, params) = (&**query.plan, &query.params[..]);
        match plan.operation {
            Operation::All | Operation::InsertAll => {
                let rows = self.rows(plan, params)?;
                Ok(Answer { count: rows.len(), rows })
            }
            Operation::UpdateAll => self.update_all(plan, params),
            Operation::DeleteAll => self.delete_all(plan, params),
        }
    }

    /// The rows of a plan.
    pub(super) fn rows(&self, plan: &Plan, params: &[Value]) -> Result<Vec<Vec<Value>>, AdapterError> {
        let unsupported = [
            ("with_cte", !plan.ctes.is_empty()),
            ("windows", !plan.windows.is_empty()),
            ("group_by", !plan.groups.is_empty() || !plan.havings.is_empty()),
            ("distinct", plan.distinct.is_some()),
            ("combinations", !plan.combinations.is_empty()),
            ("lock", plan.lock.is_some()),
        ];
        if let Some((feature, _)) = unsupported.iter().find(|(_, is_there)| *is_there) {
            return Err(AdapterError::unsupported(*feature));
        }
        let (names, mut combined) = self.matching(plan, params)?;
        if plan.fields.iter().any(|field| is_aggregate(&field.expr)) {
            let row = plan.fields.iter().map(|field| aggregate(&field.expr, &names, &combined, params));
            return Ok(vec![row.collect::<Result<_, _>>()?]);
        }
        if !plan.orders.is_empty() {
            let mut keyed = Vec::new();
            for rows in combined {
                let scope = Scope { names: &names, rows: &rows, params };
                let keys: Vec<Value> =
                    plan.orders.iter().map(|by| scope.value(&by.expr)).collect::<Result<_, _>>()?;
                keyed.push((keys, rows));
            }
            keyed.sort_by(|(a, _), (b, _)| {
                let each = plan.orders.iter().zip(a.iter().zip(b));
                each.map(|(by, (a, b))| {
                    let nulls_first = by.direction.nulls_first();
                    match (a.is_null(), b.is_null()) {
                        (true, true) => Ordering::Equal,
                        (true, false) if nulls_first => Ordering::Less,
                        (true, false) => Ordering::Greater,
                        (false, true) if nulls_first => Ordering::Greater,
                        (false, true) => Ordering::Less,
                        _ if by.direction.is_desc() => order(b, a),
                        _ => order(a, b),
                    }
                })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
            });
            combined = keyed.into_iter().map(|(_, rows)| rows).collect();
        }
        let number = |expr: &Option<Expr>| -> Result<Option<usize>, AdapterError> {
            let Some(expr) = expr else { return Ok(None) };
            let scope = Scope { names: &[], rows: &[], params };
            Ok(scope.value(expr)?.as_integer().and_then(|number| usize::try_from(number).ok()))
        };
        let (offset, limit) = (number(&plan.offset)?.unwrap_or(0), number(&plan.limit)?);
        let chosen = combined.into_iter().skip(offset).take(limit.unwrap_or(usize::MAX));
        chosen.map(|rows| select(plan, &names, &rows, params)).collect()
    }

    /// The rows of all sources that match.
    fn matching(
        &self,
        plan: &Plan,
        params: &[Value],
    ) -> Result<(Vec<Vec<String>>, Vec<Combined>), AdapterError> {
        let mut names = Vec::new();
        let mut tables = Vec::new();
        for source in &plan.sources {
            let (columns, rows) = self.source(source, params)?;
            names.push(columns);
            tables.push(rows);
        }
        let mut combined: Vec<Combined> = Vec::new();
        for row in &tables[0] {
            let mut rows = vec![None; tables.len()];
            rows[0] = Some(row.clone());
            combined.push(rows);
        }
        for join in &plan.joins {
            let outer = match join.kind {
                JoinKind::Inner | JoinKind::Cross => false,
                JoinKind::Left => true,
                other => return Err(AdapterError::unsupported(format!("{} join", other.name()))),
            };
            let mut next = Vec::new();
            for left in combined {
                let mut found = false;
                for row in &tables[join.source] {
                    let mut rows = left.clone();
                    rows[join.source] = Some(row.clone());
                    let scope = Scope { names: &names, rows: &rows, params };
                    let matches = match &join.on {
                        Some(on) => scope.holds(on)?,
                        None => true,
                    };
                    if matches {
                        found = true;
                        next.push(rows);
                    }
                }
                if outer && !found {
                    next.push(left);
                }
            }
            combined = next;
        }
        let mut kept = Vec::new();
        for rows in combined {
            let scope = Scope { names: &names, rows: &rows, params };
            let mut holds = true;
            for (at, condition) in plan.filters.iter().enumerate() {
                let this = scope.holds(&condition.expr)?;
                holds = if condition.or && at > 0 { holds || this } else { holds && this };
            }
            if holds {
                kept.push(rows);
            }
        }
        Ok((names, kept))
    }

    fn source(
        &self,
        source: &Source,
        params: &[Value],
    ) -> Result<(Vec<String>, Vec<Vec<Value>>), AdapterError> {
        match source {
            Source::Table { table, .. } => {
                let table = &self.tables[self.table(table)?];
                Ok((table.columns.iter().map(|column| column.name.clone()).collect(), table.rows.clone()))
            }
            Source::Subquery(plan) => {
                let name = |field: &ectomorph::query::plan::Field| {
                    field.alias.as_ref().map(ToString::to_string).unwrap_or_default()
                };
                Ok((plan.fields.iter().map(name).collect(), self.rows(plan, params)?))
            }
            _ => Err(AdapterError::unsupported("source")),
        }
    }

    fn update_all(&mut self, plan: &Plan, params: &[Value]) -> Outcome {
        let (names, matching) = self.matching(plan, params)?;
        let Source::Table { table, .. } = &plan.sources[0] else {
            return Err(AdapterError::unsupported("update of a subquery"));
        };
        let at = self.table(table)?;
        let mut answer = Answer::default();
        let mut done: Vec<Vec<Value>> = Vec::new();
        for rows in matching {
            let Some(old) = rows[0].clone() else { continue };
            if done.contains(&old) {
                continue;
            }
            done.push(old.clone());
            let scope = Scope { names: &names, rows: &rows, params };
            let new = self.assigned(at, &old, plan, &scope)?;
            self.replace(at, &old, new.clone())?;
            let mut written = rows.clone();
            written[0] = Some(new);
            answer.count += 1;
            if !plan.fields.is_empty() {
                answer.rows.push(select(plan, &names, &written, params)?);
            }
        }
        self.check_references()?;
        Ok(answer)
    }

    /// A row with the updates of a plan.
    pub(super) fn assigned(
        &self,
        at: usize,
        old: &[Value],
        plan: &Plan,
        scope: &Scope<'_>,
    ) -> Result<Vec<Value>, AdapterError> {
        let table = &self.tables[at];
        let mut new = old.to_vec();
        for update in &plan.updates {
            let column = table.column(&update.column)?;
            let value = scope.value(&update.expr)?;
            new[column] = match (update.op, &old[column]) {
                (UpdateOp::Set, _) => value,
                (_, Value::Null) => Value::Null,
                (UpdateOp::Inc, Value::Integer(number)) => {
                    Value::Integer(number + value.as_integer().unwrap_or_default())
                }
                (UpdateOp::Push, Value::List(list)) => Value::List([&list[..], &[value]].concat()),
                (UpdateOp::Pull, Value::List(list)) => {
                    Value::List(list.iter().filter(|element| **element != value).cloned().collect())
                }
                (op, _) => return Err(AdapterError::unsupported(op.name())),
            };
        }
        Ok(new)
    }

    fn delete_all(&mut self, plan: &Plan, params: &[Value]) -> Outcome {
        let (names, matching) = self.matching(plan, params)?;
        let Source::Table { table, .. } = &plan.sources[0] else {
            return Err(AdapterError::unsupported("delete from a subquery"));
        };
        let at = self.table(table)?;
        let mut answer = Answer::default();
        let mut gone: Vec<Vec<Value>> = Vec::new();
        for rows in matching {
            let Some(old) = rows[0].clone() else { continue };
            if gone.contains(&old) {
                continue;
            }
            answer.count += 1;
            if !plan.fields.is_empty() {
                answer.rows.push(select(plan, &names, &rows, params)?);
            }
            gone.push(old);
        }
        self.remove(at, gone)?;
        Ok(answer)
    }
}

fn select(
    plan: &Plan,
    names: &[Vec<String>],
    rows: &Combined,
    params: &[Value],
) -> Result<Vec<Value>, AdapterError> {
    let scope = Scope { names, rows, params };
    plan.fields.iter().map(|field| scope.value(&field.expr)).collect()
}

fn is_aggregate(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(function, _) if function.is_aggregate())
}

fn aggregate(
    expr: &Expr,
    names: &[Vec<String>],
    combined: &[Combined],
    params: &[Value],
) -> Result<Value, AdapterError> {
    let Expr::Call(function, arguments) = expr else { return Err(AdapterError::unsupported("group")) };
    let mut values = Vec::new();
    for rows in combined {
        let scope = Scope { names, rows, params };
        match arguments.first() {
            None => values.push(Value::Bool(true)),
            Some(expr) => values.push(scope.value(expr)?),
        }
    }
    values.retain(|value| !value.is_null());
    let least = |a: Value, b: Value| if order(&a, &b).is_le() { a } else { b };
    let greatest = |a: Value, b: Value| if order(&a, &b).is_ge() { a } else { b };
    match function {
        Function::Count => Ok(Value::Integer(i64::try_from(values.len()).unwrap_or(i64::MAX))),
        Function::Sum if values.is_empty() => Ok(Value::Null),
        Function::Sum if values.iter().all(|value| value.as_integer().is_some()) => {
            Ok(Value::Integer(values.iter().filter_map(Value::as_integer).sum()))
        }
        Function::Min => Ok(values.into_iter().reduce(least).unwrap_or_default()),
        Function::Max => Ok(values.into_iter().reduce(greatest).unwrap_or_default()),
        other => Err(AdapterError::unsupported(other.name())),
    }
}
