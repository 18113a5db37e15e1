//! Values as keys of maps.

use crate::value::{Value, to_text};

/// A key made of values. Values that a key column regards as the same make equal keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// One integer, which most keys are.
    Integer(i64),
    /// Anything else, each value with its kind and length in front.
    Bytes(Vec<u8>),
}

impl Key {
    /// The key of one value.
    pub fn of(value: &Value) -> Key {
        Key::of_all(std::slice::from_ref(value))
    }

    /// The key of several values.
    pub fn of_all<'a>(values: impl IntoIterator<Item = &'a Value>) -> Key {
        let mut values = values.into_iter();
        let (first, second) = (values.next(), values.next());
        if let (Some(Value::Integer(number)), None) = (first, second) {
            return Key::Integer(*number);
        }
        let mut bytes = Vec::new();
        first.into_iter().chain(second).chain(values).for_each(|value| push(&mut bytes, value));
        Key::Bytes(bytes)
    }
}

fn push(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => bytes.push(0),
        Value::Integer(number) => {
            bytes.push(1);
            bytes.extend(number.to_le_bytes());
        }
        // Text and bytes are the same key, as they are the same value.
        Value::String(_) | Value::Binary(_) => framed(bytes, 2, value.as_bytes().unwrap_or_default()),
        Value::Decimal(decimal) => {
            let mut text = String::new();
            decimal.push_text(&mut text);
            if text.contains('.') {
                text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
            }
            framed(bytes, 3, text.as_bytes());
        }
        Value::List(list) => {
            bytes.push(4);
            bytes.extend(list.len().to_le_bytes());
            list.iter().for_each(|value| push(bytes, value));
        }
        Value::Map(map) => {
            bytes.push(5);
            bytes.extend(map.len().to_le_bytes());
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
            for (key, value) in entries {
                framed(bytes, 2, key.as_bytes());
                push(bytes, value);
            }
        }
        other => framed(bytes, 6, to_text(other).unwrap_or_default().as_bytes()),
    }
}

fn framed(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    bytes.push(kind);
    bytes.extend(content.len().to_le_bytes());
    bytes.extend(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_equal_when_their_values_are() {
        let decimal = |text| Value::from(crate::value::Decimal::parse(text));
        let binary = Value::Binary(b"a".as_slice().into());
        assert_eq!(Key::of(&"a".into()), Key::of(&binary));
        assert_eq!(Key::of(&decimal("1.50")), Key::of(&decimal("1.5")));
        assert_ne!(Key::of(&decimal("10")), Key::of(&decimal("1")));
        assert_ne!(Key::of(&1.into()), Key::of(&"1".into()));
        let (ab, a_b) = (["ab".into(), "".into()], ["a".into(), "b".into()]);
        assert_ne!(Key::of_all(&ab), Key::of_all(&a_b));
        assert_ne!(Key::of_all(&[Value::Null]), Key::of_all(&[Value::Null, Value::Null]));
    }
}
