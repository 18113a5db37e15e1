//! Associations that are filled from joins.

use super::inner::Rows;
use super::planner::{In, Planner, Resolved};
use super::select::AssocRow;
use super::sources::Bound;
use super::tree::Field;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr::{Take, Taken};
use crate::query::tree::{AssocPreload, Parts};
use crate::query::words::JoinKind;
use crate::schema::{FieldKind, Schema};
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

impl Planner<'_> {
    /// Preloads from joins, those of one association in one.
    pub(super) fn merged_assocs(&self, parts: &Parts) -> Resolved<Vec<AssocPreload>> {
        fn merge(planner: &Planner, into: &mut Vec<AssocPreload>, all: &[AssocPreload]) -> Resolved<()> {
            for assoc in all {
                match into.iter_mut().find(|other| other.assoc == assoc.assoc) {
                    None => {
                        let mut one = AssocPreload { nested: Vec::new(), ..assoc.clone() };
                        merge(planner, &mut one.nested, &assoc.nested)?;
                        into.push(one);
                    }
                    Some(other) => {
                        let (own, _) = planner.own_source(&other.binding, In::Select)?;
                        let (theirs, _) = planner.own_source(&assoc.binding, In::Select)?;
                        if own != theirs {
                            return Err(planner.wrong(format!(
                                "association `{}` is being set to binding at position {own} and at position {theirs} \
                                 at the same time",
                                assoc.assoc
                            )));
                        }
                        merge(planner, &mut other.nested, &assoc.nested)?;
                    }
                }
            }
            Ok(())
        }
        let mut merged = Vec::new();
        merge(self, &mut merged, &parts.assocs)?;
        Ok(merged)
    }

    pub(super) fn check_assocs(&self, parts: &Parts, parent: usize, assocs: &[AssocPreload]) -> Resolved<()> {
        for assoc in assocs {
            let schema = self.preload_schema(parent)?;
            let name = &assoc.assoc;
            let known = match schema.field(name).map(|field| &field.kind) {
                Some(FieldKind::Relation(relation)) => !relation.is_embed(),
                Some(FieldKind::Through { .. }) => true,
                _ => false,
            };
            if !known {
                let message = format!("field `{}.{name}` in preload is not an association", schema.name());
                return Err(self.wrong(message));
            }
            let (child, _) = self.own_source(&assoc.binding, In::Select)?;
            let kind = child.checked_sub(1).and_then(|at| parts.joins.get(at)).map(|join| join.kind);
            if let Some(
                kind @ (JoinKind::Right | JoinKind::Full | JoinKind::Cross | JoinKind::CrossLateral),
            ) = kind
            {
                return Err(self.wrong(format!(
                    "association `{}.{name}` in preload requires an inner, left or lateral join, got {} join",
                    schema.name(),
                    kind.name()
                )));
            }
            self.check_assocs(parts, child, &assoc.nested)?;
        }
        Ok(())
    }

    fn preload_schema(&self, at: usize) -> Resolved<Arc<Schema>> {
        let schema = match self.level().sources.get(at) {
            Some(Bound::Schema { schema, .. }) => Some(schema.clone()),
            Some(Bound::Subquery(output)) => match &output.rows {
                Rows::Source { schema, .. } => Some(schema.clone()),
                _ => None,
            },
            _ => None,
        };
        schema.ok_or_else(|| {
            self.wrong(
                "can only preload sources with a schema (fragments, binaries, and subqueries that do not select a \
                 from/join schema are not supported)",
            )
        })
    }

    pub(super) fn assocs(
        &mut self,
        assocs: &[AssocPreload],
        tag: Take,
        taken: &[Taken],
        fields: &mut Vec<Field>,
    ) -> Resolved<Vec<AssocRow>> {
        let mut rows = Vec::with_capacity(assocs.len());
        for assoc in assocs {
            let (at, _) = self.own_source(&assoc.binding, In::Select)?;
            self.preload_schema(at)?;
            let nested_take = taken.iter().find_map(|taken| match taken {
                Taken::Assoc(name, taken) if *name == assoc.assoc => Some(taken.as_slice()),
                _ => None,
            });
            let (mut build, child_fields) = self.take(at, nested_take.map(|taken| (tag, taken)), &[])?;
            build.shift(fields.len());
            fields.extend(child_fields);
            let nested = self.assocs(&assoc.nested, tag, nested_take.unwrap_or_default(), fields)?;
            rows.push(AssocRow { assoc: assoc.assoc.clone(), build, nested });
        }
        Ok(rows)
    }
}

/// Ecto's error for a preload of what is no association.
pub fn unknown_preload(schema: &Schema, name: &str) -> QueryError {
    let message = format!("schema {} does not have association or embed :{name}", schema.name());
    QueryError::new(QueryErrorKind::Argument, message)
}
