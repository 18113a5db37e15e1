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
    let accepted = params.get(field).is_some_and(|value| Type::Boolean.cast(value) == Ok(Value::Bool(true)));
    if !accepted {
        let error = FieldError::of_rule(
            field,
            options.message.as_ref(),
            "must be accepted",
            validation("acceptance"),
        );
        parts.push_error(error);
    }
}
