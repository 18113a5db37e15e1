//! [`Rules`]: a pipeline as a value.

use super::{Changeset, Data, IntoChangeset, Params};
use crate::expr::Expr;
use crate::mistake::Mistake;
use crate::rules::{CastOptions, Step};
use crate::schema::{Names, Record};
use crate::value::Map;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

/// The steps of a changeset of `T`, recorded once and run many times.
///
/// They are written like those of a [`Changeset`] and are the same functions. They can be applied, shown as HTML
/// attributes, and written as a document that another program or a browser reads.
///
/// ```
/// use ectomorph::changeset::Rules;
/// use ectomorph::rules::Length;
/// use ectomorph::schema::{Field, Record, Schema};
/// use ectomorph::types::Type;
/// use ectomorph::value::Map;
///
/// let comment = Schema::build("Comment", "comments").field(Field::new("body", Type::String)).finish()?;
/// let rules = Rules::cast(["body"]).validate_required(["body"]).validate_length("body", Length::new().max(5));
///
/// let changeset = rules.apply(Record::new(&comment), &Map::from([("body", "Well done")]));
/// assert_eq!(changeset.errors[0].text(), "should be at most 5 character(s)");
/// # Ok::<(), ectomorph::mistake::Mistake>(())
/// ```
pub struct Rules<T = Record> {
    steps: Vec<Step>,
    of: PhantomData<fn() -> T>,
}

impl<T> Rules<T> {
    /// No steps yet; for rules that cast nothing.
    pub fn new() -> Self {
        Rules { steps: Vec::new(), of: PhantomData }
    }

    /// Rules that begin with a cast of these fields.
    pub fn cast(fields: impl Names<T>) -> Self {
        Rules::cast_with(fields, CastOptions::new())
    }

    /// [`Rules::cast`] with options: what counts as empty, messages.
    pub fn cast_with(fields: impl Names<T>, options: CastOptions) -> Self {
        Rules::new().step(Step::Cast(fields.names(), Arc::new(options)))
    }

    /// These rules, then those: `Self::profile().then(Rules::cast([User::password]))`.
    pub fn then(mut self, rules: Rules<T>) -> Self {
        self.steps.extend(rules.steps);
        self
    }

    /// Merges the changeset that other rules make of the same record: Ecto's `merge/2`.
    pub fn merge(self, rules: Rules<T>) -> Self {
        self.step(Step::Merge { steps: rules.into(), params: None, data: Map::new() })
    }

    /// Rules that apply if the condition is true: not if it is false, not if it is unknown.
    ///
    /// ```
    /// use ectomorph::changeset::Rules;
    /// use ectomorph::expr::field;
    ///
    /// let rules: Rules = Rules::cast(["status", "published_on"])
    ///     .when(field("status").eq("published"), |rules| rules.validate_required(["published_on"]));
    /// assert_eq!(rules.steps().len(), 2);
    /// ```
    pub fn when(self, condition: impl Into<Expr>, inside: impl FnOnce(Self) -> Self) -> Self {
        self.step(Step::When(Arc::new(condition.into()), inside(Rules::new()).into()))
    }

    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether all steps could be made.
    ///
    /// # Errors
    ///
    /// The first [`Mistake`], such as a pattern that can't be read. Applying the rules gives the same one.
    pub fn check(&self) -> Result<(), Mistake> {
        check(&self.steps)
    }

    pub(super) fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

impl<T: Data> Rules<T> {
    /// Goes through the rules with the params, on data or on a changeset.
    ///
    /// Wrong input becomes errors of the changeset, a mistake of the program its `mistake`.
    pub fn apply<'p>(&self, data: impl IntoChangeset<T>, params: impl Into<Params<'p>>) -> Changeset<T> {
        data.into_changeset().run_all(&self.steps, params.into())
    }
}

fn check(steps: &[Step]) -> Result<(), Mistake> {
    steps.iter().try_for_each(|step| match step {
        Step::Mistake(mistake) => Err(Mistake::clone(mistake)),
        Step::When(_, steps) | Step::Merge { steps, .. } => check(steps),
        Step::CastRelation { options, .. } => options.with.as_deref().map_or(Ok(()), check),
        _ => Ok(()),
    })
}

impl<T> From<Rules<T>> for Arc<[Step]> {
    fn from(rules: Rules<T>) -> Self {
        rules.steps.into()
    }
}

impl From<Vec<Step>> for Rules<Record> {
    fn from(steps: Vec<Step>) -> Self {
        Rules { steps, of: PhantomData }
    }
}

impl<T> Default for Rules<T> {
    fn default() -> Self {
        Rules::new()
    }
}

impl<T> Clone for Rules<T> {
    fn clone(&self) -> Self {
        Rules { steps: self.steps.clone(), of: PhantomData }
    }
}

impl<T> fmt::Debug for Rules<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.steps).finish()
    }
}
