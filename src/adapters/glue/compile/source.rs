//! Sources and joins.

use super::{Compiler, Result, Shape, refused};
use crate::adapter::AdapterError;
use crate::adapters::glue::node::{Comparison, Node};
use crate::adapters::glue::select::{Access, Join, Origin, Source};
use crate::query::plan::{Join as PlanJoin, Source as PlanSource};
use crate::query::{JoinKind, Plan};
use crate::store::{Database, Kind, Table, TableName};
use crate::types::Type;
use crate::value::Str;

impl<'c> Compiler<'c> {
    /// The sources of a plan, and how they are joined.
    pub(super) fn sources(&mut self, plan: &'c Plan) -> Result<(Vec<Source>, Vec<Join>)> {
        if plan.sources.len() > 60 {
            return Err(AdapterError::unsupported("more than 60 sources in one query"));
        }
        let mut sources: Vec<Option<Source>> = plan.sources.iter().map(|_| None).collect();
        self.scope()?.sources = vec![Shape::default(); plan.sources.len()];
        if let Some(first) = plan.sources.first() {
            sources[0] = Some(self.source(0, first, false)?);
        }
        for join in &plan.joins {
            let source =
                plan.sources.get(join.source).ok_or_else(|| AdapterError::query("a join has no source"))?;
            sources[join.source] = Some(self.source(join.source, source, join.kind.is_lateral())?);
        }
        let mut joins = Vec::new();
        let mut before = 1_u64;
        for join in &plan.joins {
            joins.push(self.join(join, before, &mut sources)?);
            before |= 1 << join.source;
        }
        let sources =
            sources.into_iter().map(|source| source.unwrap_or_else(|| Source::of(Origin::Nothing))).collect();
        Ok((sources, joins))
    }

    fn source(&mut self, at: usize, source: &'c PlanSource, lateral: bool) -> Result<Source> {
        let (rows, shape) = match source {
            PlanSource::Table { table, prefix, .. } => self.table(table, prefix.as_ref())?,
            PlanSource::Cte { name, .. } => {
                let named = self
                    .ctes
                    .iter()
                    .rev()
                    .find(|named| named.name == *name)
                    .ok_or_else(|| refused("42P01", format!("relation \"{name}\" does not exist")))?;
                let shape =
                    Shape { name: Some(name.clone()), columns: named.columns.clone(), ..Shape::default() };
                (Origin::Cte(named.number), shape)
            }
            PlanSource::Subquery(plan) => {
                let outer = std::mem::replace(&mut self.in_aggregate, false);
                let select = self.select(plan);
                self.in_aggregate = outer;
                let select = select?;
                // What it reaches beyond this plan, this plan reaches too.
                let reach = select.reach.saturating_sub(1);
                let scope = self.scope()?;
                scope.reach = scope.reach.max(reach);
                let shape = Shape { columns: select.columns.clone(), ..Shape::default() };
                (Origin::Query(Box::new(select)), shape)
            }
            PlanSource::Fragment(pieces) => self.fragment_source(pieces)?,
            PlanSource::Values { types, rows, first } => {
                let columns: Vec<(Str, Kind)> =
                    types.iter().map(|(name, of)| (name.clone(), kind_of_type(of))).collect();
                let width = types.len();
                let cells = (0..*rows)
                    .map(|row| (0..width).map(|column| Node::Param(first + row * width + column)).collect())
                    .collect();
                (Origin::Values(cells), Shape { columns, ..Shape::default() })
            }
        };
        let _ = lateral;
        self.scope()?.sources[at] = shape;
        Ok(Source::of(rows))
    }

    /// A table by its name.
    pub(super) fn table(&mut self, table: &Str, prefix: Option<&Str>) -> Result<(Origin, Shape)> {
        let name = TableName { prefix: prefix.cloned(), name: table.clone() };
        let Some(known) = found(self.catalog, &name) else {
            return Err(refused("42P01", format!("relation \"{name}\" does not exist")));
        };
        let name = known.definition().name.clone();
        let definition = known.definition();
        let columns =
            definition.columns.iter().map(|column| (column.name.clone(), column.kind.clone())).collect();
        let key = match &definition.primary_key {
            Some(key) => key.columns.iter().filter_map(|column| definition.position(column)).collect(),
            None => Vec::new(),
        };
        let at = self.tables.iter().position(|other| *other == name).unwrap_or_else(|| {
            self.tables.push(name.clone());
            self.tables.len() - 1
        });
        let shape = Shape { name: Some(table.clone()), columns, key, ..Shape::default() };
        Ok((Origin::Table { table: at, access: Access::default() }, shape))
    }

    fn join(&mut self, join: &'c PlanJoin, before: u64, sources: &mut [Option<Source>]) -> Result<Join> {
        let on = match &join.on {
            Some(on) => self.expression(on)?.conjuncts(),
            None => Vec::new(),
        };
        let own = 1_u64 << join.source;
        let mut made =
            Join { kind: join.kind, source: join.source, equal: Vec::new(), on: Vec::new(), probe: None };
        let alone = !matches!(join.kind, JoinKind::Right | JoinKind::Full);
        for condition in on {
            if alone && condition.sources() == own {
                if let Some(Some(source)) = sources.get_mut(join.source) {
                    source.filters.push(condition);
                }
                continue;
            }
            match equality(condition, before, own) {
                Ok(pair) if !join.kind.is_lateral() => made.equal.push(pair),
                Ok((left, right)) => {
                    made.on.push(Node::Compare(Comparison::Equal, Box::new(left), Box::new(right)));
                }
                Err(condition) => made.on.push(condition),
            }
        }
        Ok(made)
    }
}

/// A table by name; `public` is the prefix of tables without one, as in PostgreSQL.
pub(in super::super) fn found<'d>(database: &'d Database, name: &TableName) -> Option<&'d Table> {
    database.table_named(name).or_else(|| match name.prefix.as_deref() {
        Some("public") => database.table_named(&TableName { prefix: None, name: name.name.clone() }),
        _ => None,
    })
}

/// A condition that compares the sources before with this one, as such a pair; any other condition comes back.
pub(super) fn equality(condition: Node, before: u64, own: u64) -> core::result::Result<(Node, Node), Node> {
    match condition {
        Node::Compare(Comparison::Equal, left, right) => {
            let (of_left, of_right) = (left.sources(), right.sources());
            let is_before = |bits: u64| bits != 0 && bits & !before == 0;
            if is_before(of_left) && of_right == own {
                Ok((*left, *right))
            } else if is_before(of_right) && of_left == own {
                Ok((*right, *left))
            } else {
                Err(Node::Compare(Comparison::Equal, left, right))
            }
        }
        other => Err(other),
    }
}

/// What a type is stored as.
pub(super) fn kind_of_type(of: &Type) -> Kind {
    match of.base() {
        Type::Id => Kind::Integer(64),
        Type::Integer => Kind::Integer(32),
        Type::Float => Kind::Float,
        Type::Boolean => Kind::Boolean,
        Type::String => Kind::Text(None),
        Type::Binary => Kind::Binary,
        Type::Decimal => Kind::Decimal(None),
        Type::Date => Kind::Date,
        Type::Time | Type::TimeUsec => Kind::Time(6),
        Type::NaiveDatetime | Type::NaiveDatetimeUsec => Kind::NaiveDatetime(6),
        Type::UtcDatetime | Type::UtcDatetimeUsec => Kind::UtcDatetime(6),
        Type::Uuid => Kind::Uuid,
        Type::Array(element) => Kind::List(Box::new(kind_of_type(&element))),
        Type::Map | Type::MapOf(_) => Kind::Json,
        _ => Kind::Any,
    }
}
