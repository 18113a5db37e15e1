//! JSON values: paths and containment.

use crate::value::{Value, parse_integer};
use std::borrow::Cow;

/// What a JSON value holds at a path of keys and positions; null where it ends.
pub(in super::super) fn path<'v>(value: Cow<'v, Value>, keys: &[Value]) -> Cow<'v, Value> {
    keys.iter().fold(value, |value, key| step(value, key))
}

/// What a JSON value holds at one key or position, counted from the end if negative.
pub(in super::super) fn step<'v>(value: Cow<'v, Value>, key: &Value) -> Cow<'v, Value> {
    match value {
        Cow::Borrowed(value) => find(value, key).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        Cow::Owned(value) => Cow::Owned(find(&value, key).cloned().unwrap_or_default()),
    }
}

fn find<'v>(value: &'v Value, key: &Value) -> Option<&'v Value> {
    match value {
        Value::Map(map) => map.get(key.as_str()?),
        Value::List(list) => {
            let index = key.as_integer().or_else(|| parse_integer(key.as_str()?))?;
            let index = if index < 0 { index + list.len() as i64 } else { index };
            list.get(usize::try_from(index).ok()?)
        }
        _ => None,
    }
}

/// PostgreSQL's `@>` on JSON: whether all of `inner` is in `outer`.
pub(in super::super) fn contains(outer: &Value, inner: &Value) -> bool {
    match (outer, inner) {
        (Value::Map(outer), Value::Map(inner)) => {
            inner.iter().all(|(key, inner)| outer.get(key).is_some_and(|outer| contains(outer, inner)))
        }
        (Value::List(outer), Value::List(inner)) => {
            inner.iter().all(|inner| outer.iter().any(|outer| contains(outer, inner)))
        }
        (Value::Null, Value::Null) => true,
        _ => super::equal(outer, inner) == Some(true),
    }
}
