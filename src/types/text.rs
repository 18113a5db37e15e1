//! Text and bytes.

use crate::value::Value;

/// The value, if it is text or bytes: to Ecto, both are binaries.
pub(super) fn same(value: &Value) -> Option<Value> {
    matches!(value, Value::String(_) | Value::Binary(_)).then(|| value.clone())
}
