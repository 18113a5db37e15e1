//! Writes: of one record with its associations and embeds, and of many rows.
//!
//! The order is Ecto's: parents (`belongs_to`), the record with its embeds, children. It happens in a transaction as
//! soon as more than one statement may be needed.

mod bulk;
mod conflict;
mod delete;
mod embed;
mod generate;
mod insert;
mod insert_all;
mod prepare;
mod relation;
mod returning;
mod unique;
mod update;
mod violation;

pub(crate) use generate::generated_beside;
pub use insert_all::{IntoRows, RowValue, RowsInput};
pub use prepare::PrepareWithRepo;
pub use unique::UniqueOptions;

use super::{Options, Repo, RepoError, WriteError};
use crate::adapter::SchemaMeta;
use crate::changeset::{Change, Changeset, Data, IntoChangeset, Parts};
use crate::schema::{FieldKind, Record, RecordState, RelationKind, Schema, Storage};
use std::sync::Arc;

/// What comes of writing a record, without its Rust type.
type Written = Result<Arc<Record>, WriteError>;

/// What a repo does with a changeset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Insert,
    Update,
    Delete,
}

impl Action {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Action::Insert => "insert",
            Action::Update => "update",
            Action::Delete => "delete",
        }
    }

    fn of_name(name: &str) -> Option<Action> {
        [Action::Insert, Action::Update, Action::Delete].into_iter().find(|action| action.name() == name)
    }
}

impl Repo {
    /// Inserts a record or a changeset, with what its associations hold.
    ///
    /// # Errors
    /// [`WriteError::Invalid`]: the changeset is invalid, or was made so by a violated constraint that it declares; then
    /// nothing is written. Else a [`RepoError`].
    pub async fn insert<T: Data>(
        &self,
        changeset: impl IntoChangeset<T>,
    ) -> Result<T, WriteError<Changeset<T>>> {
        self.insert_with(changeset, &Options::default()).await
    }

    /// [`Repo::insert`] with options: `returning`, `on_conflict` and `conflict_target`, `prefix`, `savepoint`.
    ///
    /// # Errors
    /// As [`Repo::insert`].
    pub async fn insert_with<T: Data>(
        &self,
        changeset: impl IntoChangeset<T>,
        options: &Options,
    ) -> Result<T, WriteError<Changeset<T>>> {
        let parts = changeset.into_changeset().into_parts();
        typed(self.write(Action::Insert, parts, options).await)
    }

    /// Updates the record of a changeset by its primary key: what changed, and nothing else. Without changes, nothing
    /// is sent.
    ///
    /// # Errors
    /// As [`Repo::insert`]; [`RepoError::Stale`] when there is no such row (any more).
    pub async fn update<T: Data>(&self, changeset: Changeset<T>) -> Result<T, WriteError<Changeset<T>>> {
        self.update_with(changeset, &Options::default()).await
    }

    /// [`Repo::update`] with options: `force`, `returning`, `stale_error_field`, `allow_stale`, `prefix`, `savepoint`.
    ///
    /// # Errors
    /// As [`Repo::update`].
    pub async fn update_with<T: Data>(
        &self,
        changeset: Changeset<T>,
        options: &Options,
    ) -> Result<T, WriteError<Changeset<T>>> {
        typed(self.write(Action::Update, changeset.into_parts(), options).await)
    }

    /// Inserts the record if it is new, updates it if it was loaded.
    ///
    /// # Errors
    /// As [`Repo::update`]; the record was deleted.
    pub async fn insert_or_update<T: Data>(
        &self,
        changeset: Changeset<T>,
    ) -> Result<T, WriteError<Changeset<T>>> {
        self.insert_or_update_with(changeset, &Options::default()).await
    }

    /// [`Repo::insert_or_update`] with options.
    ///
    /// # Errors
    /// As [`Repo::insert_or_update`].
    pub async fn insert_or_update_with<T: Data>(
        &self,
        changeset: Changeset<T>,
        options: &Options,
    ) -> Result<T, WriteError<Changeset<T>>> {
        let parts = changeset.into_parts();
        let action = match parts.data.state {
            RecordState::Built => Action::Insert,
            RecordState::Loaded => Action::Update,
            RecordState::Deleted => {
                return Err(RepoError::mistake("insert_or_update: the record was deleted").into());
            }
        };
        typed(self.write(action, parts, options).await)
    }

    /// Deletes a record or the record of a changeset by its primary key, after what `on_delete` of its associations
    /// says.
    ///
    /// # Errors
    /// As [`Repo::update`].
    pub async fn delete<T: Data>(
        &self,
        changeset: impl IntoChangeset<T>,
    ) -> Result<T, WriteError<Changeset<T>>> {
        self.delete_with(changeset, &Options::default()).await
    }

    /// [`Repo::delete`] with options: `returning`, `stale_error_field`, `allow_stale`, `prefix`, `savepoint`.
    ///
    /// # Errors
    /// As [`Repo::delete`].
    pub async fn delete_with<T: Data>(
        &self,
        changeset: impl IntoChangeset<T>,
        options: &Options,
    ) -> Result<T, WriteError<Changeset<T>>> {
        let parts = changeset.into_changeset().into_parts();
        typed(self.write(Action::Delete, parts, options).await)
    }

    /// Does with a changeset what `action` says: what associations and [`Multi`](super::Multi)s go through.
    async fn write(&self, action: Action, mut parts: Parts, options: &Options) -> Written {
        let options = &*self.with_defaults_of(options);
        if let Some(mistake) = parts.mistake {
            return Err(RepoError::Mistake(mistake).into());
        }
        match parts.action.as_deref() {
            Some("ignore") if parts.valid => {
                return Err(RepoError::mistake(format!(
                    "a valid changeset with action `ignore` was given to {}",
                    action.name()
                ))
                .into());
            }
            Some("ignore") | None => {}
            Some(given) if given == action.name() => {}
            Some(given) => {
                return Err(RepoError::mistake(format!(
                    "a changeset with action `{given}` was given to {}",
                    action.name()
                ))
                .into());
            }
        }
        parts.action = Some(action.name().into());
        if !parts.valid {
            return Err(WriteError::Invalid(Box::new(parts)));
        }
        if !matches!(parts.schema().storage(), Storage::Table { .. }) {
            return Err(RepoError::mistake(format!(
                "cannot {} `{}`: it has no source (table)",
                action.name(),
                parts.schema().name()
            ))
            .into());
        }
        let several = match action {
            Action::Insert => {
                insert::surface(&mut parts)?;
                if !parts.valid {
                    return Err(WriteError::Invalid(Box::new(parts)));
                }
                changes_relations(&parts)
            }
            Action::Update if parts.changes.is_empty() && !(options.force || parts.force) => {
                return Ok(parts.data);
            }
            Action::Update => changes_relations(&parts),
            Action::Delete => delete::cascades(parts.schema()),
        };
        if (several || !parts.prepare.is_empty()) && !self.in_transaction() {
            return Box::pin(
                self.transaction(async move |repo| repo.write_here(action, parts, options).await),
            )
            .await;
        }
        self.write_here(action, parts, options).await
    }

    async fn write_here(&self, action: Action, parts: Parts, options: &Options) -> Written {
        match action {
            Action::Insert => self.insert_parts(parts, options).await,
            Action::Update => self.update_parts(parts, options).await,
            Action::Delete => self.delete_parts(parts, options).await,
        }
    }

    /// The table of a record.
    fn meta_of(&self, record: &Record, options: &Options) -> SchemaMeta {
        self.meta(record.schema(), options.prefix.clone().or_else(|| record.prefix.clone()))
    }

    /// The table of a schema.
    fn meta(&self, schema: &Arc<Schema>, given: Option<crate::value::Str>) -> SchemaMeta {
        match schema.storage() {
            Storage::Table { source, prefix } => SchemaMeta {
                source: source.clone(),
                prefix: given.or_else(|| prefix.clone()),
                schema: Some(schema.clone()),
            },
            _ => SchemaMeta { source: schema.name().clone(), prefix: given, schema: Some(schema.clone()) },
        }
    }
}

/// Whether an association or embed changes.
fn changes_relations(parts: &Parts) -> bool {
    let fields = parts.schema().fields();
    parts.changes.iter().any(|(at, _)| fields[at].relation().is_some())
}

/// Whether a field is a column that the action may write: plain fields and embeds.
fn is_written(field: &crate::schema::Field, action: Action) -> bool {
    use crate::schema::Writable;
    let column = match &field.kind {
        FieldKind::Value(_) => !field.is_virtual,
        FieldKind::Relation(relation) => relation.is_embed(),
        FieldKind::Through { .. } => false,
    };
    column
        && match field.writable {
            Writable::Always => true,
            Writable::Insert => action == Action::Insert,
            Writable::Never => false,
        }
}

/// Whether a field is an association that is written with its record.
fn is_association(field: &crate::schema::Field) -> bool {
    field.relation().is_some_and(|relation| !relation.is_embed())
}

/// Whether it is the record that the association leads to which must be written first.
fn is_parent(kind: &RelationKind) -> bool {
    matches!(kind, RelationKind::BelongsTo)
}

fn typed<T: Data>(written: Written) -> Result<T, WriteError<Changeset<T>>> {
    match written {
        Ok(record) => Ok(T::of_record(record)?),
        Err(error) => Err(error.map(|parts| Changeset::of_parts(*parts))),
    }
}

/// The change of a field of a changeset, taken out of those of its associations.
type Relations = Vec<(usize, Change)>;
