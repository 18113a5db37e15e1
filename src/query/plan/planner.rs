//! Going through the clauses of a query.

use super::cache::Slots;
use super::check;
use super::sources::Bound;
use super::tree::{
    Assignment, Condition, CteRows, Field, Key, Operation, Order, Piece, Plan, PlanCte, PlanDistinct, Window,
};
use super::types::Kind;
use super::{Postprocess, Prepared};
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr as written;
use crate::query::expr::Binding;
use crate::query::schemas::Schemas;
use crate::query::tree as query_tree;
use crate::query::tree::{CteBody, Distinct, Parts, Query};
use crate::query::words::{SetOperation, UpdateOp};
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) type Resolved<T> = Result<T, QueryError>;

/// The clause that is being resolved, for messages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum In {
    With,
    Distinct,
    Select,
    From,
    Join,
    Update,
    Where,
    GroupBy,
    Having,
    Windows,
    OrderBy,
    Limit,
    Offset,
    Lock,
}

impl In {
    pub(super) fn name(self) -> &'static str {
        match self {
            In::With => "with_cte",
            In::Distinct => "distinct",
            In::Select => "select",
            In::From => "from",
            In::Join => "join",
            In::Update => "update",
            In::Where => "where",
            In::GroupBy => "group_by",
            In::Having => "having",
            In::Windows => "windows",
            In::OrderBy => "order_by",
            In::Limit => "limit",
            In::Offset => "offset",
            In::Lock => "lock",
        }
    }
}

/// What the plan of a query is for: it decides over its fields.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// To be run; or combined with one that is.
    Rows {
        /// Whether literals are columns as well.
        keep_literals: bool,
    },
    /// As a source or a CTE: its fields have names.
    Source,
    /// As a value: it may have one field without a name of its own.
    Value {
        /// Whether the fields are named nevertheless.
        named: bool,
    },
}

/// A query around the present one, or the present one itself, last.
pub(super) struct Level {
    pub(super) query: Query,
    /// What is known of the sources: those written, then those that associations go through.
    pub(super) sources: Vec<Bound>,
    /// How many sources were written.
    pub(super) written: usize,
    /// The names of selected expressions.
    pub(super) aliases: Vec<Str>,
    /// While a query within a join is resolved: the place that its only source has here.
    pub(super) inlined: Option<(usize, Option<Str>)>,
}

pub(super) struct Planner<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) params: Vec<Value>,
    /// Where the params come from.
    pub(super) slots: Slots,
    pub(super) levels: Vec<Level>,
    /// The names of CTEs that are seen, with what their rows hold where that is known.
    pub(super) ctes: Vec<Str>,
}

/// The plan of a query and what becomes of its rows.
pub(super) struct Done {
    pub(super) plan: Plan,
    pub(super) select: Option<Postprocess>,
    /// For sources: what they hold.
    pub(super) output: Option<super::inner::Output>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(schemas: &'a Schemas) -> Planner<'a> {
        Planner { schemas, params: Vec::new(), slots: Slots::default(), levels: Vec::new(), ctes: Vec::new() }
    }

    pub(super) fn query(&mut self, query: &Query, operation: Operation, usage: Use) -> Resolved<Done> {
        let mut query = query.clone();
        if let Some(level) = self.levels.last() {
            inherit_prefix(&mut query, &level.query);
        }
        let ctes = self.ctes.len();
        let levels = self.levels.len();
        let done = self.clauses(query.clone(), operation, usage);
        self.ctes.truncate(ctes);
        self.levels.truncate(levels);
        done.map_err(|error| error.in_query(|| query.text_with(self.schemas)))
    }

    fn clauses(&mut self, mut query: Query, operation: Operation, usage: Use) -> Resolved<Done> {
        if let Some(mistake) = &query.parts().mistake {
            return Err(mistake.clone());
        }
        if let Some(error) = query.parts().duplicate_name() {
            return Err(error);
        }
        check::clauses(query.parts(), operation)?;
        let (recursive, ctes) = self.with(&query)?;
        if operation == Operation::All || operation == Operation::InsertAll {
            check::ensure_select(&mut query)?;
        }
        let query = query;
        let parts = query.parts();
        let (from, joins) = self.sources(&query)?;
        let mut plan = Plan {
            operation,
            key: Key([].into()),
            recursive,
            ctes,
            sources: from,
            joins,
            filters: self.conditions(&parts.wheres, In::Where)?,
            groups: self.exprs(&parts.group_bys, In::GroupBy)?,
            havings: self.conditions(&parts.havings, In::Having)?,
            windows: Vec::new(),
            distinct: None,
            combinations: Vec::new(),
            orders: self.orders(&parts.order_bys, In::OrderBy)?,
            limit: self.optional(parts.limit.as_ref(), In::Limit)?,
            with_ties: parts.with_ties,
            offset: self.optional(parts.offset.as_ref(), In::Offset)?,
            lock: parts.lock.as_deref().map(|lock| self.pieces(lock, In::Lock)).transpose()?,
            updates: self.updates(parts)?,
            fields: Vec::new(),
            prefix: parts.prefix.clone(),
            prepared: Prepared::default(),
            unordered: Prepared::default(),
        };
        if plan.with_ties && plan.limit.is_none() {
            return Err(self.wrong("`with_ties` needs a `limit`"));
        }
        plan.distinct = match &parts.distinct {
            None => None,
            Some(Distinct::Rows) => Some(PlanDistinct::Rows),
            Some(Distinct::On(orders)) => Some(PlanDistinct::On(self.orders(orders, In::Distinct)?)),
        };
        for (name, window) in &parts.windows {
            plan.windows.push((name.clone(), self.window(window, In::Windows)?));
        }
        let keep_literals = usage != Use::Rows { keep_literals: false } || !parts.combinations.is_empty();
        let (select, output) = self.selected(&query, usage, keep_literals, &mut plan.fields)?;
        check::preloads(self, parts)?;
        self.levels.pop();
        plan.combinations = self.combinations(&query)?;
        Ok(Done { plan, select, output })
    }

    fn selected(
        &mut self,
        query: &Query,
        usage: Use,
        keep_literals: bool,
        fields: &mut Vec<Field>,
    ) -> Resolved<(Option<Postprocess>, Option<super::inner::Output>)> {
        let Some(select) = &query.parts().select else { return Ok((None, None)) };
        match usage {
            Use::Rows { .. } => {
                let (postprocess, all) = self.output(query, select, keep_literals)?;
                *fields = all;
                Ok((Some(postprocess), None))
            }
            Use::Source | Use::Value { .. } => {
                check::no_preloads(self, query.parts())?;
                let (output, all) = self.inner_select(select, usage)?;
                *fields = all;
                Ok((None, Some(output)))
            }
        }
    }

    /// The CTEs; each is seen by those after it, and by itself.
    fn with(&mut self, query: &Query) -> Resolved<(bool, Vec<PlanCte>)> {
        let Some(with) = &query.parts().with else { return Ok((false, Vec::new())) };
        let mut ctes = Vec::with_capacity(with.ctes.len());
        for cte in &with.ctes {
            self.ctes.push(cte.name.clone());
            let rows = match &cte.body {
                CteBody::Query(body) => {
                    let mut body = body.clone();
                    inherit_prefix(&mut body, query);
                    if cte.operation == Operation::All {
                        check::ensure_select(&mut body)?;
                    }
                    let done = self.query(&body, cte.operation, Use::Source)?;
                    CteRows::Plan(done.plan.into())
                }
                CteBody::Fragment(pieces) => CteRows::Fragment(self.sourceless_pieces(query, pieces)?),
            };
            ctes.push(PlanCte { name: cte.name.clone(), rows, materialized: cte.materialized });
        }
        Ok((with.recursive, ctes))
    }

    fn sourceless_pieces(&mut self, query: &Query, pieces: &[written::Piece]) -> Resolved<Vec<Piece>> {
        self.levels.push(Level {
            query: query.clone(),
            sources: Vec::new(),
            written: 0,
            aliases: Vec::new(),
            inlined: None,
        });
        let pieces = self.pieces(pieces, In::With);
        self.levels.pop();
        pieces
    }

    fn combinations(&mut self, query: &Query) -> Resolved<Vec<(SetOperation, Plan)>> {
        let mut all = Vec::new();
        for combination in &query.parts().combinations {
            let mut combined = combination.query.clone();
            inherit_prefix(&mut combined, query);
            let usage = Use::Rows { keep_literals: true };
            let done = self.query(&combined, Operation::All, usage)?;
            all.push((combination.operation, done.plan));
        }
        Ok(all)
    }

    pub(super) fn conditions(
        &mut self,
        conditions: &[query_tree::Condition],
        place: In,
    ) -> Resolved<Vec<Condition>> {
        let mut all = Vec::with_capacity(conditions.len());
        for condition in conditions {
            let expr = self.expr(&condition.expr, place, &Kind::Type(Type::Boolean))?;
            all.push(Condition { or: condition.or, expr });
        }
        Ok(all)
    }

    pub(super) fn orders(&mut self, orders: &[query_tree::Order], place: In) -> Resolved<Vec<Order>> {
        let order = |order: &query_tree::Order| {
            Ok(Order { direction: order.direction, expr: self.expr(&order.expr, place, &Kind::Any)? })
        };
        orders.iter().map(order).collect()
    }

    pub(super) fn window(&mut self, window: &written::Window, place: In) -> Resolved<Window> {
        Ok(Window {
            partition_by: self.exprs(&window.partition_by, place)?,
            order_by: self.orders(&window.order_by, place)?,
            frame: window.frame.as_deref().map(|frame| self.pieces(frame, place)).transpose()?,
        })
    }

    fn optional(&mut self, expr: Option<&written::Expr>, place: In) -> Resolved<Option<super::Expr>> {
        expr.map(|expr| self.expr(expr, place, &Kind::Type(Type::Integer))).transpose()
    }

    fn updates(&mut self, parts: &Parts) -> Resolved<Vec<Assignment>> {
        let mut all = Vec::with_capacity(parts.updates.len());
        for update in &parts.updates {
            let (column, kind) = self.updated_field(&update.field)?;
            let element = matches!(update.op, UpdateOp::Push | UpdateOp::Pull);
            let expected = match &kind {
                None => Kind::Any,
                Some(kind) if element => Kind::element(kind),
                Some(kind) => Kind::Type(kind.clone()),
            };
            let expr = self.expr(&update.expr, In::Update, &expected)?;
            all.push(Assignment { op: update.op, column, kind, expr });
        }
        Ok(all)
    }

    fn updated_field(&mut self, field: &Str) -> Resolved<(Str, Option<Type>)> {
        let column = self.column(&Binding::At(0), field, In::Update, false)?;
        if let Some(Bound::Schema { schema, .. }) = self.level().sources.first()
            && let Some(field) = schema.field(field)
            && field.writable != crate::schema::Writable::Always
        {
            let message = format!("cannot update non-updatable field `:{}`", field.name);
            return Err(QueryError::new(QueryErrorKind::Query, message));
        }
        Ok((column.name, column.kind))
    }

    pub(super) fn level(&self) -> &Level {
        // There is one whenever an expression is resolved.
        &self.levels[self.levels.len() - 1]
    }

    /// An error about the query at hand.
    pub(super) fn wrong(&self, message: impl Into<String>) -> QueryError {
        let error = QueryError::new(QueryErrorKind::Query, message);
        match self.levels.last() {
            Some(level) => error.in_query(|| level.query.text_with(self.schemas)),
            None => error,
        }
    }

    /// An expression of the query at hand, as text.
    pub(super) fn text(&self, expr: &written::Expr) -> String {
        crate::query::inspect::expr_text(&self.level().query, expr)
    }
}

/// A query without a prefix has that of the query around it. One that needs none is not copied.
fn inherit_prefix(query: &mut Query, around: &Query) {
    if query.parts().prefix.is_none() && around.parts().prefix.is_some() {
        query.parts_mut().prefix = around.parts().prefix.clone();
    }
}

pub(super) fn finished(mut done: Done, key: Key) -> (Plan, Option<Postprocess>) {
    done.plan.key = key;
    (done.plan, done.select)
}
