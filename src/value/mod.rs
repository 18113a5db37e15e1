//! [`Value`], the one dynamic value, and the parts it is made of.
//!
//! Params, data, changes, defaults, literals of rules and metadata of errors are all `Value`s. A value
//! knows nothing of schemas; what a value means for a field is the business of [`types`](crate::types).
//!
//! UUIDs are text at run time, as in Ecto; their sixteen bytes appear only when a value is dumped.

pub(crate) mod base64;
mod calendar;
mod decimal;
mod fill;
mod float;
mod graphemes;
mod graphemes_table;
mod integer;
mod map;
mod nearest;
pub mod notation;
mod order;
mod print;
mod reference;
mod str;
mod text;

pub use calendar::{Date, NaiveDatetime, Time, UtcDatetime};
pub use decimal::Decimal;
pub(crate) use decimal::divide;
pub(crate) use fill::fill;
pub use float::{float_text, parse_float};
pub(crate) use integer::parse_integer_bytes;
#[cfg(all(feature = "wasm", feature = "repo", any(test, target_arch = "wasm32")))]
pub(crate) use integer::push_padded;
pub use integer::{parse_integer, push_integer};
pub use map::Map;
pub use nearest::nearest;
pub(crate) use order::sorted_positions;
pub use print::to_text;
pub use reference::ValueRef;
pub use str::Str;
pub use text::{codepoint_count, grapheme_count, trim, trim_leading};

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A dynamic value.
///
/// `==` is Elixir's `==`: an integer equals the float of the same number, `0.0` equals `-0.0`, a decimal
/// equals only the same representation (`1.0` is not `1.00`; [`Type::equal`](crate::types::Type::equal)
/// compares by number), text equals the same bytes, and the order of keys in a map does not matter.
///
/// ```
/// use ectomorph::value::Value;
/// assert_eq!(Value::from(1), Value::from(1.0));
/// assert_ne!(Value::from("1"), Value::from(1));
/// ```
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing: SQL's NULL, Elixir's nil.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A 64-bit integer.
    Integer(i64),
    /// A 64-bit float; never NaN or infinite when it comes from a cast.
    Float(f64),
    /// A decimal with its scale and sign.
    Decimal(Decimal),
    /// Text.
    String(Str),
    /// Bytes that are not text.
    Binary(Arc<[u8]>),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A date and time without zone.
    NaiveDatetime(NaiveDatetime),
    /// An instant, in UTC.
    UtcDatetime(UtcDatetime),
    /// A map with text keys.
    Map(Map),
    /// A list.
    List(Vec<Value>),
}

impl Value {
    /// Whether this is [`Value::Null`].
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text, if this is text.
    #[inline]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if this is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The number as a decimal, if this is one; not for floats that are no number.
    pub fn to_decimal(&self) -> Option<Decimal> {
        match self {
            Value::Integer(number) => Some(Decimal::from_i64(*number)),
            Value::Float(number) => Decimal::from_float(*number),
            Value::Decimal(decimal) => Some(*decimal),
            _ => None,
        }
    }

    /// The boolean, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The map, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if this is one.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The bytes, if this is text or bytes.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::String(text) => Some(text.as_bytes()),
            Value::Binary(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Whether this is the same value, and the same kind of number in it: Elixir's `===`.
    ///
    /// ```
    /// use ectomorph::value::Value;
    /// assert!(Value::from(1) == Value::from(1.0));
    /// assert!(!Value::from(1).is_identical(&Value::from(1.0)));
    /// ```
    pub fn is_identical(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Integer(_), Value::Float(_)) | (Value::Float(_), Value::Integer(_)) => false,
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_identical(b))
            }
            (Value::Map(a), Value::Map(b)) => {
                a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| a.is_identical(b)))
            }
            _ => self == other,
        }
    }

    /// What kind of value this is, in words, for error messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Decimal(_) => "a decimal",
            Value::String(_) => "a string",
            Value::Binary(_) => "binary data",
            Value::Date(_) => "a date",
            Value::Time(_) => "a time",
            Value::NaiveDatetime(_) => "a naive datetime",
            Value::UtcDatetime(_) => "a UTC datetime",
            Value::Map(_) => "a map",
            Value::List(_) => "a list",
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Integer(a), Value::Integer(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Integer(a), Value::Float(b)) | (Value::Float(b), Value::Integer(a)) => {
                float::integer_equals_float(*a, *b)
            }
            (Value::Decimal(a), Value::Decimal(b)) => a == b,
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Binary(a), Value::Binary(b)) => a == b,
            (Value::String(a), Value::Binary(b)) | (Value::Binary(b), Value::String(a)) => {
                a.as_bytes() == &**b
            }
            (Value::Date(a), Value::Date(b)) => a == b,
            (Value::Time(a), Value::Time(b)) => a == b,
            (Value::NaiveDatetime(a), Value::NaiveDatetime(b)) => a == b,
            (Value::UtcDatetime(a), Value::UtcDatetime(b)) => a == b,
            (Value::Map(a), Value::Map(b)) => a == b,
            (Value::List(a), Value::List(b)) => a == b,
            _ => false,
        }
    }
}

macro_rules! from {
    ($($source:ty => |$name:ident| $make:expr;)*) => {
        $(impl From<$source> for Value {
            fn from($name: $source) -> Self {
                $make
            }
        })*
    };
}

from! {
    bool => |flag| Value::Bool(flag);
    i64 => |number| Value::Integer(number);
    i32 => |number| Value::Integer(number.into());
    i16 => |number| Value::Integer(number.into());
    i8 => |number| Value::Integer(number.into());
    u32 => |number| Value::Integer(number.into());
    u16 => |number| Value::Integer(number.into());
    u8 => |number| Value::Integer(number.into());
    f64 => |number| Value::Float(number);
    f32 => |number| Value::Float(number.into());
    Decimal => |decimal| Value::Decimal(decimal);
    &str => |text| Value::String(text.into());
    String => |text| Value::String(text.into());
    &String => |text| Value::String(text.into());
    Str => |text| Value::String(text);
    &Str => |text| Value::String(text.clone());
    Date => |date| Value::Date(date);
    Time => |time| Value::Time(time);
    NaiveDatetime => |datetime| Value::NaiveDatetime(datetime);
    UtcDatetime => |datetime| Value::UtcDatetime(datetime);
    Map => |map| Value::Map(map);
    Vec<Value> => |list| Value::List(list);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(option: Option<T>) -> Self {
        option.map_or(Value::Null, Into::into)
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(list: [T; N]) -> Self {
        Value::List(list.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_small() {
        assert!(size_of::<Value>() <= 32);
        assert!(size_of::<Option<Value>>() <= 32);
    }

    #[test]
    fn equality_is_elixirs_and_identity_is_stricter() {
        let bytes = |bytes: &[u8]| Value::Binary(bytes.into());
        for (left, right, equal, identical) in [
            (Value::from(1), Value::from(1.0), true, false),
            (Value::from([1]), Value::from([1.0]), true, false),
            (Map::from([("a", 1)]).into(), Map::from([("a", 1.0)]).into(), true, false),
            (Value::from(0.0), Value::from(-0.0), true, true),
            (Value::from("a"), bytes(b"a"), true, true),
            (Value::from("a"), bytes(b"b"), false, false),
            (Decimal::parse("1.0").into(), Decimal::parse("1.00").into(), false, false),
            (Decimal::parse("1").into(), Value::from(1), false, false),
            (Value::Null, Value::from(false), false, false),
            (Value::from([1, 2]), Value::from([1]), false, false),
        ] {
            assert_eq!(left == right, equal, "{left:?} {right:?}");
            assert_eq!(left.is_identical(&right), identical, "{left:?} {right:?}");
            assert_eq!(right == left, equal, "{left:?} {right:?}");
        }
    }

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let left = Map::from([("a", 1), ("b", 2)]);
        let right = Map::from([("b", 2), ("a", 1)]);
        assert_eq!(left, right);
        assert_ne!(left, Map::from([("a", 1), ("c", 2)]));
    }
}
