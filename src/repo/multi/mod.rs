//! [`Multi`]: operations that happen in one transaction, each under a name.

mod error;
mod outcome;
mod run;

pub use error::{Failure, MultiError, RunError};
pub use outcome::{Changes, Outcome};

use super::{IntoRows, Options, Queryable, Repo, RepoError, RowsInput};
use crate::changeset::{Data, IntoChangeset, Parts};
use crate::query::{Query, Update};
use crate::schema::RecordState;
use crate::value::Str;
use std::future::Future;
use std::pin::Pin;

type Ran = Pin<Box<dyn Future<Output = Result<Outcome, RunError>> + Send>>;
type Function = Box<dyn FnOnce(Repo, Changes) -> Ran + Send>;

enum Operation {
    Write(&'static str, Box<Parts>, Options),
    InsertAll(Query, RowsInput, Options),
    UpdateAll(Query, Vec<Update>, Options),
    DeleteAll(Query, Options),
    Put(Outcome),
    Error(Outcome),
    Run(Function),
    Merge(Box<dyn FnOnce(&Changes) -> Multi + Send>),
}

impl Operation {
    fn name(&self) -> &'static str {
        match self {
            Operation::Write(action, ..) => action,
            Operation::InsertAll(..) => "insert_all",
            Operation::UpdateAll(..) => "update_all",
            Operation::DeleteAll(..) => "delete_all",
            Operation::Put(_) => "put",
            Operation::Error(_) => "error",
            Operation::Run(_) => "run",
            Operation::Merge(_) => "merge",
        }
    }
}

/// Operations that happen in one transaction: all of them, or none.
///
/// ```
/// # use ectomorph::repo::{Multi, MultiError, Output, Repo};
/// # use ectomorph::schema::Record;
/// # use ectomorph::Changeset;
/// # async fn example(repo: Repo, user: Changeset<Record>, post: Record) -> Result<(), MultiError> {
/// let multi = Multi::new().insert("user", user).run("post", move |repo, changes| async move {
///     let user: Record = changes.get("user")?;
///     let post = repo.insert(post.with("user_id", user.value("id").clone())).await?;
///     Ok(Output::from(std::sync::Arc::new(post)).into())
/// });
/// let changes = repo.run(multi).await?;
/// let post: Record = changes.get("post")?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Multi {
    operations: Vec<(Str, Operation)>,
    mistake: Option<String>,
}

impl Multi {
    /// Without operations.
    pub fn new() -> Self {
        Multi::default()
    }

    /// Inserts a record or changeset.
    pub fn insert<T: Data>(self, name: impl Into<Str>, changeset: impl IntoChangeset<T>) -> Self {
        self.insert_with(name, changeset, Options::default())
    }

    /// [`Multi::insert`] with options.
    pub fn insert_with<T: Data>(
        self,
        name: impl Into<Str>,
        changeset: impl IntoChangeset<T>,
        options: Options,
    ) -> Self {
        self.write("insert", name.into(), changeset.into_changeset().into_parts(), options)
    }

    /// Updates the record of a changeset.
    pub fn update<T: Data>(self, name: impl Into<Str>, changeset: impl IntoChangeset<T>) -> Self {
        self.update_with(name, changeset, Options::default())
    }

    /// [`Multi::update`] with options.
    pub fn update_with<T: Data>(
        self,
        name: impl Into<Str>,
        changeset: impl IntoChangeset<T>,
        options: Options,
    ) -> Self {
        self.write("update", name.into(), changeset.into_changeset().into_parts(), options)
    }

    /// Inserts a record if it is new, updates it otherwise.
    pub fn insert_or_update<T: Data>(self, name: impl Into<Str>, changeset: impl IntoChangeset<T>) -> Self {
        let parts = changeset.into_changeset().into_parts();
        let action = if parts.data.state == RecordState::Built { "insert" } else { "update" };
        self.write(action, name.into(), parts, Options::default())
    }

    /// Deletes a record.
    pub fn delete<T: Data>(self, name: impl Into<Str>, changeset: impl IntoChangeset<T>) -> Self {
        self.delete_with(name, changeset, Options::default())
    }

    /// [`Multi::delete`] with options.
    pub fn delete_with<T: Data>(
        self,
        name: impl Into<Str>,
        changeset: impl IntoChangeset<T>,
        options: Options,
    ) -> Self {
        self.write("delete", name.into(), changeset.into_changeset().into_parts(), options)
    }

    /// Inserts rows.
    pub fn insert_all(
        self,
        name: impl Into<Str>,
        target: impl Queryable,
        rows: impl IntoRows,
        options: Options,
    ) -> Self {
        self.add(name.into(), Operation::InsertAll(target.to_query(), rows.into_rows(), options))
    }

    /// Updates all rows of a query.
    pub fn update_all(
        self,
        name: impl Into<Str>,
        queryable: impl Queryable,
        updates: Vec<Update>,
        options: Options,
    ) -> Self {
        self.add(name.into(), Operation::UpdateAll(queryable.to_query(), updates, options))
    }

    /// Deletes all rows of a query.
    pub fn delete_all(self, name: impl Into<Str>, queryable: impl Queryable, options: Options) -> Self {
        self.add(name.into(), Operation::DeleteAll(queryable.to_query(), options))
    }

    /// Runs a function with the repo of the transaction and what the operations so far gave.
    pub fn run<F, R>(self, name: impl Into<Str>, function: F) -> Self
    where
        F: FnOnce(Repo, Changes) -> R + Send + 'static,
        R: Future<Output = Result<Outcome, RunError>> + Send + 'static,
    {
        self.add(
            name.into(),
            Operation::Run(Box::new(move |repo, changes| Box::pin(function(repo, changes)))),
        )
    }

    /// Gives a value a name.
    pub fn put(self, name: impl Into<Str>, value: impl Into<Outcome>) -> Self {
        self.add(name.into(), Operation::Put(value.into()))
    }

    /// Fails, before anything is done.
    pub fn error(self, name: impl Into<Str>, value: impl Into<Outcome>) -> Self {
        self.add(name.into(), Operation::Error(value.into()))
    }

    /// Goes on with operations that depend on what those so far gave.
    pub fn merge(mut self, function: impl FnOnce(&Changes) -> Multi + Send + 'static) -> Self {
        // It has no result of its own, and so no name.
        self.operations.push((Str::default(), Operation::Merge(Box::new(function))));
        self
    }

    /// The operations of both, these first.
    pub fn append(mut self, other: Multi) -> Self {
        self.mistake = self.mistake.or(other.mistake);
        for (name, operation) in other.operations {
            self = match operation {
                Operation::Merge(_) => {
                    self.operations.push((name, operation));
                    self
                }
                operation => self.add(name, operation),
            };
        }
        self
    }

    /// The operations of both, the others first.
    pub fn prepend(self, other: Multi) -> Self {
        other.append(self)
    }

    /// Names and kinds of the operations, in order.
    pub fn to_list(&self) -> Vec<(Str, &'static str)> {
        self.operations.iter().map(|(name, operation)| (name.clone(), operation.name())).collect()
    }

    fn write(self, action: &'static str, name: Str, mut parts: Parts, options: Options) -> Self {
        if parts.action.is_none() {
            parts.action = Some(Str::Static(action));
        }
        self.add(name, Operation::Write(action, Box::new(parts), options))
    }

    fn add(mut self, name: Str, operation: Operation) -> Self {
        let known = |(known, operation): &(Str, Operation)| {
            *known == name && !matches!(operation, Operation::Merge(_))
        };
        if self.operations.iter().any(known) {
            self.mistake
                .get_or_insert_with(|| format!("there is an operation `{name}` in the multi already"));
        }
        self.operations.push((name, operation));
        self
    }

    /// What fails before anything is done.
    fn check(&self) -> Result<(), MultiError> {
        if let Some(mistake) = &self.mistake {
            return Err(RepoError::mistake(mistake.clone()).into());
        }
        for (name, operation) in &self.operations {
            let failure = match operation {
                Operation::Write(_, parts, _) if !parts.valid && parts.mistake.is_none() => {
                    Failure::Invalid(parts.clone())
                }
                Operation::Error(value) => Failure::Value(value.clone()),
                _ => continue,
            };
            return Err(MultiError::Failed { name: name.clone(), failure, changes: Changes::default() });
        }
        Ok(())
    }
}
