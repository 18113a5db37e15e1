//! `validate_confirmation`: the same value twice.

use crate::changeset::error::{FieldError, validation};
use crate::changeset::parts::Parts;
use crate::rules::{Options, Rule};
use crate::value::{Str, Value};

/// The param `<field>_confirmation`, if given, must be the very param of the field. The error goes to
/// `<field>_confirmation`.
pub(super) fn validate_confirmation(parts: &mut Parts, field: &Str, rule: &Rule, options: &Options) {
    let Some(params) = &parts.params else { return };
    let confirming = Str::from([field.as_str(), "_confirmation"].concat());
    let given = params.get(field).unwrap_or(&Value::Null);
    let error = match params.get(&confirming) {
        Some(confirmed) if same(confirmed, given) => None,
        Some(_) => Some(("does not match confirmation", "confirmation")),
        None if options.required == Some(true) => Some(("can't be blank", "required")),
        None => None,
    };
    parts.push_validation(field, rule);
    if let Some((message, name)) = error {
        let error = FieldError::of_rule(&confirming, options.message.as_ref(), message, validation(name));
        parts.push_error(error);
    }
}

/// Equal and of the same kind: as params, `1` and `1.0` are two things.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    core::mem::discriminant(a) == core::mem::discriminant(b) && a == b
}
