//! Patterns against every engine there is: the `regex` crate on the untranslated source, the recorded answers of
//! Ecto, and, by way of a file of answers that `check.mjs` reads, JavaScript's `RegExp`.
#![cfg(all(feature = "regex", feature = "json"))]

mod cases;
mod conformance;
mod grammar;
mod oracle;

use ectomorph::pattern::Pattern;
use serde_json::{Value, json};

#[test]
fn answers_are_written_for_javascript_to_compare() {
    let mut pairs = Vec::new();
    let mut count = 0;
    for (pattern, texts) in cases::all().into_iter().chain(grammar::all()) {
        let answers: Vec<Value> = texts.iter().map(|text| json!([text, pattern.is_match(text)])).collect();
        count += answers.len();
        let mut entry = head(&pattern);
        entry["texts"] = json!(answers);
        pairs.push(entry);
    }
    assert!(count > 20_000, "{count} pairs are too few to trust");
    let sets: Vec<Value> = cases::sets()
        .iter()
        .map(|pattern| {
            let mut entry = head(pattern);
            entry["matches"] = json!(matched_points(pattern));
            entry
        })
        .collect();
    let letters: Vec<String> = cases::letters().iter().map(char::to_string).collect();
    let folding: Vec<Value> = letters
        .iter()
        .map(|letter| {
            let pattern = pattern(&format!("^{letter}$"), "iu");
            let mut entry = head(&pattern);
            entry["matches"] = letters.iter().filter(|letter| pattern.is_match(letter)).cloned().collect();
            entry
        })
        .collect();
    let assigned = matched_points(&pattern(r"[\P{C}\p{Cc}\p{Cf}\p{Co}]", "u"));
    let answers = json!({
        "pairs": pairs, "sets": sets, "letters": letters, "folding": folding, "assigned": assigned, "unstable": cases::UNSTABLE,
    });
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/patterns.json");
    std::fs::write(file, serde_json::to_string(&answers).unwrap()).unwrap();
    println!("{} patterns, {count} pairs, {} sets: {file}", pairs.len(), sets.len());
}

/// The same list is held against the package in Node and in Chromium.
#[test]
fn what_is_refused_is_refused_by_its_name() {
    let refused: Vec<[String; 3]> = serde_json::from_str(include_str!("refused.json")).unwrap();
    for [source, flags, construct] in refused {
        let error = Pattern::new(&source, &flags).expect_err(&source);
        assert_eq!(error.construct(), construct, "/{source}/{flags}");
        assert!(error.message().starts_with(&construct), "{}", error.message());
    }
}

fn head(pattern: &Pattern) -> Value {
    let (source, flags) = pattern.to_js();
    json!({ "pattern": pattern.source(), "flags": pattern.flags(), "js": [source, flags] })
}

/// The bounds of the ranges of code points that a pattern matches, one after the other.
fn matched_points(pattern: &Pattern) -> Vec<u32> {
    let mut bounds: Vec<u32> = Vec::new();
    let mut buffer = [0; 4];
    // All where scripts are dense and small, some of the rest.
    let dense = ('\0'..'\u{3400}').chain('\u{a000}'..'\u{ac00}').chain('\u{f900}'..='\u{ffff}');
    let large =
        ('\u{3400}'..'\u{a000}').chain('\u{ac00}'..'\u{f900}').chain('\u{10000}'..=char::MAX).step_by(61);
    for point in dense.chain(large) {
        if !pattern.is_match(point.encode_utf8(&mut buffer)) {
            continue;
        }
        match bounds.last_mut() {
            Some(last) if *last + 1 == point as u32 => *last += 1,
            _ => bounds.extend([point as u32; 2]),
        }
    }
    bounds
}

/// A pattern that is known to be in the dialect.
#[track_caller]
fn pattern(source: &str, flags: &str) -> Pattern {
    Pattern::new(source, flags).unwrap_or_else(|error| panic!("/{source}/{flags}: {error}"))
}
