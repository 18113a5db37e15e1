//! Lists and maps.

use super::{CastError, Type};
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// The value, if it is a map to Ecto: a map, or one of the structs that Elixir makes of maps.
pub(super) fn same_map(value: &Value) -> Option<Value> {
    matches!(
        value,
        Value::Map(_)
            | Value::Decimal(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::NaiveDatetime(_)
            | Value::UtcDatetime(_)
    )
    .then(|| value.clone())
}

pub(super) fn cast_list(element: &Type, value: &Value) -> Result<Value, CastError> {
    let list = value.as_list().ok_or_else(CastError::default)?;
    let mut cast = Vec::with_capacity(list.len());
    for (index, value) in list.iter().enumerate() {
        cast.push(element.cast(value).map_err(|error| error.within(index as i64))?);
    }
    Ok(Value::List(cast))
}

pub(super) fn cast_map(element: &Type, value: &Value) -> Result<Value, CastError> {
    let map = value.as_map().ok_or_else(CastError::default)?;
    let mut cast = Map::with_capacity(map.len());
    let mut failed: Option<(&Str, CastError)> = None;
    for (key, value) in map.iter() {
        match element.cast(value) {
            Ok(value) => cast.push_new(key.clone(), value),
            // Ecto walks its maps by key, so the error it tells is that of the smallest key.
            Err(error) if failed.as_ref().is_none_or(|(first, _)| key < *first) => {
                failed = Some((key, error));
            }
            Err(_) => {}
        }
    }
    match failed {
        None => Ok(Value::Map(cast)),
        Some((key, error)) => Err(error.within(key)),
    }
}

/// Dumps or loads every element of a list; `misplaced` is the error of what is no list.
pub(super) fn each_element<E>(
    value: &Value,
    misplaced: E,
    convert: impl Fn(&Value) -> Result<Value, E>,
) -> Result<Value, E> {
    let list = value.as_list().ok_or(misplaced)?;
    let mut converted = Vec::with_capacity(list.len());
    for element in list {
        converted.push(convert(element)?);
    }
    Ok(Value::List(converted))
}

/// Dumps or loads every value of a map; `misplaced` is the error of what is no map.
pub(super) fn each_value<E>(
    value: &Value,
    misplaced: E,
    convert: impl Fn(&Value) -> Result<Value, E>,
) -> Result<Value, E> {
    let map = value.as_map().ok_or(misplaced)?;
    let mut converted = Map::with_capacity(map.len());
    for (key, value) in map.iter() {
        converted.push_new(key.clone(), convert(value)?);
    }
    Ok(Value::Map(converted))
}

pub(super) fn equal_list(element: &Type, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| element.equal(left, right))
        }
        _ => false,
    }
}

pub(super) fn equal_map(element: &Type, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Map(left), Value::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, left)| right.get(key).is_some_and(|right| element.equal(left, right)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::types::{Enum, Type};
    use crate::value::{Map, Value};
    use alloc::boxed::Box;
    use alloc::sync::Arc;

    #[test]
    fn the_place_of_a_bad_element_is_told_from_outside_to_inside() {
        let status = Type::Enum(Arc::new(Enum::new(["draft", "paid"]).unwrap()));
        let nested = Type::MapOf(Box::new(Type::Array(Box::new(status))));
        let posts = Map::from([("b", ["draft", "gone"]), ("a", ["paid", "lost"])]);
        let error = nested.cast(&posts.into()).unwrap_err();
        assert_eq!(error.source, [Value::from("a"), Value::from(1)]);
    }

    #[test]
    fn a_bad_element_without_metadata_has_no_place() {
        let error = Type::Array(Box::new(Type::Integer)).cast(&["1", "x"].into()).unwrap_err();
        assert_eq!(error, Default::default());
    }
}
