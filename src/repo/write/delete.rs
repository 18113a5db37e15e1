//! Deleting a record, after what its associations ask for.

use super::insert::{load_returned, loaded};
use super::update::filters;
use super::{Action, Written, violation};
use crate::adapter::{Delete, SchemaMeta, Statement};
use crate::changeset::Parts;
use crate::query::{Expr, Operation, Pin, TypeSpec, Update, UpdateOp};
use crate::repo::load::dump_value;
use crate::repo::queryable::{Queryable, filter_eq};
use crate::repo::{Options, Repo, RepoError, WriteError};
use crate::schema::{OnDelete, Record, RecordState, Relation, RelationKind, Schema};
use crate::types::Type;
use crate::value::Value;
use std::sync::Arc;

/// Whether deleting a record deletes or changes others.
pub(super) fn cascades(schema: &Schema) -> bool {
    schema.relations().any(|relation| relation.on_delete != OnDelete::Nothing)
}

impl Repo {
    pub(super) async fn delete_parts(&self, mut parts: Parts, options: &Options) -> Written {
        if !parts.prepare.is_empty() {
            self.run_prepared(&mut parts).await?;
        }
        if !parts.valid {
            return Err(WriteError::Invalid(Box::new(parts)));
        }
        let filters = filters(&parts, Action::Delete)?;
        let schema = parts.schema().clone();
        for relation in schema.relations() {
            self.before_delete(relation, &parts.data, options).await?;
        }
        let meta = self.meta_of(&parts.data, options);
        let returning = self.returning_of(&schema, options, None)?;
        let delete = Delete { meta: &meta, filters, returning: &returning.columns };
        let answer = match self.statement(Statement::Delete(delete), options).await {
            Ok(answer) => answer,
            Err(error) => return Err(violation::explain(parts, Action::Delete, error)),
        };
        if answer.count == 0 {
            parts = violation::stale(parts, Action::Delete, options)?;
        }
        let mut data = Record::clone(&parts.data);
        super::insert::merge(&mut data, &parts, Vec::new());
        load_returned(&mut data, &schema, &returning.positions, answer.rows)?;
        loaded(&mut data, RecordState::Deleted, options);
        Ok(Arc::new(data))
    }

    /// What the repo does to children before their parent is deleted.
    async fn before_delete(
        &self,
        relation: &Relation,
        parent: &Arc<Record>,
        options: &Options,
    ) -> Result<(), RepoError> {
        if relation.on_delete == OnDelete::Nothing || relation.is_embed() {
            return Ok(());
        }
        if let RelationKind::ManyToMany(join) = &relation.kind {
            let (column, key) = &join.owner_key;
            let value = parent.value(key);
            if value.is_null() {
                return Ok(());
            }
            let kind = parent.schema().field_type(key).cloned().unwrap_or(Type::Any);
            let value = dump_value("delete", parent.schema().name(), key, &kind, value)?;
            let prefix = options.prefix.clone().or_else(|| parent.prefix.clone());
            let meta = SchemaMeta { source: join.source.clone(), prefix, schema: None };
            let delete = Delete { meta: &meta, filters: vec![(column.clone(), value)], returning: &[] };
            self.statement(Statement::Delete(delete), &options.inherited()).await?;
            return Ok(());
        }
        let value = parent.value(&relation.owner_key);
        if value.is_null() {
            return Ok(());
        }
        let mut query = relation.related.schema().to_query();
        filter_eq(&mut query, &relation.related_key, value.clone());
        query.parts_mut().prefix = options.prefix.clone().or_else(|| parent.prefix.clone());
        let operation = match relation.on_delete {
            OnDelete::DeleteAll => Operation::DeleteAll,
            _ => {
                let kind = Some(TypeSpec::Field(0.into(), relation.related_key.clone()));
                let expr = Expr::Pin(Pin { value: Value::Null, kind });
                let field = relation.related_key.clone();
                query.parts_mut().updates.push(Update { op: UpdateOp::Set, field, expr });
                Operation::UpdateAll
            }
        };
        let inherited = options.inherited();
        let planned = self.plan(&query, operation, &inherited)?;
        self.planned_outputs(planned, &inherited).await?;
        Ok(())
    }
}
