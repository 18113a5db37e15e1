//! The four operations on numbers. What has no result is null.

use super::Operator;
use super::compare::decimal;
use crate::value::{Decimal, Value, divide};

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

/// A decimal taken apart.
struct Parts {
    negative: bool,
    coefficient: u128,
    exponent: i32,
}

fn decimals(operator: Operator, a: Decimal, b: Decimal) -> Option<Decimal> {
    let [a, mut b] = [a, b].map(|decimal| Parts {
        negative: decimal.is_negative(),
        coefficient: decimal.coefficient(),
        exponent: decimal.exponent(),
    });
    let result = match operator {
        Operator::Multiply => product(a, b),
        Operator::Divide => quotient(a, b),
        _ => {
            b.negative ^= operator == Operator::Subtract;
            sum(a, b)
        }
    }?;
    Decimal::from_parts(result.negative, result.coefficient, result.exponent)
}

/// Two coefficients of 38 digits have a sum that fits 128 bits.
fn sum(a: Parts, b: Parts) -> Option<Parts> {
    let exponent = a.exponent.min(b.exponent);
    let (left, right) = (scaled(&a, exponent)?, scaled(&b, exponent)?);
    if a.negative == b.negative {
        return Some(Parts { negative: a.negative, coefficient: left + right, exponent });
    }
    let negative = if left < right { b.negative } else { a.negative && left > right };
    Some(Parts { negative, coefficient: left.abs_diff(right), exponent })
}

/// The coefficient that the number has at a smaller exponent, if it has no more than 38 digits.
fn scaled(number: &Parts, exponent: i32) -> Option<u128> {
    let mut coefficient = number.coefficient;
    for _ in 0..number.exponent.checked_sub(exponent)? {
        if coefficient >= FULL {
            return None;
        }
        coefficient *= 10;
    }
    Some(coefficient)
}

fn product(a: Parts, b: Parts) -> Option<Parts> {
    // A product below 10^38 has 127 bits, and factors of 128 bits together at most.
    if a.coefficient.leading_zeros() + b.coefficient.leading_zeros() < 128 {
        return None;
    }
    Some(Parts {
        negative: a.negative != b.negative,
        coefficient: a.coefficient.wrapping_mul(b.coefficient),
        exponent: a.exponent.checked_add(b.exponent)?,
    })
}

/// Long division, digit by digit, until it comes out even or has enough digits.
fn quotient(a: Parts, b: Parts) -> Option<Parts> {
    let divisor = b.coefficient;
    let mut exponent = a.exponent.checked_sub(b.exponent)?;
    let (mut coefficient, mut remainder) = divide(a.coefficient, divisor)?;
    while remainder != 0 && coefficient < LAST_DIGIT {
        if remainder >= FULL {
            return None;
        }
        let (digit, rest) = divide(remainder * 10, divisor)?;
        coefficient = coefficient * 10 + digit;
        remainder = rest;
        exponent = exponent.checked_sub(1)?;
    }
    if remainder != 0 && remainder >= divisor - remainder {
        coefficient += 1;
    }
    Some(Parts { negative: a.negative != b.negative, coefficient, exponent })
}
