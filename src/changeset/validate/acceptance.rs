//! `validate_acceptance`: a box is ticked.

use crate::changeset::error::{FieldError, validation};
use crate::changeset::parts::Parts;
use crate::rules::{Options, Rule};
use crate::types::Type;
use crate::value::{Str, Value};

/// The param of the field must be true once cast to a boolean. The field need not be permitted, nor exist.
pub(super) fn validate_acceptance(parts: &mut Parts, field: &Str, rule: &Rule, options: &Options) {
    parts.push_validation(field, rule);
    let Some(params) = &parts.params else { return };
    if let Some(error) = check(field, params.get(field), options) {
        parts.push_error(error);
    }
}

/// What is wrong with the param of the field.
pub(in crate::changeset) fn check(
    field: &Str,
    param: Option<&Value>,
    options: &Options,
) -> Option<FieldError> {
    let accepted = param.is_some_and(|value| Type::Boolean.cast(value) == Ok(Value::Bool(true)));
    (!accepted).then(|| {
        FieldError::of_rule(field, options.message.as_ref(), "must be accepted", validation("acceptance"))
    })
}
