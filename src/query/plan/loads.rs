//! How selected values are loaded.

use super::columns::stored_type;
use super::planner::{In, Planner, Resolved};
use super::sources::Bound;
use super::tree::Load;
use crate::query::expr as written;
use crate::query::function::Function;
use crate::schema::{self, FieldKind};
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::vec::Vec;

impl Planner<'_> {
    /// How the value of a field is loaded.
    pub(super) fn field_load(&self, source: usize, level: usize, name: &Str) -> Load {
        let at = self.levels.len() - 1 - level;
        match self.levels[at].sources.get(source) {
            Some(Bound::Schema { schema, .. }) => match schema.field(name).map(|field| &field.kind) {
                Some(FieldKind::Relation(relation)) if relation.is_embed() => {
                    Load::Embed(relation.related.schema(), relation.cardinality())
                }
                Some(kind) => stored_type(kind).map_or(Load::Any, typed),
                None => Load::Any,
            },
            Some(Bound::Subquery(output)) => output.load_of(name).cloned().unwrap_or(Load::Any),
            Some(Bound::Values(types)) => {
                types.iter().find(|(own, _)| own == name).map_or(Load::Any, |(_, kind)| typed(kind.clone()))
            }
            _ => Load::Any,
        }
    }

    /// How the value of a selected expression is loaded.
    pub(super) fn load(&mut self, expr: &written::Expr) -> Resolved<Load> {
        use written::Expr as Written;
        Ok(match expr {
            Written::Field(binding, name) => {
                let column = self.column(binding, name, In::Select, false)?;
                self.field_load(column.source, column.level, name)
            }
            Written::Call(function, arguments) => match (function, arguments.first()) {
                (
                    Function::Count
                    | Function::CountDistinct
                    | Function::RowNumber
                    | Function::Rank
                    | Function::DenseRank
                    | Function::Ntile,
                    Some(_),
                ) => Load::Type(Type::Integer),
                (Function::Coalesce, _) => {
                    let loads: Vec<Load> =
                        arguments.iter().map(|argument| self.load(argument)).collect::<Resolved<_>>()?;
                    match loads.as_slice() {
                        [left, right] if left == right => left.clone(),
                        _ => Load::Any,
                    }
                }
                (Function::In | Function::Exists | Function::All | Function::Any, _) => Load::Any,
                (function, _) if function.is_boolean() => Load::Type(Type::Boolean),
                (function, Some(Written::Field(binding, name))) if function.is_aggregate() => {
                    let column = self.column(binding, name, In::Select, false)?;
                    match self.field_load(column.source, column.level, name) {
                        Load::Type(kind) => Load::Try(kind),
                        load => load,
                    }
                }
                _ => Load::Any,
            },
            Written::Filter(call, _) | Written::Over(call, _) => self.load(call)?,
            Written::SelectAs(inner, _) => self.load(inner)?,
            Written::Type(_, spec) => typed(self.kind_of(spec, In::Select)?.into_type()),
            Written::DateAdd { kind, from, .. } => match (self.load(from)?, kind) {
                (Load::Any, written::DateKind::Date) => Load::Type(Type::Date),
                (Load::Any, written::DateKind::Datetime) => Load::Type(Type::NaiveDatetime),
                (load, _) => load,
            },
            Written::Literal(value) => match value {
                Value::Integer(_) => Load::Type(Type::Integer),
                Value::Float(_) => Load::Type(Type::Float),
                Value::Bool(_) => Load::Type(Type::Boolean),
                Value::String(_) => Load::Type(Type::Binary),
                _ => Load::Any,
            },
            _ => Load::Any,
        })
    }
}

/// The type by which values are loaded, if one is known.
pub(super) fn load_type(load: &Load) -> Option<Type> {
    match load {
        Load::Any => None,
        Load::Type(kind) | Load::Try(kind) => Some(kind.clone()),
        Load::Embed(_, schema::Cardinality::One) => Some(Type::Map),
        Load::Embed(_, schema::Cardinality::Many) => Some(Type::Array(Box::new(Type::Map))),
    }
}

fn typed(kind: Type) -> Load {
    match kind {
        Type::Any => Load::Any,
        kind => Load::Type(kind),
    }
}
