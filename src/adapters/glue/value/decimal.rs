//! Decimals as PostgreSQL's numeric: no positive exponents, quotients of at least 16 significant digits.

use super::Fault;
use crate::value::{Decimal, divide};

/// How many digits a coefficient may have.
const CAPACITY: u32 = 38;

/// Ten to the power of `exponent`, at most 38.
pub(in super::super) fn power_of_ten(exponent: u32) -> Option<u128> {
    (exponent <= CAPACITY).then(|| 10_u128.pow(exponent))
}

/// The coefficient and the number of digits after the point.
pub(super) fn parts(number: &Decimal) -> Option<(i128, u32)> {
    let coefficient = i128::try_from(number.coefficient()).ok()?;
    let (coefficient, scale) = match u32::try_from(number.exponent()) {
        Ok(up) => (coefficient.checked_mul(i128::try_from(power_of_ten(up)?).ok()?)?, 0),
        Err(_) => (coefficient, number.exponent().unsigned_abs()),
    };
    Some((if number.is_negative() { -coefficient } else { coefficient }, scale))
}

pub(super) fn from_parts(coefficient: i128, scale: u32) -> Result<Decimal, Fault> {
    Decimal::from_parts(coefficient < 0, coefficient.unsigned_abs(), -(scale as i32))
        .ok_or_else(|| Fault::out_of_range("numeric"))
}

/// The number with `scale` digits after the point, rounded half away from zero.
pub(in super::super) fn rounded(number: &Decimal, scale: i32) -> Result<Decimal, Fault> {
    let fault = || Fault::out_of_range("numeric");
    let (coefficient, has) = parts(number).ok_or_else(fault)?;
    let drop = has as i32 - scale;
    if drop <= 0 {
        let factor = power_of_ten(drop.unsigned_abs()).and_then(|factor| i128::try_from(factor).ok());
        let coefficient = factor.and_then(|factor| coefficient.checked_mul(factor)).ok_or_else(fault)?;
        return from_parts(coefficient, scale.max(0) as u32);
    }
    let Some(divisor) = power_of_ten(drop as u32) else { return from_parts(0, scale.max(0) as u32) };
    let magnitude = coefficient.unsigned_abs();
    let (mut quotient, remainder) = divide(magnitude, divisor).ok_or_else(fault)?;
    if remainder >= divisor - remainder {
        quotient += 1;
    }
    let quotient = i128::try_from(quotient).map_err(|_| fault())?;
    let signed = if coefficient < 0 { -quotient } else { quotient };
    match u32::try_from(scale) {
        Ok(scale) => from_parts(signed, scale),
        Err(_) => {
            let factor = power_of_ten(scale.unsigned_abs()).and_then(|factor| i128::try_from(factor).ok());
            from_parts(factor.and_then(|factor| signed.checked_mul(factor)).ok_or_else(fault)?, 0)
        }
    }
}

/// The quotient with the scale that PostgreSQL gives it.
pub(super) fn quotient(a: &Decimal, b: &Decimal) -> Result<Decimal, Fault> {
    let fault = || Fault::out_of_range("numeric");
    if b.is_zero() {
        return Err(Fault::new("division_by_zero", "division by zero"));
    }
    let ((left, left_scale), (right, right_scale)) =
        (parts(a).ok_or_else(fault)?, parts(b).ok_or_else(fault)?);
    let ((left_weight, left_first), (right_weight, right_first)) =
        (leading(left.unsigned_abs(), left_scale), leading(right.unsigned_abs(), right_scale));
    let weight = left_weight - right_weight - i32::from(left_first <= right_first);
    let scale = (16 - weight * 4).max(left_scale as i32).max(right_scale as i32).clamp(0, 1000) as u32;
    // left / right * 10^(scale - left_scale + right_scale), and the next digit to round by.
    let (mut quotient, mut remainder) =
        divide(left.unsigned_abs(), right.unsigned_abs()).ok_or_else(fault)?;
    let mut have = left_scale as i32 - right_scale as i32;
    while have < scale as i32 {
        if remainder == 0 && quotient == 0 {
            have = scale as i32;
            break;
        }
        let (digit, rest) =
            divide(remainder.checked_mul(10).ok_or_else(fault)?, right.unsigned_abs()).ok_or_else(fault)?;
        quotient =
            quotient.checked_mul(10).and_then(|quotient| quotient.checked_add(digit)).ok_or_else(fault)?;
        remainder = rest;
        have += 1;
    }
    if have == scale as i32 {
        if remainder >= right.unsigned_abs() - remainder {
            quotient += 1;
        }
    } else {
        let exact = Decimal::from_parts(false, quotient, -have).ok_or_else(fault)?;
        let rounded = rounded(&exact, scale as i32)?;
        quotient = rounded.coefficient();
    }
    let negative = (left < 0) != (right < 0) && quotient != 0;
    Decimal::from_parts(negative, quotient, -(scale as i32)).ok_or_else(fault)
}

/// The weight and the value of the first digit in base 10000, counted from the point.
fn leading(coefficient: u128, scale: u32) -> (i32, u128) {
    if coefficient == 0 {
        return (0, 0);
    }
    let digits = coefficient.ilog10() as i32 + 1;
    let before_point = digits - scale as i32;
    let weight = (before_point - 1).div_euclid(4);
    // The digits of the first group: those above 10^(4 * weight).
    let drop = 4 * weight + scale as i32;
    let first = match u32::try_from(drop) {
        Ok(drop) => coefficient / power_of_ten(drop).unwrap_or(u128::MAX),
        Err(_) => coefficient.saturating_mul(power_of_ten(drop.unsigned_abs()).unwrap_or(1)),
    };
    (weight, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn quotients_have_the_digits_of_postgresql() {
        for (a, b, expected) in [
            ("10", "3", "3.3333333333333333"),
            ("1", "3", "0.33333333333333333333"),
            ("843", "27", "31.2222222222222222"),
            ("2", "1", "2.0000000000000000"),
            ("10000", "3", "3333.3333333333333333"),
            ("12345.67", "2", "6172.8350000000000000"),
            ("-1", "8", "-0.12500000000000000000"),
            // Twenty zeros, which Decimal writes like this.
            ("0", "7", "0E-20"),
        ] {
            assert_eq!(quotient(&parse(a), &parse(b)).unwrap().text(), expected, "{a} / {b}");
        }
        assert_eq!(quotient(&parse("1"), &parse("0.0")).unwrap_err().code, "division_by_zero");
    }

    #[test]
    fn rounding_goes_away_from_zero() {
        for (number, scale, expected) in [
            ("1.005", 2, "1.01"),
            ("-1.5", 0, "-2"),
            ("1.4", 0, "1"),
            ("1.5", 3, "1.500"),
            ("1250", -2, "1300"),
        ] {
            assert_eq!(rounded(&parse(number), scale).unwrap().text(), expected);
        }
    }
}
