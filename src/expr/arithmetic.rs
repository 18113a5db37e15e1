//! The four operations on numbers. What has no result is null.

use super::Binary;
use super::compare::decimal;
use crate::value::{Decimal, Value};

/// How many digits a quotient of decimals has at most, rounded half up: those of Elixir's Decimal.
const QUOTIENT_DIGITS: u32 = 28;

/// The sum, difference, product or quotient of two numbers; null for other values and for what has no result.
pub(super) fn arithmetic(operator: Binary, left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => integers(operator, *a, *b).into(),
        (Value::Decimal(_), _) | (_, Value::Decimal(_)) => match (decimal(left), decimal(right)) {
            (Some(a), Some(b)) => decimals(operator, a, b).into(),
            _ => Value::Null,
        },
        (Value::Integer(a), Value::Float(b)) => floats(operator, *a as f64, *b),
        (Value::Float(a), Value::Integer(b)) => floats(operator, *a, *b as f64),
        (Value::Float(a), Value::Float(b)) => floats(operator, *a, *b),
        _ => Value::Null,
    }
}

fn integers(operator: Binary, a: i64, b: i64) -> Option<i64> {
    match operator {
        Binary::Add => a.checked_add(b),
        Binary::Subtract => a.checked_sub(b),
        Binary::Multiply => a.checked_mul(b),
        Binary::Divide => a.checked_div(b),
        _ => None,
    }
}

fn floats(operator: Binary, a: f64, b: f64) -> Value {
    let result = match operator {
        Binary::Add => a + b,
        Binary::Subtract => a - b,
        Binary::Multiply => a * b,
        Binary::Divide => a / b,
        _ => return Value::Null,
    };
    if result.is_finite() { Value::Float(result) } else { Value::Null }
}

fn decimals(operator: Binary, a: Decimal, b: Decimal) -> Option<Decimal> {
    match operator {
        Binary::Add => sum(a, b, false),
        Binary::Subtract => sum(a, b, true),
        Binary::Multiply => Decimal::from_parts(
            a.is_negative() != b.is_negative(),
            a.coefficient().checked_mul(b.coefficient())?,
            a.exponent().checked_add(b.exponent())?,
        ),
        Binary::Divide => quotient(a, b),
        _ => None,
    }
}

fn sum(a: Decimal, b: Decimal, subtract: bool) -> Option<Decimal> {
    let exponent = a.exponent().min(b.exponent());
    let a = scaled(a, exponent, false)?;
    let b = scaled(b, exponent, subtract)?;
    let sum = a.checked_add(b)?;
    Decimal::from_parts(sum < 0, sum.unsigned_abs(), exponent)
}

/// The coefficient, with its sign, that the number has at a smaller exponent.
fn scaled(number: Decimal, exponent: i32, negate: bool) -> Option<i128> {
    let places = number.exponent().checked_sub(exponent)?.unsigned_abs();
    let coefficient = i128::try_from(number.coefficient()).ok()?.checked_mul(10_i128.checked_pow(places)?)?;
    Some(if number.is_negative() != negate { -coefficient } else { coefficient })
}

/// Long division, digit by digit, until it comes out even or has enough digits.
fn quotient(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (dividend, divisor) = (a.coefficient(), b.coefficient());
    let limit = 10_u128.pow(QUOTIENT_DIGITS - 1);
    let mut exponent = a.exponent().checked_sub(b.exponent())?;
    let mut quotient = dividend.checked_div(divisor)?;
    let mut remainder = dividend % divisor;
    while remainder != 0 && quotient < limit {
        remainder = remainder.checked_mul(10)?;
        quotient = quotient * 10 + remainder / divisor;
        remainder %= divisor;
        exponent = exponent.checked_sub(1)?;
    }
    // Half of the divisor, without doubling the remainder beyond its bits.
    if remainder != 0 && remainder >= divisor - remainder {
        quotient += 1;
    }
    Decimal::from_parts(a.is_negative() != b.is_negative(), quotient, exponent)
}
