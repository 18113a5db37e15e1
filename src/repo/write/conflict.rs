//! What an insert does where a row with the same key is there.

use super::{Action, is_written};
use crate::adapter::{Capability, ConflictAction, ConflictTarget, OnConflict, SchemaMeta};
use crate::query::{Operation, Query, Source, SourceKind};
use crate::repo::queryable::of_table;
use crate::repo::{Conflict, Options, Repo, RepoError, Target};
use crate::schema::{FieldKind, Schema};
use crate::value::Str;

impl Repo {
    /// The options of a conflict as the adapter wants them.
    pub(super) fn conflict(&self, meta: &SchemaMeta, options: &Options) -> Result<OnConflict, RepoError> {
        if matches!((&options.on_conflict, &options.conflict_target), (Conflict::Raise, Target::Any)) {
            return Ok(OnConflict::default());
        }
        let schema = meta.schema.as_deref();
        let target = target(schema, &options.conflict_target)?;
        let fields: &[Str] = match &options.conflict_target {
            Target::Fields(fields) if !options.keep_target => fields,
            _ => &[],
        };
        let action = match &options.on_conflict {
            Conflict::Raise => {
                return Err(RepoError::mistake("conflict_target says nothing when on_conflict is Raise"));
            }
            Conflict::Nothing => return Ok(OnConflict { action: ConflictAction::Nothing, target }),
            Conflict::Replace(names) if names.is_empty() => {
                return Err(RepoError::mistake("on_conflict: Replace needs at least one field"));
            }
            Conflict::Replace(names) => ConflictAction::Replace(replaced(schema, names)?),
            Conflict::ReplaceAll => ConflictAction::Replace(all_but("ReplaceAll", schema, &[fields])?),
            Conflict::ReplaceAllExcept(kept) => {
                ConflictAction::Replace(all_but("ReplaceAllExcept", schema, &[fields, kept])?)
            }
            Conflict::Update(updates) => {
                let mut query = of_table(Some(meta.source.clone()), meta.schema.clone());
                query.parts_mut().updates.extend(updates.iter().cloned());
                self.conflict_query(query, meta)?
            }
            Conflict::Query(query) => {
                check_source(query, meta)?;
                self.conflict_query(query.clone(), meta)?
            }
        };
        if target == ConflictTarget::Any && self.adapter().supports(Capability::ConflictTarget) {
            return Err(RepoError::mistake(
                "an upsert needs a conflict_target: say which key's conflicts it is about",
            ));
        }
        Ok(OnConflict { action, target })
    }

    fn conflict_query(&self, mut query: Query, meta: &SchemaMeta) -> Result<ConflictAction, RepoError> {
        query.parts_mut().prefix.clone_from(&meta.prefix);
        let planned = self.plan_as_it_is(&query, Operation::UpdateAll, &Options::default())?;
        Ok(ConflictAction::Query(planned.plan, planned.params))
    }
}

fn target(schema: Option<&Schema>, target: &Target) -> Result<ConflictTarget, RepoError> {
    Ok(match target {
        Target::Any => ConflictTarget::Any,
        Target::Constraint(name) => ConflictTarget::Constraint(name.clone()),
        Target::Fragment(sql) => ConflictTarget::Fragment(sql.clone()),
        Target::Fields(names) => {
            let column = |name: &Str| match schema {
                Some(schema) => Ok(schema.fields()[schema.expect_position(name)?].column().clone()),
                None => Ok(name.clone()),
            };
            ConflictTarget::Columns(names.iter().map(column).collect::<Result<_, RepoError>>()?)
        }
    })
}

fn replaced(schema: Option<&Schema>, names: &[Str]) -> Result<Vec<Str>, RepoError> {
    let Some(schema) = schema else { return Ok(names.to_vec()) };
    let column = |name: &Str| {
        let field = &schema.fields()[schema.expect_position(name)?];
        if is_written(field, Action::Update) {
            Ok(field.column().clone())
        } else {
            Err(RepoError::mistake(format!(
                "on_conflict can't replace `{name}`: it is no column that updates write"
            )))
        }
    };
    names.iter().map(column).collect()
}

fn all_but(option: &str, schema: Option<&Schema>, kept: &[&[Str]]) -> Result<Vec<Str>, RepoError> {
    let Some(schema) = schema else {
        return Err(RepoError::mistake(format!(
            "on_conflict: {option} needs a schema; name the fields to replace"
        )));
    };
    let is_column = |kind: &FieldKind| !matches!(kind, FieldKind::Through { .. });
    let columns: Vec<Str> = schema
        .fields()
        .iter()
        .filter(|field| is_column(&field.kind) && is_written(field, Action::Update))
        .filter(|field| !kept.iter().any(|names| names.contains(&field.name)))
        .map(|field| field.column().clone())
        .collect();
    if columns.is_empty() {
        return Err(RepoError::mistake(format!("on_conflict: {option} leaves no field to replace")));
    }
    Ok(columns)
}

fn check_source(query: &Query, meta: &SchemaMeta) -> Result<(), RepoError> {
    let Source { kind, .. } = &query.parts().from;
    let name = meta.schema.as_ref().map(|schema| schema.name());
    let fits = match kind {
        SourceKind::Table { table, schema } => {
            schema.as_ref().map(|schema| schema.name()) == name
                && table.as_ref().is_none_or(|table| *table == meta.source)
        }
        _ => false,
    };
    if fits {
        return Ok(());
    }
    Err(RepoError::mistake(format!(
        "the query of on_conflict must be from `{}`, which is inserted into",
        meta.source
    )))
}
