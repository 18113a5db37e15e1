//! Records that are written inside their parent's row.

use super::Action;
use super::generate::Clock;
use super::insert::surface;
use crate::changeset::{Change, Parts};
use crate::repo::{Repo, RepoError};
use crate::schema::{Autogenerate, OnReplace, Record, Relation, RelationKind, Slot};
use crate::value::Value;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// What the embed holds after the write: the records of its changesets.
pub(super) async fn prepare(
    repo: &Repo,
    relation: &Relation,
    change: &Change,
    action: Action,
) -> Result<Slot, RepoError> {
    match (change, &relation.kind) {
        (Change::Many(children), _) => {
            let mut records = Vec::with_capacity(children.len());
            for child in children {
                records.extend(record(repo, relation, child.clone(), action).await?);
            }
            Ok(Slot::Many(records))
        }
        (Change::One(Some(child)), _) => {
            Ok(Slot::One(record(repo, relation, Parts::clone(child), action).await?))
        }
        (_, RelationKind::EmbedsMany) => Ok(Slot::Many(Vec::new())),
        _ => Ok(Slot::One(None)),
    }
}

type Made<'a> = Pin<Box<dyn Future<Output = Result<Option<Arc<Record>>, RepoError>> + Send + 'a>>;

fn record<'a>(repo: &'a Repo, relation: &'a Relation, mut child: Parts, parent: Action) -> Made<'a> {
    Box::pin(async move {
        let action = match (child.action.as_deref(), relation.on_replace) {
            (Some("replace"), OnReplace::Delete) | (Some("delete"), _) => return Ok(None),
            (Some("update"), _) if parent == Action::Insert => Action::Insert,
            (Some("insert"), _) => Action::Insert,
            _ => Action::Update,
        };
        if !child.prepare.is_empty() {
            repo.run_prepared(&mut child).await?;
        }
        if !child.valid {
            return Err(RepoError::mistake(format!(
                "the changeset of the embed `{}` is invalid, but its parent is not",
                relation.field
            )));
        }
        if action == Action::Update && child.changes.is_empty() {
            return Ok(Some(child.data));
        }
        if action == Action::Insert {
            surface(&mut child)?;
        }
        let schema = child.schema().clone();
        let mut record = Record::clone(&child.data);
        for (at, change) in child.changes.iter() {
            let slot = match (change, schema.fields()[at].relation()) {
                (Change::Value(value), _) => Slot::Value(value.clone()),
                (change, Some(inner)) if inner.is_embed() => {
                    Box::pin(prepare(repo, inner, change, action)).await?
                }
                // An association of an embedded record is not written with it.
                _ => continue,
            };
            record.set_slot(at, slot);
        }
        generate(repo, &child, &mut record, action)?;
        Ok(Some(Arc::new(record)))
    })
}

fn generate(repo: &Repo, child: &Parts, record: &mut Record, action: Action) -> Result<(), RepoError> {
    let schema = child.schema();
    let mut clock = Clock::new(repo.environment());
    for (at, field) in schema.fields().iter().enumerate() {
        if field.primary_key && action == Action::Update && record.slot(at).is_null() {
            return Err(RepoError::NoPrimaryKeyValue { schema: schema.name().clone() });
        }
        if child.changes.get(at).is_some() {
            continue;
        }
        if field.autogenerate == Some(Autogenerate::Id) && action == Action::Insert {
            return Err(RepoError::mistake(format!(
                "the embedded schema `{}` can't generate an integer key; use a binary id",
                schema.name()
            )));
        }
        if let Some(value) = clock.value(schema, field, action)? {
            let value: Value = value;
            record.set_slot(at, Slot::Value(value));
        }
    }
    Ok(())
}
