//! Trimming, counting and guessing text.

use ectomorph::value::{codepoint_count, nearest, trim, trim_leading};

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
    for text in [
        "",
        "a",
        "Zoe\u{301}",
        "한국어",
        "👩\u{200d}👧",
        "\0\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}",
    ] {
        assert_eq!(codepoint_count(text), text.chars().count());
    }
}

#[test]
fn an_added_dropped_changed_or_swapped_byte_is_near() {
    for typo in ["emaiil", "emal", "emayl", "emial", "xemail", "emailx", "mail", "Email", "EMIAL"] {
        assert_eq!(nearest(typo, ["name", "email"]), Some("email"), "{typo}");
    }
}

#[test]
fn the_fewest_edits_win_and_then_the_first() {
    assert_eq!(nearest("post_id", ["user_id", "post_ids", "post_ix"]), Some("post_ids"));
    assert_eq!(nearest("titel", ["tithe", "title"]), Some("title"));
    assert_eq!(nearest("name", ["names", "name"]), Some("name"));
}

#[test]
fn how_far_is_near_grows_with_length_up_to_three_edits() {
    assert_eq!(nearest("id", ["ip"]), None);
    assert_eq!(nearest("ag", ["age"]), Some("age"));
    assert_eq!(nearest("bio", ["bob"]), None);
    assert_eq!(nearest("inserted", ["instrted_at"]), None);
    assert_eq!(nearest("inserted", ["inserted_at"]), Some("inserted_at"));
    assert_eq!(nearest("confirmation_code", ["conformatio_cod"]), Some("conformatio_cod"));
    assert_eq!(nearest("confirmation_code", ["conformatio_kod"]), None);
}

#[test]
fn nothing_is_near_an_empty_word_or_no_candidates() {
    assert_eq!(nearest("", ["id", "name"]), None);
    assert_eq!(nearest("name", []), None);
}

#[test]
fn nearness_is_the_distance_with_swaps_of_neighbors() {
    // All words of up to four letters of a two-letter alphabet, padded so that three edits are near.
    let words: Vec<String> = (0..5u32)
        .flat_map(|length| {
            (0..1 << length).map(move |bits: u32| {
                let letters = (0..length).map(|i| if bits >> i & 1 == 0 { 'a' } else { 'b' });
                format!("comments{}", String::from_iter(letters))
            })
        })
        .collect();
    for a in &words {
        for b in &words {
            let near = distance(a.as_bytes(), b.as_bytes()) <= (a.len().max(b.len()) / 3).min(3);
            assert_eq!(nearest(a, [b.as_str()]), near.then_some(b.as_str()), "{a} {b}");
        }
    }
}

/// The textbook's table: edit distance where two swapped neighbors are one edit.
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let change = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut fewest = change.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        fewest = fewest.min(table[i - 2][j - 2] + 1);
                    }
                    fewest
                }
            };
        }
    }
    table[a.len()][b.len()]
}
