//! `validate_confirmation`: the same value twice.

use crate::changeset::error::{FieldError, validation};
use crate::changeset::parts::Parts;
use crate::rules::{Options, Rule};
use crate::value::{Str, Value};

/// The param `<field>_confirmation`, if given, must be the very param of the field. The error goes to
/// `<field>_confirmation`.
pub(super) fn validate_confirmation(parts: &mut Parts, field: &Str, rule: &Rule, options: &Options) {
    let Some(params) = &parts.params else { return };
    let confirming = confirming(field);
    let error = check(&confirming, params.get(field), params.get(&confirming), options);
    parts.push_validation(field, rule);
    if let Some(error) = error {
        parts.push_error(error);
    }
}

/// The name of the param that has the value again.
pub(in crate::changeset) fn confirming(field: &str) -> Str {
    Str::from([field, "_confirmation"].concat())
}

/// What is wrong with the confirming param beside the one of the field.
pub(in crate::changeset) fn check(
    confirming: &Str,
    given: Option<&Value>,
    confirmed: Option<&Value>,
    options: &Options,
) -> Option<FieldError> {
    let (message, name) = match confirmed {
        Some(confirmed) if same(confirmed, given.unwrap_or(&Value::Null)) => return None,
        Some(_) => ("does not match confirmation", "confirmation"),
        None if options.required == Some(true) => ("can't be blank", "required"),
        None => return None,
    };
    Some(FieldError::of_rule(confirming, options.message.as_ref(), message, validation(name)))
}

/// Equal and of the same kind: as params, `1` and `1.0` are two things.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    core::mem::discriminant(a) == core::mem::discriminant(b) && a == b
}
