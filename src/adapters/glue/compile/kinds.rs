//! What kind of values an expression gives, as far as that matters for results.

use super::{Cast, Compiler};
use crate::adapters::glue::node::{Function, Node};
use crate::adapters::glue::select::AggregateFunction;
use crate::adapters::glue::value::Arithmetic;
use crate::store::Kind;
use crate::value::Value;

impl Compiler<'_> {
    /// The kind of the values of an expression of the innermost scope; any where it is not known.
    pub(super) fn kind(&self, node: &Node) -> Kind {
        let depth = self.scopes.len();
        match node {
            Node::Column { up, source, column } => depth
                .checked_sub(up + 1)
                .and_then(|at| self.scopes.get(at))
                .and_then(|scope| scope.sources.get(*source))
                .and_then(|shape| shape.columns.get(*column))
                .map_or(Kind::Any, |(_, kind)| kind.clone()),
            Node::Value(Value::Integer(_)) => Kind::Integer(32),
            Node::Value(Value::Float(_)) => Kind::Float,
            Node::Value(Value::Decimal(_)) => Kind::Decimal(None),
            Node::Value(Value::String(_)) => Kind::Text(None),
            Node::Value(Value::Bool(_)) => Kind::Boolean,
            Node::Slot(slot) => self
                .scopes
                .last()
                .and_then(|scope| scope.aggregates.get(*slot))
                .map_or(Kind::Any, |aggregate| {
                    self.aggregate_kind(&aggregate.function, aggregate.operand.as_ref())
                }),
            Node::Arithmetic(operation, left, right) => match (self.kind(left), self.kind(right)) {
                (Kind::Integer(a), Kind::Integer(b)) => Kind::Integer(a.max(b)),
                (Kind::Decimal(_), Kind::Integer(_) | Kind::Decimal(_))
                | (Kind::Integer(_), Kind::Decimal(_)) => Kind::Decimal(None),
                (Kind::Float, _) | (_, Kind::Float) => Kind::Float,
                (Kind::Date, Kind::Date) if *operation == Arithmetic::Subtract => Kind::Integer(32),
                (Kind::Date, Kind::Integer(_)) => Kind::Date,
                _ => Kind::Any,
            },
            Node::Negate(of) => self.kind(of),
            Node::Coalesce(all) => {
                all.iter().map(|node| self.kind(node)).find(|kind| *kind != Kind::Any).unwrap_or(Kind::Any)
            }
            Node::Case { whens, otherwise } => whens
                .iter()
                .map(|(_, then)| then)
                .chain(otherwise.as_deref())
                .map(|node| self.kind(node))
                .find(|kind| *kind != Kind::Any)
                .unwrap_or(Kind::Any),
            Node::Cast(_, to) => kind_of_cast(to),
            Node::Later { date: true, .. } => Kind::Date,
            Node::Later { base, .. } => match self.kind(base) {
                Kind::Date => Kind::NaiveDatetime(6),
                kind => kind,
            },
            Node::Call(Function::Lower | Function::Upper | Function::Concat | Function::Trim, _) => {
                Kind::Text(None)
            }
            Node::Call(Function::Length, _) => Kind::Integer(32),
            Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Compare(..)
            | Node::IsNull(_)
            | Node::In(..)
            | Node::InArray(..)
            | Node::Like { .. }
            | Node::Exists(_)
            | Node::InQuery(..) => Kind::Boolean,
            _ => Kind::Any,
        }
    }

    /// The kind of an aggregate's results: sums are wider than what is summed.
    pub(super) fn aggregate_kind(&self, function: &AggregateFunction, operand: Option<&Node>) -> Kind {
        let of = operand.map_or(Kind::Any, |operand| self.kind(operand));
        match (function, of) {
            (AggregateFunction::Count, _) => Kind::Integer(64),
            (AggregateFunction::Sum, Kind::Integer(64) | Kind::Decimal(_)) => Kind::Decimal(None),
            (AggregateFunction::Sum, Kind::Integer(_)) => Kind::Integer(64),
            (AggregateFunction::Average, Kind::Integer(_) | Kind::Decimal(_)) => Kind::Decimal(None),
            (AggregateFunction::Sum | AggregateFunction::Average, of) => of,
            (AggregateFunction::Min | AggregateFunction::Max, of) => of,
            (AggregateFunction::Every | AggregateFunction::Some, _) => Kind::Boolean,
            (AggregateFunction::Text(_), _) => Kind::Text(None),
            (AggregateFunction::Array, of) => Kind::List(Box::new(of)),
            _ => Kind::Any,
        }
    }
}

fn kind_of_cast(to: &Cast) -> Kind {
    match to {
        Cast::Integer => Kind::Integer(64),
        Cast::Float => Kind::Float,
        Cast::Decimal(_) => Kind::Decimal(None),
        Cast::Text => Kind::Text(None),
        Cast::Boolean => Kind::Boolean,
        Cast::Date => Kind::Date,
        Cast::Time => Kind::Time(6),
        Cast::Naive => Kind::NaiveDatetime(6),
        Cast::Utc => Kind::UtcDatetime(6),
        Cast::Uuid => Kind::Uuid,
        Cast::Binary => Kind::Binary,
        Cast::Json => Kind::Json,
        Cast::Array(element) => Kind::List(Box::new(kind_of_cast(element))),
        Cast::Any => Kind::Any,
    }
}
