//! Printing expressions with the parentheses that Elixir needs.

use super::{inspected, taken, value};
use crate::query::expr::{Binding, DateKind, Expr, Key, Over, Piece, Take, TypeSpec};
use crate::query::function::Function;
use crate::query::tree::Query;
use crate::types::Type;
use crate::value::Value;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Prints the expressions of one query.
pub(super) struct Printer {
    /// The names of its sources.
    pub(super) names: Vec<String>,
    /// How many queries are around it.
    pub(super) depth: usize,
}

/// How deep queries and expressions are printed; beyond is `...`.
const MAX_DEPTH: usize = 100;

impl Printer {
    pub(super) fn expr(&self, expr: &Expr) -> String {
        match expr.is_within(MAX_DEPTH) {
            true => self.print(expr),
            false => "...".to_string(),
        }
    }

    fn print(&self, expr: &Expr) -> String {
        match expr {
            Expr::Literal(value) => value::inspect_value(value),
            Expr::Pin(pin) => format!("^{}", value::inspect_value(&pin.value)),
            Expr::Field(binding, name) => self.field(binding, name),
            Expr::Source(binding) => self.binding(binding),
            Expr::Take(Binding::At(0), Take::Any, fields) => taken(fields),
            Expr::Take(binding, take, fields) => {
                let word = match take {
                    Take::Any => "any",
                    Take::Struct => "struct",
                    Take::Map => "map",
                };
                format!("{word}({}, {})", self.binding(binding), taken(fields))
            }
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::List(elements) => format!("[{}]", self.commas(elements)),
            Expr::Tuple(elements) => format!("{{{}}}", self.commas(elements)),
            Expr::Map(pairs) => format!("%{{{}}}", self.pairs(pairs)),
            Expr::MapUpdate(base, pairs) => {
                format!("%{{{} | {}}}", self.expr(base), self.pairs(pairs))
            }
            Expr::Struct(schema, fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name}: {}", self.expr(value))).collect();
                format!("%{}{{{}}}", schema.name(), fields.join(", "))
            }
            Expr::Merge(left, right) => format!("merge({}, {})", self.expr(left), self.expr(right)),
            Expr::Filter(call, condition) => {
                format!("filter({}, {})", self.expr(call), self.expr(condition))
            }
            Expr::Over(call, Over::Named(name)) => {
                format!("over({}, {})", self.expr(call), value::atom(name))
            }
            Expr::Over(call, Over::Window(window)) => match self.window(window) {
                window if window.is_empty() => format!("over({}, [])", self.expr(call)),
                window => format!("over({}, {window})", self.expr(call)),
            },
            Expr::Subquery(query) => format!("subquery({})", self.inner(query)),
            Expr::Type(expr, kind) => format!("type({}, {})", self.expr(expr), self.type_spec(kind)),
            Expr::Fragment(pieces) => self.fragment(pieces),
            Expr::Splice(list) => format!("splice({})", self.expr(list)),
            Expr::Identifier(name) => format!("identifier({})", value::quoted(name)),
            Expr::Constant(value) => format!("constant({})", value::inspect_value(value)),
            Expr::JsonPath(expr, path) => {
                let keys = path.iter().map(|key| match key {
                    Key::Name(name) => format!("[{}]", value::quoted(name)),
                    Key::Index(index) => format!("[{index}]"),
                });
                core::iter::once(self.expr(expr)).chain(keys).collect()
            }
            Expr::DateAdd { kind, from, count, unit } => {
                let word = match kind {
                    DateKind::Datetime => "datetime_add",
                    DateKind::Date => "date_add",
                };
                let count = match &**count {
                    Expr::Type(count, _) => self.expr(count),
                    count => self.expr(count),
                };
                format!("{word}({}, {count}, {})", self.expr(from), self.expr(unit))
            }
            Expr::SelectAs(expr, name) => {
                format!("selected_as({}, {})", self.expr(expr), value::atom(name))
            }
            Expr::SelectedAs(name) => format!("selected_as({})", value::atom(name)),
        }
    }

    /// A query within.
    fn inner(&self, query: &Query) -> String {
        inspected(query, self.depth + 1)
    }

    fn call(&self, function: Function, arguments: &[Expr]) -> String {
        match (function, arguments) {
            (Function::CountDistinct, [expr]) => format!("count({}, :distinct)", self.expr(expr)),
            (Function::Exists | Function::All | Function::Any, [Expr::Subquery(query)]) => {
                format!("{}(subquery({}))", function.name(), self.inner(query))
            }
            (Function::Not, [Expr::Call(Function::In, operands)]) if operands.len() == 2 => {
                let side = |at: usize| self.operand(&operands[at], strength(Function::In), at == 1);
                format!("{} not in {}", side(0), side(1))
            }
            (Function::Not, [expr]) => format!("not {}", self.operand(expr, 9, false)),
            (function, [left, right]) if function.is_infix() => {
                let strength = strength(function);
                let left = self.operand(left, strength, false);
                format!("{left} {} {}", function.name(), self.operand(right, strength, true))
            }
            _ => format!("{}({})", function.name(), self.commas(arguments)),
        }
    }

    /// An argument of an operator, in parentheses if it binds less.
    fn operand(&self, expr: &Expr, around: u8, on_the_right: bool) -> String {
        let own = match expr {
            Expr::Call(Function::Not, inner) => match inner.as_slice() {
                [Expr::Call(Function::In, _)] => strength(Function::In),
                _ => 9,
            },
            Expr::Call(function, _) if function.is_infix() => strength(*function),
            // Without parentheses it would be read as a function of all that follows.
            _ => return self.expr(expr),
        };
        match own < around || (own == around && on_the_right) {
            true => format!("({})", self.expr(expr)),
            false => self.expr(expr),
        }
    }

    fn field(&self, binding: &Binding, name: &str) -> String {
        format!("{}.{name}", self.binding(binding))
    }

    pub(super) fn commas(&self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    fn pairs(&self, pairs: &[(Expr, Expr)]) -> String {
        let is_plain = pairs.iter().all(|(key, _)| matches!(key, Expr::Literal(Value::String(_))));
        let one = |(key, value): &(Expr, Expr)| match key {
            Expr::Literal(Value::String(name)) if is_plain => format!("{name}: {}", self.expr(value)),
            Expr::Literal(Value::String(name)) => format!("{} => {}", value::atom(name), self.expr(value)),
            key => format!("{} => {}", self.expr(key), self.expr(value)),
        };
        pairs.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// `fragment("lower(?)", u0.name)`
    pub(super) fn fragment(&self, pieces: &[Piece]) -> String {
        let mut sql = String::new();
        let mut arguments = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Raw(raw) => sql.push_str(raw),
                Piece::Expr(expr) => {
                    sql.push('?');
                    arguments.push(self.expr(expr));
                }
            }
        }
        arguments.insert(0, value::quoted(&sql));
        format!("fragment({})", arguments.join(", "))
    }

    pub(super) fn type_spec(&self, spec: &TypeSpec) -> String {
        match spec {
            TypeSpec::Type(kind) => type_text(kind),
            TypeSpec::Field(binding, name) => self.field(binding, name),
            TypeSpec::In(inner) => format!("{{:in, {}}}", self.type_spec(inner)),
            TypeSpec::Array(inner) => format!("{{:array, {}}}", self.type_spec(inner)),
            TypeSpec::Out(inner) => format!("{{:out, {}}}", self.type_spec(inner)),
            TypeSpec::Splice(inner) => format!("{{:splice, {}}}", self.type_spec(inner)),
        }
    }
}

/// A type as Ecto formats it.
pub(in crate::query) fn type_text(kind: &Type) -> String {
    match kind {
        Type::Array(element) => format!("{{:array, {}}}", type_text(element)),
        Type::MapOf(element) => format!("{{:map, {}}}", type_text(element)),
        Type::Uuid => "Ecto.UUID".to_string(),
        Type::Enum(members) => {
            let names: Vec<String> = members.names().map(value::atom).collect();
            format!("#Ecto.Enum<values: [{}]>", names.join(", "))
        }
        Type::Custom(custom) => custom.name().to_string(),
        plain => match plain.to_notation() {
            Value::String(name) => format!(":{name}"),
            _ => ":any".to_string(),
        },
    }
}

/// How strongly an operator binds, as in Elixir.
fn strength(function: Function) -> u8 {
    match function {
        Function::Or => 1,
        Function::And => 2,
        Function::Eq | Function::Ne => 3,
        Function::Lt | Function::Lte | Function::Gt | Function::Gte => 4,
        Function::In => 5,
        Function::Add | Function::Subtract => 6,
        _ => 7,
    }
}
