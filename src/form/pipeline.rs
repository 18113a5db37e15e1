//! What the steps of a pipeline say of a field, beyond what a changeset keeps.

use crate::rules::{CastRelation, Step};

/// Whether the params may change `field`.
pub(super) fn permits(steps: &[Step], field: &str) -> bool {
    any(steps, &mut |step| matches!(step, Step::Cast(fields, _) if fields.iter().any(|name| name == field)))
}

/// Whether a cast has empty values of its own.
pub(super) fn sets_empty_values(steps: &[Step]) -> bool {
    any(steps, &mut |step| matches!(step, Step::Cast(_, options) if options.empty_values.is_some()))
}

/// Whether a rule may see another value of `field` than the one that was typed.
pub(super) fn rewrites(steps: &[Step], field: &str) -> bool {
    any(steps, &mut |step| match step {
        Step::CastParams(_, fields, _) => fields.iter().any(|name| name == field),
        Step::Change(changes) => changes.iter().any(|(name, _)| name == field),
        Step::PutChange(name, _)
        | Step::ForceChange(name, _)
        | Step::DeleteChange(name)
        | Step::UpdateChange(name, _)
        | Step::PutIndex(name) => name == field,
        Step::Merge { .. } => true,
        _ => false,
    })
}

/// The options that the relation `field` is cast with.
pub(super) fn relation<'a>(steps: &'a [Step], field: &str) -> Option<&'a CastRelation> {
    steps.iter().find_map(|step| match step {
        Step::CastRelation { field: name, options, .. } if name == field => Some(&**options),
        Step::When(_, steps) | Step::Merge { steps, .. } => relation(steps, field),
        _ => None,
    })
}

fn any(steps: &[Step], test: &mut dyn FnMut(&Step) -> bool) -> bool {
    steps.iter().any(|step| {
        test(step)
            || match step {
                Step::When(_, steps) | Step::Merge { steps, .. } => any(steps, test),
                _ => false,
            }
    })
}
