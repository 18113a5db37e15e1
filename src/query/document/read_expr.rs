//! Reading expressions.

use super::check::{Read, known_keys, list, text, unknown, wrong};
use super::read::Reader;
use crate::query::expr::{Binding, DateKind, Expr, Key, Over, Piece, Pin, Take, Taken};
use crate::query::function::Function;
use crate::query::schemas::SchemaRef;
use crate::value::{Map, Str, Value};
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

/// Operators that are no [`Function`].
const FORMS: [&str; 23] = [
    "field",
    "parent_field",
    "binding",
    "take",
    "tuple",
    "list",
    "map",
    "map_update",
    "struct",
    "merge",
    "filter",
    "over",
    "subquery",
    "type",
    "fragment",
    "splice",
    "identifier",
    "constant",
    "json_path",
    "datetime_add",
    "date_add",
    "select_as",
    "selected_as",
];

impl Reader<'_> {
    pub(super) fn expression(&mut self, document: &Value) -> Read<Expr> {
        match document {
            Value::List(list) => match list.split_first() {
                Some((Value::String(operator), arguments)) => {
                    self.form(operator, arguments).map_err(|error| error.at(operator))
                }
                _ => Err(wrong(
                    "an expression starts with the name of an operator; write a list of values as [\"list\", ..]",
                )),
            },
            Value::Map(map) => self.pin(map),
            scalar => Ok(Expr::Literal(scalar.clone())),
        }
    }

    fn pin(&mut self, map: &Map) -> Read<Expr> {
        known_keys(map, &["param"], "an expression")?;
        let at = map.get("param").and_then(Value::as_integer).unwrap_or(-1);
        let Some(param) = usize::try_from(at).ok().and_then(|at| self.params.get(at)) else {
            return Err(wrong(&format!("there is no param {at}: `params` has {}", self.params.len())));
        };
        let param = param.as_map().cloned().unwrap_or_default();
        let kind = param.get("type").map(|kind| self.type_spec(kind)).transpose()?;
        Ok(Expr::Pin(Pin { value: param.get("value").cloned().unwrap_or_default(), kind }))
    }

    fn form(&mut self, operator: &str, arguments: &[Value]) -> Read<Expr> {
        Ok(match (operator, arguments) {
            ("field", [binding, name]) => Expr::Field(self.binding(binding)?, text(name)?),
            ("parent_field", [name, field]) => Expr::Field(Binding::Parent(text(name)?), text(field)?),
            ("binding", [binding]) => Expr::Source(self.binding(binding)?),
            ("take", [binding, kind, fields]) => {
                let kind = match kind.as_str() {
                    Some("struct") => Take::Struct,
                    Some("map") => Take::Map,
                    Some("any") => Take::Any,
                    _ => return Err(wrong("a take is a `struct`, a `map` or `any`")),
                };
                Expr::Take(self.binding(binding)?, kind, self.taken(fields)?)
            }
            ("tuple", elements) => Expr::Tuple(self.all(elements)?),
            ("list", elements) => Expr::List(self.all(elements)?),
            ("map", pairs) => Expr::Map(self.pairs(pairs)?),
            ("map_update", [base, pairs @ ..]) => Expr::MapUpdate(self.boxed(base)?, self.pairs(pairs)?),
            ("struct", [name, pairs @ ..]) => {
                let mut fields = Vec::with_capacity(pairs.len());
                for (key, value) in self.pairs(pairs)? {
                    match key {
                        Expr::Literal(Value::String(name)) => fields.push((name, value)),
                        _ => return Err(wrong("a key of a struct is the name of a field")),
                    }
                }
                Expr::Struct(SchemaRef::Named(text(name)?), fields)
            }
            ("merge", [left, right]) => Expr::Merge(self.boxed(left)?, self.boxed(right)?),
            ("filter", [aggregate, condition]) => {
                Expr::Filter(self.boxed(aggregate)?, self.boxed(condition)?)
            }
            ("over", [function, window]) => {
                let over = match window {
                    Value::String(name) => Over::Named(name.clone()),
                    window => Over::Window(Box::new(self.window(window)?)),
                };
                Expr::Over(self.boxed(function)?, over)
            }
            ("subquery", [query]) => Expr::Subquery(self.query(query)?),
            ("type", [expr, kind]) => Expr::Type(self.boxed(expr)?, self.type_spec(kind)?),
            ("fragment", pieces) => Expr::Fragment(self.pieces(pieces)?),
            ("splice", [list]) => Expr::Splice(self.boxed(list)?),
            ("identifier", [name]) => Expr::Identifier(text(name)?),
            ("constant", [value]) => Expr::Constant(value.clone()),
            ("json_path", [expr, path @ ..]) if !path.is_empty() => {
                Expr::JsonPath(self.boxed(expr)?, path.iter().map(key).collect::<Read<_>>()?)
            }
            ("datetime_add" | "date_add", [from, count, unit]) => Expr::DateAdd {
                kind: if operator == "date_add" { DateKind::Date } else { DateKind::Datetime },
                from: self.boxed(from)?,
                count: self.boxed(count)?,
                unit: self.boxed(unit)?,
            },
            ("select_as", [expr, name]) => Expr::SelectAs(self.boxed(expr)?, text(name)?),
            ("selected_as", [name]) => Expr::SelectedAs(text(name)?),
            _ => return self.call(operator, arguments),
        })
    }

    fn call(&mut self, operator: &str, arguments: &[Value]) -> Read<Expr> {
        let Some(function) = Function::from_name(operator) else {
            if FORMS.contains(&operator) {
                let count = arguments.len();
                return Err(wrong(&format!("`{operator}` does not take {count} argument(s)")));
            }
            let names: Vec<&str> =
                Function::ALL.iter().map(|function| function.name()).chain(FORMS).collect();
            return Err(wrong(&unknown("operator", operator, &names, "")));
        };
        let (least, most) = function.arity();
        if arguments.len() < least || arguments.len() > most {
            let count = arguments.len();
            return Err(wrong(&format!("`{operator}` does not take {count} argument(s)")));
        }
        Ok(Expr::Call(function, self.all(arguments)?))
    }

    pub(super) fn fragment(&mut self, document: &Value) -> Read<Vec<Piece>> {
        match list(document, "a fragment")?.split_first() {
            Some((operator, pieces)) if operator.as_str() == Some("fragment") => self.pieces(pieces),
            _ => Err(wrong("a fragment is a list that starts with \"fragment\"")),
        }
    }

    fn pieces(&mut self, documents: &[Value]) -> Read<Vec<Piece>> {
        let mut pieces = Vec::with_capacity(documents.len());
        for document in documents {
            pieces.push(match document {
                Value::Map(map) if map.contains_key("raw") => {
                    known_keys(map, &["raw"], "a piece of a fragment")?;
                    match map.get("raw") {
                        Some(Value::String(sql)) => Piece::Raw(sql.clone()),
                        _ => return Err(wrong("a raw piece of a fragment is text")),
                    }
                }
                expr => Piece::Expr(self.expr(expr)?),
            });
        }
        Ok(pieces)
    }

    fn pairs(&mut self, documents: &[Value]) -> Read<Vec<(Expr, Expr)>> {
        let mut pairs = Vec::with_capacity(documents.len());
        for pair in documents {
            match pair.as_list() {
                Some([key, value]) => pairs.push((self.expr(key)?, self.expr(value)?)),
                _ => return Err(wrong("an entry of a map is a list of a key and a value")),
            }
        }
        Ok(pairs)
    }

    fn taken(&mut self, documents: &Value) -> Read<Vec<Taken>> {
        self.enter()?;
        let mut taken = Vec::new();
        for document in list(documents, "the fields to take")? {
            taken.push(match document.as_list() {
                Some([name, fields]) => Taken::Assoc(text(name)?, self.taken(fields)?),
                _ => Taken::Field(text(document)?),
            });
        }
        self.leave();
        Ok(taken)
    }

    fn all(&mut self, documents: &[Value]) -> Read<Vec<Expr>> {
        documents.iter().map(|document| self.expr(document)).collect()
    }

    fn boxed(&mut self, document: &Value) -> Read<Box<Expr>> {
        self.expr(document).map(Box::new)
    }
}

fn key(document: &Value) -> Read<Key> {
    match document {
        Value::String(name) => Ok(Key::Name(Str::clone(name))),
        Value::Integer(index) => Ok(Key::Index(*index)),
        _ => Err(wrong("a step of a JSON path is a name or an index")),
    }
}
