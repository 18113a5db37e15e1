//! Integers to and from text, without the formatting machinery of `core`.

use alloc::string::String;

/// Reads a whole text as an integer: an optional sign and digits. `None` for all else, and beyond 64 bits.
///
/// ```
/// use ectomorph::value::parse_integer;
/// assert_eq!(parse_integer("-007"), Some(-7));
/// assert_eq!(parse_integer("1.0"), None);
/// ```
pub fn parse_integer(text: &str) -> Option<i64> {
    parse_integer_bytes(text.as_bytes())
}

/// [`parse_integer`], of a part of a text that need not end between two characters.
pub(crate) fn parse_integer_bytes(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        _ => (false, text),
    };
    if digits.is_empty() {
        return None;
    }
    let mut number: i64 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        // Counted downwards, because the smallest integer has no positive counterpart.
        number = number.checked_mul(10)?.checked_sub(i64::from(digit - b'0'))?;
    }
    if negative { Some(number) } else { number.checked_neg() }
}

/// Appends an integer.
///
/// ```
/// let mut text = String::from("id ");
/// ectomorph::value::push_integer(&mut text, -5);
/// assert_eq!(text, "id -5");
/// ```
pub fn push_integer(into: &mut String, number: i64) {
    if number < 0 {
        into.push('-');
    }
    push_digits(into, number.unsigned_abs(), 1);
}

/// Appends a number with leading zeros up to `width`.
pub(crate) fn push_padded(into: &mut String, number: u32, width: usize) {
    push_digits(into, number.into(), width);
}

fn push_digits(into: &mut String, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while number > 0 && start > 0 {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    for digit in digits.iter().skip(start.min(digits.len().saturating_sub(width))) {
        into.push(*digit as char);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn integers_are_read_over_their_whole_range_and_not_beyond() {
        assert_eq!(parse_integer("9223372036854775807"), Some(i64::MAX));
        assert_eq!(parse_integer("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(parse_integer("9223372036854775808"), None);
        assert_eq!(parse_integer("-9223372036854775809"), None);
        for text in ["", "-", "+", "+-5", "--5", "1_000", " 1", "1 ", "0x1", "１"] {
            assert_eq!(parse_integer(text), None, "{text}");
        }
    }

    #[test]
    fn integers_print_over_their_whole_range() {
        for number in [0, 7, -7, 10, 1_000_000, i64::MAX, i64::MIN] {
            let mut text = String::new();
            push_integer(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }

    #[test]
    fn padding_fills_up_and_never_cuts() {
        let mut text = String::new();
        push_padded(&mut text, 7, 2);
        push_padded(&mut text, 123, 2);
        push_padded(&mut text, 0, 4);
        assert_eq!(text, "071230000");
    }
}
