//! Floats to and from text, and next to integers.

use super::integer::push_integer;
use alloc::string::String;

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
    let rest = after_digits(text.strip_prefix(['-', '+']).unwrap_or(text))?;
    let rest = rest.strip_prefix('.').map_or(Some(rest), after_digits)?;
    let rest = match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => after_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))?,
        None => rest,
    };
    if !rest.is_empty() {
        return None;
    }
    Some(read(text)).filter(|number| number.is_finite())
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
    let (digits, first) = shortest(number.abs());
    let mut exponent = String::new();
    push_integer(&mut exponent, first.into());
    let count = digits.len() as i32;
    let scientific = 1 + 1 + (count - 1).max(1) + 1 + exponent.len() as i32;
    let positional = match first {
        ..0 => 1 - first + count,
        _ if first < count - 1 => count + 1,
        _ => first + 3,
    };
    if number.abs() >= EXACT || scientific < positional {
        text.push_str(&digits[..1]);
        text.push('.');
        text.push_str(if count > 1 { &digits[1..] } else { "0" });
        text.push('e');
        text.push_str(&exponent);
    } else if first < 0 {
        text.push_str("0.");
        push_zeros(&mut text, -first - 1);
        text.push_str(&digits);
    } else if first < count - 1 {
        let (whole, fraction) = digits.split_at(first as usize + 1);
        text.push_str(whole);
        text.push('.');
        text.push_str(fraction);
    } else {
        text.push_str(&digits);
        push_zeros(&mut text, first + 1 - count);
        text.push_str(".0");
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

/// The shortest decimal digits of a finite number that is not negative, and the power of ten of the first one.
fn shortest(number: f64) -> (String, i32) {
    digits_of(&host_text(number))
}

/// Takes digits and exponent from any usual notation: `1.2345e-4`, `0.00012345`, `1e+21`, `100`.
fn digits_of(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (negative, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => (true, exponent),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    let exponent = exponent.bytes().fold(0, |number, digit| number * 10 + i32::from(digit - b'0'));
    let whole = mantissa.find('.').unwrap_or(mantissa.len()) as i32;
    let mut digits: String = mantissa.chars().filter(|character| *character != '.').collect();
    let leading = digits.bytes().take_while(|digit| *digit == b'0').count();
    if leading == digits.len() {
        return (String::from("0"), 0);
    }
    digits.drain(..leading);
    digits.truncate(digits.trim_end_matches('0').len());
    (digits, whole - 1 - leading as i32 + if negative { -exponent } else { exponent })
}

/// What is left after one digit or more.
fn after_digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

fn push_zeros(text: &mut String, count: i32) {
    for _ in 0..count {
        text.push('0');
    }
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
            assert_eq!(digits_of(text), (String::from(digits), first), "{text}");
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
