//! The value of an expression for a row.

use ectomorph::adapter::AdapterError;
use ectomorph::query::Function;
use ectomorph::query::plan::{Expr, Piece};
use ectomorph::value::{Value, to_text};
use std::cmp::Ordering;

/// A row of each source, with the names of its columns; `None` where an outer join found nothing.
pub struct Scope<'a> {
    pub names: &'a [Vec<String>],
    pub rows: &'a [Option<Vec<Value>>],
    pub params: &'a [Value],
}

pub type Evaluated = Result<Value, AdapterError>;

impl Scope<'_> {
    pub fn value(&self, expr: &Expr) -> Evaluated {
        match expr {
            Expr::Column(column) if column.level == 0 => {
                let Some(row) = &self.rows[column.source] else { return Ok(Value::Null) };
                let names = &self.names[column.source];
                match names.iter().position(|name| *name == column.name.as_str()) {
                    Some(at) => Ok(row[at].clone()),
                    None => Err(AdapterError::Query {
                        message: format!("column {} does not exist", column.name),
                        code: Some("42703".into()),
                    }),
                }
            }
            Expr::Literal(value) => Ok(value.clone()),
            Expr::Param(at) => Ok(self.params[*at].clone()),
            Expr::List(list) => {
                Ok(Value::List(list.iter().map(|expr| self.value(expr)).collect::<Result<_, _>>()?))
            }
            Expr::Cast(expr, _) => self.value(expr),
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Fragment(pieces) => self.fragment(pieces),
            other => Err(AdapterError::unsupported(format!("{other:?}"))),
        }
    }

    /// Whether a condition holds; null is no.
    pub fn holds(&self, expr: &Expr) -> Result<bool, AdapterError> {
        Ok(self.value(expr)? == Value::Bool(true))
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> Evaluated {
        use Function::*;
        let values: Vec<Value> = arguments.iter().map(|expr| self.value(expr)).collect::<Result<_, _>>()?;
        let bool = |flag: bool| Ok(Value::Bool(flag));
        match (function, &values[..]) {
            (And, [a, b]) => Ok(match (a.as_bool(), b.as_bool()) {
                (Some(false), _) | (_, Some(false)) => Value::Bool(false),
                (Some(true), Some(true)) => Value::Bool(true),
                _ => Value::Null,
            }),
            (Or, [a, b]) => Ok(match (a.as_bool(), b.as_bool()) {
                (Some(true), _) | (_, Some(true)) => Value::Bool(true),
                (Some(false), Some(false)) => Value::Bool(false),
                _ => Value::Null,
            }),
            (Not, [a]) => Ok(a.as_bool().map_or(Value::Null, |flag| Value::Bool(!flag))),
            (IsNil, [a]) => bool(a.is_null()),
            (_, [a, b]) if function != Coalesce && (a.is_null() || b.is_null()) => Ok(Value::Null),
            (Eq, [a, b]) => bool(order(a, b) == Ordering::Equal),
            (Ne, [a, b]) => bool(order(a, b) != Ordering::Equal),
            (Lt, [a, b]) => bool(order(a, b).is_lt()),
            (Lte, [a, b]) => bool(order(a, b).is_le()),
            (Gt, [a, b]) => bool(order(a, b).is_gt()),
            (Gte, [a, b]) => bool(order(a, b).is_ge()),
            (In, [a, Value::List(list)]) => {
                if list.iter().any(|b| !b.is_null() && order(a, b).is_eq()) {
                    return bool(true);
                }
                Ok(if list.iter().any(Value::is_null) { Value::Null } else { Value::Bool(false) })
            }
            (Coalesce, [a, b]) => Ok(if a.is_null() { b.clone() } else { a.clone() }),
            (Add, [Value::Integer(a), Value::Integer(b)]) => Ok(Value::Integer(a + b)),
            (Subtract, [Value::Integer(a), Value::Integer(b)]) => Ok(Value::Integer(a - b)),
            (Multiply, [Value::Integer(a), Value::Integer(b)]) => Ok(Value::Integer(a * b)),
            (Divide, [Value::Integer(_), Value::Integer(0)]) => {
                Err(AdapterError::Query { message: "division by zero".into(), code: Some("22012".into()) })
            }
            (Divide, [Value::Integer(a), Value::Integer(b)]) => Ok(Value::Integer(a / b)),
            _ => Err(AdapterError::unsupported(function.name())),
        }
    }

    /// The two pieces of SQL that the vectors of writes have.
    fn fragment(&self, pieces: &[Piece]) -> Evaluated {
        match pieces {
            [Piece::Raw(before), Piece::Expr(expr), Piece::Raw(after)]
                if (before.as_str(), after.as_str()) == ("upper(", ")") =>
            {
                let value = self.value(expr)?;
                Ok(value.as_str().map_or(Value::Null, |text| text.to_uppercase().into()))
            }
            [.., Piece::Expr(expr), Piece::Raw(after)] if after.as_str() == " || '!'" => {
                let value = self.value(expr)?;
                Ok(value.as_str().map_or(Value::Null, |text| format!("{text}!").into()))
            }
            _ => Err(AdapterError::unsupported("fragment")),
        }
    }
}

/// The order of two values that are not null.
pub fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.unix_days().cmp(&b.unix_days()),
        (Value::Time(a), Value::Time(b)) => a.compare(b),
        (Value::NaiveDatetime(a), Value::NaiveDatetime(b)) => a.compare(b),
        (Value::UtcDatetime(a), Value::UtcDatetime(b)) => a.compare(b),
        (Value::List(a), Value::List(b)) => a
            .iter()
            .zip(b)
            .map(|(a, b)| order(a, b))
            .find(|order| order.is_ne())
            .unwrap_or(a.len().cmp(&b.len())),
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => match (a.as_bytes(), b.as_bytes()) {
                (Some(a), Some(b)) => a.cmp(b),
                _ => to_text(a).cmp(&to_text(b)),
            },
        },
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Decimal(_) => to_text(value)?.parse().ok(),
        _ => None,
    }
}
