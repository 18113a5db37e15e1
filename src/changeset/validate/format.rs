//! `validate_format`: text that matches a pattern.

use super::Changed;
use crate::changeset::error::{FieldError, validation};
use crate::mistake::Mistake;
use crate::pattern::Pattern;
use crate::rules::Options;
use crate::types::Type;
use crate::value::Value;

pub(super) fn check(
    changed: &Changed,
    pattern: &Pattern,
    options: &Options,
) -> Result<Option<FieldError>, Mistake> {
    let is_enum = matches!(changed.field.value_type(), Some(Type::Enum(_)));
    match changed.plain()? {
        Value::String(text) if !is_enum => Ok((!pattern.is_match(text)).then(|| {
            FieldError::of_rule(
                &changed.field.name,
                options.message.as_ref(),
                "has invalid format",
                validation("format"),
            )
        })),
        other => Err(Mistake::about(
            "validate_format on `%` expects a string, got %",
            &[&changed.field.name, if is_enum { "an enum" } else { other.kind() }],
        )),
    }
}
