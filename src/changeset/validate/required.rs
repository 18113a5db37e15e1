//! `validate_required`: a value is present.

use crate::changeset::error::{FieldError, validation};
use crate::changeset::parts::{Change, Parts};
use crate::mistake::Mistake;
use crate::rules::Options;
use crate::schema::Slot;
use crate::value::Str;
use alloc::vec::Vec;

/// Every one of `fields` must have a value that is not null and not among the empty values. One that has an error
/// already gets no second.
pub(in crate::changeset) fn validate_required(
    parts: &mut Parts,
    fields: &[Str],
    options: &Options,
) -> Result<(), Mistake> {
    let mut found: Vec<FieldError> = Vec::new();
    for field in fields {
        if field_missing(parts, field)? && !parts.has_error(field) {
            found.push(blank(field, options));
        }
    }
    let mut required = fields.to_vec();
    required.append(&mut parts.required);
    parts.required = required;
    for error in &found {
        if let Some(position) = parts.schema().position(&error.field) {
            parts.changes.remove(position);
        }
    }
    parts.push_errors(found);
    Ok(())
}

/// The error of a field that has no value.
pub(in crate::changeset) fn blank(field: &Str, options: &Options) -> FieldError {
    FieldError::of_rule(field, options.message.as_ref(), "can't be blank", validation("required"))
}

/// Whether a field has no value: null or one of the empty values, in the changes or else the data.
///
/// A list of children is never missing: ask for it with the `required` option of its cast.
pub(in crate::changeset) fn field_missing(parts: &Parts, field: &str) -> Result<bool, Mistake> {
    let position = parts.schema().expect_position(field)?;
    let value = match parts.changes.get(position) {
        Some(Change::Value(value)) => value,
        Some(Change::One(one)) => return Ok(one.is_none()),
        Some(Change::Many(_)) => return Ok(false),
        None => match parts.data.slot(position) {
            Slot::Value(value) => value,
            Slot::Absent => return Ok(true),
            Slot::One(one) => return Ok(one.is_none()),
            Slot::Many(_) => return Ok(false),
            Slot::NotLoaded => {
                // As everywhere, the children of a new record are not read but known: there are none.
                parts.current_children(position)?;
                let relation = parts.schema().fields()[position].relation();
                return Ok(relation
                    .is_some_and(|relation| relation.cardinality() == crate::schema::Cardinality::One));
            }
        },
    };
    Ok(value.is_null() || parts.empty_values.contains(value))
}
