//! Writing what the associations of a record hold.

use super::{Action, Relations, is_association, is_parent};
use crate::adapter::{Delete, Insert, OnConflict, SchemaMeta, Statement};
use crate::changeset::{Change, Parts};
use crate::repo::load::dump_value;
use crate::repo::{Options, Repo, RepoError, WriteError};
use crate::schema::{JoinThrough, OnReplace, Record, RecordState, Relation, RelationKind, Schema, Slot};
use crate::types::Type;
use crate::value::{Str, Value};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A child that could not be written: the position of its association, its place there, and its changeset with errors.
pub(super) struct Patch {
    position: usize,
    place: usize,
    child: Box<Parts>,
}

/// The associations that are written before the record.
pub(super) fn parents_of(parts: &Parts) -> Relations {
    associations(parts, true)
}

/// The associations that are written after the record.
pub(super) fn children_of(parts: &Parts) -> Relations {
    associations(parts, false)
}

fn associations(parts: &Parts, parents: bool) -> Relations {
    let fields = parts.schema().fields();
    let mut found: Relations = parts
        .changes
        .iter()
        .filter(|(at, _)| {
            let field = &fields[*at];
            is_association(field)
                && field.relation().is_some_and(|relation| is_parent(&relation.kind) == parents)
        })
        .map(|(at, change)| (at, change.clone()))
        .collect();
    // Ecto gathers them in the order of the schema, at the front of a list: the last comes first.
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    found
}

/// Puts children with errors into the changes of their parent, which is invalid then.
pub(super) fn patch(parts: &mut Parts, patches: Vec<Patch>) {
    for Patch { position, place, child } in patches {
        match parts.changes.remove(position) {
            Some(Change::Many(mut children)) => {
                if let Some(old) = children.get_mut(place) {
                    *old = *child;
                }
                parts.changes.put(position, Change::Many(children));
            }
            _ => parts.changes.put(position, Change::One(Some(child))),
        }
    }
    parts.valid = false;
}

type Patches<'a> = Pin<Box<dyn Future<Output = Result<Vec<Patch>, RepoError>> + Send + 'a>>;

impl Repo {
    /// Writes associations and puts the records into their owner; gives the children that are invalid. After the first
    /// that only the database found so, nothing more is written.
    pub(super) fn change_relations<'a>(
        &'a self,
        owner: &'a mut Record,
        action: Action,
        relations: Relations,
        options: &'a Options,
    ) -> Patches<'a> {
        Box::pin(async move {
            let schema = owner.schema().clone();
            let mut patches = Vec::new();
            let mut halt = false;
            for (position, change) in relations {
                let Some(relation) = schema.fields()[position].relation() else { continue };
                match change {
                    Change::One(None) => {
                        if !halt {
                            self.replace_previous(relation, position, owner, None, options).await?;
                        }
                        owner.set_slot(position, Slot::One(None));
                    }
                    Change::One(Some(child)) => {
                        check_action(relation, &child, action)?;
                        if halt {
                            continue;
                        }
                        let key = child.data.primary_key();
                        self.replace_previous(relation, position, owner, Some(key), options).await?;
                        let was_valid = child.valid;
                        match self.write_child(relation, position, owner, action, *child, options).await {
                            Ok(record) => owner.set_slot(position, Slot::One(record)),
                            Err(WriteError::Invalid(child)) => {
                                halt |= was_valid;
                                patches.push(Patch { position, place: 0, child });
                            }
                            Err(WriteError::Failed(error)) => return Err(error),
                        }
                    }
                    Change::Many(children) => {
                        let mut records = Vec::with_capacity(children.len());
                        let before = patches.len();
                        for (place, child) in children.into_iter().enumerate() {
                            check_action(relation, &child, action)?;
                            if halt {
                                continue;
                            }
                            let was_valid = child.valid;
                            match self.write_child(relation, position, owner, action, child, options).await {
                                Ok(record) => records.extend(record),
                                Err(WriteError::Invalid(child)) => {
                                    halt |= was_valid;
                                    patches.push(Patch { position, place, child });
                                }
                                Err(WriteError::Failed(error)) => return Err(error),
                            }
                        }
                        if patches.len() == before {
                            owner.set_slot(position, Slot::Many(records));
                        }
                    }
                    Change::Value(_) => {}
                }
            }
            Ok(patches)
        })
    }

    /// What happens to the record that a new one takes the place of.
    async fn replace_previous(
        &self,
        relation: &Relation,
        position: usize,
        owner: &mut Record,
        key: Option<Vec<Value>>,
        options: &Options,
    ) -> Result<(), RepoError> {
        let previous = match owner.slot(position) {
            Slot::One(Some(previous)) if previous.state != RecordState::Built => previous.clone(),
            _ => return Ok(()),
        };
        if key.unwrap_or_default() == previous.primary_key() {
            return Ok(());
        }
        let mut parts = Parts::new(previous);
        parts.action = Some(Str::Static("replace"));
        match self.write_child(relation, position, owner, Action::Update, parts, options).await {
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes one child; `None` if it is no longer one.
    async fn write_child(
        &self,
        relation: &Relation,
        position: usize,
        owner: &Record,
        owner_action: Action,
        mut child: Parts,
        options: &Options,
    ) -> Result<Option<Arc<Record>>, WriteError> {
        let replaced = child.action.as_deref() == Some("replace");
        if replaced {
            let action = match (relation.on_replace, &relation.kind) {
                (OnReplace::Nilify, RelationKind::BelongsTo) => return Ok(None),
                (OnReplace::Nilify | OnReplace::Update, _) => "update",
                (OnReplace::Delete | OnReplace::DeleteIfExists, _) => "delete",
                (other, _) => {
                    return Err(RepoError::mistake(format!(
                        "`{}` can't be replaced: its on_replace is `{}`",
                        relation.field,
                        other.name()
                    ))
                    .into());
                }
            };
            child.action = Some(Str::Static(action));
        }
        let written = match &relation.kind {
            RelationKind::ManyToMany(join) => {
                return self.write_joined(join, position, owner, owner_action, child, options).await;
            }
            RelationKind::BelongsTo => self.write_related(owner, child, options).await,
            _ => {
                let key = if replaced { Value::Null } else { owner.value(&relation.owner_key).clone() };
                self.write_keyed(&relation.related_key, key, owner, child, options).await
            }
        };
        match written {
            Err(WriteError::Failed(RepoError::Stale { .. }))
                if replaced && relation.on_replace == OnReplace::DeleteIfExists =>
            {
                Ok(None)
            }
            Ok(_) if replaced => Ok(None),
            written => written,
        }
    }

    /// Writes a child that holds our key.
    async fn write_keyed(
        &self,
        key: &Str,
        value: Value,
        owner: &Record,
        mut child: Parts,
        options: &Options,
    ) -> Result<Option<Arc<Record>>, WriteError> {
        let schema = child.schema().clone();
        let at = schema.expect_position(key)?;
        let original = child.changes.get(at).map(|change| change.value().clone());
        if child.action.as_deref() != Some("delete") {
            let same = schema.fields()[at]
                .value_type()
                .is_some_and(|kind| kind.equal(child.data.slot(at).value(), &value));
            if same {
                child.changes.remove(at);
            } else {
                child.changes.put(at, Change::Value(value));
            }
        }
        match self.write_related(owner, child, options).await {
            Err(WriteError::Invalid(mut child)) => {
                // The key was ours, not the user's.
                child.changes.put(at, Change::Value(original.unwrap_or_default()));
                Err(WriteError::Invalid(child))
            }
            written => written,
        }
    }

    /// Writes a related record as its changeset says.
    async fn write_related(
        &self,
        owner: &Record,
        mut child: Parts,
        options: &Options,
    ) -> Result<Option<Arc<Record>>, WriteError> {
        if child.data.prefix.is_none() && owner.prefix.is_some() {
            Arc::make_mut(&mut child.data).prefix.clone_from(&owner.prefix);
        }
        let action = action_of(&child)?;
        let record = self.write(action, child, options).await?;
        Ok((action != Action::Delete).then_some(record))
    }

    /// Writes a record on the other side of a join table, and the row that joins the two.
    async fn write_joined(
        &self,
        join: &JoinThrough,
        position: usize,
        owner: &Record,
        owner_action: Action,
        child: Parts,
        options: &Options,
    ) -> Result<Option<Arc<Record>>, WriteError> {
        let prefix = options.prefix.clone().or_else(|| owner.prefix.clone());
        let meta = SchemaMeta { source: join.source.clone(), prefix, schema: None };
        let action = action_of(&child)?;
        if action == Action::Delete {
            let filters = vec![
                (join.owner_key.0.clone(), join_value("delete", owner, &join.owner_key.1)?),
                (join.related_key.0.clone(), join_value("delete", &child.data, &join.related_key.1)?),
            ];
            let delete = Delete { meta: &meta, filters, returning: &[] };
            self.statement(Statement::Delete(delete), &options.inherited()).await?;
            return Ok(None);
        }
        let Some(related) = self.write_related(owner, child, options).await? else { return Ok(None) };
        let key = related.value(&join.related_key.1);
        let known = |record: &Arc<Record>| record.value(&join.related_key.1) == key;
        let is_joined = owner_action != Action::Insert
            && action != Action::Insert
            && owner.slot(position).records().iter().any(known);
        if !is_joined {
            let mut fields = vec![
                (join.owner_key.0.clone(), join_value("insert", owner, &join.owner_key.1)?),
                (join.related_key.0.clone(), join_value("insert", &related, &join.related_key.1)?),
            ];
            fields.extend(join.defaults.iter().map(|(column, value)| (column.clone(), value.clone())));
            let on_conflict = OnConflict::default();
            let insert = Insert { meta: &meta, fields, on_conflict: &on_conflict, returning: &[] };
            self.statement(Statement::Insert(insert), &options.inherited()).await?;
        }
        Ok(Some(related))
    }
}

fn action_of(child: &Parts) -> Result<Action, RepoError> {
    let name = child.action.as_deref().unwrap_or(match child.data.state {
        RecordState::Built => "insert",
        _ => "update",
    });
    Action::of_name(name).ok_or_else(|| {
        RepoError::mistake(format!("a child of an association has the unknown action `{name}`"))
    })
}

fn check_action(relation: &Relation, child: &Parts, owner: Action) -> Result<(), RepoError> {
    if owner == Action::Insert && child.action.as_deref() == Some("delete") {
        return Err(RepoError::mistake(format!(
            "got action `delete` in a changeset of `{}` while inserting its owner",
            relation.field
        )));
    }
    Ok(())
}

/// A key as a join table holds it.
fn join_value(action: &str, record: &Record, key: &str) -> Result<Value, RepoError> {
    let schema: &Schema = record.schema();
    let value = record.value(key);
    if value.is_null() {
        return Err(RepoError::mistake(format!(
            "could not {action} the row of the join table: `{key}` of `{}` is null",
            schema.name()
        )));
    }
    let kind = schema.field_type(key).cloned().unwrap_or(Type::Any);
    dump_value(action, schema.name(), key, &kind, value)
}
