//! Decimal numbers that keep their scale and sign.

use super::float::float_text;
use super::integer::push_integer;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;

/// The number of digits a coefficient may have.
const CAPACITY: usize = 38;
/// The number of significant digits that text from outside may have: those of IEEE 754's decimal128.
const MAX_DIGITS: usize = 34;
/// The largest exponent, up or down, that text from outside may have.
const MAX_EXPONENT: i32 = 6_144;
/// What one half of a coefficient holds: all numbers of 19 digits.
const HALF: u64 = 10_000_000_000_000_000_000;

/// A decimal number: a sign, a coefficient of up to 38 digits and a power of ten.
///
/// `==` compares the representation: `1.0` is not `1.00`, and `0` is not `-0`.
/// [`Decimal::compare`] compares the numbers.
///
/// ```
/// use core::cmp::Ordering;
/// use ectomorph::value::Decimal;
///
/// let price = Decimal::parse("1.50").unwrap();
/// assert_eq!(price.text(), "1.50");
/// assert_ne!(price, Decimal::parse("1.5").unwrap());
/// assert_eq!(price.compare(&Decimal::parse("1.5").unwrap()), Ordering::Equal);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    // Two halves of 19 digits each: wide enough, printed without 128-bit division, and a `Value` stays small.
    high: u64,
    low: u64,
    exponent: i32,
    negative: bool,
}

impl Decimal {
    /// Reads a decimal number as Elixir's `Decimal.parse` does: an optional sign, digits with a point
    /// anywhere or none, and an optional exponent.
    ///
    /// `None` for all else, for `NaN` and infinities, for more than 34 significant digits, and for an
    /// exponent beyond 6144 in either direction.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (decimal, significant) = Decimal::scan(text.as_bytes())?;
        (significant <= MAX_DIGITS && decimal.exponent.abs() <= MAX_EXPONENT).then_some(decimal)
    }

    /// Reads a whole number of up to 38 digits, with an optional sign.
    pub(crate) fn parse_integer(text: &str) -> Option<Decimal> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        Decimal::scan(text.as_bytes()).map(|(decimal, _)| decimal)
    }

    /// The whole number `number`.
    pub fn from_i64(number: i64) -> Decimal {
        Decimal { high: 0, low: number.unsigned_abs(), exponent: 0, negative: number < 0 }.carried()
    }

    /// The decimal with the shortest digits that read back as `number`; `None` when it is not finite.
    ///
    /// ```
    /// use ectomorph::value::Decimal;
    /// assert_eq!(Decimal::from_float(0.1).unwrap().text(), "0.1");
    /// assert_eq!(Decimal::from_float(1000.0).unwrap().text(), "1E+3");
    /// ```
    pub fn from_float(number: f64) -> Option<Decimal> {
        let text = float_text(number);
        let Some((mantissa, exponent)) = text.split_once('e') else { return Decimal::parse(&text) };
        // A zero that only completes the mantissa is no digit of the number.
        let mut exact = String::from(mantissa.strip_suffix(".0").unwrap_or(mantissa));
        exact.push('e');
        exact.push_str(exponent);
        Decimal::parse(&exact)
    }

    /// A decimal from its parts; `None` when the coefficient has more than 38 digits.
    pub fn from_parts(negative: bool, coefficient: u128, exponent: i32) -> Option<Decimal> {
        let half = u128::from(HALF);
        let (high, low) = divide(coefficient, half)?;
        let high = u64::try_from(high).ok().filter(|high| *high < HALF)?;
        Some(Decimal { high, low: low as u64, exponent, negative })
    }

    /// Whether there is a minus sign, on zero too.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the number is zero, of whatever sign and scale.
    pub fn is_zero(&self) -> bool {
        self.high == 0 && self.low == 0
    }

    /// The digits, as a whole number.
    pub fn coefficient(&self) -> u128 {
        u128::from(self.high) * u128::from(HALF) + u128::from(self.low)
    }

    /// The power of ten that the coefficient is multiplied by.
    pub fn exponent(&self) -> i32 {
        self.exponent
    }

    /// Compares the numbers, not their representations: `1.0` equals `1.00` and `0` equals `-0`.
    pub fn compare(&self, other: &Decimal) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return if other.negative { Ordering::Greater } else { Ordering::Less },
            (false, true) => return if self.negative { Ordering::Less } else { Ordering::Greater },
            (false, false) => {}
        }
        match (self.negative, other.negative) {
            (false, false) => self.compare_magnitude(other),
            (true, true) => other.compare_magnitude(self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }

    /// The text, in scientific notation where it is the clearer one: `1.50`, `0.0015`, `1E+3`, `1E-7`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    /// Appends [`Decimal::text`].
    pub fn push_text(&self, into: &mut String) {
        let (digits, count) = self.digits();
        let first = self.leading_exponent(count);
        if self.negative {
            into.push('-');
        }
        if self.exponent > 0 || first < -6 {
            push_digits(into, &digits[..1]);
            if count > 1 {
                into.push('.');
                push_digits(into, &digits[1..count]);
            }
            into.push_str(if first < 0 { "E" } else { "E+" });
            push_integer(into, first);
        } else if first < 0 {
            into.push_str("0.");
            for _ in first + 1..0 {
                into.push('0');
            }
            push_digits(into, &digits[..count]);
        } else {
            let whole = first as usize + 1;
            push_digits(into, &digits[..whole]);
            if whole < count {
                into.push('.');
                push_digits(into, &digits[whole..count]);
            }
        }
    }

    /// The number and how many significant digits it has; `None` when they do not fit.
    fn scan(text: &[u8]) -> Option<(Decimal, usize)> {
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        let mut decimal = Decimal { high: 0, low: 0, exponent: 0, negative };
        let (mut seen, mut significant, mut point) = (false, 0, false);
        while let [byte, after @ ..] = rest {
            match byte {
                b'0'..=b'9' => {
                    seen = true;
                    if significant > 0 || *byte != b'0' {
                        significant += 1;
                    }
                    if significant > CAPACITY {
                        return None;
                    }
                    decimal.push_digit(byte - b'0');
                    decimal.exponent = decimal.exponent.checked_sub(i32::from(point))?;
                }
                b'.' if !point => point = true,
                _ => break,
            }
            rest = after;
        }
        if !seen {
            return None;
        }
        if let [b'e' | b'E', after @ ..] = rest {
            decimal.exponent = decimal.exponent.checked_add(scan_exponent(after)?)?;
            rest = &[];
        }
        rest.is_empty().then_some((decimal, significant))
    }

    /// Appends a digit to a coefficient of less than 38 digits.
    fn push_digit(&mut self, digit: u8) {
        const TENTH: u64 = HALF / 10;
        self.high = self.high * 10 + self.low / TENTH;
        self.low = self.low % TENTH * 10 + u64::from(digit);
    }

    /// Moves what the low half cannot hold to the high half.
    fn carried(self) -> Decimal {
        Decimal { high: self.high + self.low / HALF, low: self.low % HALF, ..self }
    }

    /// The digits of the coefficient from the left, and how many there are; `0` has one.
    fn digits(&self) -> ([u8; CAPACITY], usize) {
        let mut all = [0; CAPACITY];
        let (mut high, mut low) = (self.high, self.low);
        for at in (0..CAPACITY).rev() {
            let half = if at < CAPACITY / 2 { &mut high } else { &mut low };
            all[at] = (*half % 10) as u8;
            *half /= 10;
        }
        let leading = all.iter().take_while(|digit| **digit == 0).count().min(CAPACITY - 1);
        let mut digits = [0; CAPACITY];
        for (place, digit) in digits.iter_mut().zip(all.iter().skip(leading)) {
            *place = *digit;
        }
        (digits, CAPACITY - leading)
    }

    /// The power of ten of the first of `count` digits.
    fn leading_exponent(&self, count: usize) -> i64 {
        i64::from(self.exponent) + count as i64 - 1
    }

    fn compare_magnitude(&self, other: &Decimal) -> Ordering {
        let ((left, left_count), (right, right_count)) = (self.digits(), other.digits());
        // Digits stand left-aligned and are followed by zeros, so equal first places make them comparable.
        self.leading_exponent(left_count)
            .cmp(&other.leading_exponent(right_count))
            .then_with(|| left.cmp(&right))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

/// The quotient and the remainder, bit by bit: the routine that the compiler brings for 128 bits is much larger.
pub(crate) fn divide(dividend: u128, divisor: u128) -> Option<(u128, u128)> {
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

fn push_digits(into: &mut String, digits: &[u8]) {
    for digit in digits {
        into.push((b'0' + digit) as char);
    }
}

/// The number after the `e`. Too large a number stays too large, without being computed.
fn scan_exponent(text: &[u8]) -> Option<i32> {
    let (sign, digits) = match text {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        _ => (1, text),
    };
    let mut number: i32 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
    }
    (!digits.is_empty()).then_some(sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or_else(|| panic!("{text} is a decimal"))
    }

    #[test]
    fn texts_are_those_of_elixirs_decimal() {
        for (given, shown) in [
            ("0", "0"),
            ("-0", "-0"),
            ("-0.00", "-0.00"),
            ("007", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1E+3"),
            ("1.0e3", "1.0E+3"),
            ("1.5e-3", "0.0015"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1E-7"),
            ("0.00000012", "1.2E-7"),
            ("0e-5", "0.00000"),
            ("0e-7", "0E-7"),
            ("0e2", "0E+2"),
            ("12345678901234567890123456789012.34", "12345678901234567890123456789012.34"),
            ("9999999999999999999999999999999999", "9999999999999999999999999999999999"),
        ] {
            assert_eq!(decimal(given).text(), shown);
        }
    }

    #[test]
    fn what_is_too_long_or_no_number_is_refused() {
        for text in [
            "",
            "-",
            "+",
            ".",
            "e5",
            "1e",
            "1e+",
            "1e1.5",
            "1.2.3",
            "--5",
            "1_000",
            " 1",
            "1 ",
            "NaN",
            "Infinity",
            "inf",
            "１",
            "1e6145",
            "1e-6145",
            "0.1e-6144",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "99999999999999999999999999999999999",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse(&"9".repeat(1000)), None);
        assert!(Decimal::parse(&"0".repeat(1000)).is_some_and(|zero| zero.is_zero()));
        assert!(Decimal::parse("1e6144").is_some() && Decimal::parse("1e-6144").is_some());
    }

    #[test]
    fn numbers_compare_by_value() {
        for (left, right, order) in [
            ("1", "1.00", Ordering::Equal),
            ("0", "-0.000", Ordering::Equal),
            ("10", "1e1", Ordering::Equal),
            ("-1", "1", Ordering::Less),
            ("-1", "0", Ordering::Less),
            ("0", "1e-6144", Ordering::Less),
            ("-2", "-10", Ordering::Greater),
            ("1e6144", "9999999999999999999999999999999999", Ordering::Greater),
            ("0.1", "0.09999999999999999999999999999999", Ordering::Greater),
            ("12345678901234567890.1", "12345678901234567890.2", Ordering::Less),
        ] {
            assert_eq!(decimal(left).compare(&decimal(right)), order, "{left} {right}");
            assert_eq!(decimal(right).compare(&decimal(left)), order.reverse(), "{right} {left}");
        }
    }

    #[test]
    fn integers_and_parts_are_exact() {
        for number in [0, 1, -1, i64::MAX, i64::MIN] {
            assert_eq!(Decimal::from_i64(number).text(), number.to_string());
        }
        let most = 10_u128.pow(38) - 1;
        let decimal = Decimal::from_parts(true, most, -2).unwrap();
        assert_eq!((decimal.coefficient(), decimal.exponent(), decimal.is_negative()), (most, -2, true));
        assert_eq!(Decimal::from_parts(false, most + 1, 0), None);
        assert_eq!(Decimal::parse_integer("+18446744073709551616").unwrap().text(), "18446744073709551616");
        assert_eq!(Decimal::parse_integer("1.0"), None);
        assert_eq!(Decimal::parse_integer("-"), None);
    }

    #[test]
    fn floats_become_their_shortest_digits() {
        for (number, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.5, "1.5"),
            (100.0, "100.0"),
            (1e16, "1E+16"),
            (1.5e16, "1.5E+16"),
            (1e300, "1E+300"),
            (1e-7, "1E-7"),
            (123456.789, "123456.789"),
        ] {
            assert_eq!(Decimal::from_float(number).unwrap().text(), text);
        }
        assert_eq!(Decimal::from_float(f64::NAN), None);
        assert_eq!(Decimal::from_float(f64::INFINITY), None);
    }
}
