//! SQL of fragments, taken apart.

use super::{Result, refused};
use crate::query::plan::{Expr, Piece};
use crate::value::{Decimal, Value, parse_integer};

/// A word of SQL.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'c> {
    /// A name or key word, in lower case.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    Value(Value),
    /// An operator or a bracket.
    Sign(&'static str),
    /// An expression put into the SQL.
    Expr(&'c Expr),
}

/// Longest first.
const SIGNS: [&str; 39] = [
    "!~*", "->>", "#>>", "!~~", "::", "->", "#>", "@>", "<@", "&&", "||", "<=", ">=", "<>", "!=", "!~", "~*",
    "~~", "?|", "?&", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/", "%", "^", "=", "<", ">", "~", "?",
    "{", "}",
];

/// The words of a fragment.
pub(super) fn tokens<'c>(pieces: &'c [Piece]) -> Result<Vec<Token<'c>>> {
    let mut all = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Raw(sql) => scan(sql, &mut all)?,
            Piece::Expr(expr) => all.push(Token::Expr(expr)),
        }
    }
    Ok(all)
}

fn scan(sql: &str, into: &mut Vec<Token<'_>>) -> Result<()> {
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (text, after) = quoted(&rest[1..], '\'')?;
            into.push(Token::Value(Value::from(text)));
            rest = after;
        } else if first == '"' {
            let (name, after) = quoted(&rest[1..], '"')?;
            into.push(Token::Quoted(name));
            rest = after;
        } else if first.is_ascii_digit()
            || (first == '.' && rest[1..].starts_with(|char: char| char.is_ascii_digit()))
        {
            let end = number_end(rest);
            let text = &rest[..end];
            let value = parse_integer(text)
                .map(Value::Integer)
                .or_else(|| Decimal::parse(text).map(Value::Decimal))
                .ok_or_else(|| refused("42601", format!("not a number: {text}")))?;
            into.push(Token::Value(value));
            rest = &rest[end..];
        } else if first.is_alphabetic() || first == '_' {
            let end = rest
                .find(|char: char| !(char.is_alphanumeric() || char == '_' || char == '$'))
                .unwrap_or(rest.len());
            into.push(Token::Word(rest[..end].to_lowercase()));
            rest = &rest[end..];
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            into.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            return Err(refused("42601", format!("syntax error at or near \"{first}\" in a fragment")));
        }
        rest = rest.trim_start();
    }
    Ok(())
}

fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'0'..=b'9' | b'.' => {}
            b'e' | b'E'
                if bytes.get(at + 1).is_some_and(|byte| byte.is_ascii_digit() || b"+-".contains(byte)) =>
            {
                at += 1
            }
            _ => break,
        }
        at += 1;
    }
    at
}

/// The text up to the closing quote, which stands for itself when doubled, and what comes after.
fn quoted(text: &str, quote: char) -> Result<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if char != quote {
            out.push(char);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            chars.next();
            out.push(quote);
        } else {
            return Ok((out, &text[at + quote.len_utf8()..]));
        }
    }
    Err(refused("42601", "a quoted text of a fragment has no end"))
}
