//! Whether a person has been at an input.

use crate::value::{Map, Value};

/// What stands in front of the name of a companion that says an input was not used yet.
const UNUSED: &str = "_unused_";

/// Whether the input of `field` was used: its param is there, and no companion `_unused_<field>` says otherwise.
/// A param made of several inputs was used if one of them was.
///
/// It is LiveView's rule: a page sends `_unused_email` along with an `email` nobody has been at yet, so that a form
/// complains of what was typed and not of what is still to come. Params from elsewhere count as used.
///
/// ```
/// use ectomorph::{form::is_used, value::Map};
/// let params = Map::from([("name", "Ada"), ("email", ""), ("_unused_email", "")]);
/// assert!(is_used(&params, "name"));
/// assert!(!is_used(&params, "email"));
/// ```
pub fn is_used(params: &Map, field: &str) -> bool {
    params.get(field).is_some_and(|value| entry_is_used(params, field, value))
}

fn entry_is_used(params: &Map, field: &str, value: &Value) -> bool {
    if field.starts_with(UNUSED) || params.contains_key(&[UNUSED, field].concat()) {
        return false;
    }
    match value {
        Value::Map(nested) => nested.iter().any(|(key, value)| entry_is_used(nested, key, value)),
        _ => true,
    }
}
