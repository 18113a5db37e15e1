//! Hostile texts in every place of a statement that takes a text: they stay texts, or are refused.
//!
//! The text of statements is looked at in four dialects; three databases run them.

mod places;

#[cfg(any(feature = "mysql", feature = "postgres", feature = "sqlite"))]
mod executed;

use ectomorph::adapter::AdapterError;
use ectomorph::adapters::sql::{ddl, query};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What is dangerous somewhere, and what is not.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "'",
        "''",
        "\"",
        "`",
        "[",
        "]",
        "\\",
        "\\'",
        "\\\"",
        "--",
        "-- ",
        "/*",
        "*/",
        "#",
        ";",
        "\0",
        "\n",
        "$$",
        "$1",
        "$a$",
        "?",
        "@1",
        ":a",
        "%",
        "_",
        "{}",
        "(",
        ")",
        ",",
        ".",
        "=",
        "::text",
        "N'",
        "E'\\'",
        "0x27",
        "\u{2019}",
        "\u{ff07}",
        "\u{02bc}",
        "é",
        "日",
        " ",
        "x",
        "a1",
        "' OR '1'='1",
        "'; DROP TABLE canary; --",
        "\"; DROP TABLE canary; --",
        "`; DROP TABLE canary; -- ",
        "]; DROP TABLE canary; --",
        "\\'; DROP TABLE canary; #",
        "*/ DROP TABLE canary; /*",
        "); DELETE FROM canary; --",
        "$$; DROP TABLE canary; --",
        "body",
        "canary",
    ]);
    let any = any::<char>().prop_map(String::from);
    prop::collection::vec(prop_oneof![4 => known.prop_map(str::to_owned), 1 => any], 1..4)
        .prop_map(|parts| parts.concat().chars().take(40).collect())
}

/// Runs a property on as many texts as there is time for; the same ones each day, others with `ECTOMORPH_LONG`.
fn each_text(cases: u32, property: impl Fn(&str)) {
    let long = std::env::var_os("ECTOMORPH_LONG").is_some();
    let config = Config {
        cases: if long { cases * 20 } else { cases },
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = match long {
        true => TestRunner::new(config),
        false => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    runner
        .run(&pieces(), |text| {
            property(&text);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// A statement with what is quoted taken out: what is left is what the database reads as SQL.
fn skeleton(sql: &str, dialect: &str) -> String {
    let mut left = String::new();
    let mut letters = sql.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_text = letter == '\'' || (letter == '"' && dialect == "mysql");
        let end = match (letter, dialect) {
            ('\'', _) => '\'',
            ('"', _) => '"',
            ('`', "mysql" | "sqlite") => '`',
            ('[', "mssql") => ']',
            ('-', _) if letters.peek() == Some(&'-') => return left + "COMMENT",
            ('/', _) if letters.peek() == Some(&'*') => return left + "COMMENT",
            ('#', "mysql") => return left + "COMMENT",
            _ => {
                left.push(letter);
                continue;
            }
        };
        let escapes = is_text && (dialect == "mysql" || left.ends_with('E'));
        loop {
            match letters.next() {
                Some('\\') if escapes => _ = letters.next(),
                Some(letter) if letter == end && letters.peek() == Some(&end) => _ = letters.next(),
                Some(letter) if letter == end => break,
                Some('\0') | None => return left + "UNENDED",
                Some(_) => {}
            }
        }
        left.push_str(if is_text { "TEXT" } else { "NAME" });
    }
    left
}

#[test]
fn what_is_left_of_a_statement_without_what_is_quoted() {
    assert_eq!(skeleton("a = 'it''s' -- x", "postgres"), "a = TEXT COMMENT");
    assert_eq!(skeleton("a = '\\' OR 1", "postgres"), "a = TEXT OR 1");
    assert_eq!(skeleton("a = '\\' OR 1", "mysql"), "a = UNENDED");
    assert_eq!(skeleton("[a]]b].`c`", "mssql"), "NAME.`c`");
    assert_eq!(skeleton("`a``b` \"c\"", "mysql"), "NAME TEXT");
}

/// Whether a text changes nothing but what is quoted.
fn compare(
    dialect: &str,
    text: &str,
    harmless: Vec<(&'static str, Result<Vec<String>, AdapterError>)>,
    hostile: Vec<(&'static str, Result<Vec<String>, AdapterError>)>,
) {
    assert_eq!(harmless.len(), hostile.len());
    for ((place, harmless), (_, hostile)) in harmless.into_iter().zip(hostile) {
        let hostile = match hostile {
            Ok(hostile) => hostile,
            Err(AdapterError::Query { .. } | AdapterError::Unsupported { .. }) => continue,
            Err(error) => panic!("{place} in {dialect}: {error:?}"),
        };
        let harmless =
            harmless.unwrap_or_else(|error| panic!("{place} in {dialect} takes only {text:?}: {error}"));
        let skeletons = |all: &[String]| all.iter().map(|sql| skeleton(sql, dialect)).collect::<Vec<_>>();
        assert_eq!(skeletons(&harmless), skeletons(&hostile), "{place} in {dialect}: {hostile:?}");
    }
}

/// A name of the same first letter, since aliases begin with it; and not a word that may stand without quotes.
fn harmless(text: &str) -> String {
    let letter = text.chars().next().filter(char::is_ascii_alphabetic);
    format!("{} x", letter.unwrap_or('_'))
}

#[test]
fn texts_stay_within_their_quotes_in_four_dialects() {
    each_text(200, |text| {
        // In some places a plain word needs no quotes.
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return;
        }
        let other = harmless(text);
        for dialect in query::DIALECTS {
            let name = dialect.name().to_lowercase();
            compare(&name, text, places::texts(dialect, &other), places::texts(dialect, text));
        }
        for dialect in ddl::DIALECTS {
            let name = dialect.name();
            compare(name, text, places::command_texts(dialect, &other), places::command_texts(dialect, text));
        }
    });
}

#[test]
fn most_places_take_a_harmless_text() {
    for dialect in query::DIALECTS {
        let texts = places::texts(dialect, "body");
        let taken = texts.iter().filter(|(_, written)| written.is_ok()).count();
        assert!(taken * 10 >= texts.len() * 7, "{}: {taken} of {}", dialect.name(), texts.len());
    }
}
