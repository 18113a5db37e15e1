//! `validate_change`: a rule of the user's own.

use super::{Changed, Subject};
use crate::changeset::error::FieldError;
use crate::mistake::Mistake;
use crate::rules::{Finding, Validator};
use crate::value::Value;
use alloc::vec::Vec;

pub(super) fn check(changed: &Changed, validator: &Validator) -> Result<Vec<FieldError>, Mistake> {
    Ok(validator.call(&changed.field.name, changed.plain()?).into_iter().map(FieldError::from).collect())
}

pub(super) fn fixed(changed: &Changed, findings: &[Finding], when_equals: Option<&Value>) -> Vec<FieldError> {
    let applies = match (&changed.value, when_equals) {
        (_, None) => true,
        (Subject::Value(value), Some(wanted)) => *value == wanted,
        (Subject::Children(_), Some(_)) => false,
    };
    if applies { findings.iter().cloned().map(FieldError::from).collect() } else { Vec::new() }
}

impl From<Finding> for FieldError {
    fn from(finding: Finding) -> Self {
        FieldError { field: finding.field, message: finding.message, metadata: finding.metadata }
    }
}
