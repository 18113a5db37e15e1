//! [`Changeset`] and [`Rules`]: the functions of Ecto's changesets, on data whose type the compiler knows.

mod ask;
mod data;
mod pipeline;
mod rules;

pub use data::{Data, IntoChangeset, IntoPattern, Params};
pub use rules::Rules;

use super::parts::Parts;
use super::prepare::Prepare;
use super::relation::{self, Input};
use super::run::{Context, run_step};
#[cfg(feature = "std")]
use super::straight::Later;
use crate::expr::Expr;
use crate::mistake::Mistake;
use crate::rules::{CastOptions, Step};
use crate::schema::{Named, Names, Record};
use crate::value::Str;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;

/// What of the input may change a `T`, and what is wrong with it.
///
/// It is made by [`cast`](Changeset::cast), [`change`](Changeset::change) or [`Rules::apply`], goes through
/// validations that each take and give the changeset, and is read through [`Parts`]: `valid`, `changes`, `errors`.
///
/// ```
/// use ectomorph::changeset::Changeset;
/// use ectomorph::rules::Length;
/// use ectomorph::schema::{Field, Record, Schema};
/// use ectomorph::types::Type;
/// use ectomorph::value::Map;
///
/// let post = Schema::build("Post", "posts")
///     .field(Field::new("title", Type::String))
///     .field(Field::new("likes", Type::Integer))
///     .finish()?;
/// let params = Map::from([("title", "Hi"), ("likes", "12")]);
/// let changeset = Changeset::cast(Record::new(&post), &params, ["title", "likes"])
///     .validate_required(["title"])
///     .validate_length("title", Length::new().min(5));
/// assert!(!changeset.valid);
/// assert_eq!(changeset.errors[0].text(), "should be at least 5 character(s)");
/// # Ok::<(), ectomorph::mistake::Mistake>(())
/// ```
///
/// # Mistakes
///
/// Where Ecto raises, the changeset keeps the [`Mistake`] in `mistake`: it is invalid from then on and goes through no
/// further step. Nothing panics.
pub struct Changeset<T = Record> {
    held: Held,
    of: PhantomData<fn() -> T>,
}

/// How a changeset has its parts.
// Boxed, for a chain moves it at every step.
#[derive(Clone)]
enum Held {
    Made(Box<Parts>),
    /// It is made when somebody looks at it.
    #[cfg(feature = "std")]
    Later(Box<Later>),
}

impl<T: Data> Changeset<T> {
    /// Casts the params of the permitted `fields` to their types and keeps as changes those that differ from the data:
    /// Ecto's `cast/3`. Given a changeset, it adds to its changes.
    ///
    /// Params that can't be cast are errors. Params that are no map are a mistake, a field that isn't there too.
    pub fn cast<'p>(
        data: impl IntoChangeset<T>,
        params: impl Into<Params<'p>>,
        fields: impl Names<T>,
    ) -> Changeset<T> {
        Changeset::cast_with(data, params, fields, CastOptions::new())
    }

    /// [`Changeset::cast`] with options: what counts as empty, messages. Ecto's `cast/4`.
    pub fn cast_with<'p>(
        data: impl IntoChangeset<T>,
        params: impl Into<Params<'p>>,
        fields: impl Names<T>,
        options: CastOptions,
    ) -> Changeset<T> {
        let params = params.into();
        let step = Step::Cast(fields.names(), Arc::new(options));
        data.into_changeset().run(&step, params.with(&params.made()))
    }

    /// A changeset without changes, to put some in: Ecto's `change/1`.
    pub fn change(data: impl IntoChangeset<T>) -> Changeset<T> {
        data.into_changeset()
    }
}

impl<T> Changeset<T> {
    pub(super) fn new(record: Arc<Record>) -> Self {
        Changeset::of_parts(Parts::new(record))
    }

    pub(crate) fn of_parts(parts: Parts) -> Self {
        Changeset::of_boxed(Box::new(parts))
    }

    #[cfg(feature = "std")]
    pub(super) fn later(later: Later) -> Self {
        Changeset { held: Held::Later(Box::new(later)), of: PhantomData }
    }

    /// The changeset that steps make of a record, whatever the type.
    #[cfg(feature = "std")]
    pub(in crate::changeset) fn of_record(record: Arc<Record>, steps: &[Step], params: Params) -> Self {
        Changeset::new(record).run_all(steps, params)
    }

    /// What it holds, without the type.
    pub fn into_parts(self) -> Parts {
        *self.into_boxed()
    }

    fn into_boxed(self) -> Box<Parts> {
        match self.held {
            Held::Made(parts) => parts,
            #[cfg(feature = "std")]
            Held::Later(later) => later.into_parts(),
        }
    }

    fn of_boxed(parts: Box<Parts>) -> Self {
        Changeset { held: Held::Made(parts), of: PhantomData }
    }

    fn parts(&self) -> &Parts {
        match &self.held {
            Held::Made(parts) => parts,
            #[cfg(feature = "std")]
            Held::Later(later) => later.parts(),
        }
    }

    /// Merges another changeset of the same data into this one: Ecto's `merge/2`. What both say, the other says last.
    pub fn merge(self, other: Changeset<T>) -> Self {
        if let Some(mistake) = &other.mistake {
            return self.poison(mistake.clone());
        }
        self.attempt(|parts| super::merge::merge(parts, other.into_parts()))
    }

    /// Goes through the steps of `inside` if the condition is true: not if it is false, not if it is unknown.
    pub fn when(self, condition: impl Into<Expr>, inside: impl FnOnce(Self) -> Self) -> Self {
        if self.mistake.is_none() && condition.into().holds(&*self) == Some(true) {
            return inside(self);
        }
        self
    }

    /// Sets the records of an embed: structs, changesets, maps of attributes, or a list of those. Ecto's `put_embed/3`.
    pub fn put_embed(self, field: impl Named<T>, children: impl Into<Input>) -> Self {
        self.put_relation(true, field.name(), children.into())
    }

    /// Sets the records of an association: structs, changesets, maps of attributes, or a list of those. Ecto's
    /// `put_assoc/3`.
    pub fn put_assoc(self, field: impl Named<T>, children: impl Into<Input>) -> Self {
        self.put_relation(false, field.name(), children.into())
    }

    /// Registers a function that a repo runs inside the transaction, just before it writes: Ecto's `prepare_changes/2`.
    pub fn prepare_changes(
        self,
        function: impl Fn(Changeset<T>) -> Changeset<T> + Send + Sync + 'static,
    ) -> Self {
        let function = move |parts| function(Changeset::of_parts(parts)).into_parts();
        let mut parts = self.into_boxed();
        parts.prepare.insert(0, Prepare::Function(Arc::new(function)));
        Changeset::of_boxed(parts)
    }

    fn put_relation(self, embed: bool, field: Str, children: Input) -> Self {
        self.attempt(|parts| {
            let schema = parts.schema().clone();
            let (position, relation) = relation::expect_relation(&schema, "put", embed, &field)?;
            relation::put(parts, position, relation, children)
        })
    }

    fn step(self, step: Step) -> Self {
        self.run(&step, Params::Invalid)
    }

    fn run(self, step: &Step, params: Params) -> Self {
        self.attempt(|parts| run_step(parts, step, &Context { params: params.map()?, depth: 0 }))
    }

    /// Runs steps; the first mistake ends the run.
    fn run_all(mut self, steps: &[Step], params: Params) -> Self {
        let made = params.made();
        let params = params.with(&made);
        for step in steps {
            self = self.run(step, params);
        }
        self
    }

    fn attempt(self, change: impl FnOnce(&mut Parts) -> Result<(), Mistake>) -> Self {
        let mut parts = self.into_boxed();
        if parts.mistake.is_some() {
            return Changeset::of_boxed(parts);
        }
        match change(&mut parts) {
            Ok(()) => Changeset::of_boxed(parts),
            Err(mistake) => {
                let mistake = mistake.at(parts.schema().name());
                Changeset::of_boxed(parts).poison(mistake)
            }
        }
    }

    fn poison(self, mistake: Mistake) -> Self {
        let mut parts = self.into_boxed();
        parts.valid = false;
        parts.mistake.get_or_insert(mistake);
        Changeset::of_boxed(parts)
    }
}

impl<T> Deref for Changeset<T> {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        self.parts()
    }
}

impl<T> Clone for Changeset<T> {
    fn clone(&self) -> Self {
        Changeset { held: self.held.clone(), of: PhantomData }
    }
}

impl<T> PartialEq for Changeset<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T> fmt::Debug for Changeset<T> {
    /// In one line; `{:#?}` prints it as Ecto does, over several, with the metadata of errors.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inspect = if f.alternate() { super::inspect::pretty } else { super::inspect::inspect };
        f.write_str(&inspect(self))
    }
}

impl From<Parts> for Changeset<Record> {
    fn from(parts: Parts) -> Self {
        Changeset::of_parts(parts)
    }
}

impl<T> From<Changeset<T>> for Input {
    fn from(changeset: Changeset<T>) -> Self {
        Input::Changeset(changeset.into_boxed())
    }
}

impl<T: Data> From<T> for Input {
    fn from(data: T) -> Self {
        Input::Record(data.into_record())
    }
}

impl<T: Into<Input>> From<Option<T>> for Input {
    fn from(one: Option<T>) -> Self {
        one.map_or(Input::Null, Into::into)
    }
}

impl<T: Into<Input>> From<Vec<T>> for Input {
    fn from(many: Vec<T>) -> Self {
        Input::List(many.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Input>, const N: usize> From<[T; N]> for Input {
    fn from(many: [T; N]) -> Self {
        Input::List(many.into_iter().map(Into::into).collect())
    }
}

impl From<crate::value::Map> for Input {
    fn from(attributes: crate::value::Map) -> Self {
        Input::Attributes(attributes)
    }
}
