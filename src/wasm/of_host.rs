//! Values of the host as those of types.

use crate::types::Type;
use crate::value::Value;

/// A value of the host as one of a type: decimals, dates and times are text there, and a whole float an integer.
/// What does not fit stays as it is.
pub(crate) fn value_of_host(kind: &Type, value: Value) -> Value {
    match kind {
        Type::Float if matches!(value, Value::Integer(_)) => kind.cast(&value).unwrap_or(value),
        Type::Id | Type::BinaryId | Type::Integer | Type::Float | Type::Boolean => value,
        Type::String | Type::Binary | Type::Enum(_) | Type::Any => value,
        _ => of_host_further(kind, value),
    }
}

#[inline(never)]
fn of_host_further(kind: &Type, value: Value) -> Value {
    match (kind, value) {
        (Type::Array(element), Value::List(list)) => {
            Value::List(list.into_iter().map(|value| value_of_host(element, value)).collect())
        }
        (Type::MapOf(element), Value::Map(map)) => {
            Value::Map(map.into_iter().map(|(key, value)| (key, value_of_host(element, value))).collect())
        }
        (
            Type::Decimal
            | Type::Date
            | Type::Time
            | Type::TimeUsec
            | Type::NaiveDatetime
            | Type::NaiveDatetimeUsec
            | Type::UtcDatetime
            | Type::UtcDatetimeUsec,
            value @ Value::String(_),
        ) => kind.cast(&value).unwrap_or(value),
        (_, value) => value,
    }
}
