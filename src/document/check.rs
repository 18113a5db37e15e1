//! Finding the mistakes of steps when they are read, not when a user's input comes.

use crate::expr::Expr;
use crate::mistake::Mistake;
use crate::rules::{CastRelation, ConstraintKind, MAX_DEPTH, Rule, Step};
use crate::schema::{FieldKind, Relation, Schema};
use crate::types::Type;
use crate::value::{Str, push_integer};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Checks that `steps` fit `schema`, those of children too.
///
/// What it refuses, a run of the steps would end with at the latest: it is not stricter than Ecto, which takes a
/// constraint on any name, and the acceptance or confirmation of a param that is no field. Only steps inside a `when`
/// are checked although they may never run.
///
/// # Errors
///
/// A [`Mistake`] with the place (`step 2`), the name and the nearest one that is known: a field that isn't there, a cast
/// of a relation, `cast_embed` of an association, children without steps, a condition that compares a number with text.
pub fn check(schema: &Arc<Schema>, steps: &[Step]) -> Result<(), Mistake> {
    Checker { ancestors: Vec::new(), depth: 0 }
        .steps(schema, steps)
        .map_err(|mistake| mistake.at(schema.name()))
}

struct Checker {
    /// Schemas whose default changeset is being checked; it may lead back to itself.
    ancestors: Vec<Arc<Schema>>,
    depth: usize,
}

impl Checker {
    fn steps(&mut self, schema: &Arc<Schema>, steps: &[Step]) -> Result<(), Mistake> {
        if self.depth > MAX_DEPTH {
            return Err(Mistake::new("steps are nested too deep (32 levels)"));
        }
        self.depth += 1;
        for (index, step) in steps.iter().enumerate() {
            self.step(schema, step).map_err(|mistake| {
                let mut place = String::from("step ");
                push_integer(&mut place, index as i64);
                mistake.at(&place)
            })?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn step(&mut self, schema: &Arc<Schema>, step: &Step) -> Result<(), Mistake> {
        match step {
            Step::Cast(fields, _) | Step::CastParams(_, fields, _) => {
                fields.iter().try_for_each(|field| castable(schema, field))
            }
            Step::Required(fields, _) => fields.iter().try_for_each(|field| known(schema, field)),
            Step::Change(changes) => changes.iter().try_for_each(|(field, _)| known(schema, field)),
            Step::PutChange(field, _)
            | Step::ForceChange(field, _)
            | Step::PutIndex(field)
            | Step::OptimisticLock(field) => known(schema, field),
            Step::Validate(_, Rule::Acceptance(_) | Rule::Confirmation(_)) => Ok(()),
            Step::Validate(field, Rule::Condition(rule)) => {
                known(schema, field)?;
                condition(schema, &rule.0)
            }
            Step::Validate(field, _) => known(schema, field),
            Step::Constraint(kind, fields, options) => match kind {
                ConstraintKind::Assoc if options.name.is_some() => Ok(()),
                ConstraintKind::Assoc | ConstraintKind::NoAssoc => {
                    fields.iter().try_for_each(|field| relation(schema, false, field).map(drop))
                }
                _ => Ok(()),
            },
            Step::CastRelation { embed, field, options } => {
                let relation = relation(schema, *embed, field)?;
                self.children(relation, options).map_err(|mistake| mistake.at(field))
            }
            Step::PutRelation { embed, field, .. } => relation(schema, *embed, field).map(drop),
            Step::ReorderAssoc(field) => relation(schema, false, field).map(drop),
            Step::Merge { steps, data, .. } => {
                data.keys().try_for_each(|field| known(schema, field))?;
                self.steps(schema, steps)
            }
            Step::When(expression, steps) => {
                condition(schema, expression)?;
                self.steps(schema, steps)
            }
            Step::Mistake(mistake) => Err(Mistake::clone(mistake)),
            Step::DeleteChange(_)
            | Step::UpdateChange(..)
            | Step::SetAction(_)
            | Step::SetActionIf(..)
            | Step::AddError(_)
            | Step::RunPrepared => Ok(()),
        }
    }

    /// The steps of children: those of the cast, or their schema's own.
    fn children(&mut self, relation: &Relation, options: &CastRelation) -> Result<(), Mistake> {
        let related = relation.related.schema();
        if let Some(steps) = &options.with {
            return self.steps(&related, steps);
        }
        let Some(steps) = related.changeset() else {
            return Err(Mistake::join(&[
                "`",
                related.name(),
                "` has no changeset of its own; give the steps of its children in `with`",
            ]));
        };
        if self.ancestors.iter().any(|ancestor| Arc::ptr_eq(ancestor, &related)) {
            return Ok(());
        }
        self.ancestors.push(related.clone());
        let checked = self.steps(&related, steps);
        self.ancestors.pop();
        checked
    }
}

fn known(schema: &Schema, field: &Str) -> Result<(), Mistake> {
    schema.expect_position(field).map(drop)
}

fn castable(schema: &Schema, field: &Str) -> Result<(), Mistake> {
    let position = schema.expect_position(field)?;
    match &schema.fields()[position].kind {
        FieldKind::Value(_) => Ok(()),
        FieldKind::Relation(relation) => {
            let tag = relation.tag();
            Err(Mistake::join(&["cast: `", field, "` is an ", tag, "; use cast_", tag, " instead"]))
        }
        FieldKind::Through { .. } => {
            Err(Mistake::join(&["cast: `", field, "` is a through association, which is read only"]))
        }
    }
}

/// The relation `field`, which must be an embed or an association as `embed` says.
fn relation<'a>(schema: &'a Schema, embed: bool, field: &Str) -> Result<&'a Relation, Mistake> {
    let tag = if embed { "embed" } else { "assoc" };
    let position = schema.expect_position(field)?;
    match schema.fields()[position].relation() {
        Some(relation) if relation.is_embed() == embed => Ok(relation),
        Some(relation) => Err(Mistake::join(&["`", field, "` is no ", tag, "; it is an ", relation.tag()])),
        None => Err(Mistake::join(&["`", field, "` is no ", tag, "; it is no relation that can be written"])),
    }
}

fn condition(schema: &Schema, condition: &Expr) -> Result<(), Mistake> {
    let types = |name: &str| schema.field(name).map(|field| field.value_type().cloned().unwrap_or(Type::Any));
    condition.check_condition(&types).map_err(|error| {
        let error = error.suggest(schema.fields().iter().map(|field| field.name.as_str()));
        Mistake::new(error.message()).at(&error.path())
    })
}
