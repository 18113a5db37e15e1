//! Decimals in PostgreSQL's binary format: digits to the base of 10000, the weight of the first, sign and scale.

use crate::value::{Decimal, Value};

const NEGATIVE: u16 = 0x4000;

/// Appends a decimal.
pub fn push(into: &mut Vec<u8>, decimal: &Decimal) {
    let mut digits = decimal.coefficient().to_string();
    let exponent = decimal.exponent();
    digits.extend(std::iter::repeat_n('0', usize::try_from(exponent).unwrap_or(0)));
    let scale = usize::try_from(-exponent.min(0)).unwrap_or(0);
    // Both sides of the point are filled up to whole groups of four.
    if digits.len() <= scale {
        digits.insert_str(0, &"0".repeat(scale + 1 - digits.len()));
    }
    let whole = digits.len() - scale;
    let before = (4 - whole % 4) % 4;
    let after = (4 - scale % 4) % 4;
    let digits = format!("{}{digits}{}", "0".repeat(before), "0".repeat(after));
    let groups: Vec<i16> = digits
        .as_bytes()
        .chunks(4)
        .map(|group| group.iter().fold(0, |number, digit| number * 10 + i16::from(digit - b'0')))
        .collect();
    let weight = (whole + before) / 4;
    let first = groups.iter().position(|group| *group != 0).unwrap_or(groups.len());
    let last = groups.iter().rposition(|group| *group != 0).map_or(first, |last| last + 1);
    let count = i16::try_from(last - first).unwrap_or(i16::MAX);
    let weight = i16::try_from(weight).unwrap_or(i16::MAX) - 1 - i16::try_from(first).unwrap_or(0);
    let sign = if decimal.is_negative() && !decimal.is_zero() { NEGATIVE } else { 0 };
    into.extend(count.to_be_bytes());
    into.extend(if count == 0 { 0 } else { weight }.to_be_bytes());
    into.extend(sign.to_be_bytes());
    into.extend(u16::try_from(scale).unwrap_or(u16::MAX).to_be_bytes());
    groups[first..last].iter().for_each(|group| into.extend(group.to_be_bytes()));
}

/// Reads a decimal. What is no number, or has more than 34 digits, is text.
pub fn read(bytes: &[u8]) -> Result<Value, String> {
    let words: Vec<u16> = bytes.chunks_exact(2).map(|word| u16::from_be_bytes([word[0], word[1]])).collect();
    let [count, weight, sign, scale, groups @ ..] = words.as_slice() else {
        return Err("a number ends early".to_owned());
    };
    if usize::from(*count) != groups.len() {
        return Err("a number ends early".to_owned());
    }
    match sign {
        0 | 0x4000 => {}
        0xd000 => return Ok("Infinity".into()),
        0xf000 => return Ok("-Infinity".into()),
        _ => return Ok("NaN".into()),
    }
    let weight = i32::from(weight.cast_signed());
    let scale = i32::from(*scale);
    let group =
        |at: i32| usize::try_from(weight - at).ok().and_then(|at| groups.get(at)).copied().unwrap_or(0);
    let mut text = String::new();
    if *sign == NEGATIVE {
        text.push('-');
    }
    let mut whole = String::new();
    (0..=weight.max(0)).rev().for_each(|at| whole.push_str(&format!("{:04}", group(at))));
    let trimmed = whole.trim_start_matches('0');
    text.push_str(if trimmed.is_empty() { "0" } else { trimmed });
    if scale > 0 {
        let mut fraction = String::new();
        (1..=(scale + 3) / 4).for_each(|at| fraction.push_str(&format!("{:04}", group(-at))));
        fraction.truncate(usize::try_from(scale).unwrap_or(0));
        text.push('.');
        text.push_str(&fraction);
    }
    Ok(Decimal::parse(&text).map_or_else(|| text.as_str().into(), Value::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_come_back_as_they_went() {
        let texts = [
            "0",
            "0.00",
            "1",
            "-1",
            "10000",
            "9999.9999",
            "0.0001",
            "0.00001",
            "-97.22",
            "1.50",
            "123456789.987654321",
            "9999999999999999999999999999999999",
            "0.10",
            "10",
            "100000000",
            "-0.5",
        ];
        for text in texts {
            let mut bytes = Vec::new();
            push(&mut bytes, &Decimal::parse(text).unwrap());
            assert_eq!(read(&bytes), Ok(Value::Decimal(Decimal::parse(text).unwrap())), "{text}");
        }
    }

    #[test]
    fn the_bytes_are_postgresqls() {
        let mut bytes = Vec::new();
        push(&mut bytes, &Decimal::parse("-12345.678").unwrap());
        assert_eq!(bytes, [0, 3, 0, 1, 0x40, 0, 0, 3, 0, 1, 0x09, 0x29, 0x1a, 0x7c]);
        assert_eq!(read(&bytes[..9]), Err("a number ends early".to_owned()));
        assert_eq!(read(&[0, 0, 0, 0, 0xc0, 0, 0, 0]), Ok("NaN".into()));
    }
}
