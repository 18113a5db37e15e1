//! Floats to and from text, and next to integers.

use super::integer::{parse_integer_bytes, push_integer};
use alloc::string::String;
use alloc::vec::Vec;

/// Reads a float as Elixir's `Float.parse` does when it takes all of the text: an optional sign, digits, an
/// optional fraction with digits on both sides of the point, an optional exponent.
///
/// `None` for all else, and for a number too large for a float.
///
/// ```
/// use ectomorph::value::parse_float;
/// assert_eq!(parse_float("1.5E+3"), Some(1500.0));
/// assert_eq!(parse_float(".5"), None);
/// assert_eq!(parse_float("1e400"), None);
/// ```
pub fn parse_float(text: &str) -> Option<f64> {
    let mut rest = after_digits(unsigned(text.as_bytes()))?;
    if let [b'.', fraction @ ..] = rest {
        rest = after_digits(fraction)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        rest = after_digits(unsigned(exponent))?;
    }
    if !rest.is_empty() {
        return None;
    }
    if let Some(number) = exact(text.as_bytes()) {
        return Some(number);
    }
    Some(read(text)).filter(|number| number.is_finite())
}

/// The number of up to fifteen digits without an exponent: both they and the power of ten are floats without a
/// remainder, so one division rounds as it should.
fn exact(text: &[u8]) -> Option<f64> {
    let digits = unsigned(text);
    let (mut number, mut power) = (0_i64, 1_i64);
    let mut after_point = false;
    if digits.len() > 16 {
        return None;
    }
    for byte in digits {
        match byte {
            b'.' => after_point = true,
            b'0'..=b'9' => {
                number = number * 10 + i64::from(byte - b'0');
                power *= if after_point { 10 } else { 1 };
            }
            _ => return None,
        }
    }
    if number >= 1_000_000_000_000_000 {
        return None;
    }
    let number = number as f64 / power as f64;
    Some(if text.first() == Some(&b'-') { -number } else { number })
}

/// The shortest text that reads back as `number`, as Elixir prints floats: always with a point, and scientific
/// where that is shorter or the number is beyond the exact integers: `0.1`, `100.0`, `1.0e3`.
///
/// ```
/// use ectomorph::value::float_text;
/// assert_eq!(float_text(100.0), "100.0");
/// assert_eq!(float_text(1000.0), "1.0e3");
/// ```
pub fn float_text(number: f64) -> String {
    let mut text = String::new();
    if number.is_nan() {
        text.push_str("NaN");
        return text;
    }
    if number.is_sign_negative() {
        text.push('-');
    }
    if number.is_infinite() {
        text.push_str("Infinity");
        return text;
    }
    let (digits, first) = digits_of(&host_text(number.abs()));
    let mut exponent = String::new();
    push_integer(&mut exponent, first);
    let count = digits.len() as i64;
    let scientific = 3 + (count - 1).max(1) + exponent.len() as i64;
    let positional = match first {
        ..0 => 1 - first + count,
        _ => (count + 1).max(first + 3),
    };
    if number.abs() >= EXACT || scientific < positional {
        push_pointed(&mut text, &digits, 1);
        text.push('e');
        text.push_str(&exponent);
    } else if first < 0 {
        text.push_str("0.");
        for _ in first + 1..0 {
            text.push('0');
        }
        for digit in digits {
            text.push(digit as char);
        }
    } else {
        push_pointed(&mut text, &digits, first as usize + 1);
    }
    text
}

/// Whether an integer and a float are exactly the same number.
pub(crate) fn integer_equals_float(integer: i64, float: f64) -> bool {
    // 2^63 is a float but no integer; a cast to i64 would saturate and make it equal to i64::MAX.
    const END: f64 = 9_223_372_036_854_775_808.0;
    (-END..END).contains(&float) && float as i64 == integer && is_whole(float)
}

/// Whether a float has no fraction.
pub(crate) fn is_whole(float: f64) -> bool {
    float.abs() >= EXACT || (float as i64) as f64 == float
}

/// 2^53: from here on, floats are whole numbers and no longer all of them.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The digits of a number, and the power of ten of the first one, from any usual notation: `1.2345e-4`,
/// `0.00012345`, `1e+21`, `100`.
fn digits_of(text: &str) -> (Vec<u8>, i64) {
    let (mut digits, mut exponent, mut whole, mut leading) = (Vec::new(), 0, 0, 0);
    let (mut after_point, mut rest) = (false, text.as_bytes());
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'.' => after_point = true,
            b'e' => {
                exponent = parse_integer_bytes(rest).unwrap_or(0);
                break;
            }
            _ => {
                whole += i64::from(!after_point);
                if *byte == b'0' && digits.is_empty() {
                    leading += 1;
                } else {
                    digits.push(*byte);
                }
            }
        }
    }
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    if digits.is_empty() {
        return (Vec::from([b'0']), 0);
    }
    (digits, whole - 1 - leading + exponent)
}

/// Appends digits with a point after `point` of them, and with zeros where there are none.
fn push_pointed(text: &mut String, digits: &[u8], point: usize) {
    for at in 0..digits.len().max(point + 1) {
        if at == point {
            text.push('.');
        }
        text.push(digits.get(at).copied().unwrap_or(b'0') as char);
    }
}

/// What is left after a sign, if there is one.
fn unsigned(text: &[u8]) -> &[u8] {
    match text {
        [b'-' | b'+', rest @ ..] => rest,
        _ => text,
    }
}

/// What is left after one digit or more.
fn after_digits(text: &[u8]) -> Option<&[u8]> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count > 0 { text.get(count..) } else { None }
}

// Core's float parser and printer weigh 15 KB. In a page JavaScript has both, so the small artifact asks it.
#[cfg(all(target_arch = "wasm32", not(feature = "std")))]
fn read(text: &str) -> f64 {
    crate::host::parse_float(text)
}

#[cfg(all(target_arch = "wasm32", not(feature = "std")))]
fn host_text(number: f64) -> String {
    let mut text = String::new();
    crate::host::float_digits(number, &mut text);
    text
}

#[cfg(not(all(target_arch = "wasm32", not(feature = "std"))))]
fn read(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

#[cfg(not(all(target_arch = "wasm32", not(feature = "std"))))]
fn host_text(number: f64) -> String {
    alloc::format!("{number:e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_of_elixir() {
        for (number, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (1.2345e-4, "1.2345e-4"),
            (100.0, "100.0"),
            (1000.0, "1.0e3"),
            (1200.0, "1.2e3"),
            (12345.0, "12345.0"),
            (123456.789, "123456.789"),
            (9007199254740991.0, "9007199254740991.0"),
            (9007199254740992.0, "9.007199254740992e15"),
            (1e300, "1.0e300"),
            (5e-324, "5.0e-324"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(float_text(number), text);
        }
    }

    #[test]
    fn every_text_reads_back() {
        let mut bits: u64 = 1;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = f64::from_bits(bits);
            if number.is_finite() {
                assert_eq!(parse_float(&float_text(number)).map(f64::to_bits), Some(bits));
            }
        }
    }

    #[test]
    fn digits_are_found_in_the_notations_of_rust_and_javascript() {
        for (text, digits, first) in [
            ("1.2345e-4", "12345", -4),
            ("0.00012345", "12345", -4),
            ("1e+21", "1", 21),
            ("1.5e-7", "15", -7),
            ("100", "1", 2),
            ("120.5", "1205", 2),
            ("0", "0", 0),
            ("0e0", "0", 0),
            ("123456789012345680000", "12345678901234568", 20),
        ] {
            assert_eq!(digits_of(text), (Vec::from(digits), first), "{text}");
        }
    }

    #[test]
    fn only_elixirs_syntax_is_read() {
        for text in [
            "", "-", ".5", "5.", "1.", "1e", "1e+", "+-5", "1.5.2", "1_0", " 1", "1 ", "nan", "inf", "NaN",
            "0x1", "１",
        ] {
            assert_eq!(parse_float(text), None, "{text}");
        }
        assert_eq!(parse_float("-0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
        assert_eq!(parse_float("+00.50"), Some(0.5));
        assert_eq!(parse_float("1e-400"), Some(0.0));
        assert_eq!(parse_float("1e999999999999"), None);
    }

    #[test]
    fn an_integer_equals_only_the_float_of_its_number() {
        assert!(integer_equals_float(1, 1.0));
        assert!(integer_equals_float(0, -0.0));
        assert!(integer_equals_float(i64::MIN, -9_223_372_036_854_775_808.0));
        assert!(!integer_equals_float(i64::MAX, 9_223_372_036_854_775_808.0));
        assert!(!integer_equals_float(9_007_199_254_740_993, 9_007_199_254_740_992.0));
        assert!(!integer_equals_float(1, 1.5));
        assert!(!integer_equals_float(0, f64::NAN));
    }
}
