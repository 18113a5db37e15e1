//! Hand-picked patterns and texts.

use crate::pattern;
use ectomorph::pattern::Pattern;

/// Code points whose properties or foldings differ between the versions of Unicode that engines have: a letter that
/// is lower-case no more since 17, and two that have an upper case since 17.
pub const UNSTABLE: [u32; 3] = [0x295, 0xa7d3, 0xa7d5];

/// Texts that every hand-picked pattern meets.
const TEXTS: [&str; 70] = [
    "",
    "a",
    "A",
    "b",
    "z",
    "ab",
    "abc",
    "ABC",
    "aBc",
    "a.c",
    "a\nc",
    "a\rc",
    "a\r\nc",
    "a\u{2028}c",
    "a\u{2029}c",
    "a\u{85}c",
    "\n",
    "\r",
    "\r\n",
    "\u{2028}",
    "a\n",
    "a\r",
    "a\r\n",
    "a\u{2028}",
    "\na",
    "\ra",
    "\u{2028}a",
    "a\n\nb",
    "k",
    "K",
    "\u{212a}",
    "s",
    "S",
    "\u{17f}",
    "ss",
    "SS",
    "ß",
    "ẞ",
    "i",
    "I",
    "İ",
    "ı",
    "i\u{307}",
    "σ",
    "ς",
    "Σ",
    "Σσς",
    "é",
    "É",
    "e\u{301}",
    "café",
    "Café au lait",
    "1",
    "12",
    "123-4567",
    "٣",
    "१२",
    " ",
    "\t",
    "\u{a0}",
    "\u{feff}",
    "\u{200d}",
    "東京",
    "Привет мир",
    "😀",
    "a😀b",
    "👍🏽",
    "x@y.z",
    "foo_bar-baz",
    "}{][)(",
];

/// Patterns that together have every construct of the dialect, with and without each flag.
const PATTERNS: [&str; 101] = [
    "",
    "a",
    "^a",
    "a$",
    "^a$",
    "^$",
    "$",
    "^",
    "^.$",
    "^..$",
    "a.c",
    "^.*$",
    "^.+$",
    "^.{2,4}$",
    r"\Aa\z",
    r"a\z",
    r"\Ab",
    "a$\n",
    "$.",
    ".^",
    "^b",
    "(?m)^b",
    "(?m)a$",
    "(?m)^$",
    "(?m:^)a",
    "(?s).",
    "(?s:a.c)",
    "(?-s:a.c)",
    r"\d",
    r"\D",
    r"\w",
    r"\W",
    r"\s",
    r"\S",
    r"^\d+$",
    r"^\D+$",
    r"^\w+$",
    r"^\W+$",
    r"^\s+$",
    r"^\S+$",
    r"\b",
    r"\B",
    r"\bb",
    r"b\b",
    r"\Bb",
    r"a\B",
    r"^\b",
    r"\b$",
    r"^\B",
    r"\B$",
    r"^(?:\b|a)*$",
    "[a-z]",
    "[^a-z]",
    "^[^a-z]+$",
    "[A-Z]",
    "[ks]",
    "[^ks]",
    "^[^ks]$",
    "k",
    "s",
    "ss",
    "(?i)k",
    "(?i)ss",
    "(?i:K)[a-z]?",
    r"[\w.-]+@[\w.-]+",
    r"^[^\s]+@[^\s]+$",
    r"[\d\s]",
    r"[^\d\s]",
    r"[\D]",
    r"[\W_]",
    r"^[\W\d]+$",
    r"^[^\W\d]+$",
    r"[^\S\n]",
    r"[a-z&&[^aeiou]]",
    r"^[\w--\d]+$",
    r"^[\w&&[^\d_]]+$",
    r"[a-c--b]$",
    r"^[^a-z&&[^b-y]]+$",
    "[[:alpha:]]",
    "^[[:^alpha:]]+$",
    "[[:upper:][:digit:]]+$",
    "^[[:space:]]$",
    "[[:punct:]]",
    r"[]a]",
    r"[^]a]",
    r"[-a]",
    r"[a-]",
    r"[+\-a-c-]",
    r"[{}]",
    r"}\{\]\[\)\(",
    "]",
    r"}",
    "a|b|",
    "^(?:|a|b)$",
    "(a(b)?)+",
    "(?P<x>a)(?<y>b)",
    "(a*)*b",
    "(?:a?){2,3}b",
    r"(?:^|\s)b?",
    "a{0}b",
    r"(?x) a  # first
        b \  ?",
];

/// Patterns for flag `u` only.
const UNICODE: [&str; 31] = [
    r"\p{L}",
    r"\P{L}",
    r"^\p{L}+$",
    r"^\P{L}+$",
    r"\p{Lu}",
    r"\P{Lu}",
    r"\p{Ll}",
    r"^[^\p{Lu}]+$",
    r"^[\P{Lu}]+$",
    r"^[\P{Lu}a]+$",
    r"\pN",
    r"^\p{Nd}+$",
    r"\p{P}",
    r"\p{S}",
    r"\p{Z}",
    r"\p{M}",
    r"\p{Latin}",
    r"\p{Greek}",
    r"\p{Cyrillic}",
    r"\p{Han}",
    r"\p{Hiragana}",
    r"\p{Katakana}",
    r"^[\p{L} ]+$",
    r"^[\p{L}\p{M}\p{N}_'-]+$",
    r"\p{Alphabetic}",
    r"\p{Emoji}",
    r"[\p{L}--\p{Lu}]",
    r"^[\p{L}&&\p{Latin}]+$",
    r"(?i:é)",
    "(?i)σ",
    "[à-ÿ]",
];

/// Patterns that real rules have, and texts for each.
const RULES: [(&str, &str, &[&str]); 7] = [
    (r"^#?[0-9a-fA-F]{6}$", "", &["#ff00aa", "FF00AA", "#ff00a", "#gg0000"]),
    (r"^(https?)://[^/\s]+(/.*)?$", "", &["http://x", "https://x.y/z", "ftp://x", "http://", "http://x\n"]),
    (r"^\d{3}-\d{4}$", "", &["555-1234", "555-12345", "٥٥٥-١٢٣٤", "555-1234\n"]),
    (
        r"^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$",
        "i",
        &[
            "ada@example.com",
            "A.B+c@EXAMPLE.co.uk",
            "a@b",
            "@b",
            "a@-b.c",
            "é@b.c",
            "a@b..c",
            "\u{212a}@b.c",
            "a@\u{212a}",
        ],
    ),
    (r"^\+?[1-9]\d{1,14}$", "", &["+14155552671", "0123", "+1", "1", "+"]),
    (
        r"^[\p{L}\p{M}]+(?:[ '’-][\p{L}\p{M}]+)*$",
        "u",
        &["Ada Lovelace", "O’Neil", "Renée-Zoë", "João  Silva", "東京", "x1", "e\u{301}", ""],
    ),
    (
        r"(?x)^ (?<year>\d{4}) - (?<month>0[1-9]|1[0-2]) - (?<day>0[1-9]|[12]\d|3[01]) $",
        "",
        &["2024-01-31", "2024-13-01", "2024-1-1", "2024 - 01 - 31"],
    ),
];

/// Every hand-picked pattern under every flag that it may have, with its texts.
pub fn all() -> Vec<(Pattern, Vec<String>)> {
    let texts: Vec<String> = TEXTS.iter().map(|text| text.to_string()).collect();
    let ascii = PATTERNS
        .iter()
        .flat_map(|source| ["", "i", "s", "m", "u", "iu", "su", "mu"].map(|flags| (source, flags)));
    let unicode = UNICODE.iter().flat_map(|source| ["u", "iu"].map(|flags| (source, flags)));
    let general = ascii.chain(unicode).map(|(source, flags)| (pattern(source, flags), texts.clone()));
    let rules = RULES.iter().map(|(source, flags, texts)| {
        (pattern(source, flags), texts.iter().map(|text| text.to_string()).collect())
    });
    general.chain(rules).collect()
}

/// Patterns to compare on every code point: classes with names, under every flag that matters.
pub fn sets() -> Vec<Pattern> {
    const NAMES: &str = "L LC Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc \
        Cf Co Any ASCII Alphabetic Lowercase Uppercase White_Space ID_Start ID_Continue XID_Start XID_Continue Emoji \
        Emoji_Presentation Arabic Armenian Bengali Bopomofo Braille Cherokee Common Coptic Cyrillic \
        Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Inherited Kannada Katakana Khmer \
        Lao Latin Malayalam Mongolian Myanmar Oriya Runic Sinhala Syriac Tamil Telugu Thaana Thai Tibetan Yi";
    const POSIX: &str = "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit";
    let mut sets = Vec::new();
    for name in NAMES.split_whitespace() {
        sets.push(pattern(&format!(r"^\p{{{name}}}$"), "u"));
        sets.push(pattern(&format!(r"^\P{{{name}}}$"), "iu"));
    }
    for name in POSIX.split_whitespace() {
        sets.extend(["", "i", "iu"].map(|flags| pattern(&format!(r"^[[:{name}:]]$"), flags)));
    }
    for name in [r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", "."] {
        sets.extend(["", "s", "u", "iu"].map(|flags| pattern(&format!("^{name}$"), flags)));
    }
    for edge in [r"^\b", r"\b.|\n\b", r"^\B"] {
        sets.extend(["", "u", "iu"].map(|flags| pattern(edge, flags)));
    }
    sets
}

/// Every character that has case.
pub fn letters() -> Vec<char> {
    let has_case = |letter: &char| letter.to_lowercase().ne([*letter]) || letter.to_uppercase().ne([*letter]);
    ('\0'..=char::MAX).filter(has_case).collect()
}
