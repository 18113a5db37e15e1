//! What is refused and by which name, what translations look like, and limits. What patterns mean is compared
//! with other engines in `tests/patterns`.

use super::*;
use alloc::string::ToString;
use alloc::vec::Vec;

#[track_caller]
fn refused(source: &str, flags: &str) -> PatternError {
    Pattern::new(source, flags).expect_err(source)
}

#[test]
fn constructs_outside_of_the_dialect_are_refused_by_their_names() {
    // Source, name of the construct, the piece that is it, and its place.
    let table = [
        ("a(?=b)", "look-ahead", "(?=", 1),
        ("a(?!b)", "look-ahead", "(?!", 1),
        ("(?<=a)b", "look-behind", "(?<=", 0),
        ("é(?<!a)b", "look-behind", "(?<!", 1),
        (r"(a)\1", "back-reference", r"\1", 3),
        (r"(?<n>a)\k<n>", "back-reference", r"\k", 7),
        (r"(a)\g1", "back-reference", r"\g", 3),
        ("(?P<n>a)(?P=n)", "back-reference", "(?P=", 8),
        ("(a(?R)?)", "recursion", "(?R", 2),
        ("(a(?1)?)", "recursion", "(?1", 2),
        ("(?P>n)", "recursion", "(?P>", 0),
        ("(?&n)", "recursion", "(?&", 0),
        ("(?>a+)b", "atomic group", "(?>", 0),
        ("(?|a|b)", "branch reset group", "(?|", 0),
        ("(?#note)a", "comment group", "(?#", 0),
        ("(a)?(?(1)b)", "conditional group", "(?(", 4),
        ("(*UTF8)a", "backtracking verb", "(*", 0),
        ("(?u)a", "inline flag u", "(?u", 0),
        ("(?U)a", "group", "(?U", 0),
        ("(?)a", "group", "(?)", 0),
        ("(?-)a", "group", "(?-)", 0),
        ("(?i-:a)", "group", "(?i-:", 0),
        ("(?'n'a)", "group", "(?'", 0),
        ("(?<1>a)", "group name", "(?<1>", 0),
        ("(?<n>a)(?<n>b)", "group name", "(?<n>", 7),
        ("(a", "unclosed group", "(a", 0),
        ("a)", "unopened group", ")", 1),
        ("a++", "repetition of a repetition", "++", 1),
        ("a*?+", "repetition of a repetition", "*?+", 1),
        ("a{2}{3}", "repetition of a repetition", "{2}{", 1),
        ("*a", "repetition of nothing", "*", 0),
        ("a|+", "repetition of nothing", "+", 2),
        ("(?i)*", "repetition of nothing", "*", 4),
        ("{2}", "brace", "{", 0),
        ("a{,2}", "counted repetition", "{", 1),
        ("a{2", "counted repetition", "{2", 1),
        ("a{x}", "counted repetition", "{", 1),
        ("a{3,2}", "counted repetition", "{3,2}", 1),
        ("a{1001}", "repetition count", "{1001", 1),
        ("(?:a{1000}){1000}", "large pattern", "{1000}", 11),
        (r"a\Z", "end before a last newline", r"\Z", 1),
        (r"\R", "line break escape", r"\R", 0),
        (r"\h", "horizontal space escape", r"\h", 0),
        (r"\N", "not-newline escape", r"\N", 0),
        (r"\Qa\E", "quoting", r"\Q", 0),
        (r"\<a", "word edge", r"\<", 0),
        (r"\b{start}a", "special word boundary", r"\b{", 0),
        (r"\012", "octal escape", r"\0", 0),
        (r"\X", "escape", r"\X", 0),
        (r"\K", "escape", r"\K", 0),
        (r"\G", "escape", r"\G", 0),
        (r"\cA", "escape", r"\c", 0),
        (r"\é", "escape", r"\é", 0),
        (r"a\", "trailing backslash", r"\", 1),
        (r"\x4", "code point", r"\x4", 0),
        (r"\x{}", "code point", r"\x{", 0),
        (r"\x{110000}", "code point", r"\x{110000}", 0),
        (r"\ud83d\ude00", "code point", r"\ud83d", 0),
        (r"\x{123456789}", "code point", r"\x{12345678", 0),
        ("[a", "unclosed class", "[a", 0),
        ("[]", "unclosed class", "[]", 0),
        ("[z-a]", "reversed range", "z-a", 1),
        (r"[a-\d]", "escape", r"a-\d", 1),
        (r"[\d-z]", "range of classes", r"\d-", 1),
        (r"[\b]", "assertion in a class", r"\b", 1),
        ("[a~~b]", "symmetric difference", "~~", 2),
        ("[a&&]", "set operation on nothing", "[a&&", 0),
        ("[a--]", "set operation on nothing", "[a--", 0),
        ("[[:letter:]]", "posix class", "[:letter:]", 1),
        (r"\p{L}", "unicode class without flag u", r"\p{L}", 0),
    ];
    for (source, construct, text, position) in table {
        let error = refused(source, "");
        assert_eq!(
            (error.construct(), error.text(), error.position()),
            (construct, text, position),
            "{source}"
        );
        assert!(!error.fix().is_empty());
    }
}

#[test]
fn what_only_flags_bring_about_is_refused_by_its_name() {
    let table = [
        ("a", "g", "flag", "g"),
        ("a", "iU", "flag", "U"),
        (r"\p{Letter}", "u", "unicode class", r"\p{Letter}"),
        (r"\p{Cn}", "u", "unicode class", r"\p{Cn}"),
        (r"\p{^L}", "u", "unicode class", r"\p{^L}"),
        (r"\pX", "u", "unicode class", r"\pX"),
        (r"\p{L", "u", "unicode class", r"\p{"),
        ("[a b]", "x", "space or # in a class under flag x", " "),
        ("(?i:é)a", "u", "partly caseless pattern", "a"),
        (r"(?i)\p{Lu}(?-i)k", "u", "partly caseless pattern", "k"),
    ];
    for (source, flags, construct, text) in table {
        let error = refused(source, flags);
        assert_eq!((error.construct(), error.text()), (construct, text), "{source}");
    }
}

#[test]
fn a_message_names_the_thing_its_place_and_the_fix() {
    assert_eq!(
        refused("0123456789(?=a)", "").message(),
        "look-ahead `(?=` at character 10: a pattern can't look around; split it into several rules"
    );
    assert_eq!(refused("a", "iz").to_string(), "flag `z` at character 1: the flags are i, m, s, u and x");
}

#[test]
fn limits_hold_on_length_and_depth() {
    assert!(Pattern::new(&"a".repeat(4096), "").is_ok());
    assert_eq!(refused(&"a".repeat(4097), "").construct(), "long pattern");
    let groups = |depth: usize| "(".repeat(depth) + &")".repeat(depth);
    assert!(Pattern::new(&groups(50), "").is_ok());
    assert_eq!(refused(&groups(51), "").construct(), "deep nesting");
    let classes = |depth: usize| "[a".repeat(depth) + &"]".repeat(depth);
    assert!(Pattern::new(&classes(50), "").is_ok());
    assert_eq!(refused(&classes(51), "").construct(), "deep nesting");
    assert_eq!(refused(&"[".repeat(4096), "").construct(), "deep nesting");
}

#[test]
fn translations_are_written_out() {
    let table = [
        ("", "", "^[^]*?", "u"),
        (r"\d+\s\w", "", r"[0-9]+[\x09-\x0d ][0-9A-Z_a-z]", "u"),
        (r"\d\s", "u", r"[\p{gc=Nd}][\p{White_Space}]", "u"),
        ("^.$", "", r"^[^\x0a]$", "u"),
        ("^.$", "s", "^[\\x00-\u{10ffff}]$", "u"),
        (r"\A^a$\z", "m", r"^(?<![^\n])a(?![^\n])$", "u"),
        ("(a)|(?:b)|(?<n>c+?)", "", "a|b|c+", "u"),
        ("(?:ab|c){2,}", "", "(?:ab|c){2,}", "u"),
        ("(?:a+)+", "", "(?:a+)+", "u"),
        ("^*a", "", "(?:^)*a", "u"),
        ("ak", "i", "[aA][kK]", "u"),
        ("ak", "iu", "[aA][kK\u{212a}]", "u"),
        ("aké", "iu", "aké", "iu"),
        ("a(?i)b(?-i:c)", "", "a[bB]c", "u"),
        ("a-]}/", "", r"a\x2d\]\}\/", "u"),
        (r"[a-z&&[^aeiou]]", "", "(?:(?=[a-z])[^aeiou])", "u"),
        (r"[\w--_]", "", "(?:(?!_)[0-9A-Z_a-z])", "u"),
        (r"[^\S\n]", "", r"(?:(?!(?:(?=[^\x09-\x0d ]|\x0a)[^]))[^])", "u"),
        (r"\p{Greek}\PN", "u", r"[\p{sc=Greek}][^\p{gc=N}]", "u"),
        (r"\b", "", r"^[^]*?\b", "u"),
        (r"a {2} # two", "x", "a{2}", "u"),
    ];
    for (source, flags, js, js_flags) in table {
        let pattern = Pattern::new(source, flags).expect(source);
        assert_eq!(pattern.to_js(), (js.to_string(), js_flags), "{source}");
    }
}

#[test]
fn patterns_are_equal_by_source_and_flags() {
    let pattern = Pattern::new("a", "i").expect("in the dialect");
    assert_eq!(pattern, pattern.clone());
    assert_eq!(pattern, Pattern::new("a", "i").expect("in the dialect"));
    assert_ne!(pattern, Pattern::new("a", "").expect("in the dialect"));
    assert_ne!(pattern, Pattern::new("b", "i").expect("in the dialect"));
    assert_eq!(alloc::format!("{pattern:?}"), r#"Pattern("a", "i")"#);
}

/// The parser takes it that folding adds nothing to some sets; it could only add a letter that has case.
#[cfg(feature = "regex")]
#[test]
fn sets_without_case_are_closed_under_folding() {
    let pattern = |source: &str, flags| Pattern::new(source, flags).expect("in the dialect");
    let letters: Vec<char> = ('\0'..=char::MAX)
        .filter(|letter| letter.to_lowercase().ne([*letter]) || letter.to_uppercase().ne([*letter]))
        .collect();
    assert!(letters.len() > 2800);
    let mut sets = Vec::new();
    for (first, last) in parse::CASELESS {
        sets.push(alloc::format!(r"[\x{{{:x}}}-\x{{{:x}}}]", first as u32, last as u32));
    }
    for name in
        ["P", "Pd", "Ps", "Pe", "Pc", "Po", "Pi", "Pf", "Z", "Zs", "Zl", "Zp", "Nd", "White_Space", "Any"]
    {
        assert!(names::is_caseless(name));
        sets.push(alloc::format!(r"\p{{{name}}}"));
    }
    sets.extend([r"\w", r"\d", r"\s"].map(String::from));
    for set in sets {
        let set = alloc::format!("^{set}$");
        let (plain, folded) = (pattern(&set, "u"), pattern(&set, "iu"));
        for letter in &letters {
            let text = letter.to_string();
            assert_eq!(plain.is_match(&text), folded.is_match(&text), "{set} on {letter:?}");
        }
    }
}

/// What the parser accepts must compile: the pattern was already said to be good.
#[cfg(feature = "regex")]
#[test]
fn the_heaviest_patterns_that_are_accepted_compile() {
    let heavy = [
        (r"\w{428}", "u"),
        (r"\W{400}", "u"),
        (r"[\w--\p{Lu}]{214}", "u"),
        (r"[^\p{L}]{400}", "iu"),
        (r"(?:[\p{L}\p{N}\p{P}\p{S}]{10}){10}", "iu"),
        (r"(?:.{1000}){18}", ""),
        (r"(?:[^a]{1000}){17}", "i"),
        (r"(?:[à-ö]{1000}){18}", "iu"),
        (r"(?:[a-z]{1000}){300}", ""),
        (r"(?:\D{1000}){17}", ""),
    ];
    for (source, flags) in heavy {
        assert!(Pattern::new(source, flags).is_ok_and(|pattern| !pattern.is_match("")), "{source}");
    }
}
