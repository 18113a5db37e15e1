//! Validations: one rule a file.

pub(super) mod acceptance;
mod condition;
pub(crate) mod confirmation;
mod custom;
mod format;
pub(crate) mod length;
pub(crate) mod membership;
pub(crate) mod number;
mod required;

#[cfg(feature = "std")]
pub(super) use required::blank;
pub(super) use required::{field_missing, validate_required};

use super::error::FieldError;
use super::parts::{Change, Parts};
use crate::mistake::Mistake;
use crate::rules::Rule;
use crate::schema::Field;
use crate::value::{Str, Value};

/// Goes through a rule on a field.
pub(super) fn validate(parts: &mut Parts, name: &Str, rule: &Rule) -> Result<(), Mistake> {
    match rule {
        Rule::Acceptance(options) => acceptance::validate_acceptance(parts, name, rule, options),
        Rule::Confirmation(options) => confirmation::validate_confirmation(parts, name, rule, options),
        Rule::Condition(condition) => return condition::validate_condition(parts, name, rule, condition),
        _ => return validate_change(parts, name, rule),
    }
    Ok(())
}

/// What a rule of one changed value looks at.
struct Changed<'a> {
    field: &'a Field,
    value: Subject<'a>,
}

/// The changed value: plain, or the children of a relation.
enum Subject<'a> {
    Value(&'a Value),
    Children(&'a [Parts]),
}

impl Changed<'_> {
    fn plain(&self) -> Result<&Value, Mistake> {
        match self.value {
            Subject::Value(value) => Ok(value),
            Subject::Children(_) => {
                Err(Mistake::about("`%` is a relation; this rule is for values", &[&self.field.name]))
            }
        }
    }
}

/// Runs a rule if its field changed to something other than null.
fn validate_change(parts: &mut Parts, name: &Str, rule: &Rule) -> Result<(), Mistake> {
    let schema = parts.schema().clone();
    let position = schema.expect_position(name)?;
    if !matches!(rule, Rule::Fixed(_)) {
        parts.push_validation(name, rule);
    }
    let value = match parts.changes.get(position) {
        None | Some(Change::Value(Value::Null) | Change::One(None)) => return Ok(()),
        Some(Change::Value(value)) => Subject::Value(value),
        Some(change) => Subject::Children(change.changesets()),
    };
    let changed = Changed { field: &schema.fields()[position], value };
    match rule {
        Rule::Custom(validator, _) => {
            let found = custom::check(&changed, validator)?;
            parts.push_errors(found);
        }
        Rule::Fixed(fixed) => {
            let found = custom::fixed(&changed, &fixed.0, fixed.1.as_ref());
            parts.push_errors(found);
        }
        _ => {
            if let Some(error) = check(&changed, rule)? {
                parts.push_error(error);
            }
        }
    }
    Ok(())
}

/// What a rule that has one error at most finds wrong with a changed value.
fn check(changed: &Changed, rule: &Rule) -> Result<Option<FieldError>, Mistake> {
    match rule {
        Rule::Length(length) => length::check(changed, length),
        Rule::Number(number) => number::check(changed, number),
        Rule::Format(pattern, options) => format::check(changed, pattern, options),
        Rule::Inclusion(choices, options) => membership::inclusion(changed, choices, options),
        Rule::Exclusion(choices, options) => membership::exclusion(changed, choices, options),
        Rule::Subset(choices, options) => membership::subset(changed, choices, options),
        _ => Ok(None),
    }
}

/// What such a rule finds wrong with a value of a field.
#[cfg(feature = "std")]
pub(super) fn check_value(field: &Field, value: &Value, rule: &Rule) -> Result<Option<FieldError>, Mistake> {
    check(&Changed { field, value: Subject::Value(value) }, rule)
}
