//! Conditions as text.

use super::text::{Quotes, Result, backslash_quoted, single_quoted, unsupported};
use crate::expr::{Call, Expr, MAX_DEPTH, Operator};
use crate::migration::Condition;
use crate::value::{Value, float_text, to_text};

/// Whose words an expression is written in.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Words {
    Postgres,
    MySql,
    Sqlite,
    Mssql,
}

/// The text of a condition: SQL as it is, an expression in the words of the dialect.
pub(super) fn condition(condition: &Condition, words: Words) -> Result<String> {
    match condition {
        Condition::Sql(sql) => Ok(sql.to_string()),
        Condition::Expr(expr) => words.predicate(expr, MAX_DEPTH),
    }
}

impl Words {
    fn quotes(self) -> Quotes {
        match self {
            Words::Postgres | Words::Sqlite => Quotes('"', '"'),
            Words::MySql => Quotes('`', '`'),
            Words::Mssql => Quotes('[', ']'),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Words::Postgres => "PostgreSQL",
            Words::MySql => "MySQL",
            Words::Sqlite => "SQLite",
            Words::Mssql => "MSSQL",
        }
    }

    fn refused(self, what: &str) -> crate::adapter::AdapterError {
        unsupported(format!("{what} in a condition in {}", self.name()))
    }

    /// What is true or false. MSSQL has no such values, only bits.
    fn predicate(self, expr: &Expr, levels: usize) -> Result<String> {
        match expr {
            Expr::Field(name) if self == Words::Mssql => Ok(format!("{} = 1", self.quotes().name(name)?)),
            Expr::Literal(Value::Bool(flag)) if self == Words::Mssql => {
                Ok(format!("1 = {}", u8::from(*flag)))
            }
            Expr::Literal(_) | Expr::Field(_) | Expr::Changed(_) => self.value(expr, levels),
            Expr::Call(call) => self.call(call, levels),
        }
    }

    fn value(self, expr: &Expr, levels: usize) -> Result<String> {
        match expr {
            Expr::Field(name) => self.quotes().name(name),
            Expr::Literal(value) => self.literal(value),
            Expr::Call(call) => {
                use Operator::{Add, Coalesce, Divide, Multiply, Subtract};
                let computes = matches!(call.operator(), Add | Subtract | Multiply | Divide | Coalesce);
                if self == Words::Mssql && !computes {
                    return Err(self.refused("a comparison as a value"));
                }
                Ok(format!("({})", self.call(call, levels)?))
            }
            _ => Err(self.refused("`changed`")),
        }
    }

    fn call(self, call: &Call, levels: usize) -> Result<String> {
        let Some(levels) = levels.checked_sub(1) else {
            return Err(self.refused("more nesting than an expression may have"));
        };
        let operands = call.operands();
        let value =
            |at: usize| operands.get(at).map_or(Ok(String::new()), |operand| self.value(operand, levels));
        let between = |sign: &str| Ok(format!("{} {sign} {}", value(0)?, value(1)?));
        let joined = |word: &str| {
            let parts = operands.iter().map(|operand| Ok(format!("({})", self.predicate(operand, levels)?)));
            Ok(parts.collect::<Result<Vec<String>>>()?.join(word))
        };
        match call.operator() {
            Operator::Equal => between("="),
            Operator::NotEqual => between("<>"),
            Operator::Less => between("<"),
            Operator::LessOrEqual => between("<="),
            Operator::Greater => between(">"),
            Operator::GreaterOrEqual => between(">="),
            Operator::Add => between("+"),
            Operator::Subtract => between("-"),
            Operator::Multiply => between("*"),
            // Divided integers are no integers in MySQL.
            Operator::Divide if self != Words::MySql => between("/"),
            Operator::And => joined(" AND "),
            Operator::Or => joined(" OR "),
            Operator::Not => match operands {
                [operand] => Ok(format!("NOT ({})", self.predicate(operand, levels)?)),
                _ => Err(self.refused("not")),
            },
            Operator::IsNil => Ok(format!("{} IS NULL", value(0)?)),
            Operator::Coalesce => Ok(format!("coalesce({}, {})", value(0)?, value(1)?)),
            Operator::In => match operands {
                [element, Expr::Literal(Value::List(list))] if !list.is_empty() => {
                    let list = list.iter().map(|each| self.literal(each)).collect::<Result<Vec<_>>>()?;
                    Ok(format!("{} IN ({})", self.value(element, levels)?, list.join(", ")))
                }
                _ => Err(self.refused("`in` of what is no list of values")),
            },
            // The backslash escapes in patterns of expressions, and here by itself only in two.
            Operator::Like if matches!(self, Words::Postgres | Words::MySql) => between("LIKE"),
            Operator::Like => Ok(between("LIKE")? + " ESCAPE '\\'"),
            Operator::Ilike if self == Words::Postgres => between("ILIKE"),
            // Graphemes are counted nowhere.
            other => Err(self.refused(&format!("`{}`", other.name()))),
        }
    }

    fn literal(self, value: &Value) -> Result<String> {
        let text = |text: &str| match self {
            Words::MySql => backslash_quoted(text),
            Words::Mssql => format!("N{}", single_quoted(text)),
            Words::Postgres | Words::Sqlite => single_quoted(text),
        };
        match value {
            Value::Null => Ok("NULL".to_owned()),
            Value::Bool(flag) if self == Words::Mssql => Ok(u8::from(*flag).to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            Value::Integer(number) => Ok(number.to_string()),
            Value::Float(number) if number.is_finite() => Ok(float_text(*number)),
            Value::String(string) if !string.contains('\0') => Ok(text(string)),
            Value::Decimal(_) => to_text(value).ok_or_else(|| self.refused("a decimal")),
            Value::Date(_) => to_text(value).map(|iso| text(&iso)).ok_or_else(|| self.refused("a date")),
            // SQLite has times as text, whose digits would matter.
            Value::Time(_) | Value::NaiveDatetime(_) if self != Words::Sqlite => {
                to_text(value).map(|iso| text(&iso)).ok_or_else(|| self.refused("a time"))
            }
            // Columns have no zone.
            Value::UtcDatetime(utc) => self.literal(&Value::NaiveDatetime(utc.naive())),
            other => Err(self.refused(other.kind())),
        }
    }
}
