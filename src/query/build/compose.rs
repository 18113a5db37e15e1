//! Changing queries that are there already.

use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr::Expr;
use crate::query::schemas::SchemaRef;
use crate::query::tree::{Order, Parts, Query, Source, SourceKind};
use crate::query::words::{Direction, JoinKind};
use crate::query::{Binding, Operand};
use crate::value::Value;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A clause that [`Query::exclude`] takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    /// All joins.
    Join,
    /// Joins of a kind.
    JoinKind(JoinKind),
    /// Conditions.
    Where,
    /// The order.
    OrderBy,
    /// Groups.
    GroupBy,
    /// Conditions of groups.
    Having,
    /// Which rows count as the same.
    Distinct,
    /// What is selected.
    Select,
    /// Unions and the like.
    Combinations,
    /// Common table expressions.
    WithCtes,
    /// The limit.
    Limit,
    /// The offset.
    Offset,
    /// The lock.
    Lock,
    /// Preloads, from joins too.
    Preload,
    /// What is updated.
    Update,
    /// Windows.
    Windows,
}

impl Query {
    /// The query without a clause.
    ///
    /// ```
    /// use ectomorph::query::{Clause, field, from};
    /// let query = from("users").where_(field("id").eq(1)).limit(1);
    /// assert_eq!(query.exclude(Clause::Where), from("users").limit(1));
    /// ```
    pub fn exclude(mut self, clause: Clause) -> Query {
        let parts = self.parts_mut();
        match clause {
            Clause::Join => parts.joins.clear(),
            Clause::JoinKind(kind) => parts.joins.retain(|join| join.kind != kind),
            Clause::Where => parts.wheres.clear(),
            Clause::OrderBy => parts.order_bys.clear(),
            Clause::GroupBy => parts.group_bys.clear(),
            Clause::Having => parts.havings.clear(),
            Clause::Distinct => parts.distinct = None,
            Clause::Select => parts.select = None,
            Clause::Combinations => parts.combinations.clear(),
            Clause::WithCtes => parts.with = None,
            Clause::Limit => (parts.limit, parts.with_ties) = (None, false),
            Clause::Offset => parts.offset = None,
            Clause::Lock => parts.lock = None,
            Clause::Preload => {
                parts.preloads.clear();
                parts.assocs.clear();
            }
            Clause::Update => parts.updates.clear(),
            Clause::Windows => parts.windows.clear(),
        }
        self
    }

    /// The first row; by primary key where there is no order.
    pub fn first(mut self) -> Query {
        if self.parts().order_bys.is_empty() {
            self.order_by_key(Direction::Asc);
        }
        self.limit(1)
    }

    /// The last row; by primary key where there is no order.
    pub fn last(self) -> Query {
        self.reverse_order().limit(1)
    }

    /// The first row by an expression, after the order there is.
    pub fn first_by(self, by: impl Operand) -> Query {
        self.order_by(Direction::Asc, by).first()
    }

    /// The last row by an expression, after the order there is.
    pub fn last_by(self, by: impl Operand) -> Query {
        self.order_by(Direction::Asc, by).last()
    }

    /// The other way round; by primary key where there is no order.
    pub fn reverse_order(mut self) -> Query {
        if self.parts().order_bys.is_empty() {
            self.order_by_key(Direction::Desc);
        } else {
            for order in &mut self.parts_mut().order_bys {
                order.direction = order.direction.reverse();
            }
        }
        self
    }

    fn order_by_key(&mut self, direction: Direction) {
        let keys: Vec<_> = match &self.parts().from.kind {
            SourceKind::Table { schema: Some(SchemaRef::Known(schema)), .. } => {
                schema.primary_key().iter().map(|at| schema.fields()[*at].name.clone()).collect()
            }
            _ => Vec::new(),
        };
        if keys.is_empty() {
            let message = String::from(
                "the query has no order, and no schema with a primary key to order by; give it an `order_by`",
            );
            self.refuse(QueryError::new(QueryErrorKind::Argument, message));
        }
        let order = |key| Order { direction, expr: Expr::Field(Binding::At(0), key) };
        self.parts_mut().order_bys.extend(keys.into_iter().map(order));
    }

    /// A query that selects nothing but whether there are rows: what `exists` asks.
    pub fn for_exists(self) -> Query {
        let query = self.exclude(Clause::Select).exclude(Clause::Preload).exclude(Clause::OrderBy);
        let query = query.exclude(Clause::Distinct);
        query.select(Expr::Literal(Value::Integer(1))).limit(1)
    }
}

impl Parts {
    /// The sources as written, in order: `from`, then the joins.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        core::iter::once(&self.from).chain(self.joins.iter().map(|join| &join.source))
    }

    /// The place of the source with that name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.sources().position(|source| source.name.as_ref().is_some_and(|own| own == name))
    }

    /// The first name that two sources have.
    pub(in crate::query) fn duplicate_name(&self) -> Option<QueryError> {
        let names: Vec<_> = self.sources().filter_map(|source| source.name.as_ref()).collect();
        let twice = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name))?;
        let message = format!("alias `:{}` already exists", twice.1);
        Some(QueryError::new(QueryErrorKind::Build, message))
    }
}
