//! Which fields steps speak of.

use super::{Rule, Step};
use crate::expr::Expr;
use crate::value::{Str, Value};
use alloc::vec::Vec;

/// Adds every name that the steps mention, those of children too: fields, and the keys of values that are put.
///
/// It may be more than the fields of one schema, never less.
pub(crate) fn mentioned(steps: &[Step], names: &mut Vec<Str>) {
    for step in steps {
        match step {
            Step::Cast(fields, _)
            | Step::CastParams(_, fields, _)
            | Step::Required(fields, _)
            | Step::Constraint(_, fields, _) => names.extend(fields.iter().cloned()),
            Step::Change(changes) => {
                for (field, value) in changes {
                    names.push(field.clone());
                    keys(value, names);
                }
            }
            Step::PutChange(field, value)
            | Step::ForceChange(field, value)
            | Step::PutRelation { field, value, .. } => {
                names.push(field.clone());
                keys(value, names);
            }
            Step::Merge { steps, data, .. } => {
                names.extend(data.keys().cloned());
                mentioned(steps, names);
            }
            Step::Validate(field, rule) => {
                names.push(field.clone());
                if let Rule::Condition(condition) = rule {
                    condition_fields(&condition.0, names);
                }
            }
            Step::CastRelation { field, options, .. } => {
                names.push(field.clone());
                if let Some(steps) = &options.with {
                    mentioned(steps, names);
                }
            }
            Step::When(condition, steps) => {
                condition_fields(condition, names);
                mentioned(steps, names);
            }
            Step::DeleteChange(field)
            | Step::UpdateChange(field, _)
            | Step::SetActionIf(field, ..)
            | Step::PutIndex(field)
            | Step::OptimisticLock(field)
            | Step::ReorderAssoc(field) => names.push(field.clone()),
            Step::AddError(_) | Step::SetAction(_) | Step::RunPrepared | Step::Mistake(_) => {}
        }
    }
}

fn condition_fields(condition: &Expr, names: &mut Vec<Str>) {
    names.extend(condition.fields());
}

fn keys(value: &Value, names: &mut Vec<Str>) {
    match value {
        Value::List(list) => list.iter().for_each(|value| keys(value, names)),
        Value::Map(map) => {
            for (key, value) in map.iter() {
                names.push(key.clone());
                keys(value, names);
            }
        }
        _ => {}
    }
}
