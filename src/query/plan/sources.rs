//! Sources and joins.

use super::inner::Output;
use super::planner::{In, Level, Planner, Resolved, Use};
use super::tree::{Column, Expr, Join, Source};
use super::types::Kind;
use crate::query::expr as written;
use crate::query::function::Function;
use crate::query::tree as query_tree;
use crate::query::tree::{Condition, Query, SourceKind};
use crate::query::words::JoinKind;
use crate::schema::Schema;
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What is known of a source.
#[derive(Clone)]
pub(super) enum Bound {
    /// A table, or a CTE, read by a schema.
    Schema { schema: Arc<Schema>, table: Str, prefix: Option<Str> },
    /// A table or CTE of which nothing is known.
    Schemaless { table: Str },
    /// SQL.
    Fragment,
    /// Rows given with the query.
    Values(Vec<(Str, Type)>),
    /// A subquery.
    Subquery(Output),
}

impl Planner<'_> {
    /// Resolves the sources and pushes the level on which all other clauses are resolved.
    pub(super) fn sources(&mut self, query: &Query) -> Resolved<(Vec<Source>, Vec<Join>)> {
        let parts = query.parts();
        let written = parts.joins.len() + 1;
        let aliases = select_aliases(query)?;
        self.levels.push(Level {
            query: query.clone(),
            sources: Vec::new(),
            written,
            aliases,
            inlined: None,
        });
        let (from, bound) = self.source(&parts.from, In::From)?;
        // Joins refer to sources by place, so those that are yet to come get their places beforehand.
        let mut sources: Vec<Option<Source>> = Vec::from([Some(from)]);
        sources.resize_with(written, || None);
        self.bind(0, bound);
        let mut joins = Vec::new();
        for (at, join) in parts.joins.iter().enumerate() {
            self.join(join, at + 1, &mut sources, &mut joins)?;
        }
        let unknown = || Source::Fragment(Vec::new());
        Ok((sources.into_iter().map(|source| source.unwrap_or_else(unknown)).collect(), joins))
    }

    pub(super) fn bind(&mut self, at: usize, bound: Bound) {
        if let Some(level) = self.levels.last_mut() {
            while level.sources.len() <= at {
                level.sources.push(Bound::Fragment);
            }
            level.sources[at] = bound;
        }
    }

    fn source(&mut self, source: &query_tree::Source, place: In) -> Resolved<(Source, Bound)> {
        match &source.kind {
            SourceKind::Table { table, schema } => {
                let schema = schema.as_ref().map(|schema| self.schemas.resolve(schema)).transpose()?;
                self.table(table.clone(), schema, source.prefix.clone())
            }
            SourceKind::Subquery(inner) => {
                let mut inner = inner.clone();
                if let Some(prefix) = &source.prefix {
                    inner.parts_mut().prefix = Some(prefix.clone());
                }
                let (plan, output) = self.inner(&inner, Use::Source)?;
                Ok((Source::Subquery(plan.into()), Bound::Subquery(output)))
            }
            SourceKind::Fragment(pieces) => {
                self.no_prefix(source, "fragment")?;
                Ok((Source::Fragment(self.pieces(pieces, place)?), Bound::Fragment))
            }
            SourceKind::Values { types, rows } => {
                self.no_prefix(source, "values")?;
                let first = self.params.len();
                for row in rows {
                    for ((_, kind), value) in types.iter().zip(row) {
                        self.param(value, &Kind::Type(kind.clone()), place)?;
                    }
                }
                let source = Source::Values { types: types.clone(), rows: rows.len(), first };
                Ok((source, Bound::Values(types.clone())))
            }
            SourceKind::Assoc(..) | SourceKind::Query(_) => {
                Err(self.wrong("associations and queries can only be joined, not stand in `from`"))
            }
        }
    }

    fn no_prefix(&self, source: &query_tree::Source, kind: &str) -> Resolved<()> {
        match &source.prefix {
            None => Ok(()),
            Some(prefix) => {
                Err(self.wrong(format!("cannot set prefix: \"{prefix}\" option for {kind} sources")))
            }
        }
    }

    /// A table, or the CTE of that name.
    pub(super) fn table(
        &self,
        table: Option<Str>,
        schema: Option<Arc<Schema>>,
        prefix: Option<Str>,
    ) -> Resolved<(Source, Bound)> {
        let own = schema.as_ref().and_then(|schema| schema.source().cloned());
        let Some(table) = table.or(own) else {
            let name = schema.as_ref().map(|schema| schema.name().as_str()).unwrap_or_default();
            return Err(self.wrong(format!("`{name}` has no table: it is embedded in other records")));
        };
        let own_prefix = schema.as_ref().and_then(|schema| match schema.storage() {
            crate::schema::Storage::Table { prefix, .. } => prefix.clone(),
            _ => None,
        });
        let is_cte = self.ctes.contains(&table);
        let around = || match is_cte {
            true => None,
            false => self.level().query.parts().prefix.clone(),
        };
        let prefix = prefix.or(own_prefix).or_else(around);
        let bound = match &schema {
            Some(schema) => {
                Bound::Schema { schema: schema.clone(), table: table.clone(), prefix: prefix.clone() }
            }
            None => Bound::Schemaless { table: table.clone() },
        };
        let source = match is_cte && prefix.is_none() {
            true => Source::Cte { name: table, schema },
            false => Source::Table { table, prefix, schema },
        };
        Ok((source, bound))
    }

    fn join(
        &mut self,
        join: &query_tree::Join,
        at: usize,
        sources: &mut Vec<Option<Source>>,
        joins: &mut Vec<Join>,
    ) -> Resolved<()> {
        match &join.source.kind {
            SourceKind::Assoc(binding, name) => self.join_assoc(join, binding, name, at, sources, joins),
            SourceKind::Query(inner) => {
                self.check_inlined(inner)?;
                let mut from = inner.parts().from.clone();
                let around = || inner.parts().prefix.clone();
                from.prefix = from.prefix.or_else(|| join.source.prefix.clone()).or_else(around);
                let (source, bound) = self.source(&from, In::Join)?;
                self.bind(at, bound);
                sources[at] = Some(source);
                let name = from.name.clone();
                let on = self.conditions_of(at, name, &inner.parts().wheres)?;
                let on = both(on, self.on(join)?);
                joins.push(Join { kind: join.kind, source: at, on });
                Ok(())
            }
            _ => {
                let (source, bound) = self.source(&join.source, In::Join)?;
                self.bind(at, bound);
                sources[at] = Some(source);
                let on = self.on(join)?;
                joins.push(Join { kind: join.kind, source: at, on });
                Ok(())
            }
        }
    }

    pub(super) fn on(&mut self, join: &query_tree::Join) -> Resolved<Option<Expr>> {
        match &join.on {
            None | Some(written::Expr::Literal(Value::Bool(true))) => Ok(None),
            Some(on) => self.expr(on, In::Join, &Kind::Type(Type::Boolean)).map(Some),
        }
    }

    /// A query that is joined as if its source were may have conditions alone.
    fn check_inlined(&self, inner: &Query) -> Resolved<()> {
        let parts = inner.parts();
        let plain = Query::of(parts.from.clone());
        let mut rest = inner.clone();
        rest.parts_mut().wheres.clear();
        rest.parts_mut().prefix = None;
        rest.parts_mut().select = None;
        if rest != plain {
            return Err(self.wrong(
                "invalid query was interpolated in a join: it may only have `where` conditions, which become \
                 conditions of the join; wrap any other in `subquery`",
            ));
        }
        Ok(())
    }

    /// Conditions of a query whose only source has the place `at` here, in one.
    fn conditions_of(
        &mut self,
        at: usize,
        name: Option<Str>,
        conditions: &[Condition],
    ) -> Resolved<Option<Expr>> {
        let set = |planner: &mut Self, inlined| {
            if let Some(level) = planner.levels.last_mut() {
                level.inlined = inlined;
            }
        };
        set(self, Some((at, name)));
        let resolved = self.conditions(conditions, In::Join);
        set(self, None);
        let mut all: Option<Expr> = None;
        for condition in resolved? {
            all = Some(match all {
                None => condition.expr,
                Some(before) if condition.or => Expr::Call(Function::Or, [before, condition.expr].into()),
                Some(before) => Expr::Call(Function::And, [before, condition.expr].into()),
            });
        }
        Ok(all)
    }

    /// A join of a table by a pair of keys.
    pub(super) fn join_by_key(
        &mut self,
        kind: JoinKind,
        at: usize,
        left: Column,
        right: Column,
        more: Option<Expr>,
        joins: &mut Vec<Join>,
    ) {
        let keys = Expr::Call(Function::Eq, [Expr::Column(left), Expr::Column(right)].into());
        joins.push(Join { kind, source: at, on: both(Some(keys), more) });
    }
}

/// Both conditions in one.
pub(super) fn both(left: Option<Expr>, right: Option<Expr>) -> Option<Expr> {
    match (left, right) {
        (Some(left), Some(right)) => Some(Expr::Call(Function::And, [left, right].into())),
        (left, right) => left.or(right),
    }
}

fn select_aliases(query: &Query) -> Resolved<Vec<Str>> {
    let mut aliases = Vec::new();
    let mut twice = None;
    if let Some(select) = &query.parts().select {
        select.visit(&mut |expr| {
            if let written::Expr::SelectAs(_, name) = expr {
                if aliases.contains(name) {
                    twice.get_or_insert(name.clone());
                }
                aliases.push(name.clone());
            }
        });
    }
    match twice {
        None => Ok(aliases),
        Some(name) => Err(crate::query::QueryError::new(
            crate::query::QueryErrorKind::Build,
            format!("the alias `:{name}` has been specified more than once using `selected_as/2`"),
        )),
    }
}
