//! The interpreter of steps.

use super::cast::cast;
use super::constraint::add_constraint;
use super::error::FieldError;
use super::merge::merge;
use super::parts::{Change, Parts};
use super::prepare::{optimistic_lock, run_prepared};
use super::put::{delete_change, force_change, put_change, put_index, update_change};
use super::relation::{cast_relation, put_relation, reorder_assoc};
use super::validate::{validate, validate_required};
use crate::mistake::Mistake;
use crate::rules::Step;
use crate::schema::{Record, Slot};
use crate::value::{Map, Value};
use alloc::sync::Arc;

/// How deep children may be nested in children.
const MAX_NESTING: usize = 64;

/// What steps run with.
pub(super) struct Context<'a> {
    /// The params; none if they are invalid as a whole.
    pub(super) params: Option<&'a Map>,
    /// How many parents there are.
    pub(super) depth: usize,
}

/// Runs `steps` in order. The first mistake ends the run; the changeset is then to be thrown away or poisoned.
pub(super) fn run_steps(parts: &mut Parts, steps: &[Step], context: &Context) -> Result<(), Mistake> {
    if context.depth > MAX_NESTING {
        return Err(Mistake::new("children are nested too deep (64 levels)"));
    }
    for step in steps {
        run_step(parts, step, context)?;
    }
    Ok(())
}

/// Runs one step.
// Inlined into the loop, every place of its stack would be kept in a local.
#[inline(never)]
pub(super) fn run_step(parts: &mut Parts, step: &Step, context: &Context) -> Result<(), Mistake> {
    match step {
        Step::Cast(fields, options) => cast(parts, context.params, fields, options)?,
        Step::CastParams(params, fields, options) => match params {
            Value::Map(map) if !map.contains_key("$invalid") => cast(parts, Some(map), fields, options)?,
            Value::Map(_) => cast(parts, None, fields, options)?,
            other => return Err(Mistake::about("cast expects params to be a map, got %", &[other.kind()])),
        },
        Step::Change(changes) => {
            for (field, value) in changes {
                put_change(parts, field, value.clone())?;
            }
        }
        Step::PutChange(field, value) => put_change(parts, field, value.clone())?,
        Step::ForceChange(field, value) => force_change(parts, field, value.clone())?,
        Step::DeleteChange(field) => delete_change(parts, field),
        Step::UpdateChange(field, update) => update_change(parts, field, update)?,
        Step::Merge { steps, params, data } => {
            let mut record = Record::clone(&parts.data);
            for (field, value) in data.iter() {
                if !record.set(field, Slot::Value(value.clone())) {
                    return Err(record.schema().unknown_field(field));
                }
            }
            let record = if data.is_empty() { parts.data.clone() } else { Arc::new(record) };
            let mut other = Parts::new(record);
            let params = params.as_ref().or(context.params);
            run_steps(&mut other, steps, &Context { params, depth: context.depth + 1 })?;
            merge(parts, other)?;
        }
        Step::SetAction(action) => parts.action = action.clone(),
        Step::SetActionIf(field, wanted, action) => {
            if matches!(parts.change(field), Some(Change::Value(value)) if value == wanted) {
                parts.action = Some(action.clone());
            }
        }
        Step::PutIndex(field) => put_index(parts, field)?,
        Step::AddError(finding) => parts.push_error(FieldError::from(finding.clone())),
        Step::Required(fields, options) => validate_required(parts, fields, options)?,
        Step::Validate(field, rule) => validate(parts, field, rule)?,
        Step::Constraint(kind, fields, options) => add_constraint(parts, *kind, fields, options)?,
        Step::OptimisticLock(field) => optimistic_lock(parts, field)?,
        Step::RunPrepared => run_prepared(parts)?,
        Step::CastRelation { embed, field, options } => {
            cast_relation(parts, *embed, field, options, context.depth)?;
        }
        Step::PutRelation { embed, field, value } => put_relation(parts, *embed, field, value)?,
        Step::ReorderAssoc(field) => reorder_assoc(parts, field)?,
        Step::When(condition, steps) => {
            if condition.holds(parts) == Some(true) {
                run_steps(parts, steps, context)?;
            }
        }
        Step::Mistake(mistake) => return Err(Mistake::clone(mistake)),
    }
    parts.fresh = false;
    Ok(())
}

/// Runs lists of steps, one after the other, on `record` with `params`, or gives the mistake.
pub(super) fn run(record: Arc<Record>, lists: &[&[Step]], params: Option<&Map>) -> Result<Parts, Mistake> {
    let mut parts = Parts::new(record);
    for steps in lists {
        if let Err(mistake) = run_steps(&mut parts, steps, &Context { params, depth: 0 }) {
            return Err(mistake.at(parts.schema().name()));
        }
    }
    Ok(parts)
}
