//! The forms of children: Phoenix's `inputs_for`.

use super::field::Form;
use super::{naming, pipeline};
use crate::changeset::{Parts, run_steps};
use crate::mistake::Mistake;
use crate::rules::Step;
use crate::schema::{Cardinality, Record, RecordState, Relation, Slot};
use crate::value::{Map, Str, Value, to_text};
use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;

impl Form<'_> {
    /// The forms of the children of a relation, in order: of its change, or else of its data. Children on their way
    /// out have none. A relation of one that holds none has an empty form, unless it changes to none.
    ///
    /// The names are `user[items][0]`, by position. The ids are `user_items_0`, by the `_persistent_id` among the
    /// child's params, so that a child keeps its id when it moves.
    ///
    /// ```
    /// # use ectomorph::changeset::Parts;
    /// # use ectomorph::form::{Form, Options};
    /// # use ectomorph::schema::{Field, Record, Related, Schema};
    /// # use ectomorph::types::Type;
    /// # use std::sync::Arc;
    /// # let comment = Schema::embedded("Comment").field(Field::new("body", Type::String)).finish()?;
    /// # let post = Schema::build("Post", "posts").embeds_one("comment", Related::Schema(comment)).finish()?;
    /// # let changeset = Parts::new(Arc::new(Record::new(&post)));
    /// let options = Options::new();
    /// let form = Form::new(&changeset, &options);
    /// let comments = form.nested("comment")?;
    /// assert_eq!(comments[0].field("body").name.as_str(), "post[comment][body]");
    /// # Ok::<(), ectomorph::mistake::Mistake>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if there is no such relation, or its data was not loaded.
    pub fn nested(&self, field: &str) -> Result<Vec<Form<'_>>, Mistake> {
        let parts = self.parts();
        let position = parts.schema().expect_position(field)?;
        let Some(relation) = parts.schema().fields()[position].relation() else {
            return Err(Mistake::about(
                "`%` is no relation that can be written; a form of it has no forms",
                &[field],
            ));
        };
        let steps = self.child_steps(relation);
        let changesets: Vec<Cow<Parts>> = match parts.changes.get(position) {
            Some(change) => {
                change.changesets().iter().filter(|child| stays(child)).map(Cow::Borrowed).collect()
            }
            None => {
                let records = self.records(position, relation)?;
                records.into_iter().map(|record| Cow::Owned(untouched(record, steps.as_deref()))).collect()
            }
        };
        let children = changesets.into_iter().map(|child| self.child(field, child, steps.clone()));
        Ok(match relation.cardinality() {
            Cardinality::One => children.collect(),
            Cardinality::Many => number(children.collect()),
        })
    }

    /// The name of the inputs that list children by position in the order they are to have: `user[items_sort][]`.
    pub fn sort_name(&self, field: &str) -> Str {
        let given = self.cast_options(field).and_then(|options| options.sort_param.as_ref());
        self.list_name(field, given, "_sort")
    }

    /// The name of the inputs that list children to leave out by position: `user[items_drop][]`.
    pub fn drop_name(&self, field: &str) -> Str {
        let given = self.cast_options(field).and_then(|options| options.drop_param.as_ref());
        self.list_name(field, given, "_drop")
    }

    fn list_name(&self, field: &str, given: Option<&Str>, suffix: &str) -> Str {
        let usual = [field, suffix].concat();
        naming::list_name(&naming::name(&self.name, given.map_or(usual.as_str(), Str::as_str)))
    }

    pub(super) fn cast_options(&self, field: &str) -> Option<&crate::rules::CastRelation> {
        self.steps().and_then(|steps| pipeline::relation(steps, field))
    }

    /// The steps that children are cast with, if it is known how they are cast.
    fn child_steps(&self, relation: &Relation) -> Option<Arc<[Step]>> {
        let options = self.cast_options(&relation.field)?;
        options.with.clone().or_else(|| relation.related.schema().changeset().cloned())
    }

    fn records(&self, position: usize, relation: &Relation) -> Result<Vec<Arc<Record>>, Mistake> {
        let parts = self.parts();
        match parts.data.slot(position) {
            Slot::NotLoaded if parts.data.state != RecordState::Built => Err(Mistake::about(
                "`%` of `%` was not loaded; preload it before its form is shown",
                &[&relation.field, parts.schema().name()],
            )),
            slot => match (slot.records(), relation.cardinality()) {
                ([], Cardinality::One) => {
                    let mut record = Record::new(&relation.related.schema());
                    for (name, value) in relation.defaults.iter() {
                        // The reader of schemas checked the names.
                        let _ = record.set(name, Slot::Value(value.clone()));
                    }
                    Ok(alloc::vec![Arc::new(record)])
                }
                (records, _) => Ok(records.to_vec()),
            },
        }
    }
}

/// Whether a child is not on its way out.
pub(super) fn stays(child: &Parts) -> bool {
    !matches!(child.action.as_deref(), Some("replace" | "delete"))
}

/// The changeset of a child that no params are about: its steps tell the rules, and nothing is wrong with it yet.
fn untouched(record: Arc<Record>, steps: Option<&[Step]>) -> Parts {
    let ran = steps.and_then(|steps| run_steps(record.clone(), steps, Some(&Map::new())).ok());
    let mut parts = ran.unwrap_or_else(|| Parts::new(record));
    parts.params = None;
    parts.errors.clear();
    parts.valid = true;
    parts
}

/// Gives children of many their positions and ids. A number that none of them has yet is found for a new one.
fn number(mut forms: Vec<Form>) -> Vec<Form> {
    let mut taken: Vec<Str> = Vec::with_capacity(forms.len());
    let known: Vec<Option<Str>> = forms
        .iter()
        .map(|form| {
            let id = persistent_id(form.parts()).filter(|id| !taken.contains(id))?;
            taken.push(id.clone());
            Some(id)
        })
        .collect();
    let mut next = 0;
    for ((index, form), known) in forms.iter_mut().enumerate().zip(known) {
        let id = known.unwrap_or_else(|| {
            loop {
                let id = naming::number(next);
                next += 1;
                if !taken.contains(&id) {
                    return id;
                }
            }
        });
        form.index = Some(index);
        form.id = naming::id(&form.id, &id);
        form.name = naming::name(&form.name, &naming::number(index));
        form.persistent_id = Some(id);
    }
    forms
}

fn persistent_id(parts: &Parts) -> Option<Str> {
    match parts.params.as_ref()?.get("_persistent_id")? {
        Value::String(id) => Some(id.clone()),
        number @ Value::Integer(_) => to_text(number).map(Str::from),
        _ => None,
    }
}
