//! `validate_inclusion`, `validate_exclusion`, `validate_subset`: among these, or not.

use super::Changed;
use crate::changeset::error::{FieldError, validation};
use crate::mistake::Mistake;
use crate::rules::{Choices, Options};
use crate::types::Type;
use crate::value::{Map, Value};

pub(super) fn inclusion(changed: &Changed, choices: &Choices, options: &Options) -> Found {
    let included = includes(changed.field.value_type(), changed.plain()?, choices);
    Ok((!included).then(|| error(changed, choices, options, "is invalid", "inclusion")))
}

pub(super) fn exclusion(changed: &Changed, choices: &Choices, options: &Options) -> Found {
    let included = includes(changed.field.value_type(), changed.plain()?, choices);
    Ok(included.then(|| error(changed, choices, options, "is reserved", "exclusion")))
}

pub(super) fn subset(changed: &Changed, choices: &Choices, options: &Options) -> Found {
    let (Some(Type::Array(element)), Value::List(list)) = (changed.field.value_type(), changed.plain()?)
    else {
        return Err(Mistake::about("validate_subset on `%` expects a list field", &[&changed.field.name]));
    };
    let all = list.iter().all(|value| includes(Some(element), value, choices));
    Ok((!all).then(|| error(changed, choices, options, "has an invalid entry", "subset")))
}

type Found = Result<Option<FieldError>, Mistake>;

fn includes(kind: Option<&Type>, value: &Value, choices: &Choices) -> bool {
    kind.is_some_and(|kind| is_included(kind, value, choices))
}

/// Whether a value of this type is among the choices.
pub(crate) fn is_included(kind: &Type, value: &Value, choices: &Choices) -> bool {
    match choices {
        Choices::List(list) => kind.includes(value, list),
        Choices::Range(first, last) => {
            matches!(value, Value::Integer(number) if number >= first && number <= last)
        }
    }
}

fn error(
    changed: &Changed,
    choices: &Choices,
    options: &Options,
    message: &'static str,
    rule: &'static str,
) -> FieldError {
    let mut metadata: Map = validation(rule);
    metadata.set("enum", choices.to_value());
    FieldError::of_rule(&changed.field.name, options.message.as_ref(), message, metadata)
}
