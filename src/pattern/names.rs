//! The names of classes that both engines know and mean alike.

use super::tree::Set;

/// General categories. Unassigned code points (`Cn`) are no class: they change with each version of Unicode.
const CATEGORIES: &str = "L LC Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po \
     S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Co";

/// Binary properties.
const PROPERTIES: &str = "Any ASCII Alphabetic Lowercase Uppercase White_Space ID_Start ID_Continue \
     XID_Start XID_Continue Emoji Emoji_Presentation";

/// Scripts.
const SCRIPTS: &str = "Arabic Armenian Bengali Bopomofo Braille Cherokee Common Coptic Cyrillic \
     Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Inherited Kannada \
     Katakana Khmer Lao Latin Malayalam Mongolian Myanmar Oriya Runic Sinhala Syriac Tamil Telugu Thaana \
     Thai Tibetan Yi";

/// The class `\p{name}`.
pub(super) fn property(name: &str) -> Option<Set> {
    [("gc=", CATEGORIES), ("sc=", SCRIPTS), ("", PROPERTIES)].into_iter().find_map(|(kind, names)| {
        names.split_ascii_whitespace().find(|known| *known == name).map(|known| Set::Property(kind, known))
    })
}

/// Whether folding case adds nothing to `\p{name}`: no letter that has case stands on its border.
pub(super) fn is_caseless(name: &str) -> bool {
    name.starts_with(['P', 'Z']) || matches!(name, "Nd" | "White_Space" | "Any")
}

/// The bounds of the ranges of `[:name:]`, in ASCII under every flag.
pub(super) fn posix(name: &str) -> Option<&'static str> {
    Some(match name {
        "alnum" => "09AZaz",
        "alpha" => "AZaz",
        "ascii" => "\0\x7f",
        "blank" => "\t\t  ",
        "cntrl" => "\0\x1f\x7f\x7f",
        "digit" => "09",
        "graph" => "!~",
        "lower" => "az",
        "print" => " ~",
        "punct" => "!/:@[`{~",
        "space" => "\t\r  ",
        "upper" => "AZ",
        "word" => WORD,
        "xdigit" => "09AFaf",
        _ => return None,
    })
}

/// The bounds of the ranges of `\d`, `\s` or `\w` in ASCII.
pub(super) fn perl(name: char) -> &'static str {
    match name {
        'd' => "09",
        's' => "\t\r  ",
        _ => WORD,
    }
}

const WORD: &str = "09AZ__az";

/// The properties whose union is `\d`, `\s` or `\w` in Unicode.
pub(super) fn unicode_perl(name: char) -> &'static [(&'static str, &'static str)] {
    match name {
        'd' => &[("gc=", "Nd")],
        's' => &[("", "White_Space")],
        _ => &[("", "Alphabetic"), ("gc=", "M"), ("gc=", "Nd"), ("gc=", "Pc"), ("", "Join_Control")],
    }
}
