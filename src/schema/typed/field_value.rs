//! Rust types that a field can have.

use crate::types::Type;
use crate::value::{Date, Decimal, Map, NaiveDatetime, Str, Time, UtcDatetime, Value, ValueRef};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A Rust type that a field of a schema can have.
///
/// | Rust | field |
/// |---|---|
/// | `String`, [`Str`] | string |
/// | `i64`, `i32`, `i16`, `i8`, `u32`, `u16` | integer (id, for a key) |
/// | `f64`, `f32` | float |
/// | `bool` | boolean |
/// | [`Decimal`], [`Date`], [`Time`], [`NaiveDatetime`], [`UtcDatetime`] | the same |
/// | `Vec<u8>` | binary |
/// | `Vec<T>` | a list of T |
/// | [`Map`]; `BTreeMap<String, T>` | map; a map of T |
/// | [`Value`] | any |
/// | an enum with `#[derive(Enum)]` | enum |
/// | `Option<T>` | the same as T |
///
/// Every field can be null, as in Ecto; say `Option<T>` where your program must tell. A field that is no `Option` has
/// its default in place of null.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type that a field can have",
    label = "not a type of a field",
    note = "use String, i64, f64, bool, Decimal, Date, Time, NaiveDatetime, UtcDatetime, Vec, Map, Value, an enum with #[derive(Enum)], or an Option of those",
    note = "mark records of another schema as #[embeds_one], #[embeds_many], #[has_one], #[has_many], #[belongs_to] or #[many_to_many]",
    note = "for a type of your own, implement `FieldValue`"
)]
pub trait FieldValue: Sized {
    /// The type of the field, unless `#[field(type = ..)]` says another.
    fn field_type() -> Type;

    /// The value.
    fn to_value(&self) -> Value;

    /// The way back; `None` for a value that is not of this type or does not fit into it. Null is `None` for all but an
    /// `Option`.
    fn from_value(value: &Value) -> Option<Self>;

    /// [`FieldValue::from_value`] of a value that lies elsewhere: a type that holds text or bytes copies them from there.
    #[inline]
    fn from_value_ref(value: &ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Lent(value) => Self::from_value(value),
            ValueRef::Made(value) => Self::from_value(value),
            other => Self::from_value(&other.clone().into_value()),
        }
    }

    /// Whether every text fits this type, which then need not be asked.
    #[doc(hidden)]
    const ANY_TEXT: bool = false;

    /// Whether a value of the field's type also fits this one; a cast refuses it as invalid if not. A program without
    /// the Rust type, such as a page with the rules' document, does not know this bound: give a number rule to it.
    fn fits(_value: &Value) -> bool {
        true
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    fn field_type() -> Type {
        T::field_type()
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn from_value(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::from_value(value).map(Some) }
    }

    fn from_value_ref(value: &ValueRef<'_>) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::from_value_ref(value).map(Some) }
    }

    const ANY_TEXT: bool = T::ANY_TEXT;

    fn fits(value: &Value) -> bool {
        T::fits(value)
    }
}

macro_rules! field_values {
    ($($rust:ty, $field:ident, $make:expr, $($pattern:pat => $take:expr),+;)*) => {
        $(impl FieldValue for $rust {
            fn field_type() -> Type {
                Type::$field
            }

            fn to_value(&self) -> Value {
                let make: fn(&$rust) -> Value = $make;
                make(self)
            }

            #[inline]
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $($pattern => $take,)+
                    _ => None,
                }
            }
        })*
    };
}

field_values! {
    Str, String, |text| Value::from(text), Value::String(text) => Some(text.clone());
    bool, Boolean, |flag| Value::Bool(*flag), Value::Bool(flag) => Some(*flag);
    i64, Integer, |number| Value::Integer(*number), Value::Integer(number) => Some(*number);
    f64, Float, |number| Value::Float(*number), Value::Float(number) => Some(*number), Value::Integer(number) => Some(*number as f64);
    f32, Float, |number| Value::from(*number), Value::Float(number) => Some(*number as f32), Value::Integer(number) => Some(*number as f32);
    Decimal, Decimal, |decimal| Value::Decimal(*decimal), Value::Decimal(decimal) => Some(*decimal);
    Date, Date, |date| Value::Date(*date), Value::Date(date) => Some(*date);
    Time, Time, |time| Value::Time(*time), Value::Time(time) => Some(*time);
    NaiveDatetime, NaiveDatetime, |datetime| Value::NaiveDatetime(*datetime), Value::NaiveDatetime(datetime) => Some(*datetime);
    UtcDatetime, UtcDatetime, |datetime| Value::UtcDatetime(*datetime), Value::UtcDatetime(datetime) => Some(*datetime);
    Map, Map, |map| Value::Map(map.clone()), Value::Map(map) => Some(map.clone());
}

macro_rules! narrow_integers {
    ($($rust:ty)*) => {
        $(impl FieldValue for $rust {
            fn field_type() -> Type {
                Type::Integer
            }

            fn to_value(&self) -> Value {
                Value::from(*self)
            }

            fn from_value(value: &Value) -> Option<Self> {
                value.as_integer().and_then(|number| <$rust>::try_from(number).ok())
            }

            fn fits(value: &Value) -> bool {
                value.as_integer().is_none_or(|number| <$rust>::try_from(number).is_ok())
            }
        })*
    };
}

narrow_integers! { i32 i16 i8 u32 u16 }

impl FieldValue for String {
    fn field_type() -> Type {
        Type::String
    }

    fn to_value(&self) -> Value {
        Value::from(self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_str().map(String::from)
    }

    #[inline]
    fn from_value_ref(value: &ValueRef<'_>) -> Option<Self> {
        value.as_str().map(String::from)
    }

    const ANY_TEXT: bool = true;
}

impl FieldValue for Value {
    fn field_type() -> Type {
        Type::Any
    }

    fn to_value(&self) -> Value {
        self.clone()
    }

    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl FieldValue for Vec<u8> {
    fn field_type() -> Type {
        Type::Binary
    }

    fn to_value(&self) -> Value {
        Value::Binary(Arc::from(self.as_slice()))
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_bytes().map(Vec::from)
    }

    fn from_value_ref(value: &ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Text(text) => Some(text.as_bytes().into()),
            ValueRef::Bytes(bytes) => Some(Vec::from(*bytes)),
            ValueRef::Lent(value) => Self::from_value(value),
            ValueRef::Made(value) => Self::from_value(value),
        }
    }
}

impl<T: FieldValue> FieldValue for Vec<T> {
    fn field_type() -> Type {
        Type::Array(Box::new(T::field_type()))
    }

    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_list()?.iter().map(T::from_value).collect()
    }

    fn fits(value: &Value) -> bool {
        value.as_list().is_none_or(|list| list.iter().all(T::fits))
    }
}

impl<T: FieldValue> FieldValue for BTreeMap<String, T> {
    fn field_type() -> Type {
        Type::MapOf(Box::new(T::field_type()))
    }

    fn to_value(&self) -> Value {
        let entries = self.iter().map(|(key, value)| (Str::from(key), value.to_value()));
        Value::Map(Map::from_distinct(entries.collect()))
    }

    fn from_value(value: &Value) -> Option<Self> {
        let entries = value.as_map()?.iter();
        entries.map(|(key, value)| Some((String::from(key.as_str()), T::from_value(value)?))).collect()
    }

    fn fits(value: &Value) -> bool {
        value.as_map().is_none_or(|map| map.iter().all(|(_, value)| T::fits(value)))
    }
}
