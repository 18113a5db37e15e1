//! Writing expressions.

use super::{DateAdd, Dialect, Family, Feature, Result, unsupported, unwritable};
use crate::adapter::AdapterError;
use crate::params::to_json;
use crate::query::plan::{Column, Expr, Order, Over, Piece, Plan, Source, Window};
use crate::query::{DateKind, Direction, Function, Key};
use crate::value::{Value, notation, to_text};
use std::collections::BTreeMap;

/// Writes one statement.
pub(super) struct Writer<'a> {
    pub(super) dialect: &'a dyn Dialect,
    params: &'a [Value],
    /// The params of the statement, in the order of its placeholders.
    pub(super) sent: Vec<Value>,
    /// Which params of the plan those are.
    pub(super) places: Vec<usize>,
    /// Whether the text is the same with other params.
    pub(super) is_fixed: bool,
    /// Numbers that params have already.
    numbers: BTreeMap<usize, String>,
    /// The names of sources of the plans around, and of the present one, last.
    pub(super) names: Vec<Vec<String>>,
    /// Whether SQLite's params of rows have numbers, as a placeholder may stand at several places.
    pub(super) is_numbered: bool,
    /// Whether columns are written without the name of their source: in SQLite's RETURNING.
    pub(super) bare: bool,
}

/// Units of time; anything else would be SQL from outside.
const UNITS: [&str; 9] =
    ["year", "month", "week", "day", "hour", "minute", "second", "millisecond", "microsecond"];

impl<'a> Writer<'a> {
    pub(super) fn new(dialect: &'a dyn Dialect, params: &'a [Value]) -> Writer<'a> {
        let (sent, places, numbers, names) = (Vec::new(), Vec::new(), BTreeMap::new(), Vec::new());
        Writer {
            dialect,
            params,
            sent,
            places,
            is_fixed: true,
            numbers,
            names,
            is_numbered: true,
            bare: false,
        }
    }

    pub(super) fn needs(&self, feature: Feature) -> Result<()> {
        match self.dialect.lacks().contains(&feature) {
            true => Err(unsupported(self.dialect, feature)),
            false => Ok(()),
        }
    }

    pub(super) fn quote(&self, name: &str) -> Result<String> {
        let (open, close) = self.dialect.quotes();
        if name.contains([open, close, '\0']) {
            let message = format!("bad name {name:?}: {open} and null bytes are not permitted");
            return Err(AdapterError::query(message));
        }
        Ok(format!("{open}{name}{close}"))
    }

    /// Names for the sources of a plan: a letter and a number, behind the prefix of the plan.
    pub(super) fn name_sources(&mut self, plan: &Plan, prefix: &str) {
        let letter = |source: &Source| match source {
            Source::Table { table: name, .. } | Source::Cte { name, .. } => {
                name.chars().next().filter(char::is_ascii_alphabetic).unwrap_or('t')
            }
            Source::Subquery(_) => 's',
            Source::Fragment(_) => 'f',
            Source::Values { .. } => 'v',
        };
        let named = |(at, source)| format!("{prefix}{}{at}", letter(source));
        self.names.push(plan.sources.iter().enumerate().map(named).collect());
    }

    pub(super) fn source_name(&self, level: usize, source: usize) -> &str {
        let names = self.names.len().checked_sub(level + 1).and_then(|at| self.names.get(at));
        names.and_then(|names| names.get(source)).map_or("", String::as_str)
    }

    /// The names of a plan's sources all begin with this, and those of plans within with an `s` more.
    pub(super) fn prefix(&self) -> String {
        let name = self.source_name(0, 0);
        let letters = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let own = letters.len().saturating_sub(1);
        format!("s{}", &letters[..own])
    }

    fn send(&mut self, at: usize) -> Result<String> {
        if let Some(number) = self.numbers.get(&at) {
            let number = number.clone();
            // A placeholder without a number needs its value once more.
            if number == "?" {
                self.sent.push(self.param(at)?.clone());
                self.places.push(at);
            }
            return Ok(number);
        }
        self.sent.push(self.param(at)?.clone());
        self.places.push(at);
        let placeholder = self.dialect.placeholder(self.sent.len());
        self.numbers.insert(at, placeholder.clone());
        Ok(placeholder)
    }

    fn param(&self, at: usize) -> Result<&'a Value> {
        self.params.get(at).ok_or_else(|| AdapterError::query(format!("the plan needs a param {at}")))
    }

    pub(super) fn send_value(&mut self, value: Value) -> String {
        self.is_fixed = false;
        self.sent.push(value);
        self.dialect.placeholder(self.sent.len())
    }

    /// Writes something that has params of its own.
    pub(super) fn with_params<T>(
        &mut self,
        params: &'a [Value],
        write: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.is_fixed = false;
        let outer = core::mem::replace(&mut self.params, params);
        let numbers = core::mem::take(&mut self.numbers);
        let written = write(self);
        (self.params, self.numbers) = (outer, numbers);
        written
    }

    /// A param each for the elements of a list.
    fn send_each(&mut self, at: usize) -> Result<Vec<String>> {
        self.is_fixed = false;
        let list = self.param(at)?.as_list().unwrap_or_default().to_vec();
        Ok(list.into_iter().map(|value| self.send_value(value)).collect())
    }

    pub(super) fn joined<T>(
        &mut self,
        all: &[T],
        between: &str,
        mut write: impl FnMut(&mut Self, &T) -> Result<String>,
    ) -> Result<String> {
        let texts: Result<Vec<String>> = all.iter().map(|one| write(self, one)).collect();
        Ok(texts?.join(between))
    }

    /// An argument: in parentheses if it is an operator.
    pub(super) fn operand(&mut self, expr: &Expr) -> Result<String> {
        let text = self.expr(expr)?;
        Ok(if is_operator(expr) { format!("({text})") } else { text })
    }

    /// As [`Writer::expr`], but a subquery without its parentheses where the dialect wants none.
    pub(super) fn top(&mut self, expr: &Expr) -> Result<String> {
        match expr {
            Expr::Subquery(plan) if !self.dialect.has_list_params() => self.subquery(plan),
            expr => self.expr(expr),
        }
    }

    pub(super) fn subquery(&mut self, plan: &Plan) -> Result<String> {
        let prefix = self.prefix();
        self.all(plan, &prefix)
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<String> {
        Ok(match expr {
            Expr::Column(column) => self.column(column)?,
            Expr::Source(source) => self.source_name(0, *source).to_owned(),
            Expr::Literal(value) => self.dialect.literal(value)?,
            Expr::Param(at) => self.send(*at)?,
            Expr::Call(function, arguments) => self.call(*function, arguments)?,
            Expr::List(elements) => {
                self.needs(Feature::Arrays)?;
                match elements.is_empty() {
                    true => "'{}'".to_owned(),
                    false => format!("ARRAY[{}]", self.joined(elements, ",", Self::expr)?),
                }
            }
            Expr::Filter(call, condition) => {
                self.needs(Feature::Filter)?;
                format!("{} FILTER (WHERE {})", self.expr(call)?, self.expr(condition)?)
            }
            Expr::Over(call, over) => {
                self.needs(Feature::Window)?;
                let call = self.expr(call)?;
                match over {
                    Over::Named(name) => format!("{call} OVER {}", self.quote(name)?),
                    Over::Window(window) => format!("{call} OVER {}", self.window(window)?),
                }
            }
            Expr::Subquery(plan) => format!("({})", self.subquery(plan)?),
            Expr::Cast(inner, kind) => {
                let text = match self.dialect.has_list_params() {
                    true => self.operand(inner)?,
                    false => self.expr(inner)?,
                };
                self.dialect.cast(text, kind)?
            }
            Expr::Fragment(pieces) => self.fragment(pieces)?,
            Expr::Splice(list) => match &**list {
                Expr::Param(at) => self.send_each(*at)?.join(","),
                other => self.expr(other)?,
            },
            Expr::Identifier(name) | Expr::SelectedAs(name) => self.quote(name)?,
            Expr::Constant(value) => self.dialect.literal(value)?,
            Expr::JsonPath(inner, path) => {
                self.needs(Feature::JsonPath)?;
                let inner = self.expr(inner)?;
                self.dialect.json_path(inner, path)?
            }
            Expr::DateAdd { kind, from, count, unit } => self.date_add(*kind, from, count, unit)?,
        })
    }

    fn column(&self, column: &Column) -> Result<String> {
        let name = self.quote(&column.name)?;
        match self.bare && column.level == 0 {
            true => Ok(name),
            false => Ok(format!("{}.{name}", self.source_name(column.level, column.source))),
        }
    }

    fn date_add(&mut self, kind: DateKind, from: &Expr, count: &Expr, unit: &Expr) -> Result<String> {
        let Expr::Literal(Value::String(unit)) = unit else {
            return Err(AdapterError::query("the unit of an interval is written in the query"));
        };
        if !UNITS.contains(&unit.as_str()) {
            return Err(AdapterError::query(format!(
                "the unit `{unit}` is unknown; known are {}",
                UNITS.join(", ")
            )));
        }
        let typed = matches!(from, Expr::Cast(..));
        let is_number = matches!(count, Expr::Literal(Value::Integer(_) | Value::Float(_)));
        let from = self.expr(from)?;
        let count = match count {
            Expr::Literal(Value::Float(number)) => crate::value::float_text(*number),
            count => self.expr(count)?,
        };
        Ok(self.dialect.date_add(DateAdd { kind, from, typed, count, is_number, unit }))
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> Result<String> {
        use Function::*;
        let sign = match (function, arguments) {
            (In, [left, right]) => return self.call_in(left, right),
            (IsNil, [expr]) => return Ok(format!("{} IS NULL", self.expr(expr)?)),
            (Not, [expr]) => return Ok(format!("NOT ({})", self.expr(expr)?)),
            (Count, []) => return Ok("count(*)".to_owned()),
            (CountDistinct, [expr]) => {
                let word = if self.dialect.family() == Family::Sqlite { "distinct" } else { "DISTINCT" };
                return Ok(format!("count({word} {})", self.expr(expr)?));
            }
            (Exists, [Expr::Subquery(plan)])
                if matches!(self.dialect.family(), Family::Sqlite | Family::Mssql) =>
            {
                return Ok(format!("exists({})", self.subquery(plan)?));
            }
            (Eq, [Expr::JsonPath(inner, path), Expr::Literal(value)]) if self.dialect.has_list_params() => {
                if let Some(contains) = self.json_contains(inner, path, value)? {
                    return Ok(contains);
                }
                " = "
            }
            (Ilike, _) => {
                self.needs(Feature::Ilike)?;
                self.dialect.ilike()
            }
            (Ne, _) => self.dialect.not_equal(),
            (Eq, _) => " = ",
            (Lt, _) => " < ",
            (Lte, _) => " <= ",
            (Gt, _) => " > ",
            (Gte, _) => " >= ",
            (Add, _) => " + ",
            (Subtract, _) => " - ",
            (Multiply, _) => " * ",
            (Divide, _) => " / ",
            (And, _) => " AND ",
            (Or, _) => " OR ",
            (Like, _) => " LIKE ",
            (function, arguments) => {
                let is_top = self.dialect.family() == Family::Mssql;
                let arguments = self.joined(arguments, ", ", |writer, argument| match is_top {
                    true => writer.top(argument),
                    false => writer.expr(argument),
                })?;
                return Ok(format!("{}({arguments})", function.name()));
            }
        };
        match arguments {
            [left, right] => Ok(format!("{}{sign}{}", self.operand(left)?, self.operand(right)?)),
            _ => Err(AdapterError::query(format!("`{}` takes two arguments", function.name()))),
        }
    }

    /// `meta["n"] == 7` asks whether the JSON value contains the pair, for which there are indexes.
    fn json_contains(&mut self, inner: &Expr, path: &[Key], value: &Value) -> Result<Option<String>> {
        let (Some((Key::Name(last), path)), Value::String(_) | Value::Integer(_) | Value::Bool(_)) =
            (path.split_last(), value)
        else {
            return Ok(None);
        };
        let inner = self.expr(inner)?;
        let extracted = if path.is_empty() { inner } else { self.dialect.json_path(inner, path)? };
        let pair = format!("{{{}: {}}}", to_json(&last.into()), to_json(value));
        Ok(Some(format!("({extracted}@>'{}')", pair.replace('\'', "''"))))
    }

    fn call_in(&mut self, left: &Expr, right: &Expr) -> Result<String> {
        let is_sqlite = self.dialect.family() == Family::Sqlite;
        match right {
            Expr::List(elements) if elements.is_empty() => Ok(self.dialect.never().to_owned()),
            Expr::List(elements) => {
                let literals: Option<Vec<Value>> = elements.iter().map(literal).collect();
                let left = self.expr(left)?;
                match literals {
                    Some(literals) if is_sqlite => {
                        let json = to_json(&notation::encode(&Value::List(literals)));
                        let json = json.replace('\'', "''");
                        Ok(format!("{left} IN (SELECT value FROM JSON_EACH('{json}'))"))
                    }
                    _ => Ok(format!("{left} IN ({})", self.joined(elements, ",", Self::expr)?)),
                }
            }
            Expr::Param(at) if self.dialect.has_list_params() => {
                Ok(format!("{} = ANY({})", self.expr(left)?, self.send(*at)?))
            }
            Expr::Param(at) => {
                self.is_fixed = false;
                if self.param(*at)?.as_list().is_none_or(<[Value]>::is_empty) {
                    return Ok(self.dialect.never().to_owned());
                }
                let left = self.expr(left)?;
                Ok(format!("{left} IN ({})", self.send_each(*at)?.join(",")))
            }
            Expr::Subquery(_) => Ok(format!("{} IN {}", self.expr(left)?, self.expr(right)?)),
            right if is_sqlite => {
                let left = self.expr(left)?;
                Ok(format!("{left} IN (SELECT value FROM JSON_EACH({}))", self.expr(right)?))
            }
            right => Ok(format!("{} = ANY({})", self.expr(left)?, self.expr(right)?)),
        }
    }

    pub(super) fn fragment(&mut self, pieces: &[Piece]) -> Result<String> {
        let text = self.joined(pieces, "", |writer, piece| match piece {
            Piece::Raw(sql) => Ok(sql.to_string()),
            Piece::Expr(expr) => writer.operand(expr),
        })?;
        let is_select = matches!(pieces.first(), Some(Piece::Raw(_)))
            && text.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("select"));
        Ok(if is_select { format!("({text})") } else { text })
    }

    pub(super) fn window(&mut self, window: &Window) -> Result<String> {
        let mut parts = Vec::new();
        if !window.partition_by.is_empty() {
            parts.push(format!("PARTITION BY {}", self.joined(&window.partition_by, ", ", Self::expr)?));
        }
        if !window.order_by.is_empty() {
            parts.push(format!("ORDER BY {}", self.joined(&window.order_by, ", ", Self::order)?));
        }
        if let Some(frame) = &window.frame {
            parts.push(self.fragment(frame)?);
        }
        Ok(format!("({})", parts.join(" ")))
    }

    pub(super) fn order(&mut self, order: &Order) -> Result<String> {
        let by = self.top(&order.expr)?;
        let direction = match order.direction {
            Direction::Asc => return Ok(by),
            Direction::Desc => " DESC",
            direction => {
                self.needs(Feature::NullsOrder)?;
                match direction {
                    Direction::AscNullsFirst => " ASC NULLS FIRST",
                    Direction::AscNullsLast => " ASC NULLS LAST",
                    Direction::DescNullsFirst => " DESC NULLS FIRST",
                    _ => " DESC NULLS LAST",
                }
            }
        };
        Ok(by + direction)
    }
}

fn literal(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::Literal(value) => Some(value.clone()),
        _ => None,
    }
}

fn is_operator(expr: &Expr) -> bool {
    match expr {
        Expr::Call(Function::IsNil | Function::Like | Function::Ilike, _) => true,
        Expr::Call(function, _) => function.is_infix() && *function != Function::In,
        _ => false,
    }
}

/// Text within single quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A literal that all dialects write the same way.
pub(super) fn plain_literal(value: &Value) -> Result<String> {
    Ok(match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(decimal) => decimal.text(),
        Value::Date(_) | Value::Time(_) | Value::NaiveDatetime(_) | Value::UtcDatetime(_) => {
            quoted(&to_text(value).unwrap_or_default())
        }
        _ => return Err(unwritable(value)),
    })
}

/// Bytes in base 16.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
