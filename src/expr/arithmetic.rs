//! The four operations on numbers. What has no result is null.

use super::Operator;
use super::compare::decimal;
use crate::value::{Decimal, Value};

/// From here on a quotient of decimals has its 28 digits, those of Elixir's Decimal; the rest is rounded half up.
const LAST_DIGIT: u128 = 10_u128.pow(27);

/// From here on a coefficient has all of its 38 digits.
const FULL: u128 = 10_u128.pow(37);

/// The sum, difference, product or quotient of two numbers; null for other values and for what has no result.
pub(super) fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Value {
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

fn integers(operator: Operator, a: i64, b: i64) -> Option<i64> {
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide => a.checked_div(b),
        _ => None,
    }
}

fn floats(operator: Operator, a: f64, b: f64) -> Value {
    let result = match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        _ => return Value::Null,
    };
    if result.is_finite() { Value::Float(result) } else { Value::Null }
}

fn decimals(operator: Operator, a: Decimal, b: Decimal) -> Option<Decimal> {
    match operator {
        Operator::Add => sum(a, b, b.is_negative()),
        Operator::Subtract => sum(a, b, !b.is_negative()),
        Operator::Multiply => product(a, b),
        Operator::Divide => quotient(a, b),
        _ => None,
    }
}

/// `a` plus or minus the magnitude of `b`. Two coefficients of 38 digits have a sum that fits 128 bits.
fn sum(a: Decimal, b: Decimal, b_is_negative: bool) -> Option<Decimal> {
    let exponent = a.exponent().min(b.exponent());
    let (left, right) = (scaled(a, exponent)?, scaled(b, exponent)?);
    if a.is_negative() == b_is_negative {
        Decimal::from_parts(b_is_negative, left + right, exponent)
    } else {
        let negative = if left < right { b_is_negative } else { a.is_negative() && left > right };
        Decimal::from_parts(negative, left.abs_diff(right), exponent)
    }
}

/// The coefficient that the number has at a smaller exponent, if it has no more than 38 digits.
fn scaled(number: Decimal, exponent: i32) -> Option<u128> {
    let mut coefficient = number.coefficient();
    for _ in 0..number.exponent().checked_sub(exponent)? {
        if coefficient >= FULL {
            return None;
        }
        coefficient *= 10;
    }
    Some(coefficient)
}

fn product(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (left, right) = (a.coefficient(), b.coefficient());
    // A product below 10^38 has 127 bits, and factors of 128 bits together at most.
    if left.leading_zeros() + right.leading_zeros() < 128 {
        return None;
    }
    let exponent = a.exponent().checked_add(b.exponent())?;
    Decimal::from_parts(a.is_negative() != b.is_negative(), left.wrapping_mul(right), exponent)
}

/// Long division, digit by digit, until it comes out even or has enough digits.
fn quotient(a: Decimal, b: Decimal) -> Option<Decimal> {
    let divisor = b.coefficient();
    let (mut quotient, mut remainder) = divide(a.coefficient(), divisor)?;
    let mut exponent = a.exponent().checked_sub(b.exponent())?;
    while remainder != 0 && quotient < LAST_DIGIT {
        if remainder >= FULL {
            return None;
        }
        let (digit, rest) = divide(remainder * 10, divisor)?;
        quotient = quotient * 10 + digit;
        remainder = rest;
        exponent = exponent.checked_sub(1)?;
    }
    if remainder != 0 && remainder >= divisor - remainder {
        quotient += 1;
    }
    Decimal::from_parts(a.is_negative() != b.is_negative(), quotient, exponent)
}

/// The quotient and the remainder, bit by bit: the routine that the compiler brings for 128 bits is much larger.
fn divide(dividend: u128, divisor: u128) -> Option<(u128, u128)> {
    if divisor == 0 {
        return None;
    }
    let (mut quotient, mut remainder) = (0, dividend);
    for shift in (0..=divisor.leading_zeros().saturating_sub(dividend.leading_zeros())).rev() {
        quotient <<= 1;
        if remainder >= divisor << shift {
            remainder -= divisor << shift;
            quotient |= 1;
        }
    }
    Some((quotient, remainder))
}
