//! The shape of a query.

use super::planner::Resolved;
use super::tree::{Key, Operation};
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr::{Binding, Expr, Over, Piece, Pin, Taken, TypeSpec, Window};
use crate::query::schemas::SchemaRef;
use crate::query::tree::{AssocPreload, Condition, CteBody, Distinct, Order, Query, Source, SourceKind};
use crate::types::Type;
use crate::value::{Str, Value, notation};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// The shape of a query as bytes, everything but the values of pins and preloads, which are no part of the plan; and the
/// values of pins in the order in which it comes upon them.
///
/// It looks at a query before anything else does, and so holds the limits of depth.
pub(super) fn shape(query: &Query, operation: Operation) -> Resolved<(Key, Vec<&Value>)> {
    let mut shape =
        Shape { bytes: Vec::with_capacity(128), pins: Vec::new(), depth: 0, levels: 0, too_deep: None };
    shape.tag(operation as u8);
    shape.query(query);
    match shape.too_deep {
        None => Ok((Key(shape.bytes.into()), shape.pins)),
        Some(message) => Err(QueryError::new(QueryErrorKind::Query, message)),
    }
}

/// How deep queries may be nested in each other.
const MAX_LEVELS: usize = 32;

/// How deep an expression may be nested.
const MAX_DEPTH: usize = 100;

struct Shape<'q> {
    bytes: Vec<u8>,
    pins: Vec<&'q Value>,
    /// How deep the expression at hand is nested.
    depth: usize,
    /// How deep the query at hand is nested.
    levels: usize,
    too_deep: Option<&'static str>,
}

impl<'q> Shape<'q> {
    fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }

    fn len(&mut self, len: usize) {
        self.bytes.extend((len as u32).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.len(text.len());
        self.bytes.extend(text.as_bytes());
    }

    fn optional<T>(&mut self, value: Option<T>, add: impl FnOnce(&mut Self, T)) {
        self.tag(value.is_some().into());
        if let Some(value) = value {
            add(self, value);
        }
    }

    fn each<T>(&mut self, all: &'q [T], mut add: impl FnMut(&mut Self, &'q T)) {
        self.len(all.len());
        all.iter().for_each(|one| add(self, one));
    }

    fn query(&mut self, query: &'q Query) {
        if self.levels >= MAX_LEVELS {
            self.too_deep.get_or_insert("queries are nested more than 32 levels deep");
            return;
        }
        // Expressions of a query within are nested anew.
        let depth = core::mem::take(&mut self.depth);
        self.levels += 1;
        self.clauses(query);
        self.levels -= 1;
        self.depth = depth;
    }

    fn clauses(&mut self, query: &'q Query) {
        let parts = query.parts();
        self.optional(parts.with.as_ref(), |shape, with| {
            shape.tag(with.recursive.into());
            shape.each(&with.ctes, |shape, cte| {
                shape.text(&cte.name);
                shape.tag(cte.materialized.map_or(2, u8::from));
                shape.tag(cte.operation as u8);
                match &cte.body {
                    CteBody::Query(query) => shape.query(query),
                    CteBody::Fragment(pieces) => shape.pieces(pieces),
                }
            });
        });
        self.source(&parts.from);
        self.each(&parts.joins, |shape, join| {
            shape.tag(join.kind as u8);
            shape.source(&join.source);
            shape.optional(join.on.as_ref(), Self::expr);
        });
        self.conditions(&parts.wheres);
        self.each(&parts.group_bys, Self::expr);
        self.conditions(&parts.havings);
        self.each(&parts.windows, |shape, (name, window)| {
            shape.text(name);
            shape.window(window);
        });
        self.each(&parts.combinations, |shape, combination| {
            shape.tag(combination.operation as u8);
            shape.query(&combination.query);
        });
        self.orders(&parts.order_bys);
        self.optional(parts.limit.as_ref(), Self::expr);
        self.tag(parts.with_ties.into());
        self.optional(parts.offset.as_ref(), Self::expr);
        self.optional(parts.lock.as_deref(), Self::pieces);
        self.optional(parts.distinct.as_ref(), |shape, distinct| match distinct {
            Distinct::Rows => shape.tag(0),
            Distinct::On(orders) => {
                shape.tag(1);
                shape.orders(orders);
            }
        });
        self.each(&parts.updates, |shape, update| {
            shape.tag(update.op as u8);
            shape.text(&update.field);
            shape.expr(&update.expr);
        });
        self.optional(parts.select.as_ref(), Self::expr);
        self.tag((!parts.preloads.is_empty()).into());
        self.each(&parts.assocs, Self::assoc);
        self.optional(parts.prefix.as_ref(), |shape, prefix| shape.text(prefix));
    }

    fn source(&mut self, source: &'q Source) {
        self.optional(source.name.as_ref(), |shape, name| shape.text(name));
        self.optional(source.prefix.as_ref(), |shape, prefix| shape.text(prefix));
        match &source.kind {
            SourceKind::Table { table, schema } => {
                self.tag(0);
                self.optional(table.as_ref(), |shape, table| shape.text(table));
                self.optional(schema.as_ref(), Self::schema);
            }
            SourceKind::Subquery(query) => {
                self.tag(1);
                self.query(query);
            }
            SourceKind::Query(query) => {
                self.tag(2);
                self.query(query);
            }
            SourceKind::Assoc(binding, name) => {
                self.tag(3);
                self.binding(binding);
                self.text(name);
            }
            SourceKind::Fragment(pieces) => {
                self.tag(4);
                self.pieces(pieces);
            }
            SourceKind::Values { types, rows } => {
                self.tag(5);
                self.each(types, |shape, (name, kind)| {
                    shape.text(name);
                    shape.kind(kind);
                });
                self.len(rows.len());
                self.pins.extend(rows.iter().flatten());
            }
        }
    }

    /// Schemas of one name may differ, so that a known one counts by itself.
    fn schema(&mut self, schema: &'q SchemaRef) {
        self.text(schema.name());
        if let SchemaRef::Known(schema) = schema {
            self.bytes.extend((Arc::as_ptr(schema) as usize as u64).to_le_bytes());
        }
    }

    fn conditions(&mut self, conditions: &'q [Condition]) {
        self.each(conditions, |shape, condition| {
            shape.tag(condition.or.into());
            shape.expr(&condition.expr);
        });
    }

    fn orders(&mut self, orders: &'q [Order]) {
        self.each(orders, |shape, order| {
            shape.tag(order.direction as u8);
            shape.expr(&order.expr);
        });
    }

    fn window(&mut self, window: &'q Window) {
        self.each(&window.partition_by, Self::expr);
        self.orders(&window.order_by);
        self.optional(window.frame.as_deref(), Self::pieces);
    }

    fn assoc(&mut self, assoc: &'q AssocPreload) {
        self.text(&assoc.assoc);
        self.binding(&assoc.binding);
        self.each(&assoc.nested, Self::assoc);
    }

    fn binding(&mut self, binding: &'q Binding) {
        match binding {
            Binding::At(at) => {
                self.tag(0);
                self.len(*at);
            }
            Binding::Named(name) => {
                self.tag(1);
                self.text(name);
            }
            Binding::Parent(name) => {
                self.tag(2);
                self.text(name);
            }
        }
    }

    fn value(&mut self, value: &Value) {
        self.text(&crate::params::to_json(&notation::encode(value)));
    }

    fn kind(&mut self, kind: &Type) {
        self.value(&kind.to_notation());
    }

    fn spec(&mut self, spec: &'q TypeSpec) {
        match spec {
            TypeSpec::Type(kind) => {
                self.tag(0);
                self.kind(kind);
            }
            TypeSpec::Field(binding, name) => {
                self.tag(1);
                self.binding(binding);
                self.text(name);
            }
            TypeSpec::In(inner) => self.spec_within(2, inner),
            TypeSpec::Array(inner) => self.spec_within(3, inner),
            TypeSpec::Out(inner) => self.spec_within(4, inner),
            TypeSpec::Splice(inner) => self.spec_within(5, inner),
        }
    }

    fn spec_within(&mut self, tag: u8, inner: &'q TypeSpec) {
        self.tag(tag);
        self.spec(inner);
    }

    fn pieces(&mut self, pieces: &'q [Piece]) {
        self.each(pieces, |shape, piece| match piece {
            Piece::Raw(sql) => {
                shape.tag(0);
                shape.text(sql);
            }
            Piece::Expr(expr) => {
                shape.tag(1);
                shape.expr(expr);
            }
        });
    }

    fn pairs(&mut self, pairs: &'q [(Expr, Expr)]) {
        self.each(pairs, |shape, (key, value)| {
            shape.expr(key);
            shape.expr(value);
        });
    }

    fn named(&mut self, fields: &'q [(Str, Expr)]) {
        self.each(fields, |shape, (name, value)| {
            shape.text(name);
            shape.expr(value);
        });
    }

    fn taken(&mut self, taken: &'q Taken) {
        match taken {
            Taken::Field(name) => {
                self.tag(0);
                self.text(name);
            }
            Taken::Assoc(name, nested) => {
                self.tag(1);
                self.text(name);
                self.each(nested, Self::taken);
            }
        }
    }

    fn expr(&mut self, expr: &'q Expr) {
        if self.depth >= MAX_DEPTH {
            self.too_deep.get_or_insert("an expression is nested more than 100 levels deep");
            return;
        }
        self.depth += 1;
        self.form(expr);
        self.depth -= 1;
    }

    fn form(&mut self, expr: &'q Expr) {
        match expr {
            Expr::Literal(value) => {
                self.tag(0);
                self.value(value);
            }
            // How long a list is does not matter: it is one param.
            Expr::Pin(Pin { value, kind }) => {
                self.tag(1);
                self.pins.push(value);
                self.optional(kind.as_ref(), Self::spec);
            }
            Expr::Field(binding, name) => {
                self.tag(2);
                self.binding(binding);
                self.text(name);
            }
            Expr::Source(binding) => {
                self.tag(3);
                self.binding(binding);
            }
            Expr::Take(binding, take, fields) => {
                self.tag(4);
                self.binding(binding);
                self.tag(*take as u8);
                self.each(fields, Self::taken);
            }
            Expr::Call(function, arguments) => {
                self.tag(5);
                self.tag(*function as u8);
                self.each(arguments, Self::expr);
            }
            Expr::List(all) => {
                self.tag(6);
                self.each(all, Self::expr);
            }
            Expr::Tuple(all) => {
                self.tag(7);
                self.each(all, Self::expr);
            }
            Expr::Map(pairs) => {
                self.tag(8);
                self.pairs(pairs);
            }
            Expr::MapUpdate(base, pairs) => {
                self.tag(9);
                self.expr(base);
                self.pairs(pairs);
            }
            Expr::Struct(schema, fields) => {
                self.tag(10);
                self.schema(schema);
                self.named(fields);
            }
            Expr::Merge(left, right) => self.two(11, left, right),
            Expr::Filter(call, condition) => self.two(12, call, condition),
            Expr::Over(call, over) => {
                self.tag(13);
                self.expr(call);
                match over {
                    Over::Named(name) => {
                        self.tag(0);
                        self.text(name);
                    }
                    Over::Window(window) => {
                        self.tag(1);
                        self.window(window);
                    }
                }
            }
            Expr::Subquery(query) => {
                self.tag(14);
                self.query(query);
            }
            Expr::Type(inner, spec) => {
                self.tag(15);
                self.expr(inner);
                self.spec(spec);
            }
            Expr::Fragment(pieces) => {
                self.tag(16);
                self.pieces(pieces);
            }
            Expr::Splice(list) => {
                self.tag(17);
                self.expr(list);
            }
            Expr::Identifier(name) => {
                self.tag(18);
                self.text(name);
            }
            Expr::Constant(value) => {
                self.tag(19);
                self.value(value);
            }
            Expr::JsonPath(inner, path) => {
                self.tag(20);
                self.expr(inner);
                self.text(&format!("{path:?}"));
            }
            Expr::DateAdd { kind, from, count, unit } => {
                self.tag(21);
                self.tag(*kind as u8);
                self.expr(from);
                self.two(0, count, unit);
            }
            Expr::SelectAs(inner, name) => {
                self.tag(22);
                self.expr(inner);
                self.text(name);
            }
            Expr::SelectedAs(name) => {
                self.tag(23);
                self.text(name);
            }
        }
    }

    fn two(&mut self, tag: u8, left: &'q Expr, right: &'q Expr) {
        self.tag(tag);
        self.expr(left);
        self.expr(right);
    }
}
