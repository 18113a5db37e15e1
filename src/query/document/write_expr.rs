//! Writing expressions.

use super::write::{Writer, Written, each};
use crate::query::expr::{Binding, DateKind, Expr, Key, Over, Piece, Pin, Take, Taken, TypeSpec};
use crate::query::{QueryError, QueryErrorKind};
use crate::value::notation::one;
use crate::value::{Map, Value};
use alloc::vec::Vec;

impl Writer {
    pub(super) fn expr(&mut self, expr: &Expr) -> Written {
        Ok(match expr {
            Expr::Literal(Value::List(list)) => {
                let elements = list.iter().map(|element| self.expr(&Expr::Literal(element.clone())));
                form("list", elements.collect::<Result<Vec<_>, _>>()?)
            }
            Expr::Literal(Value::Map(_)) => {
                let message = "a map can't be written as a literal; pin it";
                return Err(QueryError::new(QueryErrorKind::Document, message));
            }
            Expr::Literal(value) => value.clone(),
            Expr::Pin(pin) => self.pin(pin),
            Expr::Field(binding, name) => {
                let operator = match binding {
                    Binding::Parent(_) => "parent_field",
                    _ => "field",
                };
                form(operator, [self.binding(binding).into(), name.into()])
            }
            Expr::Source(binding) => form("binding", [self.binding(binding).into()]),
            Expr::Take(binding, take, fields) => {
                let take = match take {
                    Take::Any => "any",
                    Take::Struct => "struct",
                    Take::Map => "map",
                };
                form("take", [self.binding(binding).into(), take.into(), taken(fields)])
            }
            Expr::Call(function, arguments) => form(function.name(), self.all(arguments)?),
            Expr::List(elements) => form("list", self.all(elements)?),
            Expr::Tuple(elements) => form("tuple", self.all(elements)?),
            Expr::Map(pairs) => form("map", self.pairs(pairs)?),
            Expr::MapUpdate(base, pairs) => {
                let base = self.expr(base)?;
                form("map_update", [[base].into(), self.pairs(pairs)?].concat())
            }
            Expr::Struct(schema, fields) => {
                let mut arguments = Vec::from([schema.name().into()]);
                for (name, value) in fields {
                    arguments.push([name.into(), self.expr(value)?].into());
                }
                form("struct", arguments)
            }
            Expr::Merge(left, right) => form("merge", [self.expr(left)?, self.expr(right)?]),
            Expr::Filter(aggregate, condition) => {
                form("filter", [self.expr(aggregate)?, self.expr(condition)?])
            }
            Expr::Over(function, over) => {
                let function = self.expr(function)?;
                let over = match over {
                    Over::Named(name) => name.into(),
                    Over::Window(window) => self.window(window)?,
                };
                form("over", [function, over])
            }
            Expr::Subquery(query) => form("subquery", [self.query(query)?]),
            Expr::Type(expr, kind) => form("type", [self.expr(expr)?, self.type_spec(kind)]),
            Expr::Fragment(pieces) => self.fragment(pieces)?,
            Expr::Splice(list) => form("splice", [self.expr(list)?]),
            Expr::Identifier(name) => form("identifier", [name.into()]),
            Expr::Constant(value) => form("constant", [value.clone()]),
            Expr::JsonPath(expr, path) => {
                let path = path.iter().map(|key| match key {
                    Key::Name(name) => name.into(),
                    Key::Index(index) => Value::from(*index),
                });
                form("json_path", core::iter::once(self.expr(expr)?).chain(path))
            }
            Expr::DateAdd { kind, from, count, unit } => {
                let operator = match kind {
                    DateKind::Datetime => "datetime_add",
                    DateKind::Date => "date_add",
                };
                form(operator, [self.expr(from)?, self.expr(count)?, self.expr(unit)?])
            }
            Expr::SelectAs(expr, name) => form("select_as", [self.expr(expr)?, name.into()]),
            Expr::SelectedAs(name) => form("selected_as", [name.into()]),
        })
    }

    fn pin(&mut self, pin: &Pin) -> Value {
        let mut param = Map::from([("value", pin.value.clone())]);
        if let Some(kind) = &pin.kind {
            param.set("type", self.type_spec(kind));
        }
        self.params.push(param.into());
        one("param", Value::from(self.params.len() as i64 - 1))
    }

    fn type_spec(&self, spec: &TypeSpec) -> Value {
        match spec {
            TypeSpec::Type(kind) => kind.to_notation(),
            TypeSpec::Field(binding, name) => {
                one("field", [Value::from(self.binding(binding)), name.into()].into())
            }
            TypeSpec::In(inner) => one("in", self.type_spec(inner)),
            TypeSpec::Array(inner) => one("array", self.type_spec(inner)),
            TypeSpec::Out(inner) => one("out", self.type_spec(inner)),
            TypeSpec::Splice(inner) => one("splice", self.type_spec(inner)),
        }
    }

    pub(super) fn fragment(&mut self, pieces: &[Piece]) -> Written {
        let mut all = Vec::with_capacity(pieces.len());
        for piece in pieces {
            all.push(match piece {
                Piece::Raw(sql) => one("raw", sql.into()),
                Piece::Expr(expr) => self.expr(expr)?,
            });
        }
        Ok(form("fragment", all))
    }

    fn pairs(&mut self, pairs: &[(Expr, Expr)]) -> Result<Vec<Value>, QueryError> {
        pairs.iter().map(|(key, value)| Ok([self.expr(key)?, self.expr(value)?].into())).collect()
    }

    fn all(&mut self, exprs: &[Expr]) -> Result<Vec<Value>, QueryError> {
        match each(exprs, |expr| self.expr(expr))? {
            Value::List(all) => Ok(all),
            other => Ok([other].into()),
        }
    }
}

fn form(operator: &'static str, arguments: impl IntoIterator<Item = Value>) -> Value {
    let mut list = Vec::from([Value::from(operator)]);
    list.extend(arguments);
    Value::List(list)
}

fn taken(fields: &[Taken]) -> Value {
    let field = |field: &Taken| match field {
        Taken::Field(name) => name.into(),
        Taken::Assoc(name, fields) => [name.into(), taken(fields)].into(),
    };
    Value::List(fields.iter().map(field).collect())
}
