//! The operations on numbers, with PostgreSQL's types and errors.

use super::compare::float;
use super::decimal::{from_parts, parts, power_of_ten, quotient};
use super::{Fault, calendar};
use crate::value::{Decimal, Value};

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The result of an operation on two values that are not null.
///
/// Integers stay integers (and divide towards zero), a float makes all floats, else a decimal makes all decimals.
/// A date plus or minus an integer is a date, a date minus a date a number of days.
pub(in super::super) fn arithmetic(
    operation: Arithmetic,
    left: &Value,
    right: &Value,
) -> Result<Value, Fault> {
    match (left, right) {
        (Value::Integer(a), Value::Integer(b)) => integers(operation, *a, *b).map(Value::Integer),
        (Value::Date(_), _) | (_, Value::Date(_)) => calendar::date_arithmetic(operation, left, right),
        (Value::String(text), other) | (other, Value::String(text)) if other.to_decimal().is_some() => {
            let read = Decimal::parse(text).ok_or_else(|| {
                Fault::new("invalid_text_representation", format!("not a number: \"{text}\""))
            })?;
            let read = match (other, read.exponent()) {
                (Value::Integer(_), 0) => read.text().parse().map_or(Value::Decimal(read), Value::Integer),
                _ => Value::Decimal(read),
            };
            if left.as_str().is_some() {
                arithmetic(operation, &read, right)
            } else {
                arithmetic(operation, left, &read)
            }
        }
        (Value::Float(_), _) | (_, Value::Float(_)) => match (float(left), float(right)) {
            (Some(a), Some(b)) => floats(operation, a, b).map(Value::Float),
            _ => Err(undefined(operation, left, right)),
        },
        _ => match (left.to_decimal(), right.to_decimal()) {
            (Some(a), Some(b)) => decimals(operation, &a, &b).map(Value::Decimal),
            _ => Err(undefined(operation, left, right)),
        },
    }
}

/// The number with the other sign.
pub(in super::super) fn negate(value: &Value) -> Result<Value, Fault> {
    match value {
        Value::Float(number) => Ok(Value::Float(-number)),
        _ => arithmetic(Arithmetic::Subtract, &Value::Integer(0), value),
    }
}

/// The mean of `count` numbers: a float for floats, a decimal for the rest.
pub(in super::super) fn average(sum: &Value, count: i64) -> Result<Value, Fault> {
    match sum {
        Value::Float(sum) => Ok(Value::Float(sum / count as f64)),
        _ => {
            let sum = sum.to_decimal().ok_or_else(|| Fault::out_of_range("numeric"))?;
            quotient(&sum, &Decimal::from_i64(count)).map(Value::Decimal)
        }
    }
}

fn integers(operation: Arithmetic, a: i64, b: i64) -> Result<i64, Fault> {
    if b == 0 && matches!(operation, Arithmetic::Divide | Arithmetic::Remainder) {
        return Err(Fault::new("division_by_zero", "division by zero"));
    }
    match operation {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Remainder => Some(a.wrapping_rem(b)),
    }
    .ok_or_else(|| Fault::out_of_range("bigint"))
}

fn floats(operation: Arithmetic, a: f64, b: f64) -> Result<f64, Fault> {
    if b == 0.0 && matches!(operation, Arithmetic::Divide | Arithmetic::Remainder) {
        return Err(Fault::new("division_by_zero", "division by zero"));
    }
    let result = match operation {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Remainder => a % b,
    };
    if result.is_finite() { Ok(result) } else { Err(Fault::out_of_range("double precision")) }
}

fn decimals(operation: Arithmetic, a: &Decimal, b: &Decimal) -> Result<Decimal, Fault> {
    if operation == Arithmetic::Divide {
        return quotient(a, b);
    }
    let fault = || Fault::out_of_range("numeric");
    let ((left, left_scale), (right, right_scale)) =
        (parts(a).ok_or_else(fault)?, parts(b).ok_or_else(fault)?);
    if operation == Arithmetic::Multiply {
        return from_parts(left.checked_mul(right).ok_or_else(fault)?, left_scale + right_scale);
    }
    let scale = left_scale.max(right_scale);
    let at = |coefficient: i128, has: u32| {
        power_of_ten(scale - has)
            .and_then(|factor| i128::try_from(factor).ok())
            .and_then(|factor| coefficient.checked_mul(factor))
            .ok_or_else(fault)
    };
    let (left, right) = (at(left, left_scale)?, at(right, right_scale)?);
    let result = match operation {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        _ if right == 0 => return Err(Fault::new("division_by_zero", "division by zero")),
        _ => left.checked_rem(right),
    };
    from_parts(result.ok_or_else(fault)?, scale)
}

fn undefined(operation: Arithmetic, left: &Value, right: &Value) -> Fault {
    let sign = match operation {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "*",
        Arithmetic::Divide => "/",
        Arithmetic::Remainder => "%",
    };
    Fault::new("undefined_function", format!("no operator {sign} for {} and {}", left.kind(), right.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Value {
        Decimal::parse(text).unwrap().into()
    }

    #[test]
    fn integers_divide_towards_zero_and_decimals_keep_their_scale() {
        use Arithmetic::*;
        for (operation, left, right, expected) in [
            (Divide, Value::from(-7), Value::from(2), Value::from(-3)),
            (Remainder, Value::from(-7), Value::from(2), Value::from(-1)),
            (Multiply, Value::from(3), decimal("90.60"), decimal("271.80")),
            (Add, decimal("1.5"), decimal("1.50"), decimal("3.00")),
            (Subtract, decimal("1.5"), Value::from(1), decimal("0.5")),
            (Add, decimal("1.5"), Value::from(1.0), Value::from(2.5)),
        ] {
            assert!(
                arithmetic(operation, &left, &right).unwrap().is_identical(&expected),
                "{left:?} {right:?}"
            );
        }
        assert_eq!(arithmetic(Divide, &1.into(), &0.into()).unwrap_err().code, "division_by_zero");
        assert_eq!(
            arithmetic(Add, &i64::MAX.into(), &1.into()).unwrap_err().code,
            "numeric_value_out_of_range"
        );
    }
}
