//! Trimming and counting text.

use ectomorph::value::{codepoint_count, trim, trim_leading};

#[test]
fn white_space_is_what_rust_says_of_every_code_point() {
    for c in char::MIN..=char::MAX {
        let text = c.to_string();
        let left = if c.is_whitespace() { "" } else { text.as_str() };
        assert_eq!((trim(&text), trim_leading(&text)), (left, left), "{c:?}");
    }
}

#[test]
fn trimming_leaves_white_space_inside() {
    let text = "\u{3000}\t\u{85}a \u{a0} b\u{2003}\r\n";
    assert_eq!(trim(text), "a \u{a0} b");
    assert_eq!(trim_leading(text), "a \u{a0} b\u{2003}\r\n");
}

#[test]
fn trimming_nothing_but_white_space_leaves_nothing() {
    assert_eq!(trim(" \u{2028}\u{1680} "), "");
    assert_eq!(trim_leading(" \u{2028}\u{1680} "), "");
    assert_eq!(trim(""), "");
}

#[test]
fn what_only_looks_like_white_space_stays() {
    for text in ["\u{200b}a\u{200b}", "\u{feff}a\u{feff}", "\u{180e}a\u{180e}", "\u{2800}a\u{2800}"] {
        assert_eq!((trim(text), trim_leading(text)), (text, text));
    }
}

#[test]
fn code_points_are_counted_as_rust_counts_chars() {
    for text in ["", "a", "Zoe\u{301}", "한국어", "👩\u{200d}👧", "\0\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}"] {
        assert_eq!(codepoint_count(text), text.chars().count());
    }
}
