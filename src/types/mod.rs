//! What a value means for a field: cast, dump, load, equal.
//!
//! A [`Type`] turns outside input into a value of its own ([`Type::cast`]), a value into what is stored
//! ([`Type::dump`]) and back ([`Type::load`]), and says when two values are the same ([`Type::equal`]), which
//! decides whether a cast value is a change. All of it is Ecto's `Ecto.Type`.
//!
//! ```
//! use ectomorph::types::Type;
//! use ectomorph::value::Value;
//!
//! assert_eq!(Type::Integer.cast(&"42".into()), Ok(Value::from(42)));
//! assert!(Type::Integer.cast(&"42.0".into()).is_err());
//! let tags = Type::Array(Box::new(Type::Integer));
//! assert_eq!(tags.cast(&["1", "2"].into()), Ok([1, 2].into()));
//! ```

mod boolean;
mod calendar;
mod composite;
mod custom;
mod enumeration;
mod error;
mod notation;
mod number;
mod text;
pub mod uuid;

pub use custom::{Custom, CustomType, Types};
pub use enumeration::Enum;
pub use error::{CastError, DumpError, LoadError, TypeError};

use crate::value::Value;
use alloc::boxed::Box;
use alloc::sync::Arc;

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// An integer that identifies a row. Cast as [`Type::Integer`].
    Id,
    /// A binary or UUID that identifies a row, as text. Any text or bytes are valid.
    BinaryId,
    /// A 64-bit integer. Cast from an integer or from text of less than 32 bytes: `"42"`, `"-7"`, `"+5"`.
    Integer,
    /// A 64-bit float. Cast from a number or text: `"1.5"`, `"1e3"`; never NaN or infinite.
    Float,
    /// True or false. Cast from a boolean or from `"true"`, `"1"`, `"false"`, `"0"`.
    Boolean,
    /// Text. Cast from text only; white space at its start is trimmed before a changeset looks whether it is empty.
    String,
    /// Bytes. Cast from text or bytes, never trimmed.
    Binary,
    /// A map with values of any kind.
    Map,
    /// A map whose values all have one type.
    MapOf(Box<Type>),
    /// A list whose elements all have one type.
    Array(Box<Type>),
    /// A decimal that keeps its scale. Cast from a number or text; equal by number, so `1.0` is no change of `1`.
    Decimal,
    /// A day. Cast from ISO 8601 text, a date-time, or a map with `year`, `month` and `day`.
    Date,
    /// A time of day in seconds. Cast from `"10:20"`, ISO 8601 text, or a map with `hour` and `minute`, and perhaps
    /// `second` and `microsecond`; a fraction is dropped.
    Time,
    /// A time of day in microseconds, otherwise like [`Type::Time`].
    TimeUsec,
    /// A date and time without zone, in seconds. Cast like [`Type::Date`] and [`Type::Time`] together.
    NaiveDatetime,
    /// A date and time without zone, in microseconds.
    NaiveDatetimeUsec,
    /// An instant in seconds. Cast like [`Type::NaiveDatetime`]; an offset is folded, none means UTC.
    UtcDatetime,
    /// An instant in microseconds.
    UtcDatetimeUsec,
    /// A UUID: lower-case text at run time, sixteen bytes when dumped.
    Uuid,
    /// One name out of a list, stored as itself or as a text or integer of its own.
    Enum(Arc<Enum>),
    /// Any value, as it is.
    Any,
    /// A type of the application.
    Custom(Custom),
}

impl Type {
    /// Turns outside input into a value of this type. Null is valid for every type.
    ///
    /// # Errors
    /// The input means nothing to this type: "is invalid", with the metadata of [`CastError`].
    ///
    /// ```
    /// use ectomorph::types::Type;
    /// use ectomorph::value::Value;
    /// assert_eq!(Type::Boolean.cast(&"1".into()), Ok(true.into()));
    /// assert_eq!(Type::Boolean.cast(&Value::Null), Ok(Value::Null));
    /// ```
    pub fn cast(&self, value: &Value) -> Result<Value, CastError> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let cast = match self {
            Type::Id | Type::Integer => number::cast_integer(value),
            Type::Float => number::cast_float(value),
            Type::Boolean => boolean::cast(value),
            Type::String | Type::Binary | Type::BinaryId => text::same(value),
            Type::Enum(members) => return members.cast(value),
            _ => return self.cast_further(value),
        };
        cast.ok_or_else(CastError::default)
    }

    /// [`Type::cast`] for types that many forms do without.
    #[inline(never)]
    fn cast_further(&self, value: &Value) -> Result<Value, CastError> {
        match self {
            Type::Array(element) => return composite::cast_list(element, value),
            Type::MapOf(element) => return composite::cast_map(element, value),
            Type::Custom(custom) => return custom.cast(value),
            _ => {}
        }
        let cast = match self {
            Type::Decimal => number::cast_decimal(value),
            Type::Uuid => uuid::cast(value),
            Type::Map => composite::same_map(value),
            Type::Date => calendar::cast_date(value),
            Type::Time => calendar::cast_time(value).map(calendar::truncated),
            Type::TimeUsec => calendar::cast_time(value).map(calendar::padded),
            Type::NaiveDatetime => calendar::cast_naive(value).map(calendar::truncated),
            Type::NaiveDatetimeUsec => calendar::cast_naive(value).map(calendar::padded),
            Type::UtcDatetime => calendar::cast_utc(value).map(calendar::truncated),
            Type::UtcDatetimeUsec => calendar::cast_utc(value).map(calendar::padded),
            _ => Some(value.clone()),
        };
        cast.ok_or_else(CastError::default)
    }

    /// Turns a value of this type into what is stored. Nothing is cast: text is no integer here.
    ///
    /// # Errors
    /// [`DumpError::Invalid`] when the value is not of this type; [`DumpError::Refused`] when it is one that must not
    /// be stored so, such as microseconds in a [`Type::Time`].
    ///
    /// ```
    /// use ectomorph::types::Type;
    /// use ectomorph::value::Value;
    /// let stored = Type::Uuid.dump(&"601d74e4-a8d3-4b6e-8365-eddb4c893327".into()).unwrap();
    /// assert_eq!(stored.as_bytes().map(<[u8]>::len), Some(16));
    /// ```
    pub fn dump(&self, value: &Value) -> Result<Value, DumpError> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let dumped = match self {
            Type::Array(element) => {
                return composite::each_element(value, DumpError::Invalid, |value| element.dump(value));
            }
            Type::MapOf(element) => {
                return composite::each_value(value, DumpError::Invalid, |value| element.dump(value));
            }
            Type::Enum(members) => members.dump(value),
            Type::Custom(custom) => return custom.dump(value),
            Type::Time
            | Type::TimeUsec
            | Type::NaiveDatetime
            | Type::NaiveDatetimeUsec
            | Type::UtcDatetime
            | Type::UtcDatetimeUsec => return calendar::dump(self, value),
            Type::Float => number::same_float(value),
            Type::Uuid => uuid::dump(value),
            _ => self.same(value),
        };
        dumped.ok_or(DumpError::Invalid)
    }

    /// [`Type::dump`] for a column of its own: an id that is text in documents and inside of embeds has sixteen bytes there.
    ///
    /// # Errors
    /// As [`Type::dump`]; a [`Type::BinaryId`] that is no UUID.
    #[cfg(feature = "repo")]
    pub fn adapter_dump(&self, value: &Value) -> Result<Value, DumpError> {
        match self {
            Type::BinaryId => Type::Uuid.dump(value),
            Type::Array(element) if **element == Type::BinaryId => {
                composite::each_element(value, DumpError::Invalid, |value| Type::Uuid.dump(value))
            }
            _ => self.dump(value),
        }
    }

    /// [`Type::load`] of what is in a column of its own.
    ///
    /// # Errors
    /// As [`Type::load`].
    #[cfg(feature = "repo")]
    pub fn adapter_load(&self, value: &Value) -> Result<Value, LoadError> {
        match self {
            Type::BinaryId if !matches!(value, Value::String(_)) => Type::Uuid.load(value),
            Type::Array(element) if **element == Type::BinaryId => {
                composite::each_element(value, LoadError::Invalid, |value| element.adapter_load(value))
            }
            _ => self.load(value),
        }
    }

    /// Turns what was stored into a value of this type.
    ///
    /// # Errors
    /// [`LoadError::Invalid`] when what was stored is not of this type; [`LoadError::Refused`] when it shows that the
    /// column is of another type, such as a UUID stored as text.
    ///
    /// ```
    /// use ectomorph::types::Type;
    /// use ectomorph::value::Value;
    /// assert_eq!(Type::Decimal.load(&1.into()).unwrap().kind(), "a decimal");
    /// ```
    pub fn load(&self, value: &Value) -> Result<Value, LoadError> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        let loaded = match self {
            Type::Array(element) => {
                return composite::each_element(value, LoadError::Invalid, |value| element.load(value));
            }
            Type::MapOf(element) => {
                return composite::each_value(value, LoadError::Invalid, |value| element.load(value));
            }
            Type::Enum(members) => members.load(value),
            Type::Custom(custom) => return custom.load(value),
            Type::Uuid => return uuid::load(value),
            Type::Float => number::load_float(value),
            Type::Time => calendar::same_time(value).map(calendar::truncated),
            Type::TimeUsec => calendar::same_time(value).map(calendar::padded),
            Type::NaiveDatetime => calendar::load_naive(value).map(calendar::truncated),
            Type::NaiveDatetimeUsec => calendar::load_naive(value).map(calendar::padded),
            Type::UtcDatetime => calendar::load_utc(value).map(calendar::truncated),
            Type::UtcDatetimeUsec => calendar::load_utc(value).map(calendar::padded),
            _ => self.same(value),
        };
        loaded.ok_or(LoadError::Invalid)
    }

    /// Whether the type regards two values as the same: decimals by number, times by instant, all else by `==`.
    ///
    /// ```
    /// use ectomorph::types::Type;
    /// use ectomorph::value::{Decimal, Value};
    /// let (one, also) = (Value::from(Decimal::parse("1")), Value::from(Decimal::parse("1.00")));
    /// assert!(Type::Decimal.equal(&one, &also));
    /// assert!(!Type::Any.equal(&one, &also));
    /// ```
    pub fn equal(&self, left: &Value, right: &Value) -> bool {
        if left.is_null() && right.is_null() {
            return true;
        }
        if self.has_own_equality() { self.equal_further(left, right) } else { left == right }
    }

    /// [`Type::equal`] for types whose equality is their own.
    #[inline(never)]
    fn equal_further(&self, left: &Value, right: &Value) -> bool {
        match self {
            Type::Decimal => number::equal_decimal(left, right),
            Type::Array(element) => composite::equal_list(element, left, right),
            Type::MapOf(element) => composite::equal_map(element, left, right),
            Type::Custom(custom) => custom.equal(left, right),
            _ => calendar::equal(self, left, right),
        }
    }

    /// Whether `list` includes `value`, as the type regards it: decimals by number, times by instant, and all else as
    /// the very same value, so that the integer 1 is not the float 1.0.
    ///
    /// ```
    /// use ectomorph::types::Type;
    /// assert!(Type::String.includes(&"draft".into(), &["draft".into(), "paid".into()]));
    /// ```
    pub fn includes(&self, value: &Value, list: &[Value]) -> bool {
        if self.has_own_equality() {
            list.iter().any(|element| self.equal(value, element))
        } else {
            list.iter().any(|element| value.is_identical(element))
        }
    }

    /// Whether text for this type is trimmed before a changeset looks whether it is empty: not for
    /// [`Type::Binary`], whose spaces are data.
    pub fn is_trimmed(&self) -> bool {
        !matches!(self, Type::Binary)
    }

    /// The type that a column has: a custom type's [`base`](CustomType::base), an enum's stored type, itself otherwise.
    pub fn base(&self) -> Type {
        match self {
            Type::Custom(custom) => custom.base(),
            Type::Enum(members) => members.base(),
            Type::Array(element) => Type::Array(Box::new(element.base())),
            Type::MapOf(element) => Type::MapOf(Box::new(element.base())),
            _ => self.clone(),
        }
    }

    /// The value itself, if it is of this type; the part that dump and load have in common.
    fn same(&self, value: &Value) -> Option<Value> {
        match self {
            Type::Id | Type::Integer => number::same_integer(value),
            Type::Decimal => number::same_decimal(value),
            Type::Boolean => boolean::same(value),
            Type::String | Type::Binary | Type::BinaryId => text::same(value),
            Type::Map => composite::same_map(value),
            Type::Date => calendar::same_date(value),
            _ => Some(value.clone()),
        }
    }

    fn has_own_equality(&self) -> bool {
        match self {
            Type::Array(element) | Type::MapOf(element) => element.has_own_equality(),
            Type::Decimal
            | Type::Time
            | Type::TimeUsec
            | Type::NaiveDatetime
            | Type::NaiveDatetimeUsec
            | Type::UtcDatetime
            | Type::UtcDatetimeUsec
            | Type::Custom(_) => true,
            _ => false,
        }
    }
}
