//! Values through serde, for whoever has a format or a web framework that speaks it.
//!
//! Bytes from outside are better read with [`from_json`](super::from_json): it counts entries, and keeps
//! the digits of integers beyond 64 bits, which serde_json hands over as floats.

use super::super::entries::Entries;
use super::super::{MAX_DEPTH, plain_text};
use crate::value::{Decimal, Map, Value, base64};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Integer(number) => serializer.serialize_i64(*number),
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::String(text) => serializer.serialize_str(text),
            Value::Binary(bytes) => serializer.serialize_str(&base64::encode(bytes)),
            Value::Map(map) => map.serialize(serializer),
            Value::List(list) => serializer.collect_seq(list),
            other => serializer.serialize_str(&plain_text(other).unwrap_or_default()),
        }
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key.as_str(), value)))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nested { depth: MAX_DEPTH }.deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Map(map) => Ok(map),
            other => Err(D::Error::custom(String::from("expected a map, not ") + other.kind())),
        }
    }
}

/// A value that may hold lists and maps up to `depth` in each other.
#[derive(Clone, Copy)]
struct Nested {
    depth: usize,
}

impl Nested {
    fn below<E: Error>(self) -> Result<Nested, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Nested { depth }),
            None => Err(E::custom("lists and maps nested too deep; send flatter data")),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a boolean, a number, text, a list, or a map with text keys")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.below()?.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        integer(number)
    }

    fn visit_i128<E: Error>(self, number: i128) -> Result<Value, E> {
        integer(number)
    }

    fn visit_u128<E: Error>(self, number: u128) -> Result<Value, E> {
        integer(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        if !number.is_finite() {
            return Err(E::custom("expected a finite number"));
        }
        Ok(Value::Float(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(match core::str::from_utf8(bytes) {
            Ok(text) => Value::from(text),
            Err(_) => Value::Binary(bytes.into()),
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        // Not `access.size_hint()`: it may be a number that the input claims.
        let mut list = Vec::new();
        while let Some(element) = access.next_element_seed(below)? {
            list.push(element);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut entries = Entries::<Value>::default();
        while let Some(key) = access.next_key::<String>()? {
            let place = entries.find(&key).unwrap_or_else(|| entries.push(key.into()));
            *entries.slot(place) = access.next_value_seed(below)?;
        }
        Ok(Value::Map(Map::from_distinct(entries.into_list())))
    }
}

fn integer<N: TryInto<i64> + Copy + ToString, E: Error>(number: N) -> Result<Value, E> {
    if let Ok(number) = number.try_into() {
        return Ok(Value::Integer(number));
    }
    Decimal::parse_integer(&number.to_string())
        .map(Value::Decimal)
        .ok_or_else(|| E::custom("the number is out of range; send it as text to keep its digits"))
}
