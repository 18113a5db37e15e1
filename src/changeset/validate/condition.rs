//! `validate`: a condition over the fields of the record.

use crate::changeset::error::{FieldError, validation};
use crate::changeset::parts::Parts;
use crate::expr::{Expr, Scope};
use crate::mistake::Mistake;
use crate::rules::{Message, Rule};
use crate::value::{Str, Value};

/// Adds an error to `field` if the condition is false. Unknown is no error, as in a CHECK of SQL: a condition says
/// nothing about values that are not there. A field that already has an error gets no second from a condition, since
/// its value was not cast.
pub(super) fn validate_condition(
    parts: &mut Parts,
    field: &Str,
    rule: &Rule,
    condition: &(Expr, Option<Message>),
) -> Result<(), Mistake> {
    parts.schema().expect_position(field)?;
    parts.push_validation(field, rule);
    if !parts.has_error(field) && condition.0.holds(parts) == Some(false) {
        let error = FieldError::of_rule(field, condition.1.as_ref(), "is invalid", validation("condition"));
        parts.push_error(error);
    }
    Ok(())
}

impl Scope for Parts {
    fn field(&self, name: &str) -> Option<&Value> {
        self.schema().position(name).map(|at| self.field_value(at))
    }

    fn changed(&self, name: &str) -> bool {
        self.change(name).is_some()
    }
}
