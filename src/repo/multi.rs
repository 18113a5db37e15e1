//! [`Multi`]: operations that happen in one transaction, each under a name.

use super::{FromOutput, IntoRows, Options, Output, Queryable, Repo, RepoError, RowsInput, WriteError};
use crate::changeset::{Data, IntoChangeset, Parts};
use crate::query::{Query, Update};
use crate::schema::{Record, RecordState};
use crate::value::Str;
use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// What an operation gave.
#[derive(Clone)]
pub enum Outcome {
    /// A record, or what a query gave.
    Output(Output),
    /// How many rows were written, and what was selected of them.
    Rows(usize, Option<Vec<Output>>),
    /// Something of the program.
    Any(Arc<dyn Any + Send + Sync>),
}

impl Outcome {
    /// A value of the program's own.
    pub fn any(value: impl Any + Send + Sync) -> Self {
        Outcome::Any(Arc::new(value))
    }

    /// What [`Outcome::any`] was given, if it is a `T`.
    pub fn downcast<T: 'static>(&self) -> Option<&T> {
        match self {
            Outcome::Any(any) => any.downcast_ref(),
            _ => None,
        }
    }
}

impl<O: Into<Output>> From<O> for Outcome {
    fn from(output: O) -> Self {
        Outcome::Output(output.into())
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Output(output) => output.fmt(f),
            Outcome::Rows(count, rows) => write!(f, "Rows({count}, {rows:?})"),
            Outcome::Any(_) => f.write_str("Any"),
        }
    }
}

/// What the operations so far gave, by name.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    entries: Arc<Vec<(Str, Outcome)>>,
}

impl Changes {
    /// What an operation gave.
    pub fn outcome(&self, name: &str) -> Option<&Outcome> {
        self.entries.iter().find(|(known, _)| *known == *name).map(|(_, outcome)| outcome)
    }

    /// What an operation gave, as a `T`.
    ///
    /// # Errors
    /// There is no such operation so far, or it gave something else.
    pub fn get<T: FromOutput>(&self, name: &str) -> Result<T, RepoError> {
        match self.outcome(name) {
            Some(Outcome::Output(output)) => Ok(T::from_output(output.clone())?),
            Some(_) => Err(RepoError::Multi { message: format!("operation `{name}` gave no single result") }),
            None => Err(RepoError::Multi { message: format!("there is no operation `{name}` so far") }),
        }
    }

    /// Names and what their operations gave, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Str, &Outcome)> {
        self.entries.iter().map(|(name, outcome)| (name, outcome))
    }

    fn push(&mut self, name: Str, outcome: Outcome) {
        Arc::make_mut(&mut self.entries).push((name, outcome));
    }
}

/// Why a multi did nothing.
#[derive(Debug)]
pub enum MultiError {
    /// An operation failed, and so all were undone.
    Failed {
        /// Its name.
        name: Str,
        /// The invalid changeset, or what the operation gave as its error.
        failure: Failure,
        /// What the operations before it gave.
        changes: Changes,
    },
    /// Anything else.
    Error(RepoError),
}

/// What an operation gave as its error.
#[derive(Clone, Debug)]
pub enum Failure {
    /// An invalid changeset.
    Invalid(Box<Parts>),
    /// A value of a [`Multi::run`] or [`Multi::error`].
    Value(Outcome),
}

impl fmt::Display for MultiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MultiError::Failed { name, .. } => write!(f, "operation `{name}` failed"),
            MultiError::Error(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MultiError {}

impl From<RepoError> for MultiError {
    fn from(error: RepoError) -> Self {
        MultiError::Error(error)
    }
}

/// Why a function of a multi fails.
#[derive(Debug)]
pub enum RunError {
    /// It says so: the multi gives this as its failure.
    Failure(Failure),
    /// The repo's error.
    Error(RepoError),
}

impl From<RepoError> for RunError {
    fn from(error: RepoError) -> Self {
        RunError::Error(error)
    }
}

impl From<WriteError> for RunError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Invalid(parts) => RunError::Failure(Failure::Invalid(parts)),
            WriteError::Failed(error) => RunError::Error(error),
        }
    }
}

impl<T> From<WriteError<crate::Changeset<T>>> for RunError {
    fn from(error: WriteError<crate::Changeset<T>>) -> Self {
        error.map(|changeset| Box::new(changeset.into_parts())).into()
    }
}

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

impl Repo {
    /// Does all operations of a multi in a transaction: Ecto's `transact(multi)`.
    ///
    /// # Errors
    /// [`MultiError::Failed`] names the operation that failed; nothing is left of the others.
    pub async fn run(&self, multi: Multi) -> Result<Changes, MultiError> {
        multi.check()?;
        if multi.operations.is_empty() {
            return Ok(Changes::default());
        }
        self.transaction(async move |repo| repo.operate(multi, Changes::default()).await).await
    }

    async fn operate(&self, multi: Multi, mut changes: Changes) -> Result<Changes, MultiError> {
        for (name, operation) in multi.operations {
            let outcome = match operation {
                Operation::Write(action, parts, options) => self
                    .operate_write(action, *parts, &options)
                    .await
                    .map(Outcome::from)
                    .map_err(RunError::from),
                Operation::InsertAll(target, rows, options) => {
                    rows_of(self.insert_all_with(target, rows, &options).await)
                }
                Operation::UpdateAll(query, updates, options) => {
                    rows_of(self.update_all_with(query, &updates, &options).await)
                }
                Operation::DeleteAll(query, options) => rows_of(self.delete_all_with(query, &options).await),
                Operation::Put(value) => Ok(value),
                Operation::Error(value) => Err(RunError::Failure(Failure::Value(value))),
                Operation::Run(function) => function(self.clone(), changes.clone()).await,
                Operation::Merge(function) => {
                    let inner = function(&changes);
                    inner.check().map_err(|error| with_changes(error, &changes))?;
                    let known = inner.operations.iter().find(|(name, _)| changes.outcome(name).is_some());
                    if let Some((name, _)) = known {
                        let message = format!("cannot merge: operation `{name}` is in both multis");
                        return Err(RepoError::Multi { message }.into());
                    }
                    changes = Box::pin(self.operate(inner, changes)).await?;
                    continue;
                }
            };
            match outcome {
                Ok(outcome) => changes.push(name, outcome),
                Err(RunError::Failure(failure)) => return Err(MultiError::Failed { name, failure, changes }),
                Err(RunError::Error(error)) => return Err(error.into()),
            }
        }
        Ok(changes)
    }

    async fn operate_write(
        &self,
        action: &'static str,
        parts: Parts,
        options: &Options,
    ) -> Result<Arc<Record>, WriteError> {
        let changeset = crate::Changeset::<Record>::of_parts(parts);
        let written = match action {
            "insert" => self.insert_with(changeset, options).await,
            "update" => self.update_with(changeset, options).await,
            _ => self.delete_with(changeset, options).await,
        };
        written.map(Arc::new).map_err(|error| error.map(|changeset| Box::new(changeset.into_parts())))
    }
}

fn rows_of(written: Result<(usize, Option<Vec<Output>>), RepoError>) -> Result<Outcome, RunError> {
    written.map(|(count, rows)| Outcome::Rows(count, rows)).map_err(RunError::from)
}

fn with_changes(error: MultiError, so_far: &Changes) -> MultiError {
    match error {
        MultiError::Failed { name, failure, .. } => {
            MultiError::Failed { name, failure, changes: so_far.clone() }
        }
        other => other,
    }
}
