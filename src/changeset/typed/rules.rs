//! [`Rules`]: a pipeline as a value.

use super::{Changeset, Data, IntoChangeset, Params};
#[cfg(feature = "std")]
use crate::changeset::straight::{self, Later, Outcome, Plan};
use crate::expr::Expr;
use crate::mistake::Mistake;
use crate::rules::{CastOptions, Step};
#[cfg(feature = "std")]
use crate::schema::Schema;
use crate::schema::{HasSchema, Names, Record};
use crate::value::{Map, Str};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
#[cfg(feature = "std")]
use std::sync::OnceLock;

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
    // Shared with the changesets that are made of them later.
    steps: Arc<Vec<Step>>,
    /// Made when it is first asked for.
    #[cfg(feature = "std")]
    ready: OnceLock<Ready>,
    of: PhantomData<fn() -> T>,
}

/// What is made of steps only once.
#[cfg(feature = "std")]
struct Ready {
    /// Of the schema that came first; none if the steps have none.
    plan: Option<Plan>,
    /// The record of the default, if all are alike.
    new: OnceLock<Arc<Record>>,
}

impl<T> Rules<T> {
    /// No steps yet; for rules that cast nothing.
    pub fn new() -> Self {
        Rules::of_steps(Arc::default())
    }

    fn of_steps(steps: Arc<Vec<Step>>) -> Self {
        Rules {
            steps,
            #[cfg(feature = "std")]
            ready: OnceLock::new(),
            of: PhantomData,
        }
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
    pub fn then(self, rules: Rules<T>) -> Self {
        let mut steps = self.steps;
        Arc::make_mut(&mut steps).extend(Arc::unwrap_or_clone(rules.steps));
        Rules::of_steps(steps)
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

    pub(super) fn step(self, step: Step) -> Self {
        let mut steps = self.steps;
        Arc::make_mut(&mut steps).push(step);
        Rules::of_steps(steps)
    }
}

impl<T: Data> Rules<T> {
    /// Goes through the rules with the params, on data or on a changeset.
    ///
    /// Wrong input becomes errors of the changeset, a mistake of the program its `mistake`.
    pub fn apply<'p>(&self, data: impl IntoChangeset<T>, params: impl Into<Params<'p>>) -> Changeset<T> {
        data.into_changeset().run_all(&self.steps, params.into())
    }

    /// The data with its changes if the params are right, else the changeset: what [`apply`](Self::apply) and then
    /// [`apply_action`](Changeset::apply_action) give. Where nothing is wrong no changeset is made, which most rules
    /// can do without; then this takes a fraction of the time.
    ///
    /// ```
    /// use ectomorph::changeset::Rules;
    /// use ectomorph::schema::{Field, Record, Schema};
    /// use ectomorph::types::Type;
    /// use ectomorph::value::Map;
    ///
    /// let comment = Schema::build("Comment", "comments").field(Field::new("body", Type::String)).finish()?;
    /// let rules = Rules::cast(["body"]).validate_required(["body"]);
    ///
    /// let saved = rules.apply_action(Record::new(&comment), &Map::from([("body", "Well done")]), "insert");
    /// assert_eq!(saved.unwrap().value("body").as_str(), Some("Well done"));
    /// let refused = rules.apply_action(Record::new(&comment), &Map::from([("body", "")]), "insert");
    /// assert_eq!(refused.unwrap_err().errors[0].text(), "can't be blank");
    /// # Ok::<(), ectomorph::mistake::Mistake>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The changeset with the action set, as [`Changeset::apply_action`].
    pub fn apply_action<'p>(
        &self,
        data: T,
        params: impl Into<Params<'p>>,
        action: impl Into<Str>,
    ) -> Result<T, Changeset<T>> {
        self.settle(&data.into_record(), params.into(), action.into())
    }

    fn settle(&self, record: &Arc<Record>, params: Params, action: Str) -> Result<T, Changeset<T>> {
        #[cfg(feature = "std")]
        if let Some(plan) = &self.ready(record.schema()).plan {
            match straight::run(plan, record, params, T::of_fields) {
                Outcome::Right(data) => return Ok(data),
                Outcome::Wrong(wrong) => {
                    let later = Later::new(record.clone(), self.steps.clone(), params, action, wrong);
                    return Err(Changeset::later(later));
                }
                Outcome::Unclear => {}
            }
        }
        Changeset::new(record.clone()).run_all(&self.steps, params).apply_action(action)
    }

    #[cfg(feature = "std")]
    fn ready(&self, schema: &Arc<Schema>) -> &Ready {
        let make = || Ready { plan: Plan::new(schema, &self.steps), new: OnceLock::new() };
        self.ready.get_or_init(make)
    }
}

impl<T: HasSchema> Rules<T> {
    /// [`apply_action`](Self::apply_action) to a new `T`, with the action "insert": params become a struct, or the
    /// changeset that says what is wrong with them.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use ectomorph::params::{Json, Limits};
    /// use ectomorph::{Rules, Schema};
    ///
    /// #[derive(Schema)]
    /// #[schema(source = "users")]
    /// struct User {
    ///     id: Option<i64>,
    ///     name: String,
    ///     number_of_pets: Option<i64>,
    /// }
    ///
    /// let rules = Rules::cast([User::name, User::number_of_pets]).validate_required([User::name]);
    /// let params = Json::read(r#"{"name": "Ada", "number_of_pets": 2}"#, &Limits::default()).unwrap();
    /// let user = rules.apply_new(&params).unwrap();
    /// assert_eq!((user.name.as_str(), user.number_of_pets), ("Ada", Some(2)));
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The changeset, as [`Changeset::apply_action`].
    pub fn apply_new<'p>(&self, params: impl Into<Params<'p>>) -> Result<T, Changeset<T>> {
        let (params, action) = (params.into(), Str::Static("insert"));
        #[cfg(feature = "std")]
        if T::SAME_DEFAULT {
            let ready = match self.ready.get() {
                Some(ready) => ready,
                None => self.ready(&T::schema()),
            };
            return self.settle(ready.new.get_or_init(|| T::default().into_record()), params, action);
        }
        self.settle(&T::default().into_record(), params, action)
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
        Arc::unwrap_or_clone(rules.steps).into()
    }
}

impl From<Vec<Step>> for Rules<Record> {
    fn from(steps: Vec<Step>) -> Self {
        Rules::of_steps(Arc::new(steps))
    }
}

impl<T> Default for Rules<T> {
    fn default() -> Self {
        Rules::new()
    }
}

impl<T> Clone for Rules<T> {
    fn clone(&self) -> Self {
        Rules::of_steps(self.steps.clone())
    }
}

impl<T> fmt::Debug for Rules<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.steps.iter()).finish()
    }
}
