//! Joins of associations.

use super::planner::{In, Planner, Resolved};
use super::sources::{Bound, both};
use super::tree::{Column, Expr, Join, Source};
use super::types::Kind;
use crate::query::expr::Binding;
use crate::query::function::Function;
use crate::query::tree as query_tree;
use crate::schema::{FieldKind, Relation, RelationKind, Schema};
use crate::value::{Map, Str, Value};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// How long a chain of associations through others may be.
const MAX_CHAIN: usize = 32;

/// A table on the way to an association.
struct Step {
    table: Option<Str>,
    schema: Option<Arc<Schema>>,
    /// The field by which it is reached.
    into: Str,
    /// The field by which the next one is reached.
    out: Option<Str>,
    filters: Map,
}

impl Planner<'_> {
    pub(super) fn join_assoc(
        &mut self,
        join: &query_tree::Join,
        binding: &Binding,
        name: &Str,
        at: usize,
        sources: &mut Vec<Option<Source>>,
        joins: &mut Vec<Join>,
    ) -> Resolved<()> {
        let (owner, _) = self.own_source(binding, In::Join)?;
        if owner >= at {
            return Err(
                self.wrong(format!("the association `{name}` is of a source that is joined after it"))
            );
        }
        let schema = self.schema_of_join(owner)?;
        let (first_out, steps, is_chain) = self.steps(&schema, name)?;
        let last = steps.len() - 1;
        let mut before = (owner, first_out);
        for (nth, step) in steps.into_iter().enumerate() {
            let place = if nth == last { at } else { sources.len() };
            let (source, bound) =
                self.table(step.table.clone(), step.schema.clone(), join.source.prefix.clone())?;
            self.bind(place, bound);
            match sources.get_mut(place) {
                Some(slot) => *slot = Some(source),
                None => sources.push(Some(source)),
            }
            let theirs = self.column_at(place, &step.into)?;
            let ours = self.column_at(before.0, &before.1)?;
            let filters = self.filters(place, &step.filters)?;
            let on = if nth == last { self.on(join)? } else { None };
            let more = both(filters, on);
            // Ecto puts the nearer table first along a chain, the farther one otherwise.
            let many_to_many = !is_chain && last == 1 && nth == 1;
            match is_chain || many_to_many {
                true => self.join_by_key(join.kind, place, ours, theirs, more, joins),
                false => self.join_by_key(join.kind, place, theirs, ours, more, joins),
            }
            if let Some(out) = step.out {
                before = (place, out);
            }
        }
        Ok(())
    }

    fn column_at(&mut self, source: usize, field: &Str) -> Resolved<Column> {
        self.column_of(source, 0, field, In::Join, false)
    }

    /// Conditions that an association has of its own.
    fn filters(&mut self, source: usize, filters: &Map) -> Resolved<Option<Expr>> {
        let mut all = None;
        for (field, value) in filters.iter() {
            let column = self.column_at(source, field)?;
            let kind = column.kind.clone();
            let column = Expr::Column(column);
            let condition = match value {
                Value::Null => Expr::Call(Function::IsNil, [column].into()),
                Value::List(_) => {
                    let kind = kind.map_or(Kind::Any, Kind::In);
                    let list = self.constant(value, &kind, In::Join)?;
                    Expr::Call(Function::In, [column, list].into())
                }
                value => {
                    let param = self.constant(value, &kind.map_or(Kind::Any, Kind::Type), In::Join)?;
                    Expr::Call(Function::Eq, [column, param].into())
                }
            };
            all = both(all, Some(condition));
        }
        Ok(all)
    }

    fn schema_of_join(&self, owner: usize) -> Resolved<Arc<Schema>> {
        match self.level().sources.get(owner) {
            Some(Bound::Schema { schema, .. }) => Ok(schema.clone()),
            Some(Bound::Subquery(output)) => output.schema().ok_or_else(|| {
                self.wrong(
                    "can only perform association joins on subqueries that return a source with schema in select",
                )
            }),
            Some(Bound::Schemaless { table }) => Err(self.wrong(format!(
                "cannot perform association join on \"{table}\" because it does not have a schema"
            ))),
            Some(Bound::Fragment) => Err(self.wrong("cannot perform association joins on fragment sources")),
            _ => Err(self.wrong("can only perform association joins on sources with a schema")),
        }
    }

    /// The field to start from, the tables on the way, and whether they are a chain through other associations.
    fn steps(&self, schema: &Arc<Schema>, name: &Str) -> Resolved<(Str, Vec<Step>, bool)> {
        let missing = |schema: &Arc<Schema>, name: &Str| {
            self.wrong(format!("could not find association `{name}` on schema {}", schema.name()))
        };
        let field = schema.field(name).ok_or_else(|| missing(schema, name))?;
        match &field.kind {
            FieldKind::Relation(relation) if !relation.is_embed() => {
                let (out, steps) = steps_of(relation);
                Ok((out, steps, false))
            }
            FieldKind::Through { path, .. } => {
                let mut relations = Vec::new();
                self.flatten(schema.clone(), path, &mut relations, 0)?;
                let mut all: Vec<Step> = Vec::new();
                let mut first_out = None;
                for relation in &relations {
                    let (out, steps) = steps_of(relation);
                    match all.last_mut() {
                        None => first_out = Some(out),
                        Some(before) => before.out = Some(out),
                    }
                    all.extend(steps);
                }
                // A table that is left by the very key it was reached by need not be joined.
                let is_needed =
                    |step: &Step| step.out.as_ref() != Some(&step.into) || !step.filters.is_empty();
                all.retain(is_needed);
                match first_out {
                    Some(out) if !all.is_empty() => Ok((out, all, true)),
                    _ => Err(missing(schema, name)),
                }
            }
            _ => Err(missing(schema, name)),
        }
    }

    /// The associations that a chain consists of, none of them a chain itself. Gives the schema it ends at.
    fn flatten(
        &self,
        mut schema: Arc<Schema>,
        path: &[Str],
        all: &mut Vec<Relation>,
        depth: usize,
    ) -> Resolved<Arc<Schema>> {
        for name in path {
            if all.len() + depth >= MAX_CHAIN {
                return Err(self.wrong("an association goes through more than 32 others"));
            }
            schema = match schema.field(name).map(|field| &field.kind) {
                Some(FieldKind::Relation(relation)) if !relation.is_embed() => {
                    all.push((**relation).clone());
                    relation.related.schema()
                }
                Some(FieldKind::Through { path: nested, .. }) => {
                    let nested = nested.clone();
                    self.flatten(schema.clone(), &nested, all, depth + 1)?
                }
                _ => {
                    let message = format!("could not find association `{name}` on schema {}", schema.name());
                    return Err(self.wrong(message));
                }
            };
        }
        Ok(schema)
    }
}

/// The field to start from, and the tables on the way.
fn steps_of(relation: &Relation) -> (Str, Vec<Step>) {
    let schema = relation.related.schema();
    let filters = relation.filters.clone();
    match &relation.kind {
        RelationKind::ManyToMany(join) => {
            let through = Step {
                table: Some(join.source.clone()),
                schema: None,
                into: join.owner_key.0.clone(),
                out: Some(join.related_key.0.clone()),
                filters: Map::new(),
            };
            let into = join.related_key.1.clone();
            let related = Step { table: None, schema: Some(schema), into, out: None, filters };
            (join.owner_key.1.clone(), Vec::from([through, related]))
        }
        _ => {
            let into = relation.related_key.clone();
            let related = Step { table: None, schema: Some(schema), into, out: None, filters };
            (relation.owner_key.clone(), Vec::from([related]))
        }
    }
}
