//! The `regex` crate itself on sources that nobody has rewritten.

use crate::{cases, grammar};
use ectomorph::pattern::Pattern;

/// Flag by flag, what a pattern means to the crate.
fn has(pattern: &Pattern, flag: char) -> bool {
    pattern.flags().contains(flag)
}

#[test]
fn with_flag_u_a_pattern_means_what_it_means_to_the_regex_crate() {
    let mut compared = 0;
    for (pattern, texts) in
        cases::all().into_iter().chain(grammar::all()).filter(|(pattern, _)| has(pattern, 'u'))
    {
        let untranslated = regex::RegexBuilder::new(pattern.source())
            .case_insensitive(has(&pattern, 'i'))
            .dot_matches_new_line(has(&pattern, 's'))
            .multi_line(has(&pattern, 'm'))
            .ignore_whitespace(has(&pattern, 'x'))
            .size_limit(128 << 20)
            .build()
            .unwrap_or_else(|error| panic!("{pattern:?}: {error}"));
        for text in texts {
            assert_eq!(pattern.is_match(&text), untranslated.is_match(&text), "{pattern:?} on {text:?}");
            compared += 1;
        }
    }
    assert!(compared > 10_000, "{compared} comparisons are too few to trust");
}

#[test]
fn without_flag_u_a_pattern_means_what_it_means_to_the_regex_crate_without_unicode() {
    let mut compared = 0;
    for (pattern, texts) in
        cases::all().into_iter().chain(grammar::all()).filter(|(pattern, _)| !has(pattern, 'u'))
    {
        // Without Unicode the crate reads bytes, so only patterns and texts of ASCII mean the same.
        let untranslated = regex::bytes::RegexBuilder::new(pattern.source())
            .unicode(false)
            .case_insensitive(has(&pattern, 'i'))
            .dot_matches_new_line(has(&pattern, 's'))
            .multi_line(has(&pattern, 'm'))
            .ignore_whitespace(has(&pattern, 'x'))
            .build();
        let Some(untranslated) = untranslated.ok().filter(|_| pattern.source().is_ascii()) else { continue };
        for text in texts.iter().filter(|text| text.is_ascii()) {
            assert_eq!(
                pattern.is_match(text),
                untranslated.is_match(text.as_bytes()),
                "{pattern:?} on {text:?}"
            );
            compared += 1;
        }
    }
    assert!(compared > 1_000, "{compared} comparisons are too few to trust");
}

#[test]
fn whatever_is_accepted_is_a_pattern_of_the_regex_crate_and_nothing_panics() {
    let mut accepted = 0;
    for source in grammar::debris() {
        for flags in ["u", "iu", "xu"] {
            if Pattern::new(&source, flags).is_err() {
                continue;
            }
            accepted += 1;
            let untranslated =
                regex::RegexBuilder::new(&source).ignore_whitespace(flags.contains('x')).build();
            assert!(untranslated.is_ok(), "/{source}/{flags}: {}", untranslated.unwrap_err());
        }
    }
    assert!(accepted > 1_000, "only {accepted} were patterns");
}
