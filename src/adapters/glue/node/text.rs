//! PostgreSQL's functions of text.

use crate::adapters::glue::value::Fault;

/// No function makes a text that is longer.
pub(super) const MAX_TEXT: usize = 16 << 20;

pub(super) fn too_long() -> Fault {
    Fault::new("program_limit_exceeded", "the text would be too long")
}

pub(super) fn initcap(text: &str) -> String {
    let mut within = false;
    text.chars()
        .flat_map(|char| {
            let changed: Vec<char> =
                if within { char.to_lowercase().collect() } else { char.to_uppercase().collect() };
            within = char.is_alphanumeric();
            changed
        })
        .collect()
}

pub(super) fn substring(text: &str, from: i64, count: Option<i64>) -> Result<String, Fault> {
    let end = match count {
        Some(count) if count < 0 => {
            return Err(Fault::new("substring_error", "negative substring length not allowed"));
        }
        Some(count) => from.saturating_add(count),
        None => i64::MAX,
    };
    let first = from.max(1);
    let skip = (first - 1) as usize;
    let take = (end - first).max(0) as usize;
    Ok(text.chars().skip(skip).take(take).collect())
}

pub(super) fn pad(text: &str, length: i64, fill: &str, left: bool) -> Result<String, Fault> {
    let length = length.max(0) as usize;
    if length > MAX_TEXT {
        return Err(too_long());
    }
    let has = text.chars().count();
    if has >= length || fill.is_empty() {
        return Ok(text.chars().take(length).collect());
    }
    let fill: String = fill.chars().cycle().take(length - has).collect();
    Ok(if left { fill + text } else { text.to_owned() + &fill })
}

pub(super) fn split_part(text: &str, separator: &str, at: i64) -> Result<String, Fault> {
    let parts: Vec<&str> = if separator.is_empty() { vec![text] } else { text.split(separator).collect() };
    let index = match at {
        0 => return Err(Fault::new("invalid_parameter_value", "field position must not be zero")),
        at if at < 0 => parts.len() as i64 + at,
        at => at - 1,
    };
    Ok(usize::try_from(index).ok().and_then(|index| parts.get(index)).map_or("", |part| part).to_owned())
}

/// The replacement of PostgreSQL in the words of the engine.
pub(super) fn replacement(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            '$' => out.push_str("$$"),
            '\\' => match chars.next() {
                Some(digit) if digit.is_ascii_digit() => out.push_str(&format!("${{{digit}}}")),
                Some('&') => out.push_str("${0}"),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}
