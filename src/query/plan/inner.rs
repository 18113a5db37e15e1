//! What subqueries and CTEs hold.

use super::check;
use super::loads::load_type;
use super::planner::{In, Planner, Resolved, Use};
use super::sources::Bound;
use super::tree::{Field, Load, Operation, Plan};
use super::types::Kind;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr::{Binding, Expr, Take, Taken};
use crate::query::tree::Query;
use crate::schema::Schema;
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What the rows of a subquery are.
#[derive(Clone)]
pub(super) struct Output {
    pub(super) rows: Rows,
    /// Its columns.
    pub(super) fields: Vec<(Str, Load)>,
}

#[derive(Clone)]
pub(super) enum Rows {
    /// Maps.
    Map,
    /// Records made of expressions.
    Struct(Arc<Schema>),
    /// Records of a source.
    Source { schema: Arc<Schema>, table: Str, prefix: Option<Str> },
}

impl Output {
    /// The type of a column, if there is such a column and its type is known.
    pub(super) fn kind_of(&self, field: &str) -> Option<Option<Type>> {
        self.load_of(field).map(load_type)
    }

    pub(super) fn load_of(&self, field: &str) -> Option<&Load> {
        self.fields.iter().find(|(name, _)| name == field).map(|(_, load)| load)
    }

    pub(super) fn schema(&self) -> Option<Arc<Schema>> {
        match &self.rows {
            Rows::Map => None,
            Rows::Struct(schema) | Rows::Source { schema, .. } => Some(schema.clone()),
        }
    }
}

type Pairs = Vec<(Str, Expr)>;

impl Planner<'_> {
    /// The plan of a subquery and what it holds.
    pub(super) fn inner(&mut self, query: &Query, usage: Use) -> Resolved<(Plan, Output)> {
        let mut query = query.clone();
        let done = check::ensure_select(&mut query)
            .map_err(|error| error.in_query(|| query.text_with(self.schemas)))
            .and_then(|()| self.query(&query, Operation::All, usage))
            .map_err(|error| error.within(QueryErrorKind::Subquery))?;
        match done.output {
            Some(output) => Ok((done.plan, output)),
            None => Err(self.wrong("a subquery must select something")),
        }
    }

    /// The fields of a subquery or CTE; each has a name, by which it is a column of the source.
    pub(super) fn inner_select(&mut self, select: &Expr, usage: Use) -> Resolved<(Output, Vec<Field>)> {
        let (rows, pairs) = match self.pairs(select)? {
            Some(found) => found,
            None if usage == Use::Source => {
                let text = self.text(select);
                return Err(self.wrong(format!(
                    "subquery/cte must select a source (t), a field (t.field) or a map, got: `{text}`"
                )));
            }
            None => (Rows::Map, Vec::from([(Str::Static("result"), select.clone())])),
        };
        let mut output = Output { rows, fields: Vec::with_capacity(pairs.len()) };
        let mut fields = Vec::with_capacity(pairs.len());
        for (name, expr) in &pairs {
            let load = self.load(expr)?;
            let resolved = self.expr(expr, In::Select, &Kind::Any)?;
            let alias = match expr {
                Expr::SelectAs(_, alias) => alias.clone(),
                _ if self.level().aliases.contains(name) => return Err(conflict(name)),
                _ => name.clone(),
            };
            let is_named = usage != Use::Value { named: false } || matches!(expr, Expr::SelectAs(..));
            fields.push(Field { expr: resolved, alias: is_named.then(|| alias.clone()), load: load.clone() });
            output.fields.push((alias, load));
        }
        Ok((output, fields))
    }

    /// What is selected as names and expressions, as far as it is a source, a field or a map.
    fn pairs(&mut self, select: &Expr) -> Resolved<Option<(Rows, Pairs)>> {
        Ok(Some(match select {
            Expr::Merge(left, right) => {
                let (Some((left_rows, left)), Some((right_rows, right))) =
                    (self.pairs(left)?, self.pairs(right)?)
                else {
                    return Ok(None);
                };
                let rows = if matches!(left_rows, Rows::Map) { right_rows } else { left_rows };
                (rows, keyword_merge(left, right))
            }
            Expr::Struct(schema, fields) => {
                let schema = self.schemas.resolve(schema)?;
                (Rows::Struct(schema), fields.clone())
            }
            Expr::MapUpdate(base, pairs) => {
                let pairs = self.plain_pairs(select, pairs)?;
                let Some((rows, kept)) = self.pairs(base)? else { return Ok(None) };
                let kept = kept.into_iter().filter(|(name, _)| !pairs.iter().any(|(other, _)| other == name));
                (rows, kept.chain(pairs.iter().cloned()).collect())
            }
            Expr::Map(pairs) => (Rows::Map, self.plain_pairs(select, pairs)?),
            Expr::Source(binding) => return self.source_pairs(binding, None),
            Expr::Take(binding, take, taken) => return self.source_pairs(binding, Some((*take, taken))),
            Expr::Field(Binding::At(_) | Binding::Named(_), name) => {
                (Rows::Map, Vec::from([(name.clone(), select.clone())]))
            }
            _ => return Ok(None),
        }))
    }

    fn source_pairs(
        &mut self,
        binding: &Binding,
        take: Option<(Take, &[Taken])>,
    ) -> Resolved<Option<(Rows, Pairs)>> {
        let (at, _) = self.own_source(binding, In::Select)?;
        let (rows, all): (Rows, Vec<Str>) = match self.level().sources.get(at) {
            Some(Bound::Schema { schema, table, prefix }) => {
                let fields = schema.fields().iter();
                let in_query = fields.filter(|field| super::output::is_loaded(field));
                let names = in_query.map(|field| field.name.clone()).collect();
                let (schema, table, prefix) = (schema.clone(), table.clone(), prefix.clone());
                (Rows::Source { schema, table, prefix }, names)
            }
            Some(Bound::Subquery(output)) => {
                (output.rows.clone(), output.fields.iter().map(|(name, _)| name.clone()).collect())
            }
            Some(Bound::Values(types)) => (Rows::Map, types.iter().map(|(name, _)| name.clone()).collect()),
            _ if take.is_some() => (Rows::Map, Vec::new()),
            _ => return Ok(None),
        };
        let (rows, names) = match take {
            None => (rows, all),
            Some((kind, taken)) => {
                let names = taken.iter().filter_map(|taken| match taken {
                    Taken::Field(name) => Some(name.clone()),
                    Taken::Assoc(..) => None,
                });
                (if kind == Take::Map { Rows::Map } else { rows }, names.collect())
            }
        };
        let pair = |name: Str| (name.clone(), Expr::Field(binding.clone(), name));
        Ok(Some((rows, names.into_iter().map(pair).collect())))
    }

    fn plain_pairs(&self, select: &Expr, pairs: &[(Expr, Expr)]) -> Resolved<Pairs> {
        let mut plain = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let Expr::Literal(Value::String(name)) = key else {
                let text = self.text(select);
                return Err(self.wrong(format!(
                    "only atom keys are allowed when selecting a map in subquery, got: `{text}`"
                )));
            };
            match value {
                Expr::Tuple(_)
                | Expr::List(_)
                | Expr::Map(_)
                | Expr::MapUpdate(..)
                | Expr::Struct(..)
                | Expr::Merge(..)
                | Expr::Source(_)
                | Expr::Take(..) => {
                    let text = self.text(select);
                    return Err(self.wrong(format!(
                        "atoms, structs, maps, lists, tuples and sources are not allowed as map values in subquery, \
                         got: `{text}`"
                    )));
                }
                value => plain.push((name.clone(), value.clone())),
            }
        }
        Ok(plain)
    }
}

fn keyword_merge(mut left: Pairs, right: Pairs) -> Pairs {
    left.retain(|(name, _)| !right.iter().any(|(other, _)| other == name));
    left.extend(right);
    left
}

fn conflict(name: &str) -> QueryError {
    QueryError::new(
        QueryErrorKind::Argument,
        format!(
            "the alias, `:{name}`, provided to `selected_as/2` conflicts with the subquery's automatic aliasing"
        ),
    )
}
