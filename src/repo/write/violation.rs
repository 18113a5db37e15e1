//! What the database refused, as errors of the changeset.

use super::Action;
use crate::adapter::{AdapterError, Violation, ViolationKind};
use crate::changeset::{Constraint, FieldError, Parts};
use crate::repo::error::Undeclared;
use crate::repo::{Options, RepoError, WriteError};
use crate::rules::{ConstraintName, Match};
use crate::value::{Map, Str, Value, to_text};

/// Turns violated constraints that the changeset declares into its errors; anything else is an error of the write.
pub(super) fn explain(mut parts: Parts, action: Action, error: AdapterError) -> WriteError {
    let AdapterError::Constraint(violations) = error else { return error.into() };
    if violations.is_empty() || violations.iter().any(|violation| violation.kind == ViolationKind::NotNull) {
        return AdapterError::Constraint(violations).into();
    }
    let mut errors = Vec::with_capacity(violations.len() + parts.errors.len());
    for violation in violations {
        match parts.constraints.iter().find(|constraint| is_about(constraint, &violation)) {
            Some(constraint) => errors.push(FieldError {
                field: constraint.field.clone(),
                message: constraint.message.clone(),
                metadata: Map::from([
                    ("constraint", Value::from(constraint.error_type())),
                    ("constraint_name", Value::String(violation.name.clone())),
                ]),
            }),
            None => {
                let declared = std::mem::take(&mut parts.constraints);
                let undeclared = Undeclared { action: action.name(), violation, declared };
                return RepoError::Constraint(Box::new(undeclared)).into();
            }
        }
    }
    errors.append(&mut parts.errors);
    parts.errors = errors;
    parts.valid = false;
    WriteError::Invalid(Box::new(parts))
}

fn is_about(constraint: &Constraint, violation: &Violation) -> bool {
    constraint.violation() == violation.kind.name()
        && match (&constraint.name, constraint.matching) {
            (ConstraintName::Text(name), Match::Exact) => *name == violation.name,
            (ConstraintName::Text(name), Match::Suffix) => violation.name.ends_with(name.as_str()),
            (ConstraintName::Text(name), Match::Prefix) => violation.name.starts_with(name.as_str()),
            (ConstraintName::Pattern(pattern), _) => pattern.is_match(&violation.name),
        }
}

/// A row that should be there is not: nothing, an error of the changeset, or an error, as the options say.
pub(super) fn stale(mut parts: Parts, action: Action, options: &Options) -> Result<Parts, WriteError> {
    if options.allow_stale {
        return Ok(parts);
    }
    let Some(field) = &options.stale_error_field else {
        let schema = parts.schema();
        let key: Vec<String> =
            parts.data.primary_key().iter().map(|value| to_text(value).unwrap_or_default()).collect();
        let record = format!("`{}` with the key {}", schema.name(), key.join(", "));
        return Err(RepoError::Stale { action: action.name(), record }.into());
    };
    let message = options.stale_error_message.clone().unwrap_or(Str::Static("is stale"));
    let metadata = Map::from([("stale", true)]);
    parts.errors.insert(0, FieldError { field: field.clone(), message, metadata });
    parts.valid = false;
    Err(WriteError::Invalid(Box::new(parts)))
}
