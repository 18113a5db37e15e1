//! True and false.

use crate::value::Value;

pub(super) fn cast(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) => Some(value.clone()),
        Value::String(text) => match text.as_str() {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn same(value: &Value) -> Option<Value> {
    matches!(value, Value::Bool(_)).then(|| value.clone())
}
