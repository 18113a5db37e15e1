//! `merge`: two changesets of the same record become one.

use super::error::FieldError;
use super::parts::Parts;
use crate::mistake::Mistake;
use crate::value::Map;
use alloc::vec::Vec;

/// Adds what a cast found to what was there, but for the changes.
pub(super) fn merge_cast(parts: &mut Parts, params: Option<&Map>, errors: Vec<FieldError>, valid: bool) {
    merge_params(&mut parts.params, params);
    let first = core::mem::replace(&mut parts.fresh, false);
    if first {
        parts.errors = errors;
    } else {
        parts.errors.extend(errors);
        unique(&mut parts.errors);
        unique(&mut parts.required);
    }
    parts.valid &= valid;
}

/// Merges `other` into `parts`. Both must be of the same data, and may not contradict each other in their action.
pub(super) fn merge(parts: &mut Parts, other: Parts) -> Result<(), Mistake> {
    if parts.data != other.data {
        return Err(Mistake::new("cannot merge changesets of different data"));
    }
    parts.action = match (parts.action.take(), other.action) {
        (Some(ours), Some(theirs)) if ours != theirs => {
            return Err(Mistake::about(
                "cannot merge changesets of different actions: % and %",
                &[&ours, &theirs],
            ));
        }
        (ours, theirs) => ours.or(theirs),
    };
    if parts.empty_values != other.empty_values {
        return Err(Mistake::new("cannot merge changesets of different empty values"));
    }
    for (field, value) in other.filters {
        parts.filters.insert(field, value);
    }
    parts.force |= other.force;
    parts.validations.extend(other.validations);
    parts.constraints.extend(other.constraints);
    let mut prepare = other.prepare;
    prepare.append(&mut parts.prepare);
    parts.prepare = prepare;
    parts.required.extend(other.required);
    parts.fresh = false;
    for (position, change) in other.changes {
        parts.changes.put(position, change);
    }
    merge_cast(parts, other.params.as_ref(), other.errors, other.valid);
    Ok(())
}

fn merge_params(params: &mut Option<Map>, more: Option<&Map>) {
    match (params, more) {
        (_, None) => {}
        (params @ None, Some(more)) => *params = Some(more.clone()),
        (Some(params), Some(more)) => {
            for (key, value) in more.iter() {
                params.insert(key, value.clone());
            }
        }
    }
}

/// Keeps the first of equal entries.
pub(super) fn unique<T: PartialEq>(list: &mut Vec<T>) {
    let mut at = 0;
    while at < list.len() {
        if list[..at].contains(&list[at]) {
            list.remove(at);
        } else {
            at += 1;
        }
    }
}
