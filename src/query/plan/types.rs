//! Types of params, and casting them.

use super::planner::{In, Planner, Resolved};
use super::tree::Expr;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr as written;
use crate::query::expr::{DateKind, TypeSpec};
use crate::query::function::{Class, Function};
use crate::query::inspect::{inspect_value, type_text};
use crate::types::{DumpError, Type};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What a value is cast to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Nothing: it stays as it is.
    Any,
    /// A type.
    Type(Type),
    /// A list of values of a type, on the right of `in`.
    In(Type),
    /// A list of values of a type, put into a fragment one by one.
    Splice(Type),
    /// The element of what is no array.
    NotElement(Type),
}

impl Kind {
    fn of(kind: Option<Type>) -> Kind {
        match kind {
            None | Some(Type::Any) => Kind::Any,
            Some(kind) => Kind::Type(kind),
        }
    }

    /// The type of the elements of an array.
    pub(super) fn element(array: &Type) -> Kind {
        match array {
            Type::Array(element) => Kind::of(Some((**element).clone())),
            Type::Any => Kind::Any,
            other => Kind::NotElement(other.clone()),
        }
    }

    pub(super) fn into_type(self) -> Type {
        match self {
            Kind::Any => Type::Any,
            Kind::Type(kind) | Kind::NotElement(kind) => kind,
            Kind::In(kind) | Kind::Splice(kind) => Type::Array(Box::new(kind)),
        }
    }

    /// The value cast and dumped, if it can be.
    pub(super) fn convert(&self, value: &Value) -> Option<Value> {
        let convert = |kind: &Type, value: &Value| kind.adapter_dump(&kind.cast(value).ok()?).ok();
        match self {
            Kind::Any => Some(value.clone()),
            Kind::Type(kind) => convert(kind, value),
            Kind::In(kind) | Kind::Splice(kind) => {
                let all = value.as_list()?.iter().map(|value| convert(kind, value));
                all.collect::<Option<Vec<Value>>>().map(Value::List)
            }
            Kind::NotElement(_) => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Kind::Any => String::from(":any"),
            Kind::Type(kind) | Kind::NotElement(kind) => type_text(kind),
            Kind::In(kind) => format!("{{:in, {}}}", type_text(kind)),
            Kind::Splice(kind) => format!("{{:splice, {}}}", type_text(kind)),
        }
    }
}

impl Planner<'_> {
    /// Casts and dumps a value from outside and adds it to the params.
    pub(super) fn param(&mut self, value: &Value, kind: &Kind, place: In) -> Resolved<Expr> {
        let dumped = self.cast(value, kind, place)?;
        self.slots.add_pin(value, kind);
        self.params.push(dumped);
        Ok(Expr::Param(self.params.len() - 1))
    }

    /// Adds a value of the query or a schema to the params: it is the same whatever is pinned.
    pub(super) fn constant(&mut self, value: &Value, kind: &Kind, place: In) -> Resolved<Expr> {
        let dumped = self.cast(value, kind, place)?;
        self.slots.add_constant(&dumped);
        self.params.push(dumped);
        Ok(Expr::Param(self.params.len() - 1))
    }

    /// A value cast and dumped.
    pub(super) fn cast(&self, value: &Value, kind: &Kind, place: In) -> Resolved<Value> {
        let each = |kind: &Type| -> Resolved<Value> {
            let Value::List(list) = value else {
                return Err(self.cannot_cast(value, &Kind::In(kind.clone()), place));
            };
            let mut all = Vec::with_capacity(list.len());
            for element in list {
                let cast = kind.cast(element);
                let cast = cast.map_err(|_| self.cannot_cast(value, &Kind::In(kind.clone()), place))?;
                all.push(self.dump(&cast, kind)?);
            }
            Ok(Value::List(all))
        };
        match kind {
            Kind::Any => Ok(value.clone()),
            Kind::Type(kind) => {
                let cast = kind.cast(value);
                let cast = cast.map_err(|_| self.cannot_cast(value, &Kind::Type(kind.clone()), place))?;
                self.dump(&cast, kind)
            }
            Kind::In(kind) | Kind::Splice(kind) => each(kind),
            Kind::NotElement(kind) => {
                let (value, place, kind) = (inspect_value(value), place.name(), type_text(kind));
                let message = format!(
                    "value `{value}` in `{place}` expected to be part of an array but matched type is {kind}"
                );
                Err(self.cast_error(message))
            }
        }
    }

    fn dump(&self, value: &Value, kind: &Type) -> Resolved<Value> {
        kind.adapter_dump(value).map_err(|error| match error {
            DumpError::Invalid => {
                let (value, kind) = (inspect_value(value), type_text(kind));
                self.cast_error(format!("value `{value}` cannot be dumped to type {kind}"))
            }
            DumpError::Refused(message) => self.cast_error(message),
        })
    }

    fn cannot_cast(&self, value: &Value, kind: &Kind, place: In) -> QueryError {
        let (value, place) = (inspect_value(value), place.name());
        self.cast_error(format!("value `{value}` in `{place}` cannot be cast to type {}", kind.text()))
    }

    fn cast_error(&self, message: String) -> QueryError {
        let error = QueryError::new(QueryErrorKind::Cast, message);
        match self.levels.last() {
            Some(level) => error.in_query(|| level.query.text_with(self.schemas)),
            None => error,
        }
    }

    /// The type that is named.
    pub(super) fn kind_of(&mut self, spec: &TypeSpec, place: In) -> Resolved<Kind> {
        Ok(match spec {
            TypeSpec::Type(kind) => Kind::of(Some(kind.clone())),
            TypeSpec::Field(binding, name) => Kind::of(self.column(binding, name, place, true)?.kind),
            TypeSpec::In(inner) => Kind::In(self.kind_of(inner, place)?.into_type()),
            TypeSpec::Array(inner) => {
                Kind::Type(Type::Array(Box::new(self.kind_of(inner, place)?.into_type())))
            }
            TypeSpec::Out(inner) => Kind::element(&self.kind_of(inner, place)?.into_type()),
            TypeSpec::Splice(inner) => Kind::Splice(self.kind_of(inner, place)?.into_type()),
        })
    }

    /// The type that an expression has as far as that can be seen: what stands against it is cast to that.
    pub(super) fn guess(&mut self, expr: &written::Expr, place: In) -> Kind {
        use written::Expr;
        match expr {
            Expr::Field(binding, name) => match self.column(binding, name, place, true) {
                Ok(column) => Kind::of(column.kind),
                Err(_) => Kind::Any,
            },
            Expr::Type(_, spec) => self.kind_of(spec, place).unwrap_or(Kind::Any),
            Expr::DateAdd { kind: DateKind::Date, .. } => Kind::Type(Type::Date),
            Expr::DateAdd { from, .. } => match self.guess(from, place) {
                Kind::Any => Kind::Any,
                kind => kind,
            },
            Expr::Call(function, arguments) => match (function, arguments.first()) {
                (
                    Function::Max
                    | Function::Min
                    | Function::FirstValue
                    | Function::LastValue
                    | Function::NthValue
                    | Function::Lag
                    | Function::Lead
                    | Function::Coalesce,
                    Some(first),
                ) => self.guess(first, place),
                (Function::Avg | Function::Sum | Function::PercentRank | Function::CumeDist, _) => Kind::Any,
                (function, _) if function.is_boolean() => Kind::Type(Type::Boolean),
                (function, _) if function.is_aggregate() => Kind::Type(Type::Integer),
                (function, Some(first)) if function.class() == Class::Arithmetic => self.guess(first, place),
                _ => Kind::Any,
            },
            Expr::Filter(call, _) | Expr::Over(call, _) => self.guess(call, place),
            Expr::List(elements) => {
                let mut kinds = elements.iter().map(|element| self.guess(element, place));
                match kinds.next() {
                    Some(Kind::Type(first)) if kinds.all(|kind| kind == Kind::Type(first.clone())) => {
                        Kind::Type(Type::Array(Box::new(first)))
                    }
                    _ => Kind::Any,
                }
            }
            Expr::Literal(Value::Integer(_)) => Kind::Type(Type::Integer),
            Expr::Literal(Value::Float(_)) => Kind::Type(Type::Float),
            Expr::Literal(Value::Bool(_)) => Kind::Type(Type::Boolean),
            Expr::Literal(Value::String(_)) => Kind::Type(Type::String),
            _ => Kind::Any,
        }
    }
}
