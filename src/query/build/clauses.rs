//! Conditions, order, groups and all that.

use super::functions::{Operand, pin};
use crate::query::expr::{Expr, Piece, Pin, Window};
use crate::query::plan::Operation;
use crate::query::tree::{
    Combination, Condition, Cte, CteBody, Distinct, Order, Preload, PreloadWith, Query, Update, With,
};
use crate::query::words::{Direction, SetOperation, UpdateOp};
use crate::query::{AssocPreload, Binding, Function, QueryError, QueryErrorKind};
use crate::value::{Str, Value};
use alloc::format;
use alloc::vec::Vec;

impl Query {
    /// Keeps rows that meet the condition, besides those before.
    pub fn where_(mut self, condition: impl Operand) -> Query {
        let expr = condition.operand();
        self.parts_mut().wheres.push(Condition { or: false, expr });
        self
    }

    /// Keeps rows that meet the condition, or all the conditions before it.
    pub fn or_where(mut self, condition: impl Operand) -> Query {
        let expr = condition.operand();
        self.parts_mut().wheres.push(Condition { or: true, expr });
        self
    }

    /// Keeps rows of the first source with these values: `where(query, active: ^true, age: ^19)`.
    ///
    /// ```
    /// use ectomorph::query::from;
    /// let query = from("users").where_all([("name", "Ada"), ("status", "active")]);
    /// assert_eq!(query.to_text(), "from u0 in \"users\",\n  where: u0.name == ^\"Ada\" and u0.status == ^\"active\"");
    /// ```
    pub fn where_all<N: Into<Str>, V: Into<Value>>(
        mut self,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Query {
        let mut all: Option<Expr> = None;
        for (name, value) in values {
            let (name, value) = (name.into(), value.into());
            if value.is_null() {
                let message = format!(
                    "nil given for `{name}`: comparison with nil is forbidden as it is unsafe; use `is_nil` instead"
                );
                self.refuse(QueryError::new(QueryErrorKind::Argument, message));
            }
            let equal = Expr::Field(Binding::At(0), name).eq(pin(value));
            all = Some(match all {
                None => equal,
                Some(before) => before.and(equal),
            });
        }
        self.where_(all.unwrap_or(Expr::Literal(Value::Bool(true))))
    }

    /// Keeps groups that meet the condition.
    pub fn having(mut self, condition: impl Operand) -> Query {
        let expr = condition.operand();
        self.parts_mut().havings.push(Condition { or: false, expr });
        self
    }

    /// Keeps groups that meet the condition, or all the conditions before it.
    pub fn or_having(mut self, condition: impl Operand) -> Query {
        let expr = condition.operand();
        self.parts_mut().havings.push(Condition { or: true, expr });
        self
    }

    /// Orders by an expression, after those before.
    pub fn order_by(mut self, direction: Direction, by: impl Operand) -> Query {
        let expr = by.operand();
        self.parts_mut().order_bys.push(Order { direction, expr });
        self
    }

    /// Orders by an expression, before those before.
    pub fn prepend_order_by(mut self, direction: Direction, by: impl Operand) -> Query {
        let expr = by.operand();
        self.parts_mut().order_bys.insert(0, Order { direction, expr });
        self
    }

    /// Groups by an expression, too.
    pub fn group_by(mut self, by: impl Operand) -> Query {
        let expr = by.operand();
        self.parts_mut().group_bys.push(expr);
        self
    }

    /// At most so many rows; the last one said counts.
    pub fn limit(mut self, limit: impl Operand) -> Query {
        self.parts_mut().limit = Some(with_integer(limit.operand()));
        self
    }

    /// Rows equal in order to the last one come along.
    pub fn with_ties(mut self, with_ties: bool) -> Query {
        self.parts_mut().with_ties = with_ties;
        self
    }

    /// Leaves out so many rows first.
    pub fn offset(mut self, offset: impl Operand) -> Query {
        self.parts_mut().offset = Some(with_integer(offset.operand()));
        self
    }

    /// Each row once.
    pub fn distinct(mut self) -> Query {
        self.parts_mut().distinct = Some(Distinct::Rows);
        self
    }

    /// The first row of those equal in these expressions.
    pub fn distinct_on<E: Operand>(mut self, by: impl IntoIterator<Item = (Direction, E)>) -> Query {
        let order = |(direction, by): (Direction, E)| Order { direction, expr: by.operand() };
        self.parts_mut().distinct = Some(Distinct::On(by.into_iter().map(order).collect()));
        self
    }

    /// Locks the rows: `FOR UPDATE`.
    pub fn lock(mut self, lock: impl Into<Str>) -> Query {
        self.parts_mut().lock = Some([Piece::Raw(lock.into())].into());
        self
    }

    /// Locks the rows, as a fragment says.
    pub fn lock_fragment(mut self, pieces: Vec<Piece>) -> Query {
        self.parts_mut().lock = Some(pieces);
        self
    }

    /// A window with a name, for [`Expr::over`].
    pub fn window(mut self, name: impl Into<Str>, window: Window) -> Query {
        let name = name.into();
        if self.parts().windows.iter().any(|(other, _)| *other == name) {
            let message = format!("window with name `{name}` is already defined");
            self.refuse(QueryError::new(QueryErrorKind::Build, message));
        }
        self.parts_mut().windows.push((name, window));
        self
    }

    /// Several windows: Ecto's `windows`.
    pub fn windows<N: Into<Str>>(self, windows: impl IntoIterator<Item = (N, Window)>) -> Query {
        windows.into_iter().fold(self, |query, (name, window)| query.window(name, window))
    }

    /// Combines the rows with those of another query.
    pub fn combine(mut self, operation: SetOperation, query: Query) -> Query {
        self.parts_mut().combinations.push(Combination { operation, query });
        self
    }

    /// Rows of either, once.
    pub fn union(self, query: Query) -> Query {
        self.combine(SetOperation::Union, query)
    }

    /// Rows of either.
    pub fn union_all(self, query: Query) -> Query {
        self.combine(SetOperation::UnionAll, query)
    }

    /// Rows that the other has not, once.
    pub fn except(self, query: Query) -> Query {
        self.combine(SetOperation::Except, query)
    }

    /// Rows but for so many of the other.
    pub fn except_all(self, query: Query) -> Query {
        self.combine(SetOperation::ExceptAll, query)
    }

    /// Rows that both have, once.
    pub fn intersect(self, query: Query) -> Query {
        self.combine(SetOperation::Intersect, query)
    }

    /// Rows as often as both have them.
    pub fn intersect_all(self, query: Query) -> Query {
        self.combine(SetOperation::IntersectAll, query)
    }

    /// A common table expression; one of the same name is replaced.
    pub fn with_cte(self, name: impl Into<Str>, query: Query) -> Query {
        let body = CteBody::Query(query);
        self.with(Cte { name: name.into(), body, materialized: None, operation: Operation::All })
    }

    /// A common table expression with all its options; one of the same name is replaced.
    pub fn with(mut self, cte: Cte) -> Query {
        let with = self.parts_mut().with.get_or_insert_with(With::default);
        match with.ctes.iter_mut().find(|other| other.name == cte.name) {
            Some(other) => *other = cte,
            None => with.ctes.push(cte),
        }
        self
    }

    /// Whether common table expressions may refer to themselves.
    pub fn recursive_ctes(mut self, recursive: bool) -> Query {
        self.parts_mut().with.get_or_insert_with(With::default).recursive = recursive;
        self
    }

    /// Reads an association of the records, too, by a query of its own.
    pub fn preload(mut self, preload: impl Into<Preload>) -> Query {
        let preload = preload.into();
        self.parts_mut().preloads.push(preload);
        self
    }

    /// Fills an association from a join: `preload: [posts: p]`.
    pub fn preload_join(mut self, assoc: impl Into<AssocPreload>) -> Query {
        let assoc = assoc.into();
        self.parts_mut().assocs.push(assoc);
        self
    }

    /// What an `update_all` does to a field.
    pub fn update(mut self, op: UpdateOp, field: impl Into<Str>, by: impl Operand) -> Query {
        let (field, expr) = (field.into(), by.operand());
        self.parts_mut().updates.push(Update { op, field, expr });
        self
    }

    /// Sets a field to a pinned value: `update: [set: [title: ^title]]`.
    pub fn set(self, field: impl Into<Str>, value: impl Into<Value>) -> Query {
        self.update(UpdateOp::Set, field, pin(value))
    }

    /// Adds a pinned number to a field.
    pub fn inc(self, field: impl Into<Str>, by: impl Into<Value>) -> Query {
        self.update(UpdateOp::Inc, field, pin(by))
    }

    /// Keeps the first mistake made in building, for [`plan`](crate::query::plan()) to tell.
    pub(super) fn refuse(&mut self, error: QueryError) {
        self.parts_mut().mistake.get_or_insert(error);
    }
}

fn with_integer(expr: Expr) -> Expr {
    match expr {
        Expr::Pin(Pin { value, kind: None }) => {
            Expr::Pin(Pin { value, kind: Some(crate::types::Type::Integer.into()) })
        }
        other => other,
    }
}

impl Preload {
    /// An association, from its table.
    pub fn new(assoc: impl Into<Str>) -> Preload {
        Preload { assoc: assoc.into(), with: PreloadWith::Table, nested: Vec::new() }
    }

    /// Reads its records by a query.
    pub fn query(mut self, query: Query) -> Preload {
        self.with = PreloadWith::Query(query);
        self
    }

    /// Reads an association of its records, too.
    pub fn preload(mut self, nested: impl Into<Preload>) -> Preload {
        self.nested.push(nested.into());
        self
    }
}

impl From<&str> for Preload {
    fn from(assoc: &str) -> Preload {
        Preload::new(assoc)
    }
}

impl<T> From<crate::schema::FieldName<T>> for Preload {
    fn from(assoc: crate::schema::FieldName<T>) -> Preload {
        Preload::new(assoc)
    }
}

impl AssocPreload {
    /// An association, filled from a source.
    pub fn new(assoc: impl Into<Str>, binding: impl Into<Binding>) -> AssocPreload {
        AssocPreload { assoc: assoc.into(), binding: binding.into(), nested: Vec::new() }
    }

    /// Fills an association of its records, too.
    pub fn preload(mut self, nested: AssocPreload) -> AssocPreload {
        self.nested.push(nested);
        self
    }
}

impl Expr {
    /// The comparison of two expressions.
    pub(super) fn compare(self, function: Function, other: impl Operand) -> Expr {
        Expr::Call(function, [self, other.operand()].into())
    }
}
