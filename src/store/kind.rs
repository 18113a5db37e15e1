//! What a column holds.

use super::codec::{MAX_DEPTH, is_shallow};
use super::error::MisfitKind;
use crate::value::{Decimal, NaiveDatetime, Time, UtcDatetime, Value};

/// What a column holds. Null fits into every kind; not-null is the [column's](super::Column).
///
/// A value that fits is stored as the kind has it, as PostgreSQL does on assignment: an integer becomes the float
/// or decimal of a float or decimal column, a decimal is rounded to the scale, digits of a time beyond the precision
/// are dropped. So all values of a column compare with each other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// Anything, as it is.
    Any,
    /// True or false.
    Boolean,
    /// An integer of 16, 32 or 64 bits.
    Integer(u8),
    /// A 64-bit float.
    Float,
    /// A decimal of so many digits, so many of them after the point; of any size without them.
    Decimal(Option<(u16, u16)>),
    /// Text of at most so many characters.
    Text(Option<u32>),
    /// Bytes.
    Binary,
    /// The sixteen bytes of a UUID.
    Uuid,
    /// A day.
    Date,
    /// A time of day with so many digits after the second, 0 to 6.
    Time(u8),
    /// A date and time without zone, with so many digits after the second.
    NaiveDatetime(u8),
    /// An instant, with so many digits after the second.
    UtcDatetime(u8),
    /// What JSON can hold.
    Json,
    /// A list of elements of one kind.
    List(Box<Kind>),
}

/// Why a value does not fit.
pub(super) type Refusal = (MisfitKind, String);

impl Kind {
    /// The value as it is stored in a column of this kind.
    ///
    /// # Errors
    /// What is wrong with it, and in words.
    ///
    /// ```
    /// use ectomorph::store::Kind;
    /// use ectomorph::value::{Decimal, Value};
    /// let price = Kind::Decimal(Some((12, 2)));
    /// assert_eq!(price.admit(Value::from(7)), Ok(Decimal::parse("7.00").into()));
    /// assert_eq!(Kind::Text(Some(3)).admit("long".into()).unwrap_err().1, "the text has more than 3 characters");
    /// ```
    pub fn admit(&self, value: Value) -> Result<Value, (MisfitKind, String)> {
        match (self, &value) {
            (_, Value::Null)
            | (Kind::Boolean, Value::Bool(_))
            | (Kind::Integer(64), Value::Integer(_))
            | (Kind::Float, Value::Float(_))
            | (Kind::Decimal(None), Value::Decimal(_))
            | (Kind::Text(None), Value::String(_))
            | (Kind::Binary, Value::Binary(_))
            | (Kind::Date, Value::Date(_)) => Ok(value),
            _ => self.convert(value),
        }
    }

    fn convert(&self, value: Value) -> Result<Value, Refusal> {
        match (self, &value) {
            (Kind::Integer(bits), Value::Integer(number)) => {
                let fits = match bits {
                    16 => i16::try_from(*number).is_ok(),
                    32 => i32::try_from(*number).is_ok(),
                    _ => true,
                };
                if fits { Ok(value) } else { Err(out_of_range("the integer is out of range")) }
            }
            (Kind::Integer(_), Value::Decimal(decimal)) if decimal.exponent() == 0 => {
                let integer = i64::try_from(decimal.coefficient())
                    .map_err(|_| out_of_range("the integer is out of range"))?;
                self.convert(Value::Integer(if decimal.is_negative() { -integer } else { integer }))
            }
            (Kind::Float, Value::Integer(number)) => Ok(Value::Float(*number as f64)),
            (Kind::Float, Value::Decimal(number)) => number
                .text()
                .parse()
                .map(Value::Float)
                .map_err(|_| out_of_range("the number is out of range")),
            (Kind::Decimal(size), Value::Integer(_) | Value::Float(_) | Value::Decimal(_)) => {
                let decimal = value.to_decimal().ok_or_else(|| out_of_range("the float is no number"))?;
                match size {
                    Some((precision, scale)) => rescale(decimal, *precision, *scale).map(Value::Decimal),
                    None => Ok(Value::Decimal(decimal)),
                }
            }
            (Kind::Text(limit), Value::String(text)) => match limit {
                Some(limit) if text.len() > *limit as usize && text.chars().count() > *limit as usize => {
                    Err((MisfitKind::TooLong, format!("the text has more than {limit} characters")))
                }
                _ => Ok(value),
            },
            (Kind::Text(_), Value::Binary(bytes)) => match std::str::from_utf8(bytes) {
                Ok(text) => self.convert(Value::from(text)),
                Err(_) => Err(self.mismatch(&value)),
            },
            (Kind::Binary, Value::String(text)) => Ok(Value::Binary(text.as_bytes().into())),
            (Kind::Uuid, Value::Binary(bytes)) if bytes.len() == 16 => Ok(value),
            (Kind::Time(precision), Value::Time(time)) => Ok(Value::Time(shorten(*time, *precision))),
            (Kind::NaiveDatetime(precision), Value::NaiveDatetime(naive)) => {
                Ok(Value::NaiveDatetime(shorten_naive(*naive, *precision)))
            }
            (Kind::NaiveDatetime(precision), Value::UtcDatetime(utc)) => {
                Ok(Value::NaiveDatetime(shorten_naive(utc.naive(), *precision)))
            }
            (Kind::UtcDatetime(precision), Value::UtcDatetime(utc)) => {
                Ok(Value::UtcDatetime(UtcDatetime::new(shorten_naive(utc.naive(), *precision))))
            }
            (Kind::UtcDatetime(precision), Value::NaiveDatetime(naive)) => {
                Ok(Value::UtcDatetime(UtcDatetime::new(shorten_naive(*naive, *precision))))
            }
            (Kind::Any | Kind::Json, _) => match is_shallow(&value, MAX_DEPTH) {
                true => Ok(value),
                false => Err((
                    MisfitKind::OutOfRange,
                    format!("the value is nested more than {MAX_DEPTH} levels deep"),
                )),
            },
            (Kind::List(element), Value::List(_)) => {
                let Value::List(list) = value else { return Ok(value) };
                let elements: Result<Vec<Value>, Refusal> =
                    list.into_iter().map(|value| element.admit(value)).collect();
                elements.map(Value::List).and_then(|list| Kind::Any.admit(list))
            }
            _ => Err(self.mismatch(&value)),
        }
    }

    fn mismatch(&self, value: &Value) -> Refusal {
        (MisfitKind::Type, format!("{} is no {}", value.kind(), self.noun()))
    }

    fn noun(&self) -> &'static str {
        match self {
            Kind::Any | Kind::Json => "value",
            Kind::Boolean => "boolean",
            Kind::Integer(_) => "integer",
            Kind::Float => "float",
            Kind::Decimal(_) => "decimal",
            Kind::Text(_) => "string",
            Kind::Binary => "binary",
            Kind::Uuid => "uuid of sixteen bytes",
            Kind::Date => "date",
            Kind::Time(_) => "time",
            Kind::NaiveDatetime(_) => "naive datetime",
            Kind::UtcDatetime(_) => "UTC datetime",
            Kind::List(_) => "list",
        }
    }
}

fn out_of_range(message: &str) -> Refusal {
    (MisfitKind::OutOfRange, message.into())
}

/// Rounds half away from zero to `scale` digits after the point.
fn rescale(decimal: Decimal, precision: u16, scale: u16) -> Result<Decimal, Refusal> {
    let too_large =
        || out_of_range(&format!("the number has more than {precision} digits, {scale} after the point"));
    let shift = i64::from(decimal.exponent()) + i64::from(scale);
    let coefficient = decimal.coefficient();
    let power = |digits: u64| u32::try_from(digits).ok().and_then(|digits| 10_u128.checked_pow(digits));
    let rescaled = match shift {
        0.. if coefficient == 0 => 0,
        0.. => power(shift.unsigned_abs())
            .and_then(|power| coefficient.checked_mul(power))
            .ok_or_else(too_large)?,
        // A divisor beyond 128 bits leaves nothing of 38 digits.
        _ => power(shift.unsigned_abs()).map_or(0, |power| {
            coefficient / power + u128::from(coefficient % power >= power / 2 + power % 2)
        }),
    };
    let fits = power(precision.into()).is_none_or(|limit| rescaled < limit);
    let exact = Decimal::from_parts(decimal.is_negative() && rescaled != 0, rescaled, -i32::from(scale));
    exact.filter(|_| fits).ok_or_else(too_large)
}

fn shorten(time: Time, precision: u8) -> Time {
    if time.precision() <= precision {
        return time;
    }
    let (hour, minute, second) = (time.hour().into(), time.minute().into(), time.second().into());
    Time::new(hour, minute, second, time.microsecond().into(), precision).unwrap_or(time)
}

fn shorten_naive(naive: NaiveDatetime, precision: u8) -> NaiveDatetime {
    NaiveDatetime::new(naive.date(), shorten(naive.time(), precision))
}
