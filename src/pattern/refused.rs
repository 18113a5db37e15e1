//! All that is refused, each with its name and what to write instead.

/// A construct that is no part of the dialect.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) construct: &'static str,
    pub(super) fix: &'static str,
}

/// A refusal of the bytes `start..end` of a pattern.
///
/// Small, as it passes through every function of the parser.
#[derive(Clone, Copy)]
pub(super) struct Refused {
    pub(super) refusal: &'static Refusal,
    pub(super) start: usize,
    pub(super) end: usize,
}

const fn refusal(construct: &'static str, fix: &'static str) -> Refusal {
    Refusal { construct, fix }
}

pub(super) const LONG_PATTERN: &Refusal = &refusal("long pattern", "a pattern has 4096 bytes at most");
pub(super) const FLAG: &Refusal = &refusal("flag", "the flags are i, m, s, u and x");
pub(super) const UNOPENED_GROUP: &Refusal = &refusal("unopened group", r"write \) for the character");
pub(super) const PARTLY_CASELESS_PATTERN: &Refusal = &refusal(
    "partly caseless pattern",
    "with flag u and letters beyond ASCII, give i for the whole pattern or not at all",
);
pub(super) const DEEP_NESTING: &Refusal = &refusal("deep nesting", "groups and classes nest 50 deep at most");
pub(super) const REPETITION_OF_NOTHING: &Refusal =
    &refusal("repetition of nothing", "put what it repeats before it, or a backslash");
pub(super) const BRACE: &Refusal = &refusal("brace", r"write \{ for the character");
pub(super) const UNCLOSED_GROUP: &Refusal =
    &refusal("unclosed group", r"close it with ), or write \( for the character");
pub(super) const GROUP_NAME: &Refusal = &refusal(
    "group name",
    "a name has letters, digits and _ of ASCII, starts with no digit, and stands once",
);
pub(super) const INLINE_FLAG_U: &Refusal =
    &refusal("inline flag u", "give u in the flags of the pattern: it holds for all of it");
pub(super) const GROUP: &Refusal =
    &refusal("group", "groups are (..), (?:..), (?<name>..) and (?i:..), with the flags i, m, s and x");
pub(super) const REPETITION_OF_A_REPETITION: &Refusal = &refusal(
    "repetition of a repetition",
    "put what is repeated twice into a group (possessive repetition is not known here)",
);
pub(super) const COUNTED_REPETITION: &Refusal =
    &refusal("counted repetition", r"write {n}, {n,} or {n,m} with n not above m, or \{ for the character");
pub(super) const REPETITION_COUNT: &Refusal = &refusal("repetition count", "a count is 1000 at most");
pub(super) const SPECIAL_WORD_BOUNDARY: &Refusal = &refusal("special word boundary", r"write \b");
pub(super) const TRAILING_BACKSLASH: &Refusal = &refusal("trailing backslash", r"write \\ for the character");
pub(super) const CODE_POINT: &Refusal =
    &refusal("code point", r"write \xHH, \uHHHH or \x{H..}, from 0 to 10FFFF, no surrogate");
pub(super) const UNICODE_CLASS_WITHOUT_FLAG_U: &Refusal =
    &refusal("unicode class without flag u", "add flag u, or list the characters");
pub(super) const UNICODE_CLASS: &Refusal = &refusal(
    "unicode class",
    "write a short category (L, Lu, Nd, P), a script (Latin, Greek) or a property (Alphabetic)",
);
pub(super) const LARGE_PATTERN: &Refusal = &refusal(
    "large pattern",
    "lower the counts of its repetitions, or check lengths with a rule of their own",
);
pub(super) const SET_OPERATION_ON_NOTHING: &Refusal =
    &refusal("set operation on nothing", r"put a set on each side, or write \& or \- for the character");
pub(super) const SYMMETRIC_DIFFERENCE: &Refusal = &refusal("symmetric difference", "write [[a--b][b--a]]");
pub(super) const RANGE_OF_CLASSES: &Refusal = &refusal("range of classes", r"write \- for the hyphen");
pub(super) const REVERSED_RANGE: &Refusal =
    &refusal("reversed range", r"put the lower character first, or write \- for the hyphen");
pub(super) const UNCLOSED_CLASS: &Refusal =
    &refusal("unclosed class", r"close it with ], or write \[ for the character");
pub(super) const SPACE_IN_EXTENDED_CLASS: &Refusal =
    &refusal("space or # in a class under flag x", "put a backslash before it");
pub(super) const POSIX_CLASS: &Refusal =
    &refusal("posix class", r"write [:alpha:] or another of the names of POSIX, or \[: for the characters");

const LOOK_FIX: &str = "a pattern can't look around; split it into several rules";
const LOOK_AHEAD: &Refusal = &refusal("look-ahead", LOOK_FIX);
const LOOK_BEHIND: &Refusal = &refusal("look-behind", LOOK_FIX);
const BACK_REFERENCE: &Refusal =
    &refusal("back-reference", "a pattern can't look back at what a group matched; use a custom validation");
const RECURSION: &Refusal = &refusal("recursion", "a pattern can't call itself; use a custom validation");

/// What no group may start with.
const GROUPS: [(&str, &Refusal); 14] = [
    ("(?=", LOOK_AHEAD),
    ("(?!", LOOK_AHEAD),
    ("(?<=", LOOK_BEHIND),
    ("(?<!", LOOK_BEHIND),
    ("(?P=", BACK_REFERENCE),
    ("(?P>", RECURSION),
    ("(?&", RECURSION),
    ("(?R", RECURSION),
    ("(?+", RECURSION),
    ("(?>", &refusal("atomic group", "write (?:..): whether a text matches does not depend on backtracking")),
    ("(?|", &refusal("branch reset group", "write (?:..): groups have no numbers here")),
    ("(?#", &refusal("comment group", "leave it out, or use flag x and #")),
    ("(?(", &refusal("conditional group", "write the alternatives with |")),
    ("(*", &refusal("backtracking verb", r"leave it out, or write \* for the character")),
];

/// Why the group that `text` starts with is refused, and the length of what gives it away.
pub(super) fn group(text: &str) -> Option<(usize, &'static Refusal)> {
    if text.strip_prefix("(?").is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit())) {
        return Some((3, RECURSION));
    }
    GROUPS
        .iter()
        .find(|(prefix, _)| text.starts_with(prefix))
        .map(|(prefix, refusal)| (prefix.len(), *refusal))
}

/// Why a backslash before `escape` is refused.
pub(super) fn escape(escape: char) -> &'static Refusal {
    match escape {
        '1'..='9' | 'k' | 'g' => BACK_REFERENCE,
        '0' => const { &refusal("octal escape", r"write \x{..} with the code in hexadecimal") },
        'Z' => const { &refusal("end before a last newline", r"write \z, or \n?\z") },
        'R' => const { &refusal("line break escape", r"write (?:\r\n|\n|\r)") },
        'h' | 'H' => const { &refusal("horizontal space escape", r"write [ \t] or [^ \t]") },
        'N' => const { &refusal("not-newline escape", r"write [^\n]") },
        'Q' | 'E' => const { &refusal("quoting", "put a backslash before each special character") },
        '<' | '>' => const { &refusal("word edge", r"write \b") },
        'b' | 'B' | 'A' | 'z' => {
            const { &refusal("assertion in a class", r"move it out of the class, or write \x08 for backspace") }
        }
        _ => {
            const { &refusal("escape", r"write the character itself, or \x{..} with its code in hexadecimal") }
        }
    }
}
