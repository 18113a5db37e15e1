//! Constructs of other engines, so that they can be refused by their names.

/// A name and what to write instead.
pub(super) type Refusal = (&'static str, &'static str);

const LOOK_AHEAD: Refusal = ("look-ahead", LOOK_FIX);
const LOOK_BEHIND: Refusal = ("look-behind", LOOK_FIX);
const LOOK_FIX: &str = "a pattern can't look around; split it into several rules";
const BACK_REFERENCE: Refusal =
    ("back-reference", "a pattern can't look back at what a group matched; use a custom validation");
const RECURSION: Refusal = ("recursion", "a pattern can't call itself; use a custom validation");

/// What no group may start with.
const GROUPS: [(&str, Refusal); 14] = [
    ("(?=", LOOK_AHEAD),
    ("(?!", LOOK_AHEAD),
    ("(?<=", LOOK_BEHIND),
    ("(?<!", LOOK_BEHIND),
    ("(?P=", BACK_REFERENCE),
    ("(?P>", RECURSION),
    ("(?&", RECURSION),
    ("(?R", RECURSION),
    ("(?+", RECURSION),
    ("(?>", ("atomic group", "write (?:..): a match is found without backtracking")),
    ("(?|", ("branch reset group", "write (?:..): groups have no numbers here")),
    ("(?#", ("comment group", "leave it out, or use flag x and #")),
    ("(?(", ("conditional group", "write the alternatives with |")),
    ("(*", ("backtracking verb", r"leave it out, or write \* for the character")),
];

/// Why the group that `text` starts with is refused, and the length of what gives it away.
pub(super) fn group(text: &str) -> Option<(usize, Refusal)> {
    if text.strip_prefix("(?").is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit())) {
        return Some((3, RECURSION));
    }
    GROUPS
        .iter()
        .find(|(prefix, _)| text.starts_with(prefix))
        .map(|(prefix, refusal)| (prefix.len(), *refusal))
}

/// Why a backslash before `escape` is refused.
pub(super) fn escape(escape: char) -> Refusal {
    match escape {
        '1'..='9' | 'k' | 'g' => BACK_REFERENCE,
        '0' => ("octal escape", r"write \x{..} with the code in hexadecimal"),
        'Z' => ("end before a last newline", r"write \z, or \n?\z"),
        'R' => ("line break escape", r"write (?:\r\n|\n|\r)"),
        'h' | 'H' => ("horizontal space escape", r"write [ \t] or [^ \t]"),
        'N' => ("not-newline escape", r"write [^\n]"),
        'Q' | 'E' => ("quoting", "put a backslash before each special character"),
        '<' | '>' => ("word edge", r"write \b"),
        'b' | 'B' | 'A' | 'z' => {
            ("assertion in a class", r"move it out of the class, or write \x08 for backspace")
        }
        _ => ("escape", r"write the character itself, or \x{..} with its code in hexadecimal"),
    }
}
