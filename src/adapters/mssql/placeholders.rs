//! Placeholders as tiberius names them.

use std::borrow::Cow;

/// Ecto's driver calls its params `@1`, tiberius `@P1`. What stands in quotes, brackets or comments is left as it is.
pub fn named(sql: &str) -> Cow<'_, str> {
    if !sql.contains('@') {
        return sql.into();
    }
    let bytes = sql.as_bytes();
    let (mut named, mut copied, mut at) = (String::with_capacity(sql.len() + 16), 0, 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        at += match rest[0] {
            // A quote within quotes is two, which are an end and a start.
            b'\'' => until(rest, 1, b"'"),
            b'"' => until(rest, 1, b"\""),
            b'[' => name(rest),
            b'-' if rest.starts_with(b"--") => until(rest, 2, b"\n"),
            b'/' if rest.starts_with(b"/*") => until(rest, 2, b"*/"),
            b'@' if rest.get(1).is_some_and(u8::is_ascii_digit) && !in_a_name(&bytes[..at]) => {
                named.push_str(&sql[copied..at]);
                named.push_str("@P");
                copied = at + 1;
                1
            }
            _ => 1,
        };
    }
    named.push_str(&sql[copied..]);
    named.into()
}

/// How far it is behind an end that comes after so many bytes.
fn until(rest: &[u8], after: usize, end: &[u8]) -> usize {
    let found = rest[after..].windows(end.len()).position(|window| window == end);
    found.map_or(rest.len(), |found| after + found + end.len())
}

/// How far it is behind a name in brackets, in which a closing one is two.
fn name(rest: &[u8]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match &rest[at..] {
            [b']', b']', ..] => at += 2,
            [b']', ..] => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Whether what comes next goes on with a name: `@@1`, `a@1`.
fn in_a_name(before: &[u8]) -> bool {
    before
        .last()
        .is_some_and(|last| last.is_ascii_alphanumeric() || !last.is_ascii() || b"@_#$".contains(last))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn placeholders_get_their_names_and_nothing_else_does() {
        let cases = [
            ("SELECT 1", "SELECT 1"),
            ("SELECT @1, @12 + @1", "SELECT @P1, @P12 + @P1"),
            ("N'@1 it''s @2' = @1", "N'@1 it''s @2' = @P1"),
            ("[a@1].[@2]]@3] = @1", "[a@1].[@2]]@3] = @P1"),
            ("\"@1\" = @1 -- @2\n, @2 /* @3 */ @3", "\"@1\" = @P1 -- @2\n, @P2 /* @3 */ @P3"),
            ("@@ROWCOUNT, @row, x@1, é@1", "@@ROWCOUNT, @row, x@1, é@1"),
            ("'open @1", "'open @1"),
            ("/*/ @1 */ @1", "/*/ @1 */ @P1"),
        ];
        for (sql, expected) in cases {
            assert_eq!(named(sql), expected, "{sql}");
        }
    }
}
