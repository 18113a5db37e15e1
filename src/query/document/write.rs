//! Writing the clauses of a query.

use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr::{Binding, Expr, Piece, Window};
use crate::query::plan::Operation;
use crate::query::tree::{
    AssocPreload, Condition, CteBody, Distinct, Join, Order, Parts, Preload, PreloadWith, Query, Source,
    SourceKind, Update, With,
};
use crate::query::words::JoinKind;
use crate::value::notation::one;
use crate::value::{Map, Str, Value};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) type Written = Result<Value, QueryError>;

pub(super) fn write(query: &Query) -> Written {
    let mut writer = Writer { params: Vec::new(), scopes: Vec::new() };
    let query = writer.query(query)?;
    Ok(Map::from([("query", query), ("params", Value::List(writer.params))]).into())
}

/// Goes through the clauses in the order in which Ecto numbers params.
pub(super) struct Writer {
    pub(super) params: Vec<Value>,
    /// The names of all sources of the queries around, outermost first.
    scopes: Vec<Vec<Str>>,
}

impl Writer {
    pub(super) fn query(&mut self, query: &Query) -> Written {
        let parts = query.parts();
        if let Some(name) = misleading_name(parts.sources()) {
            return Err(QueryError::new(QueryErrorKind::Document, name));
        }
        self.scopes.push(source_names(parts));
        let mut map = Map::new();
        if let Some(with) = &parts.with {
            map.set("with", self.with(with)?);
        }
        match &parts.distinct {
            None => {}
            Some(Distinct::Rows) => map.set("distinct", true),
            Some(Distinct::On(orders)) => map.set("distinct", self.orders(orders)?),
        }
        if let Some(select) = &parts.select {
            map.set("select", self.expr(select)?);
        }
        let from = self.source(&parts.from, 0)?;
        map.set("from", from);
        self.clause(&mut map, "update", &parts.updates, |writer, updates| writer.updates(updates))?;
        self.clause(&mut map, "join", &parts.joins, |writer, joins| {
            each(joins.iter().enumerate(), |(at, join)| writer.join(join, at + 1))
        })?;
        self.clause(&mut map, "where", &parts.wheres, Writer::conditions)?;
        self.clause(&mut map, "group_by", &parts.group_bys, Writer::exprs)?;
        self.clause(&mut map, "having", &parts.havings, Writer::conditions)?;
        self.clause(&mut map, "windows", &parts.windows, |writer, windows| {
            each(windows, |(name, window)| Ok([name.into(), writer.window(window)?].into()))
        })?;
        self.clause(&mut map, "combinations", &parts.combinations, |writer, all| {
            each(all, |combination| {
                let op = Value::from(combination.operation.name());
                Ok(Map::from([("op", op), ("query", writer.query(&combination.query)?)]).into())
            })
        })?;
        self.clause(&mut map, "order_by", &parts.order_bys, Writer::orders)?;
        if let Some(limit) = &parts.limit {
            map.set("limit", self.expr(limit)?);
        }
        if parts.with_ties {
            map.set("with_ties", true);
        }
        if let Some(offset) = &parts.offset {
            map.set("offset", self.expr(offset)?);
        }
        match parts.lock.as_deref() {
            None => {}
            Some([Piece::Raw(lock)]) => map.set("lock", lock),
            Some(pieces) => map.set("lock", self.fragment(pieces)?),
        }
        self.clause(&mut map, "preload", &parts.preloads, |writer, preloads| writer.preloads(preloads))?;
        self.clause(&mut map, "preload_assocs", &parts.assocs, |writer, assocs| writer.assocs(assocs))?;
        if let Some(prefix) = &parts.prefix {
            map.set("prefix", prefix);
        }
        self.scopes.pop();
        Ok(map.into())
    }

    fn clause<T>(
        &mut self,
        map: &mut Map,
        key: &'static str,
        all: &[T],
        write: impl FnOnce(&mut Writer, &[T]) -> Written,
    ) -> Result<(), QueryError> {
        if !all.is_empty() {
            map.set(key, write(self, all)?);
        }
        Ok(())
    }

    fn source(&mut self, source: &Source, at: usize) -> Written {
        let mut map = Map::new();
        map.set("as", source.name.clone().unwrap_or_else(|| format!("b{at}").into()));
        if source.name.is_some() {
            map.set("named", true);
        }
        if let Some(prefix) = &source.prefix {
            map.set("prefix", prefix);
        }
        match &source.kind {
            SourceKind::Table { table, schema } => {
                if let Some(schema) = schema {
                    map.set("schema", schema.name());
                }
                let own = match schema {
                    Some(super::super::SchemaRef::Known(schema)) => schema.source(),
                    _ => None,
                };
                if let Some(table) = table.as_ref().or(own) {
                    map.set("source", table);
                }
            }
            SourceKind::Subquery(query) => map.set("subquery", self.query(query)?),
            SourceKind::Query(query) => map.set("query", self.query(query)?),
            SourceKind::Assoc(binding, name) => {
                let binding = Value::from(self.binding(binding));
                map.set("assoc", [binding, name.into()]);
            }
            SourceKind::Fragment(pieces) => map.set("fragment", self.fragment(pieces)?),
            SourceKind::Values { types, rows } => {
                let types = types.iter().map(|(name, kind)| [name.into(), kind.to_notation()].into());
                let types = Value::List(types.collect());
                let cells = Value::List(rows.concat());
                let rows = Value::from(rows.len() as i64);
                map.set("values", Map::from([("types", types), ("rows", rows), ("cells", cells)]));
            }
        }
        Ok(map.into())
    }

    fn join(&mut self, join: &Join, at: usize) -> Written {
        let Value::Map(mut map) = self.source(&join.source, at)? else { return Ok(Value::Null) };
        map.set("qual", join_name(join.kind));
        if let Some(on) = &join.on {
            map.set("on", self.expr(on)?);
        }
        Ok(map.into())
    }

    fn conditions(&mut self, conditions: &[Condition]) -> Written {
        each(conditions, |condition| {
            let expr = self.expr(&condition.expr)?;
            Ok(if condition.or { one("or", expr) } else { expr })
        })
    }

    fn orders(&mut self, orders: &[Order]) -> Written {
        each(orders, |order| Ok([order.direction.name().into(), self.expr(&order.expr)?].into()))
    }

    fn exprs(&mut self, exprs: &[Expr]) -> Written {
        each(exprs, |expr| self.expr(expr))
    }

    /// One object, in which neighbours that do the same share a key.
    fn updates(&mut self, updates: &[Update]) -> Written {
        let mut map = Map::new();
        for op in super::super::UpdateOp::ALL {
            let same = updates.iter().filter(|update| update.op == op);
            let pairs = each(same, |update| Ok([(&update.field).into(), self.expr(&update.expr)?].into()))?;
            if pairs.as_list() != Some(&[]) {
                map.set(op.name(), pairs);
            }
        }
        Ok([Value::from(map)].into())
    }

    pub(super) fn window(&mut self, window: &Window) -> Written {
        let mut map = Map::new();
        self.clause(&mut map, "partition_by", &window.partition_by, Writer::exprs)?;
        self.clause(&mut map, "order_by", &window.order_by, Writer::orders)?;
        if let Some(frame) = &window.frame {
            map.set("frame", self.fragment(frame)?);
        }
        Ok(map.into())
    }

    fn with(&mut self, with: &With) -> Written {
        let ctes = each(&with.ctes, |cte| {
            let mut map = Map::from([("name", &cte.name)]);
            match &cte.body {
                CteBody::Query(query) => {
                    map.set("query", self.query(query)?);
                    map.set("operation", operation_name(cte.operation));
                }
                CteBody::Fragment(pieces) => map.set("fragment", self.fragment(pieces)?),
            }
            if let Some(materialized) = cte.materialized {
                map.set("materialized", materialized);
            }
            Ok(map.into())
        })?;
        Ok(Map::from([("recursive", Value::from(with.recursive)), ("ctes", ctes)]).into())
    }

    fn preloads(&mut self, preloads: &[Preload]) -> Written {
        each(preloads, |preload| {
            let nested = &preload.nested;
            let inside = match &preload.with {
                PreloadWith::Table if nested.is_empty() => return Ok((&preload.assoc).into()),
                PreloadWith::Table => self.preloads(nested)?,
                PreloadWith::Query(query) => {
                    let mut map = Map::from([("query", self.query(query)?)]);
                    self.clause(&mut map, "preload", nested, |writer, nested| writer.preloads(nested))?;
                    map.into()
                }
                PreloadWith::Function(_) => {
                    let message =
                        format!("`{}` is preloaded by a function, which no document can hold", preload.assoc);
                    return Err(QueryError::new(QueryErrorKind::Document, message));
                }
            };
            let mut map = Map::new();
            map.insert(preload.assoc.clone(), inside);
            Ok(map.into())
        })
    }

    fn assocs(&mut self, assocs: &[AssocPreload]) -> Written {
        each(assocs, |assoc| {
            let mut map =
                Map::from([("assoc", assoc.assoc.clone()), ("binding", self.binding(&assoc.binding))]);
            self.clause(&mut map, "nested", &assoc.nested, |writer, nested| writer.assocs(nested))?;
            Ok(map.into())
        })
    }

    /// The name of a source: its own, or `b0`, `b1` .. by place.
    pub(super) fn binding(&self, binding: &Binding) -> Str {
        match binding {
            Binding::Named(name) | Binding::Parent(name) => name.clone(),
            Binding::At(at) => match self.scopes.last().and_then(|names| names.get(*at)) {
                Some(name) => name.clone(),
                None => format!("b{at}").into(),
            },
        }
    }
}

pub(super) fn each<T>(
    all: impl IntoIterator<Item = T>,
    write: impl FnMut(T) -> Written,
) -> Result<Value, QueryError> {
    all.into_iter().map(write).collect::<Result<Vec<Value>, _>>().map(Value::List)
}

/// What is wrong with a source that is named like the place of another.
pub(super) fn misleading_name<'q>(sources: impl Iterator<Item = &'q Source>) -> Option<String> {
    let is_place = |name: &str| {
        name.strip_prefix('b')
            .is_some_and(|place| !place.is_empty() && place.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let named = sources.enumerate().filter_map(|(at, source)| Some((at, source.name.as_deref()?)));
    let mut misleading = named.filter(|(at, name)| is_place(name) && *name != format!("b{at}"));
    let (_, name) = misleading.next()?;
    Some(format!(
        "a source can't be named `{name}`: in documents that is the source at the place {}",
        &name[1..]
    ))
}

fn source_names(parts: &Parts) -> Vec<Str> {
    let sources = core::iter::once(&parts.from).chain(parts.joins.iter().map(|join| &join.source));
    let name =
        |(at, source): (usize, &Source)| source.name.clone().unwrap_or_else(|| format!("b{at}").into());
    sources.enumerate().map(name).collect()
}

fn join_name(kind: JoinKind) -> Value {
    kind.name().into()
}

fn operation_name(operation: Operation) -> Value {
    operation.name().into()
}
